"""Commands for the maintainers of the course."""
