"""The minutes: what an evening leaves behind on paper, and as a file that anyone can check."""
