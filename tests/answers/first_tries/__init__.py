"""What beginners type first, a file for each lesson: check must say what helps them on."""
