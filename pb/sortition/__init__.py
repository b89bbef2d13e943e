"""Who gets a seat: targets, the draw by lot and its proof, seats and replacements, the mirror."""
