"""Judges an answer and says where the mistake is."""
