"""Share one pot by a rule: fill, drop, earmark, and offer the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pb.divide.rules.config import FROM_PROPOSALS, DivideConfig, Fit, MinPolicy, Rule
from pb.divide.rules.greedy import from_the_top
from pb.divide.rules.limits import Because, Limits, Status, Turn, because_of, keep
from pb.divide.rules.rounding import round_to_units
from pb.divide.rules.water_level import Filled, Vessel, fill


@dataclass(slots=True)
class Shares:
    """What came out for the plans that took part, while it is being worked out."""

    amounts: dict[str, int]
    exact: dict[str, Fraction]
    status: dict[str, Status]
    turns: dict[str, Turn]
    level: Fraction | None = None
    order: tuple[str, ...] | None = None


def share(
    rank: Sequence[Limits],
    pot: int,
    config: DivideConfig,
    weights: Mapping[str, Fraction],
    floors: Mapping[str, int],
) -> Shares:
    """Divide one pot by the rule, above what earmarks already gave."""
    if config.rule is Rule.GREEDY_FULL:
        amounts, turns = from_the_top(rank, pot, floors, config)
        return Shares(
            amounts=amounts,
            exact={plan_id: Fraction(amount) for plan_id, amount in amounts.items()},
            status={plan_id: turn.status for plan_id, turn in turns.items() if turn.status is not None},
            turns=turns,
        )
    if config.min_policy is MinPolicy.DROP:
        return _fill_and_drop(rank, pot, config, weights, floors)
    turns = keep(rank, pot, floors, config.on_no_fit)
    vessels = [
        Vessel(plan_id, weights[plan_id], turns[plan_id].reserved, each.high)
        for each in rank
        if turns[plan_id := each.plan.plan_id].kept
    ]
    apart = {plan_id: floors.get(plan_id, 0) for plan_id, turn in turns.items() if not turn.kept}
    shares = _fill(vessels, pot - sum(apart.values()), config)
    for plan_id, floor in apart.items():
        shares.amounts[plan_id] = floor
        shares.status[plan_id] = turns[plan_id].status or Status.DOES_NOT_FIT
        if floor:
            shares.exact[plan_id] = Fraction(floor)
    shares.turns = turns
    return shares


def _fill(vessels: Sequence[Vessel], pot: int, config: DivideConfig) -> Shares:
    return _rounded(vessels, _level_of(vessels, pot, config), config)


def _level_of(vessels: Sequence[Vessel], pot: int, config: DivideConfig) -> Filled:
    down_only = config.fit is Fit.DOWN_ONLY and config.rule in FROM_PROPOSALS
    return fill(vessels, pot, highest=Fraction(1) if down_only else None)


def _rounded(vessels: Sequence[Vessel], filled: Filled, config: DivideConfig) -> Shares:
    amounts = round_to_units(vessels, filled.exact, config.unit_cents)
    status = {each.plan_id: _status_of(amounts[each.plan_id], each) for each in vessels}
    return Shares(amounts=amounts, exact=filled.exact, status=status, turns={}, level=filled.level)


def _status_of(amount: int, vessel: Vessel) -> Status:
    if amount == vessel.high:
        return Status.FULL
    if amount == 0:
        return Status.ZERO
    return Status.AT_MINIMUM if amount == vessel.low else Status.SHARE


def _fill_and_drop(
    rank: Sequence[Limits],
    pot: int,
    config: DivideConfig,
    weights: Mapping[str, Fraction],
    floors: Mapping[str, int],
) -> Shares:
    """Fill without reserving minimums; while a share is below its minimum, the lowest in rank drops out."""
    left = [
        Vessel(each.plan.plan_id, weights[each.plan.plan_id], floors.get(each.plan.plan_id, 0), each.high)
        for each in rank
    ]
    least = {each.plan.plan_id: each.low for each in rank}
    dropped: dict[str, int] = {}
    while True:
        inside = pot - sum(floors.get(plan_id, 0) for plan_id in dropped)
        filled = _level_of(left, inside, config)
        short = [each for each in left if filled.exact[each.plan_id] < least[each.plan_id]]
        if not short:
            break
        lowest = short[-1]
        dropped[lowest.plan_id] = int(filled.exact[lowest.plan_id])
        left.remove(lowest)
    # Rounding down may not bring a share below the minimum that it just passed.
    kept = [replace(each, low=max(each.low, least[each.plan_id])) for each in left]
    shares = _rounded(kept, filled, config)
    for plan_id in dropped:
        floor = floors.get(plan_id, 0)
        shares.amounts[plan_id] = floor
        shares.status[plan_id] = Status.EARMARK_ONLY if floor else Status.SHARE_BELOW_MIN
        if floor:
            shares.exact[plan_id] = Fraction(floor)
    shares.turns = {
        each.plan.plan_id: _turn_of(each, floors.get(each.plan.plan_id, 0), dropped, shares.status)
        for each in rank
    }
    return shares


def _turn_of(each: Limits, floor: int, dropped: Mapping[str, int], status: Mapping[str, Status]) -> Turn:
    """Say how it went where nothing was reserved but what an earmark gave."""
    plan_id = each.plan.plan_id
    kept = plan_id not in dropped
    because = Because.EARMARK if floor else Because.NOTHING
    return Turn(
        kept=kept,
        free=None,
        reserved=floor if kept else each.low,
        because=because if kept else because_of(each, floor),
        status=status[plan_id],
        earmarked=floor,
        offered=dropped.get(plan_id),
    )


def earmark(
    rank: Sequence[Limits],
    pot: int,
    config: DivideConfig,
    weights: Mapping[str, Fraction],
    limits: Mapping[str, Limits],
    settled: Mapping[str, int],
    earmarks_left: dict[str, int],
) -> dict[str, int]:
    """Divide every guaranteed pot over the plans of its theme; what comes out is a floor under them.

    Themes go in order of name, each up to what the pot still holds; settled amounts count for their theme.
    """
    floors: dict[str, int] = {}
    free = pot
    for theme, cents in sorted(config.earmarks.items()):
        used = sum(amount for plan_id, amount in settled.items() if limits[plan_id].plan.theme == theme)
        guaranteed = min(max(0, cents - used), free)
        inside = [each for each in rank if each.plan.theme == theme]
        given = share(inside, guaranteed, config, weights, {}).amounts
        floors.update({plan_id: amount for plan_id, amount in given.items() if amount})
        earmarks_left[theme] = guaranteed - sum(given.values())
        free -= guaranteed
    return floors


def offer_rest(rank: Sequence[Limits], pot: int, shares: Shares) -> None:
    """Offer what is left, down the ranking, to the plans that did not fit."""
    left = pot - sum(shares.amounts.values())
    refused = (Status.DOES_NOT_FIT, Status.AFTER_STOP, Status.SHARE_BELOW_MIN)
    for each in rank:
        plan_id = each.plan.plan_id
        offered = min(left, each.high)
        if shares.status[plan_id] in refused and offered >= max(each.own_min, 1):
            shares.amounts[plan_id] = offered
            shares.exact[plan_id] = Fraction(offered)
            shares.status[plan_id] = Status.REST
            left -= offered
