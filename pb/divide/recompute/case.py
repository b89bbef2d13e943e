"""Write a published outcome as a case of ``python -m pb allocate``, for a program of somebody's own."""

from pb.decide.rules import Outcome
from pb.decide.rules.strict import written
from pb.divide.recompute.again import compute_again
from pb.divide.recompute.facts import facts_of, score_rows
from pb.divide.recompute.published import Published
from pb.divide.rules import Rule
from pb.divide.rules.config import FROM_PROPOSALS, FROM_SCORES


def allocation_case(published: Published, case_id: str, title: str) -> dict[str, object]:
    """Write the money of an outcome as a case: the order and the limits go in, the amounts are expected.

    What is expected is what was published. Raises: as ``compute_again``.
    """
    amended = bool(published.amendments)
    result = published.result
    expected = {key: value for key, value in result.items() if key not in ("computed", "level_cents")}
    if amended:
        expected = {key: result[key] for key in ("computed", "amounts", "status", "total", "leftover")}
        expected["rejected"] = []
    return {
        "id": case_id,
        "title": title,
        "kind": "amend" if amended else "divide",
        "input": _input(published),
        "runs": [
            {"name": "as announced", "config": published.divide.to_json(), "expected": expected},
        ],
    }


def _input(published: Published) -> dict[str, object]:
    again = compute_again(published)
    outcomes = {plan.plan_id: plan.outcome for plan in again.plans}
    plans, facts = facts_of(published, published.ranking, outcomes)
    found: dict[str, object] = {
        "budget": published.budget_cents,
        "cap": published.cap_cents,
        "plans": [
            {
                "id": plan.plan_id,
                "order": plan.order,
                "request": plan.request_cents,
                "min": plan.min_cents,
                "theme": plan.theme,
                "submitters": sorted(plan.submitters),
            }
            for plan in plans
        ],
        "ranking": list(published.ranking),
    }
    rule = published.divide.rule
    if rule in FROM_SCORES:
        found["score_stats"] = {
            plan_id: _stats(outcome)
            for plan_id in published.ranking
            if (outcome := outcomes[plan_id]) is not None
        }
    if rule in FROM_PROPOSALS:
        found["proposals"] = facts.proposals
    if rule is Rule.MES and published.wishes is not None:
        found["present"] = published.wishes.present
        found["scores"] = score_rows(published.wishes, published.divide)
    if published.amendments:
        found["amendments"] = [
            {"plan": one.plan_id, "amount": one.amount_cents, "reason": one.reason}
            for one in published.amendments
        ]
    return found


def _stats(outcome: Outcome) -> dict[str, str]:
    stats = {"mean": outcome.mean, "support": outcome.support}
    return {name: written(number) for name, number in stats.items() if number is not None}
