"""What is asked to freeze a draw, to read its number, and to say what became of a seat."""
