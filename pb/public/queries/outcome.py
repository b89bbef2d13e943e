"""Read an outcome with all that explains it, and the files by which anyone can compute it again."""

import json
from dataclasses import dataclass
from types import SimpleNamespace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical
from pb.core.errors import NotFound
from pb.decide.queries import recorded
from pb.decide.rules import Status
from pb.decide.rules.panel_decides import Way
from pb.divide.queries import DivisionFacts, Line, confirmed_division
from pb.divide.recompute import allocation_case, read_published
from pb.divide.rules import Rule
from pb.divide.rules.config import FROM_PROPOSALS
from pb.divide.sameness import unlike
from pb.divide.tables import DivisionRecord
from pb.evening.queries import EveningFacts, evening_facts, seals
from pb.evening.tables import Evening, Presence
from pb.minutes.rules import HowTheyTookPart
from pb.minutes.took_part import PaperLeftOut, how_they_took_part, paper_left_out
from pb.panel.queries import seats
from pb.panel.rules.origins import OriginMix, origin_mix
from pb.plans.queries import published_plans
from pb.rounds.queries import FrozenVersion, RoundFacts, published_round, rule_version
from pb.rounds.tables import Round

# What a step says of a plan that hardly anybody scored.
SAID_OF_FEW = frozenset({"status", "rule", "scorers", "eligible", "quorum"})


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
    """Who took part, as numbers: seats that came, of how many there are, how, and where they come from."""

    came: int
    seated: int
    ways: HowTheyTookPart
    paper: PaperLeftOut
    mix: OriginMix


@dataclass(frozen=True)
class OutcomeFacts:
    """Everything on the page of an outcome. ``seal`` is of the whole evening.

    ``fits`` says whether the rows of the division are what was recorded when it was confirmed.
    """

    evening: EveningFacts
    round: RoundFacts
    division: DivisionFacts
    rules: FrozenVersion
    plans: tuple[PlanResult, ...]
    took_part: TookPart
    seal: str
    fits: bool

    @property
    def can_be_computed(self) -> bool:
        """Say whether its file holds all that the rule needs; from few people it would tell who gave what."""
        given = self.division.inputs
        rule = Rule(self.division.rule)
        if rule in FROM_PROPOSALS and given["ranking"]:
            return given.get("proposals") is not None
        return rule is not Rule.MES or not given["ranking"] or given.get("panel") is not None

    def plan(self, number: int) -> PlanResult:
        """Find what is told about one plan, by its number in the round. Raises: NotFound."""
        for one in self.plans:
            if one.line.plan.number == number:
                return one
        raise NotFound()


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
        seal=seals(session, evening_id=evening_id).end or "",
        fits=unlike(session, evening_id=evening_id) is None,
    )


def proof(session: Session, *, evening_id: int) -> bytes:
    """Write what a division was computed from and what came out, as its hash was taken.

    Shape: canonical JSON whose sha256 is the hash of the division. Raises: NotFound.
    """
    inputs, result = _stored(session, evening_id)
    # Both are stored in canonical form; side by side, in order of their names, they still are.
    return f'{{"inputs":{inputs},"result":{result}}}'.encode()


def case_of(session: Session, *, evening_id: int) -> bytes:
    """Write the money of an outcome as a case of the allocation format.

    Raises: NotFound, NothingToCompute when too few people gave what the rule needs.
    """
    inputs, result = _stored(session, evening_id)
    published = read_published({"inputs": json.loads(inputs), "result": json.loads(result)})
    evening = evening_facts(session, evening_id=evening_id)
    case = allocation_case(published, f"avond-{evening_id}", f"{evening.name}, {evening.held_on.isoformat()}")
    return json.dumps(case, ensure_ascii=False, indent=1).encode() + b"\n"


def explained(outcome: OutcomeFacts) -> dict[str, object]:
    """Write why each plan gets its amount: the steps of its explanation with their numbers.

    Units: cents, people. Where so few people scored that counts would tell who stood where, only how many.
    """
    return {
        "evening": outcome.evening.id,
        "rules_sha256": outcome.rules.sha256,
        "plans": [
            {
                "plan": str(one.line.plan.number),
                "final": one.line.amount_cents,
                "computed": one.line.computed_cents,
                "steps": [_step(step, one.counts is not None) for step in one.line.steps],
            }
            for one in outcome.plans
        ],
    }


def _step(step: SimpleNamespace, may_count: bool) -> dict[str, object]:
    told = step.code != "decided" or may_count
    return {"code": step.code} | {
        name: value for name, value in step.facts.items() if told or name in SAID_OF_FEW
    }


def rules_text(rules: FrozenVersion) -> bytes:
    """Write frozen rules as their hash was taken."""
    return canonical(rules.rules)


def _stored(session: Session, evening_id: int) -> tuple[str, str]:
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
    return row.inputs, row.result


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
        seated=len({seat.id for seat in known} | came),
        ways=how_they_took_part(session, evening_id=evening.id),
        paper=paper_left_out(session, evening_id=evening.id),
        mix=origin_mix(seat.origin for seat in known if seat.id in came),
    )
