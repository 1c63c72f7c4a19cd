"""Where a wrong answer goes wrong: small edits of the learner's own code are tried, each the mend of a slip of the pen."""
