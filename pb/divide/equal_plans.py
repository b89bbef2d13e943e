"""Say to the room that decides whether the order of equal plans can move money on this evening."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from pb.decide.equal_plans import when_equal
from pb.decide.queries import Counted
from pb.decide.rules import Decisions
from pb.divide.rules import DivideConfig, Facts, Panel, ScoreStats
from pb.divide.rules.orders import order_can_move_money
from pb.evening.queries import EveningFacts
from pb.rounds.queries import rule_version


@when_equal
def order_matters(
    session: Session, evening: EveningFacts, counted: Counted, found: Decisions, group: Sequence[str]
) -> bool:
    """Divide the evening's budget by its own rules in every order that the lot could give these plans."""
    rules = rule_version(session, rule_set_id=evening.rule_set_id).rules
    return order_can_move_money(
        group,
        found.ranking,
        counted.plans,
        DivideConfig.from_json(rules["divide"]),
        budget_cents=evening.budget_cents,
        cap_cents=rules["cap"],
        facts=Facts(
            stats={
                plan_id: ScoreStats.of(outcome)
                for plan_id, outcome in found.outcomes.items()
                if plan_id in found.ranking and outcome.scorers
            },
            panel=Panel(present=max(counted.present, 1), scores=counted.panel),
        ),
    )
