"""What the engine and all of the course stand on: texts, runs and their files, checks of arguments, one thread."""
