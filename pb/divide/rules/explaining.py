"""Say why a plan gets this amount: a chain of steps with numbers that are already worked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pb.decide.rules import Criterion, Decisions, Outcome, Place
from pb.decide.rules import Rule as DecideRule
from pb.decide.rules import Status as Decided
from pb.decide.rules.strict import written
from pb.divide.rules.amending import AmendedDivision, Amendment
from pb.divide.rules.config import DivideConfig, Rule
from pb.divide.rules.dividing import Division
from pb.divide.rules.limits import Because, Status


class Code(StrEnum):
    """What a step of the chain tells."""

    DECIDED = "decided"
    RANK = "rank"
    ASKED = "asked"
    RESERVED = "reserved"
    LEVEL = "level"
    FROM_THE_TOP = "from_the_top"
    BOUGHT = "bought"
    NOT_BOUGHT = "not_bought"
    DOES_NOT_FIT = "does_not_fit"
    AFTER_STOP = "after_stop"
    SHARE_BELOW_MIN = "share_below_min"
    EARMARK_ONLY = "earmark_only"
    REST = "rest"
    MIN_ABOVE_CAP = "min_above_cap"
    NO_REQUEST = "no_request"
    ROUNDED = "rounded"
    AMENDED = "amended"
    DIVIDED_AGAIN = "divided_again"


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence to be: what it tells, and its numbers. Units: cents, people, ratios as text."""

    code: Code
    facts: Mapping[str, object]

    def to_json(self) -> dict[str, object]:
        """Write the step with its code first."""
        return {"code": self.code.value, **self.facts}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a plan gets what it gets: at most seven steps, and what else could have been.

    Units: cents. ``free_when_your_turn_came`` is none when the rule knows no turns.
    """

    plan_id: str
    final_cents: int
    steps: tuple[Step, ...]
    free_when_your_turn_came: int | None
    other_presets: Mapping[str, int]

    def to_json(self) -> dict[str, object]:
        """Write the machine form, from which anybody can make sentences."""
        return {
            "plan": self.plan_id,
            "final": self.final_cents,
            "steps": [step.to_json() for step in self.steps],
            "counterfactual": {
                "free_when_your_turn_came": self.free_when_your_turn_came,
                "other_presets": dict(self.other_presets),
            },
        }


def explain(
    decisions: Decisions,
    division: Division | AmendedDivision,
    config: DivideConfig,
    *,
    cap_cents: int | None,
    lot_seed: str = "",
    others: Mapping[str, Division] | None = None,
) -> dict[str, Explanation]:
    """Explain every plan of an evening, also those that were not decided.

    ``others`` are divisions by other presets, to tell what they would have given.
    """
    amended = division if isinstance(division, AmendedDivision) else None
    computed = division.computed if isinstance(division, AmendedDivision) else division
    settled = division.settled if isinstance(division, AmendedDivision) else division
    enough = all(
        amount == computed.limits[plan_id].high or computed.limits[plan_id].barrier
        for plan_id, amount in computed.amounts.items()
    )
    explanations = {}
    for plan_id, outcome in decisions.outcomes.items():
        steps = [_decided(outcome)]
        if plan_id in computed.amounts:
            place = decisions.places[plan_id]
            # ``by`` looks up only: the first of an equal group was parted by the lot from those below it.
            equal = [place, *(decisions.places[other] for other in place.tied_with)]
            by_lot = len(equal) > 1 and any(each.by is Criterion.LOT for each in equal)
            steps.append(_rank(place, lot_seed, by_lot=by_lot))
            steps += _money_steps(plan_id, computed, config, cap_cents, enough=enough)
            steps += _changed(plan_id, computed, settled, amended)
        turn = computed.turns.get(plan_id)
        explanations[plan_id] = Explanation(
            plan_id=plan_id,
            final_cents=settled.amounts.get(plan_id, 0),
            steps=tuple(steps),
            free_when_your_turn_came=None if turn is None else turn.free,
            other_presets={name: other.amounts.get(plan_id, 0) for name, other in (others or {}).items()},
        )
    return explanations


def _decided(outcome: Outcome) -> Step:
    facts: dict[str, object] = {
        "status": outcome.status.value,
        "rule": outcome.rule.value,
        "scorers": outcome.scorers,
        "counted": outcome.counted,
        "imputed": outcome.imputed,
        "abstained": outcome.abstained,
        "eligible": outcome.eligible,
        "quorum": outcome.quorum_needed,
        "min_grade": outcome.min_grade,
        "support": outcome.supporters,
        "need": outcome.need,
        "margin_people": outcome.margin_people,
    }
    if outcome.rule is DecideRule.MEAN:
        facts |= {"points": outcome.points, "points_needed": outcome.points_needed}
    if outcome.rule is DecideRule.MEDIAN:
        facts |= {"median": outcome.median, "grade_needed": outcome.grade_needed}
    if outcome.status is Decided.NO_VETO:
        facts |= {
            "objections": outcome.objections,
            "objections_most": outcome.objections_most,
            "veto_grade": outcome.veto_grade,
        }
    return Step(Code.DECIDED, facts)


def _rank(place: Place, lot_seed: str, *, by_lot: bool) -> Step:
    """Tell a plan's place; ``by_lot``: the lot parted it from a plan that stands exactly equal."""
    facts: dict[str, object] = {
        "place": place.place,
        "of": place.of,
        "by": place.by.value,
        "tied_with": list(place.tied_with),
    }
    if by_lot:
        facts["seed"] = lot_seed
    return Step(Code.RANK, facts)


