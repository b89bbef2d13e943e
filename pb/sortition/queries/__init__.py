"""Read who can be drawn, draws with their packs, and what became of each seat."""
