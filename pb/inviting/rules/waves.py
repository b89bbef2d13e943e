"""Waves of letters: what came back so far, and how many letters a next wave must have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from pb.core.errors import Broken
from pb.inviting.rules.appeal import Appeal, Mode
from pb.panel.rules.address import Address
from pb.panel.rules.areas import count_per_area
from pb.panel.rules.letters_needed import RESPONSE_DEFAULT, Group, LettersNeeded, letters_needed

# With one yes per seat nothing is left to draw, and nobody can fall out.
PEOPLE_A_SEAT: Final = 2


class LettersTooLate(Broken):
    """Refuse letters whose answers would come too late. Facts: ``closed_on``."""

    code = "inviting.letters-too-late"


@dataclass(frozen=True, slots=True)
class Heard:
    """Hold what came back on letters. Units: letters; people for yes, also those of one address.

    ``yes_values`` and ``network_values`` count, per id of a feature's value, who said yes by letter or
    from the network.
    """

    letters: int
    yes: int
    network_yes: int
    yes_values: Mapping[int, int]
    network_values: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Home:
    """Hold what came back on the letter to one address. Units: people for ``yes``."""

    address_key: str
    yes: int
    answered: bool


@dataclass(frozen=True, slots=True)
class AreaHeard:
    """Count what came back from an area. Units: letters that were sent; people for ``yes``."""

    name: str
    letters: int
    answered: int
    yes: int


@dataclass(frozen=True, slots=True)
class HeardPerArea:
    """Hold what came back per neighbourhood, or per four digits of a postcode where a list names none.

    ``elsewhere`` counts letters to addresses that the list does not have.
    """

    by_postcode: bool
    areas: tuple[AreaHeard, ...]
    elsewhere: int


@dataclass(frozen=True, slots=True)
class NextWave:
    """Tell what a next wave must bring. Units: letters; people.

    ``response`` is the part of the letters that brings a yes; ``is_guess`` when nobody said yes yet.
    ``rarest`` names the value of a feature that needs most, empty when no value needs more than the whole.
    """

    people: int
    letters: int
    rarest: str
    response: Fraction
    is_guess: bool

    @property
    def only_rarest(self) -> bool:
        """Tell whether enough people say yes, but for the targets of a value."""
        return not self.people and bool(self.letters) and bool(self.rarest)


def check_open(appeal: Appeal, day: date) -> None:
    """Refuse to send letters that nobody can answer any more.

    Raises: LettersTooLate.
    """
    if not appeal.takes_answers_on(day):
        raise LettersTooLate(closed_on=appeal.answers_close_on)


def response_percent(answers: int, letters: int) -> Fraction:
    """Give the part of the letters as a percentage; 0 without letters."""
    return Fraction(100 * answers, letters) if letters else Fraction(0)


def seats_by_lot(appeal: Appeal, network_yes: int) -> int:
    """Count the seats that people with a letter can get.

    A person of the network who is fixed takes a seat with the yes; nominated people have seats set apart.
    """
    taken = network_yes if appeal.mode is Mode.FIXED else appeal.network_seats
    return max(0, appeal.seats - taken)


def next_wave(appeal: Appeal, heard: Heard) -> NextWave:
    """Count the letters that bring two people for each seat, and for the least of every feature's value.

    Response is what it was so far; of a value that nobody has yet, as if one person had it. Without any
    yes, what is known from elsewhere, and of a value the part of the neighbourhood that has it; letters that
    were sent already then count.
    Ties: the first value in the order of the page.
    """
    is_guess = not heard.yes or not heard.letters
    response = RESPONSE_DEFAULT if is_guess else min(Fraction(heard.yes, heard.letters), Fraction(1))
    seats = seats_by_lot(appeal, heard.network_yes)
    people = max(0, PEOPLE_A_SEAT * seats - heard.yes)
    needed = _needed(response, people, _groups(appeal, heard, response, is_guess=is_guess))
    letters = max(0, needed.for_everyone - heard.letters) if is_guess else needed.for_everyone
    return NextWave(people, letters, needed.rarest.name, response, is_guess)


def heard_per_area(addresses: Iterable[Address], homes: Iterable[Home]) -> HeardPerArea:
    """Put letters that were sent in the areas that a list names. Ties: areas as the alphabet has them."""
    listed = tuple(addresses)
    by_postcode = count_per_area(listed).by_postcode
    sent = {home.address_key: home for home in homes}
    found: dict[str, list[Home]] = {}
    for address in listed:
        if home := sent.pop(address.key, None):
            name = address.postcode[:4] if by_postcode else address.neighbourhood
            found.setdefault(name, []).append(home)
    areas = tuple(
        AreaHeard(name, len(here), sum(one.answered for one in here), sum(one.yes for one in here))
        for name, here in sorted(found.items())
    )
    return HeardPerArea(by_postcode, areas, len(sent))


def _needed(response: Fraction, people: int, groups: Iterable[Group]) -> LettersNeeded:
    whole = Group("", Fraction(1), Fraction(people), response)
    return letters_needed([whole], groups)


def _groups(appeal: Appeal, heard: Heard, response: Fraction, *, is_guess: bool) -> list[Group]:
    groups = []
    for feature in appeal.features:
        total = sum(value.people or 0 for value in feature.values)
        for value in feature.values:
            have, network = heard.yes_values.get(value.id, 0), heard.network_values.get(value.id, 0)
            missing = _missing(appeal.mode, value.least or 0, have, network)
            share = Fraction(value.people, total) if value.people and total else None
            if is_guess and share is None:
                continue
            chance = Fraction(max(have, 1), heard.letters) if not is_guess else (share or 1) * response
            if missing:
                name = f"{feature.name}: {value.name}"
                groups.append(Group(name, Fraction(1), Fraction(missing), min(chance, Fraction(1))))
    return groups


def _missing(mode: Mode, least: int, have: int, network: int) -> int:
    if mode is Mode.FIXED:
        return max(0, PEOPLE_A_SEAT * max(0, least - network) - have)
    return max(0, PEOPLE_A_SEAT * least - have - network)
