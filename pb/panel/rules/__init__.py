"""What makes a panel: origins, lists of people and addresses, the draw, and cards."""
