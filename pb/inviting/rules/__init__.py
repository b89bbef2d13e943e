"""What is asked of people who may come into the panel, and the codes of their letters."""
