"""Read draws of seats without their packs, and of a pack the few figures that pages show."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.panel.tables import Seat
from pb.sortition.rules.moments import Source
from pb.sortition.rules.turns import Figures, figures_of
from pb.sortition.tables import BeaconReading, SeatDraw, Seating

FIRST: Final = "first"
_KEPT_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class DrawFacts:
    """A draw without its packs. ``seats`` counts those that are drawn, without fixed ones."""

    id: int
    round_id: int
    kind: str
    seats: int
    panels: int
    source: Source
    beacon_round: int | None
    beacon_at: datetime
    pack_sha256: str
    frozen_at: datetime
    frozen_by: int
    published_at: datetime | None
    value: str | None
    number: int | None
    decided_at: datetime | None
    spare_at: datetime | None
    spare_reason: str

    @property
    def stands(self) -> bool:
        """Say whether it was not set aside."""
        return self.spare_at is None


@dataclass(frozen=True, slots=True)
class Reading:
    """The public number as one person typed it."""

    value: str
    read_by: int
    read_at: datetime


@dataclass(frozen=True, slots=True)
class SeatOfAnswer:
    """The seat that an answer got, and from which draw; None for a fixed seat."""

    seat_id: int
    number: int
    draw_id: int | None
    gone: bool


_COLUMNS: Final = (
    SeatDraw.id, SeatDraw.round_id, SeatDraw.kind, SeatDraw.seats, SeatDraw.panels, SeatDraw.source,
    SeatDraw.beacon_round, SeatDraw.beacon_at, SeatDraw.pack_sha256, SeatDraw.frozen_at, SeatDraw.frozen_by,
    SeatDraw.published_at, SeatDraw.value, SeatDraw.number, SeatDraw.decided_at, SeatDraw.spare_at,
    SeatDraw.spare_reason,
)  # fmt: skip


def draws(session: Session, *, round_id: int) -> list[DrawFacts]:
    """List the draws of a round in the order in which they were frozen, also those set aside."""
    return _draws(session, SeatDraw.round_id == round_id)


def published_draws(session: Session, *, round_id: int) -> list[DrawFacts]:
    """List the draws of a round that everyone may see."""
    return _draws(session, SeatDraw.round_id == round_id, SeatDraw.published_at.is_not(None))


def draw(session: Session, *, round_id: int, draw_id: int) -> DrawFacts:
    """Find a draw of a round. Raises: NotFound."""
    found = _draws(session, SeatDraw.round_id == round_id, SeatDraw.id == draw_id)
    if not found:
        raise NotFound()
    return found[0]


def published_draw(session: Session, *, round_id: int, draw_id: int) -> DrawFacts:
    """Find a draw that everyone may see. Raises: NotFound."""
    found = draw(session, round_id=round_id, draw_id=draw_id)
    if found.published_at is None:
        raise NotFound()
    return found


def first_draw(session: Session, *, round_id: int) -> DrawFacts | None:
    """Give the first draw of a round's panel that stands, if there is one."""
    standing = _draws(
        session, SeatDraw.round_id == round_id, SeatDraw.kind == FIRST, SeatDraw.spare_at.is_(None)
    )
    return standing[-1] if standing else None


def has_draw(session: Session, *, round_id: int) -> bool:
    """Say whether a round's panel has a first draw that stands."""
    stands = sa.exists().where(
        SeatDraw.round_id == round_id, SeatDraw.kind == FIRST, SeatDraw.spare_at.is_(None)
    )
    return bool(session.scalar(sa.select(stands)))


def next_name(session: Session, *, round_id: int) -> str:
    """Name the next first draw of a round: panel-7-1; every draw that was frozen had a name of its own."""
    before = session.scalar(
        sa.select(sa.func.count(SeatDraw.id)).where(SeatDraw.round_id == round_id, SeatDraw.kind == FIRST)
    )
    return f"panel-{round_id}-{(before or 0) + 1}"


def pack_bytes(session: Session, *, draw_id: int) -> bytes:
    """Give the public pack as it was frozen."""
    return session.scalars(sa.select(SeatDraw.pack).where(SeatDraw.id == draw_id)).one()


def auditor_bytes(session: Session, *, draw_id: int) -> bytes | None:
    """Give the pack for auditors, or None once the features are gone."""
    return session.scalars(sa.select(SeatDraw.auditor).where(SeatDraw.id == draw_id)).one()


def certificate_bytes(session: Session, *, draw_id: int) -> bytes | None:
    """Give the certificate, or None before the draw is decided."""
    return session.scalars(sa.select(SeatDraw.certificate).where(SeatDraw.id == draw_id)).one()


def certificate_facts(session: Session, held: DrawFacts) -> dict[str, Any] | None:
    """Read the certificate, or give None before the draw is decided."""
    found = None if held.decided_at is None else certificate_bytes(session, draw_id=held.id)
    return None if found is None else dict(json.loads(found))


def figures(session: Session, held: DrawFacts) -> Figures:
    """Give the figures of a pack; a pack of some megabytes is read once, and its figures are kept a while."""
    key = (held.id, held.pack_sha256)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = figures_of(json.loads(pack_bytes(session, draw_id=held.id)))
    with _lock:
        _kept[key] = found
        while len(_kept) > _KEPT_MOST:
            _kept.popitem(last=False)
    return found


def readings(session: Session, *, draw_id: int) -> list[Reading]:
    """List the public number as people typed it, the first first."""
    rows = session.scalars(
        sa.select(BeaconReading).where(BeaconReading.draw_id == draw_id).order_by(BeaconReading.id)
    )
    return [Reading(row.value, row.read_by, row.read_at) for row in rows]


def seat_of_answer(session: Session, *, answer_id: int) -> SeatOfAnswer | None:
    """Find the seat that an answer got."""
    row = session.execute(
        sa.select(Seat.id, Seat.number, Seating.draw_id, Seat.gone_at)
        .join(Seating, Seating.seat_id == Seat.id)
        .where(Seating.answer_id == answer_id)
    ).first()
    return None if row is None else SeatOfAnswer(row[0], row[1], row[2], row[3] is not None)


_lock = Lock()
_kept: OrderedDict[tuple[int, str], Figures] = OrderedDict()


def _draws(session: Session, *which: sa.ColumnElement[bool]) -> list[DrawFacts]:
    rows = session.execute(sa.select(*_COLUMNS).where(*which).order_by(SeatDraw.id)).all()
    return [DrawFacts(**{**row._mapping, "source": Source(row.source)}) for row in rows]
