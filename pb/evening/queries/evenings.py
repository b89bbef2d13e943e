"""Read evenings: where each one is, and what stands on its agenda."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.rules.steps import Scoring, Stage, Step, next_step
from pb.evening.tables import AgendaItem, Evening
from pb.plans.queries import PlanFacts, plans_by_id
from pb.rounds.queries import area_of_round
from pb.rounds.tables import Round


@dataclass(frozen=True)
class ItemFacts:
    """A plan on the agenda. ``position`` counts from 1; ``may_score`` counts people, once it is closed."""

    id: int
    position: int
    scoring: Scoring
    scoring_version: int
    plan: PlanFacts
    minutes: int = 10
    shown_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    may_score: int | None = None


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
    practice: bool = False
    agenda_seed: str = ""
    stickers: bool = False
    spread_on_screen: bool = False
    coaches_score: bool = False
    host_decides: bool = True
    wifi_name: str = ""
    wifi_password: str = ""
    countdown_until: datetime | None = None
    alarm_seq: int | None = None

    @property
    def current(self) -> ItemFacts | None:
        """Give the plan that the room is talking about."""
        if self.stage is not Stage.PLANS:
            return None
        return self.items[self.at_position - 1]

    @property
    def next(self) -> Step | None:
        """Give what the one button does."""
        scorings = [item.scoring for item in self.items]
        return next_step(self.stage, self.at_position, scorings, stickers=self.stickers)

    @property
    def lot_open(self) -> bool:
        """Say whether the room may still throw for the lot: until the first plan opens for scores."""
        return self.stage in (Stage.DOORS, Stage.PLANS) and not any(
            item.scoring_version for item in self.items
        )

    def item(self, position: int) -> ItemFacts:
        """Give the plan at a place on the agenda."""
        return self.items[position - 1]


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
        ItemFacts(
            item.id,
            item.position,
            Scoring(item.scoring),
            item.scoring_version,
            plans[item.plan_id],
            item.minutes,
            item.shown_at,
            item.opened_at,
            item.closed_at,
            item.may_score,
        )
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
        practice=bool(session.scalar(sa.select(Round.practice).where(Round.id == row.round_id))),
        agenda_seed=row.agenda_seed,
        stickers=row.stickers,
        spread_on_screen=row.spread_on_screen,
        coaches_score=row.coaches_score,
        host_decides=row.host_decides,
        wifi_name=row.wifi_name,
        wifi_password=row.wifi_password,
        countdown_until=row.countdown_until,
        alarm_seq=row.alarm_seq,
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


def spent_cents(session: Session, *, round_ids: Collection[int]) -> dict[int, int]:
    """Add up what confirmed evenings have spent, per round; a round without one is not in it."""
    rows = session.execute(
        sa.select(Evening.round_id, sa.func.sum(Evening.spent_cents))
        .where(Evening.round_id.in_(round_ids), Evening.spent_cents.is_not(None))
        .group_by(Evening.round_id)
    )
    return {round_id: int(total or 0) for round_id, total in rows}


def version_and_seq(session: Session, *, evening_id: int) -> tuple[int, int] | None:
    """Give the two numbers that tell a screen whether anything changed."""
    row = session.connection().execute(_NUMBERS, {"which": evening_id}).one_or_none()
    return (row.version, row.seq) if row else None


_NUMBERS = sa.select(Evening.version, Evening.seq).where(Evening.id == sa.bindparam("which"))


def open_evenings(session: Session, *, round_id: int) -> int:
    """Count the evenings of a round that are under way."""
    return (
        session.scalar(
            sa.select(sa.func.count(Evening.id)).where(
                Evening.round_id == round_id,
                Evening.stage.not_in((Stage.PREPARED.value, Stage.DONE.value)),
            )
        )
        or 0
    )


def running_evening(session: Session, *, round_id: int) -> int | None:
    """Find the evening of a round whose doors are open; the newest when there are two."""
    return session.scalar(
        sa.select(Evening.id)
        .where(Evening.round_id == round_id, Evening.stage != Stage.PREPARED.value)
        .order_by(sa.case((Evening.stage == Stage.DONE.value, 1), else_=0), Evening.id.desc())
        .limit(1)
    )
