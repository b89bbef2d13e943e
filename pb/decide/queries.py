"""Read what the scores say about each plan, and what the panel decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import sha256_of
from pb.decide import equal_plans
from pb.decide.rules import Ballots, Criterion, DecideConfig, Decisions, Outcome, PlanAsk, decide
from pb.decide.rules.panel_decides import Way, follow_panel, said_yes
from pb.decide.rules.ranking import PARTERS
from pb.decide.tables import Decision
from pb.evening.queries import EveningFacts, ItemFacts, ballots
from pb.rounds.queries import rule_version


@dataclass(frozen=True)
class Recorded:
    """A decision of the panel."""

    plan_id: int
    yes: bool
    computed_yes: bool
    way: Way
    reason: str
    minority_view: str
    at: datetime

    @property
    def mark(self) -> str:
        """Tell this record from another one about the same plan."""
        return sha256_of([self.yes, self.way.value, self.reason, self.minority_view])[:16]


@dataclass(frozen=True)
class ItemDecision:
    """A plan of the evening: what the scores say, and what the panel decided, if it did."""

    item: ItemFacts
    outcome: Outcome
    computed_yes: bool
    recorded: Recorded | None


@dataclass(frozen=True)
class Counted:
    """All that decides an evening. Plans go by their number in the round, as text.

    ``present`` counts the people who were there at any closing.
    """

    plans: tuple[PlanAsk, ...]
    config: DecideConfig
    decisions: Decisions
    panel: Mapping[str, Mapping[str, int]]
    present: int


def number_of(item: ItemFacts) -> str:
    """Name a plan as the rules and the public files do."""
    return str(item.plan.number)


def count(session: Session, *, evening: EveningFacts) -> Counted:
    """Apply the evening's own frozen rules to the scores as they stood at each closing."""
    rules = rule_version(session, rule_set_id=evening.rule_set_id).rules
    config = DecideConfig.from_json({**rules["decide"], "lot_seed": evening.lot_seed})
    by_plan = {found.plan_id: found for found in ballots(session, evening_id=evening.id)}
    everyone = frozenset().union(*(found.present for found in by_plan.values())) if by_plan else frozenset()
    plans, given, floor = [], {}, {}
    for item in evening.items:
        found = by_plan[item.plan.id]
        away = everyone - found.present
        plans.append(
            PlanAsk(
                plan_id=number_of(item), order=item.position, request_cents=item.plan.ask_cents,
                min_cents=item.plan.least_cents,
                submitters=frozenset(str(seat) for seat in found.involved | away),
            )
        )  # fmt: skip
        given[number_of(item)] = {str(seat): score for seat, score in found.scores.items()}
        floor[number_of(item)] = found.floor
    decisions = decide(
        plans,
        frozenset(str(seat) for seat in everyone),
        {plan_id: Ballots(scores=scores, floor=floor[plan_id]) for plan_id, scores in given.items()},
        config,
    )
    return Counted(tuple(plans), config, decisions, given, len(everyone))


def recorded(session: Session, *, evening_id: int) -> dict[int, Recorded]:
    """Give what the panel decided, per plan id."""
    rows = session.scalars(sa.select(Decision).where(Decision.evening_id == evening_id))
    return {
        row.plan_id: Recorded(
            row.plan_id,
            row.yes,
            row.computed_yes,
            Way(row.way),
            row.reason,
            row.minority_view,
            row.recorded_at,
        )
        for row in rows
    }


def item_decisions(session: Session, *, evening: EveningFacts) -> list[ItemDecision]:
    """Give every plan with its outcome and its decision, in agenda order."""
    counted = count(session, evening=evening)
    known = recorded(session, evening_id=evening.id)
    return [
        ItemDecision(
            item, counted.decisions.outcomes[number_of(item)], said_yes(counted.decisions, number_of(item)),
            known.get(item.plan.id),
        )
        for item in evening.items
    ]  # fmt: skip


def ties(session: Session, *, evening: EveningFacts) -> list[tuple[ItemFacts, ...]]:
    """Give the plans with a yes that only the lot can part, once every plan is decided.

    Only where that can change what a plan gets: equal plans that the pot carries all need no lot.
    Shape: groups of two or more, best first; within a group in agenda order.
    """
    known = recorded(session, evening_id=evening.id)
    yes = {number_of(item): known[item.plan.id].yes for item in evening.items if item.plan.id in known}
    if len(yes) < len(evening.items):
        return []
    counted = count(session, evening=evening)
    if next((link for link in counted.config.rank if link in PARTERS), Criterion.LOT) is not Criterion.LOT:
        return []
    found = follow_panel(counted.decisions, counted.plans, counted.config, yes)
    return [
        tuple(item for item in evening.items if number_of(item) in group)
        for group in found.ties
        if equal_plans.matters(session, evening, counted, found, group)
    ]
