"""What holds for plans, by topic: the plan, its amounts, states and film; files from elsewhere."""
