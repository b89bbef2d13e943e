"""From top to bottom: the best plan first, in full, until the pot is empty."""

from collections.abc import Mapping, Sequence

from pb.divide.rules.config import DivideConfig, OnNoFit
from pb.divide.rules.limits import Because, Limits, Status, Turn


def from_the_top(
    rank: Sequence[Limits], pot_cents: int, floors: Mapping[str, int], config: DivideConfig
) -> tuple[dict[str, int], dict[str, Turn]]:
    """Give every plan its limit while that fits, going down the ranking.

    The first that does not fit gets what is left, if ``partial`` and if that is not below its minimum.
    ``floors`` is what earmarks already gave: it stays, and only the rest of the limit is asked of the pot.
    """
    amounts: dict[str, int] = {}
    turns: dict[str, Turn] = {}
    free = pot_cents - sum(floors.get(each.plan.plan_id, 0) for each in rank)
    stopped = False
    for each in rank:
        plan_id = each.plan.plan_id
        floor = floors.get(plan_id, 0)
        least = max(each.own_min, 1)
        if each.high == floor or (not stopped and each.high - floor <= free):
            amount, status = each.high, Status.FULL
        elif not stopped and config.partial and free > 0 and floor + free >= least:
            amount, status = floor + free, Status.PARTIAL
        else:
            amount, status = floor, _without(floor, stopped)
        amounts[plan_id] = amount
        turns[plan_id] = Turn(
            kept=status in (Status.FULL, Status.PARTIAL),
            free=None if stopped else free,
            reserved=max(floor, least if config.partial else each.high),
            because=Because.EARMARK if floor else Because.OWN_MIN if each.own_min else Because.NOTHING,
            status=status,
            earmarked=floor,
        )
        free -= amount - floor
        stopped = stopped or (status is not Status.FULL and config.on_no_fit is OnNoFit.STOP)
    return amounts, turns


def _without(floor: int, stopped: bool) -> Status:
    if floor:
        return Status.EARMARK_ONLY
    return Status.AFTER_STOP if stopped else Status.DOES_NOT_FIT
