"""What a division is computed from: the evening's decisions and scores, and what people would give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from pb.decide.queries import count, number_of, recorded
from pb.decide.rules import Decisions, Outcome, PlanAsk
from pb.decide.rules.panel_decides import follow_panel
from pb.divide.queries import own_divisions
from pb.divide.rules import (
    AmendedDivision,
    Amendment,
    DivideConfig,
    Explanation,
    Facts,
    Panel,
    Proposals,
    ScoreStats,
    divide_with_amendments,
    explain,
)
from pb.divide.rules.config import FROM_PROPOSALS, Rule
from pb.evening.queries import EveningFacts, involved_seats
from pb.rounds.queries import FrozenVersion, rule_version

# The inputs of a division are published, so that anyone can compute it again.
FEWEST_SHOWN = 5


@dataclass(frozen=True)
class WorkedOut:
    """A division with all it came from. Plans go by their number in the round, as text. Units: cents."""

    rules: FrozenVersion
    config: DivideConfig
    cap_cents: int
    plans: tuple[PlanAsk, ...]
    decisions: Decisions
    yes: Mapping[str, bool]
    facts: Facts
    division: AmendedDivision
    why: Mapping[str, Explanation]


def work_out(session: Session, evening: EveningFacts, made: Sequence[Amendment]) -> WorkedOut:
    """Divide an evening's budget by its own frozen rules, with what the panel changed.

    An amendment that does not count comes back in ``division.rejected``. Raises: NotAllDecided.
    """
    rules = rule_version(session, rule_set_id=evening.rule_set_id)
    counted = count(session, evening=evening)
    config = DivideConfig.from_json(rules.rules["divide"])
    decided = recorded(session, evening_id=evening.id)
    yes = {number_of(item): decided[item.plan.id].yes for item in evening.items if item.plan.id in decided}
    decisions = follow_panel(counted.decisions, counted.plans, counted.config, yes)
    cap_cents: int = rules.rules["cap"]
    facts = Facts(
        stats={
            plan_id: ScoreStats.of(outcome)
            for plan_id, outcome in decisions.outcomes.items()
            if plan_id in decisions.ranking and outcome.scorers
        },
        proposals=_proposals(session, evening) if config.rule in FROM_PROPOSALS else None,
        panel=Panel(present=max(counted.present, 1), scores=counted.panel),
    )
    plans = _plans(session, evening, counted.plans)
    division = divide_with_amendments(
        decisions.ranking, plans, config, made,
        budget_cents=evening.budget_cents, cap_cents=cap_cents, facts=facts,
    )  # fmt: skip
    why = explain(decisions, division, config, cap_cents=cap_cents, lot_seed=evening.lot_seed)
    return WorkedOut(rules, config, cap_cents, plans, decisions, yes, facts, division, why)


def published_inputs(
    evening: EveningFacts, worked: WorkedOut, made: Sequence[Amendment]
) -> dict[str, object]:
    """Write all that anybody needs to compute the division again, and nothing about one person."""
    return {
        "rules": worked.rules.rules,
        "rules_sha256": worked.rules.sha256,
        "lot_seed": evening.lot_seed,
        "budget": evening.budget_cents,
        "cap": worked.cap_cents,
        "chain_head": evening.head,
        "plans": [
            {
                "plan": number_of(item),
                "request": item.plan.ask_cents,
                "min": item.plan.least_cents,
                "hist": _shown(worked.decisions.outcomes[number_of(item)]),
                "eligible": worked.decisions.outcomes[number_of(item)].eligible,
                "yes": worked.yes[number_of(item)],
            }
            for item in evening.items
        ],
        "ranking": list(worked.decisions.ranking),
        "proposals": _amounts_per_plan(worked),
        "panel": _wishes(evening, worked),
        "amendments": [
            {"plan": one.plan_id, "amount": one.amount_cents, "reason": one.reason} for one in made
        ],
    }


def _plans(session: Session, evening: EveningFacts, plans: Sequence[PlanAsk]) -> tuple[PlanAsk, ...]:
    """Let whoever was away when a plan was scored still say what to give it; who is involved may not."""
    involved = involved_seats(session, evening_id=evening.id)
    seats = {number_of(item): involved.get(item.id, frozenset()) for item in evening.items}
    return tuple(
        replace(plan, submitters=frozenset(str(seat) for seat in seats[plan.plan_id])) for plan in plans
    )


def _proposals(session: Session, evening: EveningFacts) -> Proposals:
    numbers = {item.plan.id: number_of(item) for item in evening.items}
    return {
        str(own.seat_id): {numbers[plan_id]: cents for plan_id, cents in own.shares.items()}
        for own in own_divisions(session, evening_id=evening.id)
    }


def _amounts_per_plan(worked: WorkedOut) -> dict[str, list[int]] | None:
    """Give what people would give, per plan from low to high: nobody can see who gave what together.

    All are left out when so few people gave for one of the plans that its amounts would tell who gave what.
    """
    proposals = worked.facts.proposals
    if proposals is None or len(proposals) < FEWEST_SHOWN:
        return None
    own = {plan.plan_id: plan.submitters for plan in worked.plans}
    amounts = {
        plan_id: sorted(given.get(plan_id, 0) for who, given in proposals.items() if who not in own[plan_id])
        for plan_id in worked.decisions.ranking
    }
    return amounts if all(len(given) >= FEWEST_SHOWN for given in amounts.values()) else None


def _wishes(evening: EveningFacts, worked: WorkedOut) -> dict[str, object] | None:
    """Give what equal shares needs: per person what each plan is worth, in an order that says nothing.

    Nothing and a low figure are worth the same, so that a plan that somebody may not score does not show.
    """
    panel = worked.facts.panel
    if worked.config.rule is not Rule.MES or panel is None or panel.present < FEWEST_SHOWN:
        return None
    numbers = [number_of(item) for item in evening.items]
    people = sorted({person for scores in panel.scores.values() for person in scores})
    if len(people) < FEWEST_SHOWN:
        return None
    worth = worked.config.utility
    rows = [
        [worth[score - 1] if (score := panel.scores.get(plan, {}).get(person)) else 0 for plan in numbers]
        for person in people
    ]
    return {"present": panel.present, "plans": numbers, "people": sorted(rows)}


def _shown(outcome: Outcome) -> list[int] | None:
    """Give the counts per figure, unless so few people scored that they would tell who stood where."""
    return list(outcome.hist) if outcome.scorers >= FEWEST_SHOWN else None
