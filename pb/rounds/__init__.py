"""Room 1: the call. Pot, cap, calendar, and rules that are frozen when it opens."""
