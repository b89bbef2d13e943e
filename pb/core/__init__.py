"""Words that every room uses; standard library only."""
