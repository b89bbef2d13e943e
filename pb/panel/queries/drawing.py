"""Read draws: what everyone may know, and for staff the addresses that were drawn."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.panel.rules.address_choice import sha256_of_published
from pb.panel.tables import Draw, DrawTicket, Seat, SeatPerson


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """A draw as everyone may know it: no addresses.

    ``left_out`` counts addresses of the list that had been drawn before; they are not in ``pool_size``.
    ``published`` says how the list was chosen, exactly as it was hashed; empty for a whole list.
    ``gave_seats`` tells a draw that gave seats at once from one for letters.
    """

    id: int
    round_id: int
    seed: str
    wanted: int
    pool_size: int
    left_out: int
    pool_sha256: str
    file_sha256: str
    pool_fixed_at: datetime
    drawn_at: datetime
    published: str
    gave_seats: bool

    @property
    def chosen(self) -> dict[str, Any]:
        """Give what was published as facts; empty for a whole list."""
        facts: dict[str, Any] = json.loads(self.published) if self.published else {}
        return facts

    @property
    def shown_sha256(self) -> str:
        """Give the number that was shown before the seed was known."""
        return sha256_of_published(self.published) if self.published else self.pool_sha256


@dataclass(frozen=True, slots=True)
class DrawnSeat:
    """A seat that a draw gave, with its address for as long as that is kept."""

    number: int
    address: str = field(repr=False)
    gone: bool


def draws(session: Session, *, round_id: int) -> list[DrawFacts]:
    """List the draws of a round, newest first."""
    return _draws(session, Draw.round_id == round_id)


def draw(session: Session, *, round_id: int, draw_id: int) -> DrawFacts:
    """Find a draw of a round. Raises: NotFound."""
    found = _draws(session, Draw.round_id == round_id, Draw.id == draw_id)
    if not found:
        raise NotFound()
    return found[0]


def drawn_before(session: Session, *, round_id: int, draw_id: int | None = None) -> frozenset[str]:
    """Give the keys of addresses drawn in a round, before a certain draw when one is named.

    An address keeps out of later draws also when its seat is gone: whoever said no is not asked again.
    """
    query = (
        sa.select(DrawTicket.address_key)
        .join(Draw, Draw.id == DrawTicket.draw_id)
        .where(Draw.round_id == round_id, DrawTicket.place.is_not(None))
    )
    return frozenset(session.scalars(query if draw_id is None else query.where(Draw.id < draw_id)))


def drawn_keys(session: Session, *, draw_id: int) -> list[str]:
    """Give the keys of the addresses that a draw drew, in the order drawn; empty once they are destroyed."""
    drawn = sa.select(DrawTicket.address_key).where(
        DrawTicket.draw_id == draw_id, DrawTicket.place.is_not(None)
    )
    return list(session.scalars(drawn.order_by(DrawTicket.place)))


def drawn_seats(session: Session, *, draw_id: int) -> list[DrawnSeat]:
    """List the seats that a draw gave, in the order drawn."""
    rows = session.execute(
        sa.select(Seat.number, Seat.gone_at, SeatPerson.address)
        .outerjoin(SeatPerson, SeatPerson.seat_id == Seat.id)
        .where(Seat.draw_id == draw_id)
        .order_by(Seat.number)
    )
    return [DrawnSeat(row.number, row.address or "", row.gone_at is not None) for row in rows]


def _draws(session: Session, *which: sa.ColumnElement[bool]) -> list[DrawFacts]:
    # A seat keeps its draw for ever, also once it is empty.
    gave_seats = sa.exists().where(Seat.draw_id == Draw.id)
    return [
        DrawFacts(
            id=row.id,
            round_id=row.round_id,
            seed=row.seed,
            wanted=row.wanted,
            pool_size=row.pool_size,
            left_out=row.left_out,
            pool_sha256=row.pool_sha256,
            file_sha256=row.file_sha256,
            pool_fixed_at=row.pool_fixed_at,
            drawn_at=row.drawn_at,
            published=row.published or "",
            gave_seats=seated,
        )
        for row, seated in session.execute(sa.select(Draw, gave_seats).where(*which).order_by(Draw.id.desc()))
    ]
