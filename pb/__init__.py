"""Beslisavond: participatory budgeting and resident initiative for Dutch municipalities."""
