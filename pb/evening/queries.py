"""Read an evening: where it is, who is there, who stands where."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.rules.chain import ChainLine
from pb.evening.rules.score import Spread, spread_of
from pb.evening.rules.steps import Scoring, Stage, Step, next_step
from pb.evening.tables import AgendaItem, Device, Evening, Event, Involvement, Presence, Score
from pb.panel.tables import Seat
from pb.plans.queries import PlanFacts, plans_by_id
from pb.rounds.queries import area_of_round


@dataclass(frozen=True)
class ItemFacts:
    """A plan on the agenda. ``position`` counts from 1."""

    id: int
    position: int
    scoring: Scoring
    scoring_version: int
    plan: PlanFacts


@dataclass(frozen=True)
class EveningFacts:
    """An evening as every screen knows it. Units: cents."""

    id: int
    round_id: int
    name: str
    held_on: date
    place: str
    budget_cents: int
    lot_seed: str
    rule_set_id: int
    stage: Stage
    at_position: int
    version: int
    seq: int
    head: str
    moved_at: datetime
    moved_by: int | None
    items: tuple[ItemFacts, ...]

    @property
    def current(self) -> ItemFacts | None:
        """Give the plan that the room is talking about."""
        if self.stage is not Stage.PLANS:
            return None
        return self.items[self.at_position - 1]

    @property
    def next(self) -> Step | None:
        """Give what the one button does."""
        return next_step(self.stage, self.at_position, [item.scoring for item in self.items])

    def item(self, position: int) -> ItemFacts:
        """Give the plan at a place on the agenda."""
        return self.items[position - 1]


@dataclass(frozen=True)
class SeatState:
    """What one phone needs to know about itself."""

    seat_id: int
    involved: bool
    score: int | None
    present: bool


@dataclass(frozen=True)
class Ballots:
    """The scores of one plan as they stood when its scoring closed.

    ``present`` are the seats that were there at closing, and those that had left but had given a score.
    """

    plan_id: int
    present: frozenset[int]
    involved: frozenset[int]
    scores: Mapping[int, int]


def area_of_evening(session: Session, arguments: Mapping[str, Any]) -> int | None:
    """Find the area of the evening in an address, for its door."""
    round_id = session.scalar(sa.select(Evening.round_id).where(Evening.id == arguments["evening_id"]))
    return None if round_id is None else area_of_round(session, {"round_id": round_id})


def evening_facts(session: Session, *, evening_id: int) -> EveningFacts:
    """Find an evening with its agenda. Raises: NotFound."""
    row = session.get(Evening, evening_id)
    if row is None:
        raise NotFound()
    rows = list(
        session.scalars(
            sa.select(AgendaItem).where(AgendaItem.evening_id == evening_id).order_by(AgendaItem.position)
        )
    )
    plans = plans_by_id(session, [item.plan_id for item in rows])
    items = tuple(
        ItemFacts(item.id, item.position, Scoring(item.scoring), item.scoring_version, plans[item.plan_id])
        for item in rows
    )
    return EveningFacts(
        id=row.id,
        round_id=row.round_id,
        name=row.name,
        held_on=row.held_on,
        place=row.place,
        budget_cents=row.budget_cents,
        lot_seed=row.lot_seed,
        rule_set_id=row.rule_set_id,
        stage=Stage(row.stage),
        at_position=row.at_position,
        version=row.version,
        seq=row.seq,
        head=row.head,
        moved_at=row.moved_at,
        moved_by=row.moved_by,
        items=items,
    )


def evenings_of(session: Session, *, round_id: int) -> list[EveningFacts]:
    """List the evenings of a round, the first one first."""
    ids = session.scalars(
        sa.select(Evening.id).where(Evening.round_id == round_id).order_by(Evening.held_on, Evening.id)
    )
    return [evening_facts(session, evening_id=evening_id) for evening_id in ids]


def claimed_cents(session: Session, *, round_id: int) -> int:
    """Add up what the evenings of a round have spent, or may still divide."""
    claimed = sa.func.coalesce(Evening.spent_cents, Evening.budget_cents)
    total = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(claimed), 0)).where(Evening.round_id == round_id)
    )
    return int(total or 0)


def version_and_seq(session: Session, *, evening_id: int) -> tuple[int, int] | None:
    """Give the two numbers that tell a screen whether anything changed."""
    row = session.execute(
        sa.select(Evening.version, Evening.seq).where(Evening.id == evening_id)
    ).one_or_none()
    return (row.version, row.seq) if row else None


def running_evening(session: Session, *, round_id: int) -> int | None:
    """Find the evening of a round whose doors are open; the newest when there are two."""
    return session.scalar(
        sa.select(Evening.id)
        .where(Evening.round_id == round_id, Evening.stage != Stage.PREPARED.value)
        .order_by(sa.case((Evening.stage == Stage.DONE.value, 1), else_=0), Evening.id.desc())
        .limit(1)
    )


def present_seats(session: Session, *, evening_id: int) -> frozenset[int]:
    """Give the seats that are in the room now; a seat that was taken away is not."""
    return frozenset(
        session.scalars(
            sa.select(Presence.seat_id)
            .join(Seat, Seat.id == Presence.seat_id)
            .where(Presence.evening_id == evening_id, Presence.left_at.is_(None), Seat.gone_at.is_(None))
        )
    )


def eligible_seats(session: Session, *, evening_id: int, item_id: int) -> frozenset[int]:
    """Give the seats that count for a plan: in the room now, or gone home after a score; not involved."""
    scored = session.scalars(
        sa.select(Score.seat_id).where(Score.item_id == item_id, Score.score.is_not(None))
    )
    involved = session.scalars(sa.select(Involvement.seat_id).where(Involvement.item_id == item_id))
    return (present_seats(session, evening_id=evening_id) | frozenset(scored)) - frozenset(involved)


def seats_with_phone(session: Session, *, evening_id: int) -> frozenset[int]:
    """Give the seats that have a phone bound to them."""
    return frozenset(
        session.scalars(
            sa.select(Device.seat_id).where(Device.evening_id == evening_id, Device.replaced_at.is_(None))
        )
    )


def device_seat(session: Session, *, evening_id: int, token_sha256: str) -> tuple[int, bool] | None:
    """Find the seat that a phone stands for, and whether another phone took its place.

    None when there is no such phone, or when its seat was taken away.
    """
    row = session.execute(
        sa.select(Device.seat_id, Device.replaced_at)
        .join(Seat, Seat.id == Device.seat_id)
        .where(Device.token_sha256 == token_sha256, Device.evening_id == evening_id, Seat.gone_at.is_(None))
    ).one_or_none()
    return (row.seat_id, row.replaced_at is not None) if row else None


def last_n(session: Session, *, token_sha256: str) -> int:
    """Give the highest tap number that a phone has used."""
    return session.scalar(sa.select(Device.last_n).where(Device.token_sha256 == token_sha256)) or 0


def seat_state(session: Session, *, evening_id: int, item_id: int | None, seat_id: int) -> SeatState:
    """Give what this seat may do with the plan that the room is talking about."""
    present = session.scalar(
        sa.select(sa.func.count()).where(
            Presence.evening_id == evening_id, Presence.seat_id == seat_id, Presence.left_at.is_(None)
        )
    )
    if item_id is None:
        return SeatState(seat_id, False, None, bool(present))
    involved = session.get(Involvement, (item_id, seat_id)) is not None
    score = session.get(Score, (item_id, seat_id))
    return SeatState(seat_id, involved, score.score if score else None, bool(present))


def spreads(session: Session, *, evening_id: int) -> dict[int, Spread]:
    """Count how many people stand on each figure, per agenda item id."""
    rows = session.execute(
        sa.select(Score.item_id, Score.score)
        .join(AgendaItem, AgendaItem.id == Score.item_id)
        .where(AgendaItem.evening_id == evening_id, Score.score.is_not(None))
    )
    stands: dict[int, list[int | None]] = {}
    for item_id, score in rows:
        stands.setdefault(item_id, []).append(score)
    return {item_id: spread_of(scores) for item_id, scores in stands.items()}


def involved_seats(session: Session, *, evening_id: int) -> dict[int, frozenset[int]]:
    """Give per agenda item id the seats that are involved in its plan."""
    rows = session.execute(
        sa.select(Involvement.item_id, Involvement.seat_id)
        .join(AgendaItem, AgendaItem.id == Involvement.item_id)
        .where(AgendaItem.evening_id == evening_id)
    )
    found: dict[int, set[int]] = {}
    for item_id, seat_id in rows:
        found.setdefault(item_id, set()).add(seat_id)
    return {item_id: frozenset(seats) for item_id, seats in found.items()}


def ballots(session: Session, *, evening_id: int) -> list[Ballots]:
    """Give the scores of every closed plan, with who was present when it closed, in agenda order."""
    closings = {
        facts["item"]: frozenset(facts["present"])
        for facts in (
            json.loads(text)
            for text in session.scalars(
                sa.select(Event.facts)
                .where(Event.evening_id == evening_id, Event.kind == "scoring_closed")
                .order_by(Event.seq)
            )
        )
    }
    scores: dict[int, dict[int, int]] = {}
    for item_id, seat_id, score in session.execute(
        sa.select(Score.item_id, Score.seat_id, Score.score)
        .join(AgendaItem, AgendaItem.id == Score.item_id)
        .where(AgendaItem.evening_id == evening_id, Score.score.is_not(None))
    ):
        if score is not None:
            scores.setdefault(item_id, {})[seat_id] = score
    involved = involved_seats(session, evening_id=evening_id)
    rows = session.execute(
        sa.select(AgendaItem.id, AgendaItem.plan_id)
        .where(AgendaItem.evening_id == evening_id, AgendaItem.scoring == Scoring.CLOSED.value)
        .order_by(AgendaItem.position)
    )
    return [
        Ballots(
            plan_id,
            closings[item_id] | scores.get(item_id, {}).keys(),
            involved.get(item_id, frozenset()),
            scores.get(item_id, {}),
        )
        for item_id, plan_id in rows
    ]


def chain(session: Session, *, evening_id: int) -> list[ChainLine]:
    """Read the events of an evening in order."""
    rows = session.scalars(sa.select(Event).where(Event.evening_id == evening_id).order_by(Event.seq))
    return [ChainLine(row.seq, row.at, row.kind, row.facts, row.hash) for row in rows]
