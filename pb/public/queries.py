"""Read what everyone may see: rounds that are open, and outcomes that two people stand for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical
from pb.core.errors import NotFound
from pb.decide.queries import recorded
from pb.decide.rules import Status
from pb.decide.rules.panel_decides import Way
from pb.divide.queries import DivisionFacts, Line, confirmed_division
from pb.divide.tables import DivisionLine, DivisionRecord
from pb.evening.queries import EveningFacts, evening_facts, evenings_of, seats_with_phone
from pb.evening.tables import Evening, Presence
from pb.panel.queries import seats
from pb.panel.rules.origins import OriginMix, origin_mix
from pb.plans.queries import published_plans
from pb.rounds.queries import FrozenVersion, RoundFacts, published_round, rule_version
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


@dataclass(frozen=True)
class PlanResult:
    """What was computed and what was decided about one plan, and what it gets.

    ``counts`` are the people on each figure; None when so few scored that it would tell who stood where.
    """

    line: Line
    counts: tuple[int, ...] | None
    computed_yes: bool
    way: Way
    reason: str
    minority_view: str
    to_read: bool

    @property
    def yes(self) -> bool:
        """Say what the panel decided."""
        return self.line.decided_yes

    @property
    def differs(self) -> bool:
        """Say whether the panel decided otherwise than the scores say."""
        return self.yes != self.computed_yes

    @property
    def computed(self) -> SimpleNamespace:
        """Give the step that tells what the scores say."""
        step: SimpleNamespace = self.line.steps[0]
        return step


@dataclass(frozen=True)
class TookPart:
    """Who took part, as numbers: seats that came, how many used a phone, where they come from."""

    came: int
    phones: int
    mix: OriginMix


@dataclass(frozen=True)
class OutcomeFacts:
    """Everything on the page of an outcome."""

    evening: EveningFacts
    round: RoundFacts
    division: DivisionFacts
    rules: FrozenVersion
    plans: tuple[PlanResult, ...]
    took_part: TookPart


@dataclass(frozen=True)
class Got:
    """What a plan got on an evening. Units: cents."""

    evening_id: int
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
    rows = session.execute(
        sa.select(DivisionLine.plan_id, DivisionRecord.evening_id, DivisionLine.amount_cents)
        .join(DivisionRecord, DivisionRecord.id == DivisionLine.division_id)
        .join(Evening, Evening.id == DivisionRecord.evening_id)
        .where(Evening.round_id == round_id, DivisionRecord.confirmed_at.is_not(None))
        .order_by(Evening.held_on, Evening.id)
    )
    return {row.plan_id: Got(row.evening_id, row.amount_cents) for row in rows}


def outcome(session: Session, *, evening_id: int) -> OutcomeFacts:
    """Give an outcome with all that explains it. Raises: NotFound until two people stand for it."""
    found = confirmed_division(session, evening_id=evening_id)
    if found is None:
        raise NotFound()
    evening = evening_facts(session, evening_id=evening_id)
    round_ = published_round(session, round_id=evening.round_id)
    return OutcomeFacts(
        evening=evening,
        round=round_,
        division=found,
        rules=rule_version(session, rule_set_id=evening.rule_set_id),
        plans=_plans(session, found, round_id=evening.round_id),
        took_part=_took_part(session, evening),
    )


def proof(session: Session, *, evening_id: int) -> bytes:
    """Write what a division was computed from and what came out, as its hash was taken.

    Shape: canonical JSON whose sha256 is the hash of the division. Raises: NotFound.
    """
    row = session.execute(
        sa.select(DivisionRecord.inputs, DivisionRecord.result)
        .join(Evening, Evening.id == DivisionRecord.evening_id)
        .join(Round, Round.id == Evening.round_id)
        .where(
            DivisionRecord.evening_id == evening_id,
            DivisionRecord.confirmed_at.is_not(None),
            Round.practice.is_(False),
        )
    ).one_or_none()
    if row is None:
        raise NotFound()
    # Both are stored in canonical form; side by side, in order of their names, they still are.
    return f'{{"inputs":{row.inputs},"result":{row.result}}}'.encode()


def rules_text(rules: FrozenVersion) -> bytes:
    """Write frozen rules as their hash was taken."""
    return canonical(rules.rules)


def _plans(session: Session, found: DivisionFacts, *, round_id: int) -> tuple[PlanResult, ...]:
    decided = recorded(session, evening_id=found.evening_id)
    counts = {one["plan"]: one["hist"] for one in found.inputs["plans"]}
    to_read = {plan.id for plan in published_plans(session, round_id=round_id)}
    return tuple(
        PlanResult(
            line=line,
            counts=tuple(hist) if (hist := counts[str(line.plan.number)]) is not None else None,
            computed_yes=line.steps[0].facts["status"] == Status.YES.value,
            way=decided[line.plan.id].way,
            reason=decided[line.plan.id].reason,
            minority_view=decided[line.plan.id].minority_view,
            to_read=line.plan.id in to_read,
        )
        for line in found.lines
    )


def _took_part(session: Session, evening: EveningFacts) -> TookPart:
    came = set(session.scalars(sa.select(Presence.seat_id).where(Presence.evening_id == evening.id)))
    known = seats(session, round_id=evening.round_id)
    return TookPart(
        came=len(came),
        phones=len(seats_with_phone(session, evening_id=evening.id) & came),
        mix=origin_mix(seat.origin for seat in known if seat.id in came),
    )
