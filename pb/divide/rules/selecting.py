"""Choose whole plans from ballots with points, as other places do; to compare with."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pb.decide.rules.strict import flag, record, whole, word
from pb.divide.rules.config import Completion, UtilityMode
from pb.divide.rules.equal_shares import Offer, by_points_per_cost, equal_shares


class SelectRule(StrEnum):
    """How whole plans are chosen."""

    GREEDY = "greedy"
    MES = "mes"
    PHRAGMEN = "phragmen"


@dataclass(frozen=True, slots=True)
class SelectConfig:
    """The settings of a choice of whole plans; ``increment`` is money for each person at a time."""

    rule: SelectRule
    per_cost: bool = True
    utility_mode: UtilityMode = UtilityMode.SCORE
    completion: Completion = Completion.NONE
    increment: int = 1

    @classmethod
    def from_json(cls, value: object, field: str) -> "SelectConfig":
        """Read strictly."""
        found = record(
            value,
            field,
            required=("rule",),
            optional=("per_cost", "utility_mode", "completion", "increment"),
        )
        return cls(
            rule=word(found["rule"], f"{field}.rule", SelectRule),
            per_cost=flag(found.get("per_cost", True), f"{field}.per_cost"),
            utility_mode=word(found.get("utility_mode", "score"), f"{field}.utility_mode", UtilityMode),
            completion=word(found.get("completion", "none"), f"{field}.completion", Completion),
            increment=whole(found.get("increment", 1), f"{field}.increment", lowest=1),
        )


def select(
    costs: Mapping[str, int], ballots: Sequence[Mapping[str, int]], budget: int, config: SelectConfig
) -> list[str]:
    """Choose whole plans within a budget; give them in the order in which they were chosen.

    A plan without a point from anybody is never chosen. Ties: the smallest id, as text.
    """
    ids = sorted(costs)
    wanted: dict[str, dict[int, list[int]]] = {plan_id: defaultdict(list) for plan_id in ids}
    for voter, ballot in enumerate(ballots):
        for plan_id, points in ballot.items():
            if points > 0:
                wanted[plan_id][points].append(voter)
    offers = [Offer(costs[plan_id], wanted[plan_id]) for plan_id in ids]
    if config.rule is SelectRule.PHRAGMEN:
        places = _phragmen(offers, len(ballots), budget)
    elif config.rule is SelectRule.MES:
        if config.utility_mode is UtilityMode.SCORE_X_COST:
            # What costs nothing is then worth nothing to anybody.
            offers = [
                Offer(
                    offer.cost,
                    {points * offer.cost: voters for points, voters in offer.wanted.items() if offer.cost},
                )
                for offer in offers
            ]
        places = equal_shares(offers, len(ballots), budget, config.completion, config.increment)
    else:
        places = _greedy(offers, budget, per_cost=config.per_cost)
    return [ids[place] for place in places]


def _greedy(offers: Sequence[Offer], budget: int, *, per_cost: bool) -> list[int]:
    order = by_points_per_cost(offers)
    if not per_cost:
        order = sorted(order)
        order.sort(key=lambda place: -offers[place].points)
    left = budget
    chosen = []
    for place in order:
        if offers[place].cost <= left:
            chosen.append(place)
            left -= offers[place].cost
    return chosen


def _carried(counts: Mapping[int, int], loads: Sequence[Fraction]) -> Fraction:
    return sum((loads[step] * many for step, many in counts.items()), Fraction(0))


def _phragmen(offers: Sequence[Offer], voters: int, budget: int) -> list[int]:
    """Buy the plan whose supporters then carry the lightest load, until the next one does not fit.

    A plan that costs more than the whole budget does not take part. When plans are equal, all must fit.

    Everybody who wants a plan carries it, whatever the points. All supporters of a bought plan end with the
    same load, so it is enough to know after which purchase somebody's load stood.
    """
    backers = [[voter for voters in offer.wanted.values() for voter in voters] for offer in offers]
    backed: list[list[int]] = [[] for _ in range(voters)]
    for place, people in enumerate(backers):
        for voter in people:
            backed[voter].append(place)
    loads = [Fraction(0)]
    at_load = [0] * voters
    counts: list[dict[int, int]] = [{0: len(people)} for people in backers]
    open_places = {place for place, people in enumerate(backers) if people and offers[place].cost <= budget}
    left = budget
    chosen: list[int] = []
    while open_places:
        heavy = {
            place: Fraction(_carried(counts[place], loads) + offers[place].cost, len(backers[place]))
            for place in open_places
        }
        lightest = min(heavy.values())
        tied = sorted(place for place, load in heavy.items() if load == lightest)
        if any(offers[place].cost > left for place in tied):
            break
        best = tied[0]
        chosen.append(best)
        left -= offers[best].cost
        open_places.remove(best)
        loads.append(lightest)
        for voter in backers[best]:
            for place in backed[voter]:
                counts[place][at_load[voter]] -= 1
                counts[place][len(loads) - 1] = counts[place].get(len(loads) - 1, 0) + 1
            at_load[voter] = len(loads) - 1
    return chosen
