"""The exercises, by lesson: right answers, inputs to try, known mistakes and hints."""
