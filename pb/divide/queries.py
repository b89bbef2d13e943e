"""Read a division: amounts, why, and who stands for it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.decide.rules.panel_decides import Way
from pb.decide.tables import Decision
from pb.divide.given import Divided, how_many_divided, tell_exact, tell_level, tell_lift
from pb.divide.rules import Amendment, Rule
from pb.divide.rules.config import FROM_PROPOSALS
from pb.divide.shown import nearest
from pb.divide.tables import AmendmentRecord, DivisionLine, DivisionRecord, OwnDivision
from pb.panel.tables import Seat
from pb.plans.queries import PlanFacts, plans_by_id
from pb.rounds.queries import rule_version


@dataclass(frozen=True)
class Line:
    """What one plan gets, and why. Units: cents. ``place`` is its rank; 0 without money to divide."""

    plan: PlanFacts
    place: int
    amount_cents: int
    computed_cents: int
    status: str
    steps: Sequence[Any]

    @property
    def decided_yes(self) -> bool:
        """Say whether the panel said yes to this plan."""
        return self.place > 0

    @property
    def differs(self) -> bool:
        """Say whether this plan gets another amount than was computed."""
        return self.amount_cents != self.computed_cents

    @property
    def reason(self) -> str | None:
        """Give the reason why people settled this amount, if they did."""
        return next((step.facts["reason"] for step in self.steps if step.code == "amended"), None)

    @property
    def lift(self) -> Mapping[str, Any] | None:
        """Give the facts of an amount that a minimum lifted above what people gave; ``given`` may be None."""
        facts = self.facts_of("level")
        return facts if facts.get("lifted") and not self.differs and not self.reason else None

    def facts_of(self, code: str) -> Mapping[str, Any]:
        """Give the facts of a step of the explanation; nothing if there is no such step."""
        return next((step.facts for step in self.steps if step.code == code), {})


@dataclass(frozen=True)
class DivisionFacts:
    """A division as it was shown. Units: cents. ``divided``: where everybody was asked to divide the pot."""

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
    result: Mapping[str, Any]
    proposed_at: datetime
    proposed_by: int
    agreement: "Agreement | None"
    confirmed_at: datetime | None
    confirmed_by: int | None
    lines: tuple[Line, ...]
    divided: Divided | None = None

    @property
    def changed(self) -> bool:
        """Say whether people settled an amount, so that computed and decided are not the same."""
        return any(line.differs or line.reason for line in self.lines)

    @property
    def moved(self) -> int:
        """Count the plans that got another amount because people settled that of another plan."""
        return sum(line.differs and not line.reason for line in self.lines)

    @property
    def computed_total_cents(self) -> int:
        """Add up what the rule gave."""
        return sum(line.computed_cents for line in self.lines)

    @property
    def funded(self) -> list[Line]:
        """Give the plans that get money, best first."""
        return [line for line in self.lines if line.amount_cents]


@dataclass(frozen=True)
class Agreement:
    """What the panel said of a division. Units: people who raised a hand, for a majority."""

    way: Way
    in_favour: int | None
    against: int | None
    at: datetime


@dataclass(frozen=True)
class Made:
    """An amount that people settled for a plan, as it counts now."""

    plan_id: int
    amendment: Amendment
    made_by: int
    made_at: datetime


@dataclass(frozen=True)
class Own:
    """How one seat would divide the pot. Shape of ``shares``: cents per plan id."""

    seat_id: int
    shares: Mapping[int, int]
    n: int
    way: str
    handed_in_at: datetime


def division_exists(session: Session, *, evening_id: int) -> bool:
    """Say whether amounts were computed already."""
    return (
        session.scalar(sa.select(DivisionRecord.id).where(DivisionRecord.evening_id == evening_id))
        is not None
    )


def asks_own_divisions(session: Session, *, rule_set_id: int) -> bool:
    """Say whether these frozen rules divide by what people would give."""
    rules = rule_version(session, rule_set_id=rule_set_id).rules
    return Rule(rules["divide"]["rule"]) in FROM_PROPOSALS


def own_divisions(session: Session, *, evening_id: int) -> list[Own]:
    """List what everybody would give, by seat; without seats that were taken away."""
    rows = session.scalars(
        sa.select(OwnDivision)
        .join(Seat, Seat.id == OwnDivision.seat_id)
        .where(OwnDivision.evening_id == evening_id, Seat.gone_at.is_(None))
        .order_by(OwnDivision.seat_id)
    )
    return [_own(row) for row in rows]


def own_division(session: Session, *, evening_id: int, seat_id: int) -> Own | None:
    """Find what one seat would give."""
    row = session.get(OwnDivision, (evening_id, seat_id))
    return _own(row) if row else None


def _own(row: OwnDivision) -> Own:
    shares = {int(plan_id): cents for plan_id, cents in json.loads(row.shares).items()}
    return Own(row.seat_id, shares, row.n, row.way, row.handed_in_at)


def amendments(session: Session, *, evening_id: int) -> list[Made]:
    """List the amounts that people settled and that count, in the order in which they were made."""
    rows = list(
        session.scalars(
            sa.select(AmendmentRecord)
            .where(AmendmentRecord.evening_id == evening_id, AmendmentRecord.undone_at.is_(None))
            .order_by(AmendmentRecord.id)
        )
    )
    plans = plans_by_id(session, [row.plan_id for row in rows])
    return [
        Made(
            row.plan_id,
            Amendment(str(plans[row.plan_id].number), row.amount_cents, row.reason),
            row.made_by,
            row.made_at,
        )
        for row in rows
    ]


def made_by(session: Session, *, evening_id: int) -> set[int]:
    """Name who made the division what it is: who let it compute, changed an amount, or last took one back.

    And who recorded a decision that is another than the scores say: without it the amounts were others.
    """
    first = sa.select(DivisionRecord.proposed_by).where(DivisionRecord.evening_id == evening_id)
    changes = AmendmentRecord.evening_id == evening_id
    standing = sa.select(AmendmentRecord.made_by).where(changes, AmendmentRecord.undone_at.is_(None))
    last = (
        sa.select(AmendmentRecord.undone_by)
        .where(changes, AmendmentRecord.undone_by.is_not(None))
        .order_by(AmendmentRecord.undone_at.desc(), AmendmentRecord.id.desc())
        .limit(1)
    )
    differs = sa.select(Decision.recorded_by).where(
        Decision.evening_id == evening_id, Decision.yes != Decision.computed_yes
    )
    queries = (first, standing, last, differs)
    return {who for query in queries for who in session.scalars(query) if who is not None}


def division(session: Session, *, evening_id: int) -> DivisionFacts | None:
    """Find the division of an evening; its lines best first, then the plans that got a no."""
    row = session.scalar(sa.select(DivisionRecord).where(DivisionRecord.evening_id == evening_id))
    if row is None:
        return None
    lines = list(session.scalars(sa.select(DivisionLine).where(DivisionLine.division_id == row.id)))
    plans = plans_by_id(session, [line.plan_id for line in lines])
    inputs, result = json.loads(row.inputs), json.loads(row.result)
    level = None if result.get("level_cents") is None else nearest(Fraction(result["lam"]))
    steps = {line.plan_id: _steps(line.steps) for line in lines}
    for line in lines:
        tell_exact(steps[line.plan_id])
        tell_lift(steps[line.plan_id], inputs, plans[line.plan_id].number)
        tell_level(steps[line.plan_id], level)
    asked = Rule(inputs["rules"]["divide"]["rule"]) in FROM_PROPOSALS and inputs["ranking"]
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
        result=result,
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
        agreement=Agreement(Way(row.agreed_way), row.agreed_for, row.agreed_against, row.agreed_at)
        if row.agreed_way and row.agreed_at
        else None,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
        lines=tuple(
            Line(
                plans[line.plan_id],
                line.place,
                line.amount_cents,
                line.computed_cents,
                line.status,
                steps[line.plan_id],
            )
            for line in sorted(
                lines, key=lambda line: (line.place == 0, line.place, plans[line.plan_id].number)
            )
        ),
        divided=how_many_divided(session, evening_id=evening_id, at=row.proposed_at) if asked else None,
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
