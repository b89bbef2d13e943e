"""What everybody fills in who divides the pot: the plans with a yes, and the most that each can get."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pb.decide.queries import number_of, recorded
from pb.decide.rules import PlanAsk
from pb.divide.queries import asks_own_divisions, division_exists
from pb.divide.rules import DivideConfig, Fit, limits_of
from pb.divide.rules.own import whole_euros
from pb.evening.queries import EveningFacts, ItemFacts, involved_seats
from pb.evening.rules.steps import Stage
from pb.rounds.queries import rule_version


@dataclass(frozen=True)
class Sheet:
    """What can be given to which plan. Units: whole euros, in cents. Keys: plan ids, in agenda order.

    ``asked``: the rules of this evening divide by what people give. ``open``: they can give now.
    ``keeps_rest``: what is given to no plan stays in the pot; if not, the pot is used up all the same.
    ``decided``: every plan has a yes or a no; before that all plans stand on it.
    """

    items: tuple[ItemFacts, ...]
    limits: Mapping[int, int]
    involved: Mapping[int, frozenset[int]]
    pot_cents: int
    asked: bool
    open: bool
    decided: bool
    keeps_rest: bool

    @property
    def titles(self) -> dict[int, str]:
        """Give the title of each plan."""
        return {item.plan.id: item.plan.title for item in self.items}

    def own(self, seat_id: int | None) -> frozenset[int]:
        """Give the plans that a seat is involved in."""
        return frozenset(plan_id for plan_id, seats in self.involved.items() if seat_id in seats)


def sheet(session: Session, evening: EveningFacts) -> Sheet:
    """Make out what can be given this evening."""
    rules = rule_version(session, rule_set_id=evening.rule_set_id).rules
    config = DivideConfig.from_json(rules["divide"])
    said = recorded(session, evening_id=evening.id)
    decided = len(said) == len(evening.items)
    items = tuple(item for item in evening.items if not decided or said[item.plan.id].yes)
    involved = involved_seats(session, evening_id=evening.id)
    asked = asks_own_divisions(session, rule_set_id=evening.rule_set_id)
    return Sheet(
        items=items,
        limits={item.plan.id: _most(item, config, rules["cap"]) for item in items},
        involved={item.plan.id: involved.get(item.id, frozenset()) for item in items},
        pot_cents=evening.budget_cents,
        asked=asked,
        open=asked and evening.stage is Stage.DIVIDE and not division_exists(session, evening_id=evening.id),
        decided=decided,
        keeps_rest=config.fit is Fit.DOWN_ONLY,
    )


def _most(item: ItemFacts, config: DivideConfig, cap_cents: int) -> int:
    ask = PlanAsk(
        plan_id=number_of(item), order=item.position, request_cents=item.plan.ask_cents,
        min_cents=item.plan.least_cents,
    )  # fmt: skip
    limits = limits_of(ask, config, cap_cents)
    return 0 if limits.barrier else whole_euros(limits.high)
