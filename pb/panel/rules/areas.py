"""Counting addresses per neighbourhood, or per area of postcodes where a list names no neighbourhoods."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pb.panel.rules.address import Address

# 1234 AB: the digits name an area of some thousands of people.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class AddressCounts:
    """Hold how many addresses each area has, in the order of the alphabet.

    The areas are neighbourhoods, of which empty text is for addresses without; or, ``by_postcode``, the four
    digits of postcodes.
    """

    by_postcode: bool
    areas: dict[str, int]


def count_per_neighbourhood(addresses: Iterable[Address]) -> dict[str, int]:
    """Count addresses per neighbourhood, in the order of the alphabet; empty text for those without."""
    return dict(sorted(Counter(address.neighbourhood for address in addresses).items()))


def count_per_area(addresses: Iterable[Address]) -> AddressCounts:
    """Count addresses per neighbourhood, and only where no address has one per area of postcodes."""
    here = tuple(addresses)
    found = count_per_neighbourhood(here)
    if found.keys() - {""}:
        return AddressCounts(False, found)
    digits = Counter(address.postcode[:_DIGITS] for address in here)
    return AddressCounts(True, dict(sorted(digits.items())))
