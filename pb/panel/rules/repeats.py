"""Noticing that somebody in a list, or typed by hand, may have a seat already."""

from collections.abc import Collection
from dataclasses import dataclass

from pb.core.errors import BadInput
from pb.panel.rules.contact import plain_name
from pb.panel.rules.people_file import InvitedPerson, Likeness


class PersonHasSeat(BadInput):
    """Ask before giving somebody a second seat. Facts: ``number`` of the seat, ``likeness``."""

    code = "panel.person-has-seat"


@dataclass(frozen=True, slots=True)
class Sitting:
    """Hold who has a seat now, as far as needed to recognise them."""

    number: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """Point from a row to the seat or the earlier row that looks like the same person.

    Shape: one of ``of_seat`` and ``of_row`` is None. ``leave_out`` is what we propose; people decide.
    """

    row: int
    name: str
    likeness: Likeness
    of_seat: int | None
    of_row: int | None
    leave_out: bool


@dataclass(frozen=True, slots=True)
class _Known:
    seat: int | None
    row: int | None
    email: str


def find_repeats(people: Collection[InvitedPerson], sitting: Collection[Sitting]) -> tuple[Repeat, ...]:
    """Find the rows of people who have a seat or stand higher in the list.

    Namesakes who both have an address of their own are shown, but not proposed to be left out.
    Ties: e-mail before name, a seat before a row, the first before later ones.
    """
    by_email: dict[str, _Known] = {}
    by_name: dict[str, _Known] = {}
    for seat in sitting:
        _remember(by_email, by_name, seat.name, _Known(seat.number, None, seat.email))
    repeats = []
    for person in people:
        known = by_email.get(person.email) if person.email else None
        likeness = Likeness.EMAIL
        if known is None:
            known = by_name.get(plain_name(person.name))
            likeness = Likeness.NAME
        if known is not None:
            namesakes = likeness is Likeness.NAME and bool(person.email) and bool(known.email)
            repeats.append(
                Repeat(person.row, person.name, likeness, known.seat, known.row, leave_out=not namesakes)
            )
        _remember(by_email, by_name, person.name, _Known(None, person.row, person.email))
    return tuple(repeats)


def check_new(person: InvitedPerson, sitting: Collection[Sitting]) -> None:
    """Refuse a person who looks like somebody with a seat.

    Raises: PersonHasSeat.
    """
    for repeat in find_repeats((person,), sitting):
        raise PersonHasSeat(number=repeat.of_seat, likeness=repeat.likeness.value)


def _remember(by_email: dict[str, _Known], by_name: dict[str, _Known], name: str, known: _Known) -> None:
    if known.email:
        by_email.setdefault(known.email, known)
    # A drawn seat has an address and no name.
    if name:
        by_name.setdefault(plain_name(name), known)
