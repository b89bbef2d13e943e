"""What is asked on an evening, by page."""
