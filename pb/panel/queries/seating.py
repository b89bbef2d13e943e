"""Read seats, who sits there, and which card opens them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.panel.rules import origins
from pb.panel.rules.origins import Origin, OriginMix
from pb.panel.rules.repeats import Sitting
from pb.panel.tables import Seat, SeatPerson


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A seat as everyone may know it: no name."""

    id: int
    round_id: int
    number: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Who sits there, for staff only; empty text where nothing is known."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)

    @property
    def known_as(self) -> str:
        """Give the name, or the address of a seat that was drawn."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class CardFacts:
    """Which card of a seat works now, and the hash by which it is known."""

    seat: SeatFacts
    serial: int
    token_sha256: str
    made_at: datetime
    made_by: int | None


def seats(session: Session, *, round_id: int) -> list[SeatFacts]:
    """List the seats of a round's panel by number; without those that are gone."""
    return _seats(session, Seat.round_id == round_id)


def seat(session: Session, *, round_id: int, seat_id: int) -> SeatFacts:
    """Find a seat of a round. Raises: NotFound, also for a seat that is gone."""
    found = _one(session, Seat.round_id == round_id, Seat.id == seat_id)
    if found is None:
        raise NotFound()
    return found


def seat_by_token(session: Session, *, token_sha256: str) -> SeatFacts | None:
    """Find the seat whose present card holds this token."""
    return _one(session, Seat.card_token_sha256 == token_sha256)


def seat_by_code(session: Session, *, code_hmac: str) -> SeatFacts | None:
    """Find the seat whose present card shows this code."""
    return _one(session, Seat.card_code_hmac == code_hmac)


def seat_by_number(session: Session, *, round_id: int, number: int) -> SeatFacts | None:
    """Find a seat by the number on its card."""
    return _one(session, Seat.round_id == round_id, Seat.number == number)


def highest_number(session: Session, *, round_id: int) -> int:
    """Give the highest seat number ever given in a round, also to seats that are gone; 0 for none."""
    return session.scalar(sa.select(sa.func.max(Seat.number)).where(Seat.round_id == round_id)) or 0


def gone_numbers(session: Session, *, round_id: int) -> list[int]:
    """List the numbers of seats that are gone; nobody gets them again."""
    chosen = sa.select(Seat.number).where(Seat.round_id == round_id, Seat.gone_at.is_not(None))
    return list(session.scalars(chosen.order_by(Seat.number)))


def origin_mix(session: Session, *, round_id: int) -> OriginMix:
    """Count the seats of a panel per origin, and say what it may be called."""
    return origins.origin_mix(found.origin for found in seats(session, round_id=round_id))


def persons(session: Session, *, round_id: int) -> dict[int, PersonFacts]:
    """Give who sits where, by seat id; for staff only."""
    return {
        row.seat_id: PersonFacts(row.name, row.email, row.phone, row.address)
        for row in session.scalars(
            sa.select(SeatPerson).join(Seat, Seat.id == SeatPerson.seat_id).where(*_present(round_id))
        )
    }


def sitting(session: Session, *, round_id: int) -> list[Sitting]:
    """List who has a seat now, to recognise them in a list."""
    rows = session.execute(
        sa.select(Seat.number, SeatPerson.name, SeatPerson.email)
        .join(Seat, Seat.id == SeatPerson.seat_id)
        .where(*_present(round_id))
        .order_by(Seat.number)
    )
    return [Sitting(row.number, row.name, row.email) for row in rows]


def seats_of_email(session: Session, *, round_id: int, emails: Collection[str]) -> dict[str, int]:
    """Find the seats of people by their e-mail address, in lower case.

    Ties: people who share a mailbox have more seats, of which this gives the lowest number;
    ``every_seat_of_email`` gives all.
    """
    every = every_seat_of_email(session, round_id=round_id, emails=emails)
    return {email: seat_ids[0] for email, seat_ids in every.items()}


def every_seat_of_email(
    session: Session, *, round_id: int, emails: Collection[str]
) -> dict[str, tuple[int, ...]]:
    """Find all seats of people by their e-mail address, in lower case; by seat number."""
    rows = session.execute(
        sa.select(SeatPerson.email, SeatPerson.seat_id)
        .join(Seat, Seat.id == SeatPerson.seat_id)
        .where(*_present(round_id), SeatPerson.email.in_({email for email in emails if email}))
        .order_by(Seat.number)
    )
    found: dict[str, tuple[int, ...]] = {}
    for email, seat_id in rows:
        found[email] = (*found.get(email, ()), seat_id)
    return found


def cards(session: Session, *, round_id: int, first: int, last: int, most: int) -> list[CardFacts]:
    """List the cards of seats with a number in a range, both ends included, at most so many."""
    return _cards(session, *_present(round_id), Seat.number.between(first, last), most=most)


def card(session: Session, *, round_id: int, seat_id: int) -> CardFacts:
    """Find the card of a seat of a round. Raises: NotFound."""
    found = _cards(session, *_present(round_id), Seat.id == seat_id, most=1)
    if not found:
        raise NotFound()
    return found[0]


def _present(round_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return Seat.round_id == round_id, Seat.gone_at.is_(None)


def _seats(session: Session, *which: sa.ColumnElement[bool]) -> list[SeatFacts]:
    rows = session.execute(
        sa.select(Seat.id, Seat.round_id, Seat.number, Seat.origin)
        .where(*which, Seat.gone_at.is_(None))
        .order_by(Seat.number)
    )
    return [SeatFacts(row.id, row.round_id, row.number, Origin(row.origin)) for row in rows]


def _one(session: Session, *which: sa.ColumnElement[bool]) -> SeatFacts | None:
    found = _seats(session, *which)
    return found[0] if found else None


def _cards(session: Session, *which: sa.ColumnElement[bool], most: int) -> list[CardFacts]:
    rows = session.scalars(sa.select(Seat).where(*which).order_by(Seat.number).limit(most))
    return [
        CardFacts(
            seat=SeatFacts(row.id, row.round_id, row.number, Origin(row.origin)),
            serial=row.card_serial,
            token_sha256=row.card_token_sha256,
            made_at=row.card_made_at,
            made_by=row.card_made_by,
        )
        for row in rows
    ]
