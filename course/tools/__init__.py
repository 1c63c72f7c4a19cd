"""Commands for those who keep the course."""
