"""Backups: a copy of the whole database that was checked, and the way back."""
