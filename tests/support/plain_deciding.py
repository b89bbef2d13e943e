"""The same decisions worked out a second time: person by person, with sorted lists and single comparisons."""

import hashlib
import statistics
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cmp_to_key

from pb.decide.rules import Ballots, Criterion, DecideConfig, Missing, PlanAsk, Rule

PARTERS = (Criterion.ORDER, Criterion.LOT)


def write(amount: Fraction | None) -> str | None:
    return None if amount is None else f"{amount.numerator}/{amount.denominator}"


def decide_plainly(
    plans: Sequence[PlanAsk], present: Sequence[str], ballots: Mapping[str, Ballots], config: DecideConfig
) -> dict[str, object]:
    """Give what ``Decisions.to_json()`` gives; everybody who gave something is known by name."""
    written: dict[str, dict[str, object]] = {}
    counted: dict[str, list[int]] = {}
    for plan in plans:
        given = ballots.get(plan.plan_id, Ballots({}))
        counted[plan.plan_id], written[plan.plan_id] = _decide(plan, list(present), given, config)
    yes = [plan for plan in plans if written[plan.plan_id]["status"] == "yes"]
    asked: dict[Criterion, Callable[[PlanAsk, PlanAsk], int]] = {
        Criterion.REQUEST: lambda a, b: a.request_cents - b.request_cents,
        Criterion.MIN: lambda a, b: a.min_cents - b.min_cents,
        Criterion.ORDER: lambda a, b: a.order - b.order,
        Criterion.SCORERS: lambda a, b: _real(written[b.plan_id]) - _real(written[a.plan_id]),
        Criterion.LOT: lambda a, b: _sign(
            _lot(config, a) > _lot(config, b), _lot(config, a) < _lot(config, b)
        ),
    }

    def compare(a: PlanAsk, b: PlanAsk, link: Criterion) -> int:
        if link in asked:
            return asked[link](a, b)
        return _compare(counted[a.plan_id], counted[b.plan_id], link, config.min_grade)

    def in_order(a: PlanAsk, b: PlanAsk) -> int:
        for link in (*config.rank, Criterion.LOT):
            if found := compare(a, b, link):
                return found
        return 0

    ranking = sorted(yes, key=cmp_to_key(in_order))
    first_parter = next((place for place, link in enumerate(config.rank) if link in PARTERS), None)
    heard = config.rank[:first_parter]
    ties: list[list[str]] = []
    for plan in ranking:
        for group in ties:
            other = next(each for each in plans if each.plan_id == group[0])
            if all(compare(plan, other, link) == 0 for link in heard):
                group.append(plan.plan_id)
                break
        else:
            ties.append([plan.plan_id])
    return {
        "plans": written,
        "ranking": [plan.plan_id for plan in ranking],
        "ties": [group for group in ties if len(group) > 1],
    }


def _decide(
    plan: PlanAsk, present: list[str], given: Ballots, config: DecideConfig
) -> tuple[list[int], dict[str, object]]:
    may = [person for person in present if not (config.exclude_submitters and person in plan.submitters)]
    silent = [person for person in may if person in given.abstained]
    gave = [given.scores[person] for person in may if person in given.scores and person not in silent]
    filler = {Missing.IGNORE: [], Missing.LOWEST: [1], Missing.MIDDLE: [3]}[config.missing]
    counted = sorted(gave + filler * (len(may) - len(gave) - len(silent)))
    needed = 0
    if config.quorum is not None:
        needed = config.quorum.min_scorers
        while needed < config.quorum.fraction * len(may):
            needed += 1
    status, margin = _status(gave, silent, counted, needed, config)
    median = statistics.median_low(counted) if counted else None
    return counted, {
        "status": status,
        "eligible": len(may),
        "scorers": len(gave),
        "abstained": len(silent),
        "quorum_needed": needed,
        "hist": [gave.count(grade) for grade in range(1, 6)],
        "counted_hist": [counted.count(grade) for grade in range(1, 6)],
        "mean": write(Fraction(sum(counted), len(counted)) if counted else None),
        "median": median,
        "support": write(_part(counted, lambda score: score >= config.min_grade) if counted else None),
        "gmj": write(_usual(counted) if counted else None),
        "margin_people": margin,
    }


