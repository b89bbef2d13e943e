"""What a rule weighs besides requests, out of figures that are about nobody in particular."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pb.decide.rules import Outcome, PlanAsk
from pb.decide.rules.strict import OutOfBounds
from pb.divide.recompute.published import NothingToCompute, Published, Wishes
from pb.divide.rules import DivideConfig, Facts, Panel, Proposals, Rule, ScoreStats
from pb.divide.rules.config import FROM_PROPOSALS

# These rules ask who gave what together; that is never published.
_NEED_WHOLE_PEOPLE = (Rule.INDEPENDENT_MARKETS, Rule.PER_EURO)


def facts_of(
    published: Published, ranking: Sequence[str], outcomes: Mapping[str, Outcome | None]
) -> tuple[list[PlanAsk], Facts]:
    """Give the plans and the facts as the rules read them. Raises: NothingToCompute."""
    rule = published.divide.rule
    plans = [plan.ask for plan in published.plans]
    stats = {
        plan_id: ScoreStats.of(outcome)
        for plan_id in ranking
        if (outcome := outcomes[plan_id]) is not None and outcome.scorers
    }
    proposals: Proposals | None = None
    panel: Panel | None = None
    if rule in FROM_PROPOSALS:
        plans, proposals = _people_of(published, plans, ranking)
    if rule is Rule.MES:
        panel = _panel_of(published, ranking)
    return plans, Facts(stats=stats, proposals=proposals, panel=panel)


def _people_of(
    published: Published, plans: Sequence[PlanAsk], ranking: Sequence[str]
) -> tuple[list[PlanAsk], Proposals]:
    """Make up people who gave these amounts. Who gave what together makes no difference to an average.

    A plan for which fewer people gave an amount is the own plan of the last of them.
    """
    given = published.proposals
    if not ranking:
        return list(plans), {}
    if given is None or published.divide.rule in _NEED_WHOLE_PEOPLE:
        raise NothingToCompute(rule=published.divide.rule.value)
    people = [f"{number:07d}" for number in range(max((len(row) for row in given.values()), default=0))]
    proposals: dict[str, dict[str, int]] = {person: {} for person in people}
    owned = []
    for plan in plans:
        row = given.get(plan.plan_id, ())
        for person, cents in zip(people, row, strict=False):
            proposals[person][plan.plan_id] = cents
        owned.append(replace(plan, submitters=frozenset(people[len(row) :])))
    return owned, proposals


def _panel_of(published: Published, ranking: Sequence[str]) -> Panel:
    wishes = published.wishes
    if not ranking:
        return Panel(present=1, scores={})
    if wishes is None:
        raise NothingToCompute(rule=published.divide.rule.value)
    return Panel(present=wishes.present, scores=score_rows(wishes, published.divide))


def _grades(config: DivideConfig) -> dict[int, int]:
    """Find a grade for every worth; which of two that are worth the same makes no difference."""
    return {worth: grade for grade, worth in enumerate(config.utility, 1) if worth}


def _grade(grades: Mapping[int, int], worth: int, number: int) -> int:
    if worth not in grades:
        highest = max(grades, default=0)
        raise OutOfBounds(field=f"inputs.panel.people[{number}]", lowest=0, highest=highest, found=worth)
    return grades[worth]


def score_rows(wishes: Wishes, config: DivideConfig) -> dict[str, dict[str, int]]:
    """Write wishes as scores of people without a name, as a case holds them."""
    grades = _grades(config)
    return {
        plan_id: {
            f"r{number}": _grade(grades, row[place], number)
            for number, row in enumerate(wishes.people)
            if row[place]
        }
        for place, plan_id in enumerate(wishes.plans)
    }
