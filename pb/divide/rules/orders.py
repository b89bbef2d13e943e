"""Whether the order of plans that stand exactly equal can move money."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

from pb.decide.rules import PlanAsk
from pb.divide.rules.config import FROM_PROPOSALS, DivideConfig, MinPolicy, Rule
from pb.divide.rules.dividing import NO_FACTS, Division, Facts, divide
from pb.divide.rules.limits import limits_of

# Four plans can stand in 24 orders; of more, nobody waits for all of them.
MOST_TRIED = 4


def order_can_move_money(
    group: Sequence[str],
    ranking: Sequence[str],
    plans: Sequence[PlanAsk],
    config: DivideConfig,
    *,
    budget_cents: int,
    cap_cents: int | None,
    facts: Facts = NO_FACTS,
) -> bool:
    """Say whether another order within ``group`` can change an amount by more than one unit of rounding.

    Where people divide the pot themselves and have not yet, it can as soon as the pot does not carry the
    minimum of every plan. When in doubt it can: with more plans than ``MOST_TRIED`` that do not all fit.
    Raises: as ``divide``.
    """
    by_id = {plan.plan_id: plan for plan in plans}
    limits = [limits_of(by_id[plan_id], config, cap_cents) for plan_id in ranking]
    able = [each for each in limits if each.barrier is None]
    unknown = config.rule in FROM_PROPOSALS
    if config.rule is Rule.GREEDY_FULL:
        if sum(each.high for each in able) <= budget_cents and not config.earmarks:
            return False
    elif config.rule is not Rule.MES and config.min_policy is MinPolicy.FLOOR:
        if sum(each.low for each in able) <= budget_cents and not config.earmarks:
            return False
    elif unknown:
        return True
    if len(group) > MOST_TRIED:
        return True
    # What a plan must get at least does not hang on what people will give, so any rule shows who fits.
    tried = replace(config, rule=Rule.EQUAL, rest_offer=False) if unknown else config
    found = [
        divide(order, plans, tried, budget_cents=budget_cents, cap_cents=cap_cents, facts=facts)
        for order in _orders(group, ranking)
    ]
    if unknown:
        return len({_kept(division) for division in found}) > 1 or _rest_hangs_on_order(
            found[0], group, config
        )
    return any(
        max(amounts) - min(amounts) > config.unit_cents
        for plan_id in ranking
        if (amounts := [division.amounts[plan_id] for division in found])
    )


def _orders(group: Sequence[str], ranking: Sequence[str]) -> list[list[str]]:
    places = [place for place, plan_id in enumerate(ranking) if plan_id in group]
    orders = []
    for order in permutations(ranking[place] for place in places):
        changed = list(ranking)
        for place, plan_id in zip(places, order, strict=True):
            changed[place] = plan_id
        orders.append(changed)
    return orders


def _kept(division: Division) -> frozenset[str]:
    return frozenset(plan_id for plan_id, turn in division.turns.items() if turn.kept)


def _rest_hangs_on_order(division: Division, group: Sequence[str], config: DivideConfig) -> bool:
    """Say whether several equal plans would be offered what is left, one after the other."""
    return config.rest_offer and len([plan for plan in group if plan not in _kept(division)]) > 1
