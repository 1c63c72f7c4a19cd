"""Says what is wrong with a result, and never what is right."""
