"""What a plan can get at most and must get at least, and which plans the pot can carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pb.decide.rules import PlanAsk
from pb.divide.rules.config import DivideConfig, OnNoFit


class Status(StrEnum):
    """What happened to a decided plan in the division."""

    FULL = "full"
    SHARE = "share"
    AT_MINIMUM = "at_minimum"
    ZERO = "zero"
    PARTIAL = "partial"
    DOES_NOT_FIT = "does_not_fit"
    SHARE_BELOW_MIN = "share_below_min"
    AFTER_STOP = "after_stop"
    REST = "rest"
    MIN_ABOVE_CAP = "min_above_cap"
    NO_REQUEST = "no_request"
    EARMARK_ONLY = "earmark_only"
    NOT_BOUGHT = "not_bought"
    AMENDED = "amended"


class Because(StrEnum):
    """Why this much was reserved for a plan."""

    NOTHING = "nothing"
    OWN_MIN = "own_min"
    GUARANTEE = "guarantee"
    EARMARK = "earmark"


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold what a plan can get: its request below the cap, its own minimum, and the rule's minimum.

    Units: cents. ``low`` is the own minimum or the guaranteed part, whichever is higher.
    """

    plan: PlanAsk
    high: int
    own_min: int
    low: int

    @property
    def barrier(self) -> Status | None:
        """Say why a plan cannot get anything at all, if so."""
        if self.own_min > self.high:
            return Status.MIN_ABOVE_CAP
        return Status.NO_REQUEST if self.high == 0 else None


def limits_of(plan: PlanAsk, config: DivideConfig, cap_cents: int | None) -> Limits:
    """Find the limits of a plan."""
    high = plan.request_cents if cap_cents is None else min(plan.request_cents, cap_cents)
    part = config.guarantee * high
    guaranteed = -(-part.numerator // part.denominator)
    return Limits(
        plan=plan, high=high, own_min=plan.min_cents, low=min(high, max(plan.min_cents, guaranteed))
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """Say how it went when it was a plan's turn: what was free then, and what had to be reserved.

    Units: cents. ``reserved`` includes ``earmarked``, which the theme's earmark already gave. ``offered`` is
    the share that was too small, where a share below the minimum drops a plan.
    """

    kept: bool
    free: int | None
    reserved: int
    because: Because
    status: Status | None
    earmarked: int = 0
    offered: int | None = None

    @property
    def asked(self) -> int:
        """Say how much of the free money this plan had to have."""
        return self.reserved - self.earmarked


def keep(
    rank: Sequence[Limits], pot_cents: int, floors: Mapping[str, int], on_no_fit: OnNoFit
) -> dict[str, Turn]:
    """Go down the ranking and keep every plan whose minimum the pot still carries.

    ``floors`` is what earmarks already gave; that money is not asked of the pot again.
    """
    turns = {}
    free = pot_cents - sum(floors.get(each.plan.plan_id, 0) for each in rank)
    stopped = False
    for each in rank:
        floor = floors.get(each.plan.plan_id, 0)
        reserved = max(each.low, floor)
        if reserved - floor <= (0 if stopped else free) and (floor or not stopped):
            status = None
        elif floor:
            status = Status.EARMARK_ONLY
        else:
            status = Status.AFTER_STOP if stopped else Status.DOES_NOT_FIT
        turns[each.plan.plan_id] = Turn(
            kept=status is None,
            free=None if stopped else free,
            reserved=reserved,
            because=because_of(each, floor),
            status=status,
            earmarked=floor,
        )
        if status is None:
            free -= reserved - floor
        elif on_no_fit is OnNoFit.STOP:
            stopped = True
    return turns


def because_of(each: Limits, floor: int) -> Because:
    """Say what made a plan's least amount as high as it is."""
    if floor > each.low:
        return Because.EARMARK
    if each.low > each.own_min:
        return Because.GUARANTEE
    return Because.OWN_MIN if each.own_min else Because.NOTHING
