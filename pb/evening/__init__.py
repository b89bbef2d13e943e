"""Room 4: the evening. Doors, agenda, positions, screens."""
