"""What the whole course builds on: paths, texts and files, checks of arguments, one thread for NumPy."""
