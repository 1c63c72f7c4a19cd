"""What all of the course stands on: where it lies, and its texts."""
