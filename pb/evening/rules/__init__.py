"""The evening's rules: its steps, what a score may be, and the chain that nothing drops out of."""