def _status(
    gave: list[int], silent: list[str], counted: list[int], needed: int, config: DecideConfig
) -> tuple[str, int | None]:
    heard = len(gave) + (len(silent) if config.quorum and config.quorum.count_abstain else 0)
    if not gave or heard < needed:
        return "no_quorum", None
    if config.veto is not None:
        veto = config.veto
        if _part(counted, lambda score: score <= veto.grade) > veto.max_share:
            return "no_veto", None
    yes = _passes(counted, config)
    return ("yes" if yes else "no_threshold"), _flips(counted, yes, config)


def _passes(counted: list[int], config: DecideConfig) -> bool:
    number = {
        Rule.SUPPORT: lambda: _part(counted, lambda score: score >= config.min_grade),
        Rule.MEAN: lambda: Fraction(sum(counted), len(counted)),
        Rule.MEDIAN: lambda: Fraction(statistics.median_low(counted)),
    }[config.rule]()
    return number > config.threshold if config.strict else number >= config.threshold


def _flips(counted: list[int], yes: bool, config: DecideConfig) -> int | None:
    """Let people cross the line one by one, until the other thing comes out."""
    if config.rule is not Rule.SUPPORT:
        return None
    high = sum(score >= config.min_grade for score in counted)
    for people in range(1, len(counted) + 1):
        then = high - people if yes else high + people
        if not 0 <= then <= len(counted):
            return None
        # 5 and 0 stand for whoever is over the line, and under it.
        if _passes([5] * then + [0] * (len(counted) - then), config) is not yes:
            return people
    return None


def _part(scores: Sequence[int], holds: Callable[[int], bool]) -> Fraction:
    return Fraction(sum(map(holds, scores)), len(scores))


def _usual(scores: list[int]) -> Fraction:
    """Give the usual judgment: the grade at which as many stand above as below, each grade a unit wide."""
    middle = statistics.median_low(scores)
    above = sum(score > middle for score in scores)
    below = sum(score < middle for score in scores)
    return middle + Fraction(above - below, 2 * (len(scores) - above - below))


def _gauge(scores: list[int]) -> tuple[int, Fraction]:
    middle = statistics.median_low(scores)
    above, below = _part(scores, lambda score: score > middle), _part(scores, lambda score: score < middle)
    return middle, above if above > below else -below


def _compare(mine: list[int], theirs: list[int], link: Criterion, min_grade: int) -> int:
    """Say below 0 when mine come first."""
    if link is Criterion.SUPPORT:
        high, other = (sum(score >= min_grade for score in each) for each in (mine, theirs))
        return other * len(mine) - high * len(theirs)
    if link is Criterion.MEAN:
        return sum(theirs) * len(mine) - sum(mine) * len(theirs)
    if link is Criterion.MEDIAN:
        return statistics.median_low(theirs) - statistics.median_low(mine)
    if link is Criterion.FEWEST_LOWEST:
        return mine.count(1) - theirs.count(1)
    if link is Criterion.GMJ:
        return _sign(_usual(mine) < _usual(theirs), _usual(mine) > _usual(theirs))
    return _sign(_gauge(mine) < _gauge(theirs), _gauge(mine) > _gauge(theirs))


def _sign(later: bool, earlier: bool) -> int:
    return later - earlier


def _lot(config: DecideConfig, plan: PlanAsk) -> str:
    return hashlib.sha256(f"{config.lot_seed}:{plan.plan_id}".encode()).hexdigest()


def _real(written: Mapping[str, object]) -> int:
    scorers = written["scorers"]
    assert isinstance(scorers, int)
    return scorers
