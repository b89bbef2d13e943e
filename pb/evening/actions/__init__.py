"""What happens on an evening: it is planned, it moves, people come in and take a position."""
