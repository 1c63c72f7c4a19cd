"""What is the learner's own: the functions that are kept, and how far they have come."""
