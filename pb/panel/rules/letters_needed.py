"""How many letters are needed to fill the seats, also with people who seldom answer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from pb.core.errors import BadInput

# 10,000 letters in Schagen (2024) brought 450 people who wanted to take part.
# Source: https://g1000schagen.nl/loting-g1000schagen/
RESPONSE_DEFAULT: Final = Fraction(450, 10_000)

_PERCENTAGE: Final = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,4}))? ?%?")


class PercentageWrong(BadInput):
    """Refuse what is no percentage above 0 and at most 100."""

    code = "panel.percentage-wrong"


@dataclass(frozen=True, slots=True)
class Group:
    """Hold people who must get seats.

    Shape: ``share`` is their part of all addresses, ``seats`` what they must fill, ``response`` which part
    of their letters brings somebody who wants a seat; each above 0.
    """

    name: str
    share: Fraction
    seats: Fraction
    response: Fraction

    @property
    def own_letters(self) -> int:
        """Count the letters that must reach this group, rounded up."""
        return ceil(self.seats / self.response)

    @property
    def letters(self) -> int:
        """Count the letters over all addresses of which enough reach this group, rounded up."""
        return ceil(self.seats / (self.share * self.response))


@dataclass(frozen=True, slots=True)
class LettersNeeded:
    """Tell how many letters are needed.

    ``on_average`` fills the seats, of whichever group; ``for_everyone`` also those of ``rarest``, the group
    that needs most.
    """

    on_average: int
    for_everyone: int
    rarest: Group
    groups: tuple[Group, ...]


def read_percentage(typed: str) -> Fraction:
    """Read a percentage such as 4,5 or 4.5 %, exactly.

    Raises: PercentageWrong.
    """
    found = _PERCENTAGE.fullmatch(" ".join(typed.split()))
    if found is None:
        raise PercentageWrong()
    decimals = found[2] or ""
    part = Fraction(int(found[1] + decimals), 100 * 10 ** len(decimals))
    if not 0 < part <= 1:
        raise PercentageWrong()
    return part


def share_seats(
    seats: int,
    addresses: Mapping[str, int],
    responses: Mapping[str, Fraction],
    *,
    otherwise: Fraction = RESPONSE_DEFAULT,
) -> tuple[Group, ...]:
    """Give neighbourhoods the part of the seats that they have of the addresses, as exact fractions.

    ``otherwise`` is the response of neighbourhoods that ``responses`` does not name.
    """
    total = sum(addresses.values())
    return tuple(
        Group(name, Fraction(count, total), Fraction(seats * count, total), responses.get(name, otherwise))
        for name, count in addresses.items()
        if count
    )


def letters_needed(neighbourhoods: Iterable[Group], groups: Iterable[Group] = ()) -> LettersNeeded:
    """Count the letters for the seats of all neighbourhoods, which make up the whole, and of other groups.

    Letters go to all addresses by lot, so a group gets its share of them.
    Ties: the first of the groups that need most is the rarest.
    """
    whole = tuple(neighbourhoods)
    everyone = (*whole, *groups)
    seats = sum((group.seats for group in whole), Fraction(0))
    response = sum((group.share * group.response for group in whole), Fraction(0))
    rarest = max(everyone, key=lambda group: group.letters)
    on_average = ceil(seats / response)
    return LettersNeeded(on_average, max(on_average, rarest.letters), rarest, everyone)
