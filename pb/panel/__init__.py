"""Who sits in the panel: invited or drawn by lot, and the card that each seat has."""
