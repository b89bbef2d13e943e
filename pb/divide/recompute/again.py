"""Compute a published outcome again: decisions, order, amounts; and lay it beside what was published."""

from collections.abc import Mapping
from dataclasses import dataclass

from pb.core.canonical import canonical, sha256_of
from pb.decide.rules import Decisions, Outcome, Tally, outcome_of, quorum_of
from pb.decide.rules.panel_decides import follow_panel
from pb.divide.recompute.facts import facts_of
from pb.divide.recompute.published import PlanFigures, Published
from pb.divide.rules import AmendedDivision, Rule, Status, divide_with_amendments

# Fewer scores than this are not published; see the record about it in docs/adr.
FEWEST_SHOWN = 5
_NOBODY = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class PlanAgain:
    """One plan, the second time. Units: cents; ``place`` and amounts are None for a plan without a yes.

    ``outcome`` is None when its scores are not published; ``taken`` when for that reason its place is the
    published one. ``differs`` names what is not the same.
    """

    plan_id: str
    yes: bool
    outcome: Outcome | None
    taken: bool
    place: int | None
    computed_cents: int | None
    settled_cents: int | None
    published_cents: int | None
    status: Status | None
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """A whole outcome, the second time. ``differs`` names what is not the same beside single plans."""

    plans: tuple[PlanAgain, ...]
    division: AmendedDivision
    differs: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Say whether everything came out as it was published."""
        return not self.differs and not any(plan.differs for plan in self.plans)


def compute_again(published: Published) -> Again:
    """Compute an outcome from its own figures and compare.

    Raises: NothingToCompute when too few people gave what the rule needs, RuleLacksFacts.
    """
    outcomes = {plan.ask.plan_id: _outcome(plan, published) for plan in published.plans}
    ranking = _ranking(published, outcomes)
    plans, facts = facts_of(published, ranking, outcomes)
    division = divide_with_amendments(
        ranking,
        plans,
        published.divide,
        published.amendments,
        budget_cents=published.budget_cents,
        cap_cents=published.cap_cents,
        facts=facts,
    )
    mine = result_of(division, published.divide.rule)
    return Again(
        plans=tuple(
            _plan(plan, published, outcomes[plan.ask.plan_id], ranking, mine, division)
            for plan in published.plans
        ),
        division=division,
        differs=tuple(_differences(published, ranking, mine, division)),
    )


def result_of(division: AmendedDivision, rule: Rule) -> dict[str, object]:
    """Write a division as it is published: what is settled, and beside it what the rule gave."""
    settled = division.settled
    return settled.to_json() | {
        "computed": dict(division.computed.amounts),
        "level_cents": int(settled.level) if rule is Rule.EQUAL and settled.level is not None else None,
    }


def _outcome(plan: PlanFigures, published: Published) -> Outcome | None:
    """Decide about a plan from its histogram; without one only if it surely missed its quorum."""
    if plan.hist is not None:
        return outcome_of(plan.ask, Tally(plan.eligible, 0, plan.hist), published.decide)
    if quorum_of(published.decide.quorum, plan.eligible) >= FEWEST_SHOWN:
        return outcome_of(plan.ask, Tally(plan.eligible, 0, _NOBODY), published.decide)
    return None


def _ranking(published: Published, outcomes: Mapping[str, Outcome | None]) -> tuple[str, ...]:
    """Put the plans with a yes in order; what cannot be computed keeps its published place."""
    known = {plan_id: outcome for plan_id, outcome in outcomes.items() if outcome is not None}
    yes = {plan.ask.plan_id: plan.yes for plan in published.plans}
    followed = follow_panel(
        Decisions(outcomes=known, ranking=(), ties=(), places={}),
        [plan.ask for plan in published.plans if plan.ask.plan_id in known],
        published.decide,
        {plan_id: yes[plan_id] for plan_id in known},
    )
    order = list(followed.ranking)
    for plan_id in (*published.ranking, *yes):
        if yes[plan_id] and plan_id not in known and plan_id not in order:
            there = plan_id in published.ranking
            order.insert(published.ranking.index(plan_id) if there else len(order), plan_id)
    return tuple(order)


def _plan(
    plan: PlanFigures,
    published: Published,
    outcome: Outcome | None,
    ranking: tuple[str, ...],
    mine: Mapping[str, object],
    division: AmendedDivision,
) -> PlanAgain:
    plan_id = plan.ask.plan_id
    differs = [
        key
        for key in ("amounts", "computed", "status", "exact")
        if key in published.result and _part(mine, key, plan_id) != _part(published.result, key, plan_id)
    ]
    place = ranking.index(plan_id) + 1 if plan_id in ranking else None
    was = published.ranking.index(plan_id) + 1 if plan_id in published.ranking else None
    amounts = published.result["amounts"]
    return PlanAgain(
        plan_id=plan_id,
        yes=plan.yes,
        outcome=outcome if plan.hist is not None else None,
        taken=outcome is None,
        place=place,
        computed_cents=division.computed.amounts.get(plan_id),
        settled_cents=division.settled.amounts.get(plan_id),
        published_cents=amounts.get(plan_id) if isinstance(amounts, dict) else None,
        status=division.settled.status.get(plan_id),
        differs=tuple(["place", *differs] if place != was else differs),
    )


def _part(result: Mapping[str, object], key: str, plan_id: str) -> object:
    """Give what a result says of one plan; canonical, so that true is not 1."""
    found = result[key]
    return canonical(found.get(plan_id)) if isinstance(found, dict) else found


def _differences(
    published: Published, ranking: tuple[str, ...], mine: Mapping[str, object], division: AmendedDivision
) -> list[str]:
    """Name what is not the same, of what is not about one plan alone."""
    keys = {*mine, *published.result}
    if "computed" not in published.result:  # an outcome of before amounts could be changed
        keys.remove("computed")
    found = [
        f"result.{key}"
        for key in sorted(keys)
        if (key in mine) != (key in published.result)
        or canonical(mine.get(key)) != canonical(published.result.get(key))
    ]
    if ranking != published.ranking:
        found.append("inputs.ranking")
    if published.rules_sha256 != sha256_of(published.rules):
        found.append("inputs.rules_sha256")
    if published.rules.get("cap", published.cap_cents) != published.cap_cents:
        found.append("inputs.cap")
    found += [f"inputs.amendments ({one.plan_id}: {one.code.value})" for one in division.rejected]
    return found
