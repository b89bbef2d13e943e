"""Buy whole plans with everybody's equal part of the pot, on an evening's scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pb.divide.rules.config import DivideConfig, UtilityMode
from pb.divide.rules.equal_shares import Offer, equal_shares
from pb.divide.rules.limits import Limits, Status
from pb.divide.rules.sharing import Shares
from pb.divide.rules.weights import RuleLacksFacts


@dataclass(frozen=True, slots=True)
class Panel:
    """Who share the pot in equal shares: how many are present, and the scores of theirs that count."""

    present: int
    scores: Mapping[str, Mapping[str, int]]


def buy_whole_plans(rank: Sequence[Limits], pot: int, config: DivideConfig, panel: Panel | None) -> Shares:
    """Buy whole plans with everybody's equal part of the pot."""
    if panel is None:
        raise RuleLacksFacts(rule=config.rule.value, needs="scores", plan_id=None)
    seats = {
        person: seat
        for seat, person in enumerate(
            sorted({person for each in rank for person in panel.scores.get(each.plan.plan_id, ())})
        )
    }
    times_cost = config.utility_mode is UtilityMode.SCORE_X_COST
    offers = []
    for each in rank:
        factor = each.high if times_cost else 1
        scores = panel.scores.get(each.plan.plan_id, {})
        wanted: dict[int, list[int]] = {}
        for person, score in scores.items():
            if points := config.utility[score - 1] * factor:
                wanted.setdefault(points, []).append(seats[person])
        offers.append(Offer(each.high, wanted))
    places = equal_shares(offers, panel.present, pot, config.completion, config.increment_cents)
    bought = set(places)
    amounts = {each.plan.plan_id: each.high * (place in bought) for place, each in enumerate(rank)}
    return Shares(
        amounts=amounts,
        exact={plan_id: Fraction(amount) for plan_id, amount in amounts.items()},
        status={plan_id: Status.FULL if amount else Status.NOT_BOUGHT for plan_id, amount in amounts.items()},
        turns={},
        order=tuple(rank[place].plan.plan_id for place in places),
    )
