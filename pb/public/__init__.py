"""Room 8: what everyone may see. Rounds, plans, panel mix, outcomes."""
