"""Finds where an answer goes wrong by trying small edits of the learner's own code until one makes it right."""
