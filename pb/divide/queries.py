"""Read a division: amounts, why, and who stands for it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.divide.tables import DivisionLine, DivisionRecord
from pb.plans.queries import PlanFacts, plans_by_id


@dataclass(frozen=True)
class Line:
    """What one plan gets, and why. Units: cents. ``place`` is its rank; 0 without money to divide."""

    plan: PlanFacts
    place: int
    amount_cents: int
    status: str
    steps: Sequence[Any]

    @property
    def decided_yes(self) -> bool:
        """Say whether the panel said yes to this plan."""
        return self.place > 0


@dataclass(frozen=True)
class DivisionFacts:
    """A division as it was shown. Units: cents."""

    id: int
    evening_id: int
    budget_cents: int
    cap_cents: int
    total_cents: int
    leftover_cents: int
    rule: str
    level_cents: int | None
    sha256: str
    inputs: Mapping[str, Any]
    proposed_at: datetime
    proposed_by: int
    confirmed_at: datetime | None
    confirmed_by: int | None
    lines: tuple[Line, ...]

    @property
    def funded(self) -> list[Line]:
        """Give the plans that get money, best first."""
        return [line for line in self.lines if line.amount_cents]


def division(session: Session, *, evening_id: int) -> DivisionFacts | None:
    """Find the division of an evening; its lines best first, then the plans that got a no."""
    row = session.scalar(sa.select(DivisionRecord).where(DivisionRecord.evening_id == evening_id))
    if row is None:
        return None
    lines = list(session.scalars(sa.select(DivisionLine).where(DivisionLine.division_id == row.id)))
    plans = plans_by_id(session, [line.plan_id for line in lines])
    inputs, result = json.loads(row.inputs), json.loads(row.result)
    level = result.get("level_cents")
    return DivisionFacts(
        id=row.id,
        evening_id=row.evening_id,
        budget_cents=row.budget_cents,
        cap_cents=inputs["cap"],
        total_cents=row.total_cents,
        leftover_cents=row.leftover_cents,
        rule=inputs["rules"]["divide"]["rule"],
        level_cents=level,
        sha256=row.sha256,
        inputs=inputs,
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
        lines=tuple(
            Line(plans[line.plan_id], line.place, line.amount_cents, line.status, _steps(line.steps))
            for line in sorted(
                lines, key=lambda line: (line.place == 0, line.place, plans[line.plan_id].number)
            )
        ),
    )


def confirmed_division(session: Session, *, evening_id: int) -> DivisionFacts | None:
    """Find a division that two people stand for."""
    found = division(session, evening_id=evening_id)
    return found if found is not None and found.confirmed_at is not None else None


def _steps(text: str) -> list[SimpleNamespace]:
    """Give stored steps the shape that the sentences read: a code, and facts."""
    return [
        SimpleNamespace(
            code=step["code"], facts={name: value for name, value in step.items() if name != "code"}
        )
        for step in json.loads(text)
    ]
