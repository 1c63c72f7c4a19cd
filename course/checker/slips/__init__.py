"""Finds where an answer goes wrong: small edits of the learner's own code are tried until one makes it right."""
