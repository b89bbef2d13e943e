"""Why an amount cannot be changed to this: each refusal with its own sentence."""

from typing import NoReturn

from pb.core.errors import BadInput
from pb.divide.rules.amending import Refusal


class ReasonMissing(BadInput):
    code = "divide.reason-missing"


class PlanNotDecided(BadInput):
    """Refuse money for a plan that got a no."""

    code = "divide.plan-not-decided"


class InvalidAmount(BadInput):
    code = "divide.invalid-amount"


class AboveLimit(BadInput):
    code = "divide.above-limit"


class BelowMinimum(BadInput):
    code = "divide.below-minimum"


class OverBudget(BadInput):
    """Refuse amounts that together are more than the pot."""

    code = "divide.over-budget"


_WHY: dict[Refusal, type[BadInput]] = {
    Refusal.REASON_MISSING: ReasonMissing,
    Refusal.NOT_DECIDED: PlanNotDecided,
    Refusal.INVALID_AMOUNT: InvalidAmount,
    Refusal.ABOVE_LIMIT: AboveLimit,
    Refusal.BELOW_MIN: BelowMinimum,
    Refusal.OVER_BUDGET: OverBudget,
}


def refuse(code: Refusal, *, limit_cents: int, least_cents: int, free_cents: int) -> NoReturn:
    """Refuse an amendment with the amounts that its sentence needs. Units: cents."""
    raise _WHY[code](limit_cents=limit_cents, least_cents=least_cents, free_cents=free_cents)
