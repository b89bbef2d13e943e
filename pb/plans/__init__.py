"""Residents put plans on the table; coaching; the check."""
