"""Figures that are not whole and are only shown: the same rounding on every page."""

from fractions import Fraction


def nearest(exact: Fraction) -> int:
    """Round to the nearest whole number; half goes up. No amount that anybody gets is made here."""
    return (exact + Fraction(1, 2)).__floor__()
