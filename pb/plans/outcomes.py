"""What came of a plan: a later room hangs here how to find it, because this room knows no evening."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class PlanOutcome:
    """What the panel decided about a plan, on which evening, and what it got. Units: cents."""

    evening_id: int
    yes: bool
    amount_cents: int


Find = Callable[[Session, Collection[int]], Mapping[int, PlanOutcome]]
_finders: list[Find] = []


def finds_outcome(find: Find) -> Find:
    """Let a later room find what came of plans, by their ids; those without an outcome are left out."""
    _finders.append(find)
    return find


def outcome_of(session: Session, *, plan_id: int) -> PlanOutcome | None:
    """Give what came of a plan; None as long as nothing is certain."""
    return outcomes_of(session, plan_ids=[plan_id]).get(plan_id)


def outcomes_of(session: Session, *, plan_ids: Collection[int]) -> dict[int, PlanOutcome]:
    """Give what came of plans, by plan id; those of which nothing is certain are left out."""
    if not plan_ids:
        return {}
    return {plan_id: found for find in _finders for plan_id, found in find(session, plan_ids).items()}
