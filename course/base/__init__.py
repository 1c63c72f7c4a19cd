"""What all of the course rests on: places, texts and files, checks of arguments, one thread for NumPy."""