def _money_steps(
    plan_id: str, division: Division, config: DivideConfig, cap_cents: int | None, *, enough: bool
) -> list[Step]:
    limits = division.limits[plan_id]
    status = division.status[plan_id]
    asked = Step(Code.ASKED, {"request": limits.plan.request_cents, "cap": cap_cents, "limit": limits.high})
    if status is Status.MIN_ABOVE_CAP:
        short = limits.own_min - limits.high
        facts = {"own_min": limits.own_min, "limit": limits.high, "short": short}
        return [asked, Step(Code.MIN_ABOVE_CAP, facts)]
    if status is Status.NO_REQUEST:
        return [asked, Step(Code.NO_REQUEST, {})]
    steps = [asked, *_reserved(plan_id, division), _share(plan_id, division, config, enough=enough)]
    exact = division.exact.get(plan_id)
    amount = division.amounts[plan_id]
    if exact is not None and exact != amount:
        steps.append(
            Step(
                Code.ROUNDED,
                {
                    "exact": written(exact),
                    "unit": config.unit_cents,
                    "delta": amount - int(exact),
                    "amount": amount,
                },
            )
        )
    return steps


def _reserved(plan_id: str, division: Division) -> list[Step]:
    turn = division.turns.get(plan_id)
    if turn is None or not turn.kept or not turn.reserved or division.rule is Rule.GREEDY_FULL:
        return []
    facts = {
        "low": turn.reserved,
        "because": turn.because.value,
        "own_min": division.limits[plan_id].own_min,
        "spare": None if turn.free is None else turn.free - turn.asked,
    }
    return [Step(Code.RESERVED, facts)]


def _share(plan_id: str, division: Division, config: DivideConfig, *, enough: bool) -> Step:
    """Tell the one thing that made the amount what it is, and how close it was in cents.

    ``short`` is what was missing, ``spare`` what was left over; none where no amount would have done it.
    """
    status = division.status[plan_id]
    amount = division.amounts[plan_id]
    limits = division.limits[plan_id]
    turn = division.turns.get(plan_id)
    if turn is None:
        return _bought(plan_id, division)
    if status is Status.SHARE_BELOW_MIN or turn.offered is not None:
        return Step(Code(status.value), {
            "needed": turn.reserved, "because": turn.because.value, "own_min": limits.own_min, "free": None,
            "share": turn.offered, "short": turn.reserved - (turn.offered or 0), "amount": amount,
        })  # fmt: skip
    if status in (Status.DOES_NOT_FIT, Status.AFTER_STOP, Status.EARMARK_ONLY, Status.REST):
        return Step(Code(status.value), {
            "needed": turn.reserved, "because": turn.because.value, "own_min": limits.own_min,
            "free": turn.free, "short": None if turn.free is None else turn.asked - turn.free,
            "amount": amount,
        })  # fmt: skip
    if division.rule is Rule.GREEDY_FULL:
        spare = None if turn.free is None else turn.free - (amount - turn.earmarked)
        facts = {"side": status.value, "free": turn.free, "spare": spare, "short": limits.high - amount}
        return Step(Code.FROM_THE_TOP, facts | {"amount": amount})
    return Step(Code.LEVEL, _level(plan_id, division, turn.because, config, enough=enough))


def _bought(plan_id: str, division: Division) -> Step:
    cost = division.limits[plan_id].high
    amount = division.amounts[plan_id]
    if plan_id in (division.order or ()):
        turn = (division.order or ()).index(plan_id) + 1
        return Step(Code.BOUGHT, {"amount": amount, "cost": cost, "turn": turn})
    left = division.leftover_cents
    short = cost - left if cost > left else None
    return Step(Code.NOT_BOUGHT, {"amount": amount, "cost": cost, "left": left, "short": short})


def _level(
    plan_id: str, division: Division, because: Because, config: DivideConfig, *, enough: bool
) -> dict[str, object]:
    level = division.level
    amount = division.amounts[plan_id]
    limits = division.limits[plan_id]
    held = level is not None and level * division.weights[plan_id] < division.exact[plan_id]
    return {
        "rule": division.rule.value,
        "lam": None if level is None else written(level),
        "side": division.status[plan_id].value,
        "amount": amount,
        "limit": limits.high,
        "short": limits.high - amount,
        "capped": limits.high < limits.plan.request_cents,
        "unit": config.unit_cents,
        "held_by": because.value if held else None,
        "level_cents": int(level) if level is not None and division.rule is Rule.EQUAL else None,
        "per_hundred_cents": _per_hundred(level) if division.rule is Rule.PROP_REQUEST else None,
        "everybody_full": enough,
    }


def _per_hundred(level: Fraction | None) -> int | None:
    """Say how many whole cents came of every 100 euros asked."""
    return None if level is None else int(level * 10_000)


def _changed(
    plan_id: str, computed: Division, settled: Division, amended: AmendedDivision | None
) -> list[Step]:
    """Tell what people made of the computed amount."""
    if amended is None:
        return []
    facts: dict[str, object] = {
        "computed": computed.amounts[plan_id],
        "final": settled.amounts[plan_id],
        "reason": None,
    }
    amendment: Amendment | None = amended.amendments.get(plan_id)
    if amendment is not None:
        return [Step(Code.AMENDED, {**facts, "reason": amendment.reason})]
    if computed.amounts[plan_id] != settled.amounts[plan_id]:
        return [Step(Code.DIVIDED_AGAIN, facts)]
    return []
