"""Read a published outcome: what a division was computed from, and what came out."""

from collections.abc import Mapping
from dataclasses import dataclass

from pb.core.canonical import sha256_of
from pb.core.errors import BadInput
from pb.decide.rules import DecideConfig, Histogram, PlanAsk
from pb.decide.rules.strict import (
    OutOfBounds,
    UnknownId,
    flag,
    listing,
    mapping,
    name,
    once_each,
    record,
    shown,
    text,
    whole,
)
from pb.divide.rules import Amendment, DivideConfig

_INPUTS = ("rules", "rules_sha256", "lot_seed", "budget", "cap", "chain_head", "plans", "ranking")
# An outcome of before amounts could be changed, or given by everybody, does not have these.
_LATER_INPUTS = ("proposals", "panel", "amendments")
MOST_PEOPLE = 1_000_000


class NothingToCompute(BadInput):
    """Say that a file leaves out what the rule needs, because it would tell what one person gave."""

    code = "divide.nothing-to-compute"


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What a file says of one plan. Units: cents, people. ``hist`` is None when too few scored to show it."""

    ask: PlanAsk
    hist: Histogram | None
    eligible: int
    yes: bool


@dataclass(frozen=True, slots=True)
class Wishes:
    """What each plan is worth to each person, for equal shares; a row per person, in no order that tells.

    Shape: ``people`` has a row per person with a number per plan of ``plans``.
    """

    present: int
    plans: tuple[str, ...]
    people: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A published outcome. Units: cents. ``sha256`` is of what the file says, whatever way it was saved."""

    rules: Mapping[str, object]
    rules_sha256: str
    decide: DecideConfig
    divide: DivideConfig
    budget_cents: int
    cap_cents: int | None
    plans: tuple[PlanFigures, ...]
    ranking: tuple[str, ...]
    proposals: Mapping[str, tuple[int, ...]] | None
    wishes: Wishes | None
    amendments: tuple[Amendment, ...]
    result: Mapping[str, object]
    sha256: str


def read_published(document: object) -> Published:
    """Read a published outcome strictly. Raises: the refusals of a wrong field, with its place."""
    found = record(document, "", required=("inputs", "result"))
    given = record(found["inputs"], "inputs", required=_INPUTS, optional=_LATER_INPUTS)
    rules = mapping(given["rules"], "inputs.rules")
    frozen = record(rules, "inputs.rules", required=("decide", "divide"), optional=rules.keys())
    seed = text(given["lot_seed"], "inputs.lot_seed", longest=1_000)
    decide = mapping(frozen["decide"], "inputs.rules.decide")
    plans = _plans(given["plans"], "inputs.plans")
    known = [plan.ask.plan_id for plan in plans]
    return Published(
        rules=rules,
        rules_sha256=text(given["rules_sha256"], "inputs.rules_sha256", longest=64),
        decide=DecideConfig.from_json({**decide, "lot_seed": seed}, "inputs.rules.decide"),
        divide=DivideConfig.from_json(frozen["divide"], "inputs.rules.divide"),
        budget_cents=whole(given["budget"], "inputs.budget"),
        cap_cents=None if given["cap"] is None else whole(given["cap"], "inputs.cap"),
        plans=plans,
        ranking=_ids(given["ranking"], "inputs.ranking", known),
        proposals=_proposals(given.get("proposals"), "inputs.proposals", known),
        wishes=_wishes(given.get("panel"), "inputs.panel", known),
        amendments=_amendments(given.get("amendments", []), "inputs.amendments", known),
        result=_result(found["result"], "result"),
        sha256=sha256_of({"inputs": found["inputs"], "result": found["result"]}),
    )


def _plans(value: object, field: str) -> tuple[PlanFigures, ...]:
    plans = [
        _plan(item, f"{field}[{place}]", place + 1)
        for place, item in enumerate(listing(value, field, lambda item, _: item))
    ]
    once_each([plan.ask.plan_id for plan in plans], field)
    return tuple(plans)


def _plan(value: object, field: str, order: int) -> PlanFigures:
    found = record(value, field, required=("plan", "request", "min", "hist", "eligible", "yes"))
    hist = None if found["hist"] is None else _five(found["hist"], f"{field}.hist")
    return PlanFigures(
        ask=PlanAsk(
            plan_id=name(found["plan"], f"{field}.plan"),
            order=order,
            request_cents=whole(found["request"], f"{field}.request"),
            min_cents=whole(found["min"], f"{field}.min"),
        ),
        hist=hist,
        eligible=whole(found["eligible"], f"{field}.eligible", lowest=sum(hist or ()), highest=MOST_PEOPLE),
        yes=flag(found["yes"], f"{field}.yes"),
    )


def _five(value: object, field: str) -> Histogram:
    counts = listing(value, field, lambda item, at: whole(item, at, highest=MOST_PEOPLE))
    whole(len(counts), f"{field} (length)", lowest=5, highest=5)
    return counts[0], counts[1], counts[2], counts[3], counts[4]


def _ids(value: object, field: str, known: list[str]) -> tuple[str, ...]:
    found = tuple(listing(value, field, lambda item, at: _known(name(item, at), at, known)))
    once_each(found, field)
    return found


def _known(plan_id: str, field: str, known: list[str]) -> str:
    if plan_id not in known:
        raise UnknownId(field=field, found=shown(plan_id))
    return plan_id


def _proposals(value: object, field: str, known: list[str]) -> dict[str, tuple[int, ...]] | None:
    if value is None:
        return None
    return {
        _known(plan_id, field, known): tuple(listing(given, f"{field}.{shown(plan_id)}", whole))
        for plan_id, given in mapping(value, field).items()
    }


def _wishes(value: object, field: str, known: list[str]) -> Wishes | None:
    if value is None:
        return None
    found = record(value, field, required=("present", "plans", "people"))
    plans = _ids(found["plans"], f"{field}.plans", known)

    def row(item: object, at: str) -> tuple[int, ...]:
        worth = tuple(listing(item, at, whole))
        whole(len(worth), f"{at} (length)", lowest=len(plans), highest=len(plans))
        return worth

    people = tuple(listing(found["people"], f"{field}.people", row))
    present = whole(found["present"], f"{field}.present", lowest=max(len(people), 1), highest=MOST_PEOPLE)
    return Wishes(present=present, plans=plans, people=people)


def _amendments(value: object, field: str, known: list[str]) -> tuple[Amendment, ...]:
    def read(item: object, at: str) -> Amendment:
        found = record(item, at, required=("plan", "amount", "reason"))
        return Amendment(
            plan_id=_known(name(found["plan"], f"{at}.plan"), f"{at}.plan", known),
            amount_cents=whole(found["amount"], f"{at}.amount"),
            reason=text(found["reason"], f"{at}.reason"),
        )

    return tuple(listing(value, field, read))


def _result(value: object, field: str) -> Mapping[str, object]:
    found = mapping(value, field)
    record(found, field, required=("amounts", "total", "leftover"), optional=found.keys())
    for plan_id, cents in mapping(found["amounts"], f"{field}.amounts").items():
        whole(cents, f"{field}.amounts.{shown(plan_id)}")
    for key in ("total", "leftover"):
        if type(found[key]) is not int:
            raise OutOfBounds(field=f"{field}.{key}", lowest=0, highest="the pot", found="no whole number")
    return found
