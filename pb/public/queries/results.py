"""Read in short what came of evenings: per evening, and per plan."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.divide.tables import DivisionLine, DivisionRecord
from pb.evening.queries import EveningFacts, evenings_of
from pb.evening.tables import Evening
from pb.plans.outcomes import PlanOutcome, finds_outcome
from pb.rounds.tables import Round


@dataclass(frozen=True)
class EveningResult:
    """An evening with an outcome, in one line. Units: cents."""

    evening_id: int
    name: str
    held_on: date
    round_name: str
    total_cents: int
    plans: int
    funded: int


# The latest evening comes last, so that of a plan that was on more evenings its outcome stays.
_CONFIRMED = (
    sa.select(DivisionLine.plan_id, DivisionRecord.evening_id, DivisionLine.place, DivisionLine.amount_cents)
    .join(DivisionRecord, DivisionRecord.id == DivisionLine.division_id)
    .join(Evening, Evening.id == DivisionRecord.evening_id)
    .where(DivisionRecord.confirmed_at.is_not(None))
    .order_by(Evening.held_on, Evening.id)
)


@dataclass(frozen=True)
class Got:
    """What the panel said to a plan on an evening, and what it got. Units: cents."""

    evening_id: int
    yes: bool
    amount_cents: int


def results(session: Session, *, round_id: int | None = None, most: int = 100) -> list[EveningResult]:
    """List the evenings with an outcome that two people stand for, the latest first."""
    query = (
        sa.select(
            Evening.id,
            Evening.name,
            Evening.held_on,
            Round.name.label("round_name"),
            DivisionRecord.total_cents,
            sa.func.count(DivisionLine.plan_id).label("plans"),
            sa.func.sum(sa.case((DivisionLine.amount_cents > 0, 1), else_=0)).label("funded"),
        )
        .join(DivisionRecord, DivisionRecord.evening_id == Evening.id)
        .join(DivisionLine, DivisionLine.division_id == DivisionRecord.id)
        .join(Round, Round.id == Evening.round_id)
        .where(DivisionRecord.confirmed_at.is_not(None), Round.practice.is_(False))
        .group_by(Evening.id, Evening.name, Evening.held_on, Round.name, DivisionRecord.total_cents)
        .order_by(Evening.held_on.desc(), Evening.id.desc())
        .limit(most)
    )
    if round_id is not None:
        query = query.where(Evening.round_id == round_id)
    return [
        EveningResult(
            row.id, row.name, row.held_on, row.round_name, row.total_cents, int(row.plans), int(row.funded)
        )
        for row in session.execute(query)
    ]


def coming_evenings(session: Session, *, round_id: int, shown: Collection[int]) -> list[EveningFacts]:
    """List the evenings of a round that have no outcome yet, the first one first."""
    return [one for one in evenings_of(session, round_id=round_id) if one.id not in shown]


def got(session: Session, *, round_id: int) -> dict[int, Got]:
    """Give, per plan id, what confirmed divisions of a round gave it, also when that was nothing.

    Ties: a plan that was on more evenings has the amount of the latest.
    """
    rows = session.execute(_CONFIRMED.where(Evening.round_id == round_id))
    return {row.plan_id: Got(row.evening_id, row.place > 0, row.amount_cents) for row in rows}


@finds_outcome
def outcomes_of_plans(session: Session, plan_ids: Collection[int]) -> dict[int, PlanOutcome]:
    """Find what came of plans on the latest evening of each whose outcome two people stand for."""
    rows = session.execute(_CONFIRMED.where(DivisionLine.plan_id.in_(plan_ids)))
    return {row.plan_id: PlanOutcome(row.evening_id, row.place > 0, row.amount_cents) for row in rows}
