"""The texts of the course and the code that fetches them (texts.py), and stored results."""
