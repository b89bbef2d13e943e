"""Read what a case gives: plans, people, scores, proposals and amendments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from pb.decide.rules import Ballots, Move, PlanAsk, counted_scores
from pb.decide.rules.strict import (
    MOST_CENTS,
    OutOfBounds,
    UnknownField,
    UnknownId,
    WrongKind,
    kind_of,
    listing,
    mapping,
    name,
    once_each,
    ratio,
    record,
    shown,
    text,
    whole,
)
from pb.divide.rules import Amendment, Panel, ScoreStats

MOST_PEOPLE = 1_000_000
GIVEN = ("scores", "scores_packed", "abstentions")
_PACKED = {str(grade): grade for grade in range(1, 6)}


@dataclass(frozen=True, slots=True)
class People:
    """Who may score, in the order that packed scores count them."""

    present: tuple[str, ...]
    ballots: Mapping[str, Ballots]


def read_plans(value: object, field: str) -> list[PlanAsk]:
    """Read the plans; every id once."""
    plans = listing(value, field, _plan)
    once_each([plan.plan_id for plan in plans], field)
    return [
        plan if plan.order >= 0 else PlanAsk(plan.plan_id, place, *_rest_of(plan))
        for place, plan in enumerate(plans, 1)
    ]


def _rest_of(plan: PlanAsk) -> tuple[int, int, str | None, frozenset[str]]:
    return plan.request_cents, plan.min_cents, plan.theme, plan.submitters


def _plan(value: object, field: str) -> PlanAsk:
    found = record(value, field, required=("id", "request"), optional=("order", "min", "theme", "submitters"))
    theme = found.get("theme")
    submitters = listing(found.get("submitters", []), f"{field}.submitters", name)
    once_each(submitters, f"{field}.submitters")
    return PlanAsk(
        plan_id=name(found["id"], f"{field}.id"),
        order=whole(found["order"], f"{field}.order") if "order" in found else -1,
        request_cents=whole(found["request"], f"{field}.request"),
        min_cents=whole(found.get("min", 0), f"{field}.min"),
        theme=None if theme is None else name(theme, f"{field}.theme"),
        submitters=frozenset(submitters),
    )


def read_people(given: Mapping[str, object], plans: list[PlanAsk], field: str) -> People:
    """Read who is present and what they gave, named or packed."""
    present = _present(given["present"], f"{field}.present")
    known = {plan.plan_id for plan in plans}
    abstentions = {
        plan_id: frozenset(listing(people, f"{field}.abstentions.{plan_id}", name))
        for plan_id, people in _by_plan(given.get("abstentions", {}), f"{field}.abstentions", known).items()
    }
    if "scores_packed" in given and "scores" in given:
        raise UnknownField(field=f"{field}.scores_packed (beside scores)")
    scores = {
        plan_id: _scores(found, f"{field}.scores.{plan_id}")
        for plan_id, found in _by_plan(given.get("scores", {}), f"{field}.scores", known).items()
    }
    packed = _by_plan(given.get("scores_packed", {}), f"{field}.scores_packed", known)
    for plan_id, found in packed.items():
        scores[plan_id], silent = _unpacked(found, f"{field}.scores_packed.{plan_id}", present)
        abstentions[plan_id] = abstentions.get(plan_id, frozenset()) | silent
    return People(
        present=present,
        ballots={
            plan_id: Ballots(scores.get(plan_id, {}), abstentions.get(plan_id, frozenset()))
            for plan_id in scores.keys() | abstentions.keys()
        },
    )


def _present(value: object, field: str) -> tuple[str, ...]:
    if isinstance(value, int):
        return tuple(f"r{number}" for number in range(whole(value, field, highest=MOST_PEOPLE)))
    if not isinstance(value, list):
        raise WrongKind(field=field, expected="list of people, or how many", found=kind_of(value))
    people = listing(value, field, name)
    once_each(people, field)
    return tuple(people)


def _by_plan(value: object, field: str, known: set[str]) -> Mapping[str, object]:
    found = mapping(value, field)
    for plan_id in found:
        if plan_id not in known:
            raise UnknownId(field=field, found=shown(plan_id))
    return found


def _scores(value: object, field: str) -> Mapping[str, int]:
    found = mapping(value, field)
    if not (set(map(type, found.values())) <= {int} and set(found.values()) <= {1, 2, 3, 4, 5}):
        for person, score in found.items():
            whole(score, f"{field}.{shown(person)}", lowest=1, highest=5)
    return cast(Mapping[str, int], found)


def _unpacked(
    value: object, field: str, present: tuple[str, ...]
) -> tuple[Mapping[str, int], frozenset[str]]:
    packed = text(value, field, longest=MOST_PEOPLE)
    if len(packed) != len(present):
        raise OutOfBounds(
            field=f"{field} (length)", lowest=len(present), highest=len(present), found=len(packed)
        )
    if not set(packed) <= set("012345a"):
        place = next(index for index, letter in enumerate(packed) if letter not in "012345a")
        raise WrongKind(field=f"{field}[{place}]", expected="0-5 or a", found=shown(packed[place]))
    pairs = list(zip(present, packed, strict=True))
    scores = {person: _PACKED[letter] for person, letter in pairs if letter in _PACKED}
    return scores, frozenset(person for person, letter in pairs if letter == "a")


def read_stats(value: object, field: str, known: set[str]) -> dict[str, ScoreStats]:
    """Read the mean and the support of plans."""
    stats = {}
    for plan_id, given in _by_plan(value, field, known).items():
        at = f"{field}.{plan_id}"
        found = record(given, at, optional=("mean", "support"))
        stats[plan_id] = ScoreStats(
            mean=ratio(found["mean"], f"{at}.mean", highest=5) if "mean" in found else None,
            support=ratio(found["support"], f"{at}.support", highest=1) if "support" in found else None,
        )
        if (mean := stats[plan_id].mean) is not None and mean < 1:
            raise OutOfBounds(field=f"{at}.mean", lowest=1, highest=5, found=str(mean))
    return stats


def read_proposals(value: object, field: str, known: set[str]) -> dict[str, dict[str, int]]:
    """Read what every person would give."""
    return {
        name(person, field): {
            plan_id: whole(cents, f"{field}.{shown(person)}.{plan_id}")
            for plan_id, cents in _by_plan(given, f"{field}.{shown(person)}", known).items()
        }
        for person, given in mapping(value, field).items()
    }


def read_amendment(value: object, field: str) -> Amendment:
    """Read an amendment; whether it counts is for the rules to say."""
    found = record(value, field, required=("plan", "amount"), optional=("reason", "by"))
    reason, by = found.get("reason"), found.get("by")
    return Amendment(
        plan_id=name(found["plan"], f"{field}.plan"),
        amount_cents=whole(found["amount"], f"{field}.amount", lowest=-MOST_CENTS),
        reason="" if reason is None else text(reason, f"{field}.reason"),
        by="" if by is None else text(by, f"{field}.by"),
    )


def read_move(value: object, field: str) -> Move:
    """Read a line of the score log."""
    found = record(value, field, required=("seq", "plan", "person", "value"))
    given = found["value"]
    plain: int | Literal["abstain"] | None = None
    if given == "abstain":
        plain = "abstain"
    elif given is not None:
        plain = whole(given, f"{field}.value", lowest=1, highest=5)
    return Move(
        seq=whole(found["seq"], f"{field}.seq"),
        plan_id=name(found["plan"], f"{field}.plan"),
        person_id=name(found["person"], f"{field}.person"),
        value=plain,
    )


def panel_of(plans: list[PlanAsk], people: People, *, exclude_submitters: bool) -> Panel:
    """Collect the scores that count, by person."""
    here = frozenset(people.present)
    nobody = frozenset[str]()
    return Panel(
        present=len(here),
        scores={
            plan.plan_id: counted_scores(
                people.ballots[plan.plan_id], here, plan.submitters if exclude_submitters else nobody
            )
            for plan in plans
            if plan.plan_id in people.ballots
        },
    )


def read_cap(value: object, field: str) -> int | None:
    """Read the cap per plan; null means none."""
    return None if value is None else whole(value, field)
