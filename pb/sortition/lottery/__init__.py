"""The draw by lot: chances, panels and packs, with a solver; what needs none stands in the rules."""
