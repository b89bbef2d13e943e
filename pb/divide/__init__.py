"""How much every decided plan gets: one pot, one rule that stood before the evening, to the cent."""
