"""Read how seats stand: on a phone, on the floor or on paper, and who was counted on the floor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.queries.people import eligible_seats, present_seats, seats_with_phone
from pb.evening.rules.floor import NOBODY, Counts, Way, five
from pb.evening.rules.score import Spread, spread_of
from pb.evening.rules.whereabouts import KINDS, Whereabouts, follow
from pb.evening.tables import AgendaItem, Event, FloorCount, Presence, Score
from pb.panel.tables import Seat


@dataclass(frozen=True)
class PresenceFacts:
    """When a seat came in, when it left (None: it is here), and how it stands on a figure."""

    arrived_at: datetime
    left_at: datetime | None
    way: Way


@dataclass(frozen=True)
class FloorFacts:
    """How many people stood on each figure, as counted last and first, and who counted."""

    counts: Counts
    first_counts: Counts
    counted_at: datetime
    counted_by: int
    seq: int

    @property
    def people(self) -> int:
        """Count everyone who was counted."""
        return sum(self.counts)


@dataclass(frozen=True)
class ByWay:
    """The people on each figure of one plan, by how they stood; a tablet counts as a phone."""

    phone: Spread
    floor: Spread
    paper: Spread


def presences(session: Session, *, evening_id: int) -> dict[int, PresenceFacts]:
    """Give, per seat id, when a seat came in and left; seats that were taken away are not in it."""
    rows = session.execute(
        sa.select(Presence.seat_id, Presence.arrived_at, Presence.left_at, Presence.way)
        .join(Seat, Seat.id == Presence.seat_id)
        .where(Presence.evening_id == evening_id, Seat.gone_at.is_(None))
    )
    return {row.seat_id: PresenceFacts(row.arrived_at, row.left_at, Way(row.way)) for row in rows}


def floor_seats(session: Session, *, evening_id: int, item_id: int | None = None) -> frozenset[int]:
    """Give the seats that stand on the floor now; with an item only those that may score its plan."""
    here = {
        seat_id
        for seat_id, one in presences(session, evening_id=evening_id).items()
        if one.left_at is None and one.way is Way.FLOOR
    }
    if item_id is None:
        return frozenset(here)
    return eligible_seats(session, evening_id=evening_id, item_id=item_id) & here


def without_phone(session: Session, *, evening_id: int) -> frozenset[int]:
    """Give the seats in the room that should stand on a phone, and have none."""
    here = presences(session, evening_id=evening_id)
    phones = seats_with_phone(session, evening_id=evening_id)
    return frozenset(
        seat_id
        for seat_id in present_seats(session, evening_id=evening_id) - phones
        if here[seat_id].way is Way.PHONE
    )


def who_needs_paper(session: Session, *, evening_id: int, with_floor: bool) -> frozenset[int]:
    """Give the seats in the room that have no phone, or are on paper; people on the floor only if asked."""
    here = presences(session, evening_id=evening_id)
    phones = seats_with_phone(session, evening_id=evening_id)
    return frozenset(
        seat_id
        for seat_id in present_seats(session, evening_id=evening_id)
        if here[seat_id].way is Way.PAPER
        or (seat_id not in phones and (with_floor or here[seat_id].way is Way.PHONE))
    )


def floor_counts(session: Session, *, evening_id: int) -> dict[int, FloorFacts]:
    """Give, per agenda item id, who was counted on the floor; a plan without a count is not in it."""
    rows = session.scalars(
        sa.select(FloorCount)
        .join(AgendaItem, AgendaItem.id == FloorCount.item_id)
        .where(AgendaItem.evening_id == evening_id)
    )
    return {
        row.item_id: FloorFacts(
            _five(row.counts), _five(row.first_counts), row.counted_at, row.counted_by, row.seq
        )
        for row in rows
    }


def ways_of(session: Session, *, evening_id: int) -> dict[int, ByWay]:
    """Give, per agenda item id in agenda order, the people on each figure by how they stood."""
    scores: dict[int, dict[str, list[int | None]]] = {}
    for item_id, way, score in session.execute(
        sa.select(Score.item_id, Score.way, Score.score)
        .join(AgendaItem, AgendaItem.id == Score.item_id)
        .where(AgendaItem.evening_id == evening_id, Score.score.is_not(None))
    ):
        kind = "paper" if way == Way.PAPER.value else "phone"
        scores.setdefault(item_id, {}).setdefault(kind, []).append(score)
    floor = floor_counts(session, evening_id=evening_id)
    items = session.scalars(
        sa.select(AgendaItem.id).where(AgendaItem.evening_id == evening_id).order_by(AgendaItem.position)
    )
    return {
        item_id: ByWay(
            phone=spread_of(scores.get(item_id, {}).get("phone", ())),
            floor=Spread(floor[item_id].counts if item_id in floor else NOBODY),
            paper=spread_of(scores.get(item_id, {}).get("paper", ())),
        )
        for item_id in items
    }


def whereabouts(session: Session, *, evening_id: int) -> Whereabouts:
    """Follow who was in the room, and how each seat stood at each closing."""
    rows = session.execute(
        sa.select(Event.seq, Event.kind, Event.facts)
        .where(Event.evening_id == evening_id, Event.kind.in_(KINDS))
        .order_by(Event.seq)
    )
    return follow((row.seq, row.kind, _facts(row.facts)) for row in rows)


def _facts(text: str) -> Mapping[str, object]:
    facts: Mapping[str, object] = json.loads(text)
    return facts


def _five(text: str) -> Counts:
    return five(json.loads(text))
