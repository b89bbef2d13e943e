"""People change an amount, with a reason; the computed result is never overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pb.decide.rules import PlanAsk
from pb.divide.rules.config import DivideConfig
from pb.divide.rules.dividing import NO_FACTS, Division, Facts, divide
from pb.divide.rules.limits import Limits


class Refusal(StrEnum):
    """Why an amendment does not count."""

    REASON_MISSING = "reason_missing"
    NOT_DECIDED = "not_decided"
    INVALID_AMOUNT = "invalid_amount"
    ABOVE_LIMIT = "above_limit"
    BELOW_MIN = "below_min"
    OVER_BUDGET = "over_budget"


@dataclass(frozen=True, slots=True)
class Amendment:
    """An amount that people settled for a plan instead of the computed one. Units: cents."""

    plan_id: str
    amount_cents: int
    reason: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An amendment that does not count, and why."""

    plan_id: str
    code: Refusal


@dataclass(frozen=True, slots=True)
class AmendedDivision:
    """Hold both: what the rule computed, and what people made of it."""

    computed: Division
    settled: Division
    rejected: tuple[Rejected, ...]
    amendments: Mapping[str, Amendment]

    def to_json(self) -> dict[str, object]:
        """Write it as the reference cases do."""
        return {
            "computed": dict(self.computed.amounts),
            "amounts": dict(self.settled.amounts),
            "status": {plan_id: status.value for plan_id, status in self.settled.status.items()},
            "total": self.settled.total_cents,
            "leftover": self.settled.leftover_cents,
            "rejected": [{"plan": each.plan_id, "code": each.code.value} for each in self.rejected],
        }


def divide_with_amendments(
    ranking: Sequence[str],
    plans: Sequence[PlanAsk],
    config: DivideConfig,
    amendments: Sequence[Amendment],
    *,
    budget_cents: int,
    cap_cents: int | None,
    facts: Facts = NO_FACTS,
) -> AmendedDivision:
    """Divide, then lock the amended amounts that stay within the same limits and divide the rest again.

    Amendments are read in order; a later one for a plan takes the place of an earlier one.
    Raises: as ``divide``; a bad amendment is no error but comes back in ``rejected``.
    """
    computed = divide(ranking, plans, config, budget_cents=budget_cents, cap_cents=cap_cents, facts=facts)
    counted: dict[str, Amendment] = {}
    rejected = []
    for each in amendments:
        locked = sum(other.amount_cents for other in counted.values() if other.plan_id != each.plan_id)
        refusal = refusal_of(each, computed.limits, budget_cents - locked)
        if refusal is None:
            counted[each.plan_id] = each
        else:
            rejected.append(Rejected(plan_id=each.plan_id, code=refusal))
    settled = computed
    if counted:
        locks = {plan_id: each.amount_cents for plan_id, each in counted.items()}
        settled = divide(
            ranking,
            plans,
            config,
            budget_cents=budget_cents,
            cap_cents=cap_cents,
            facts=facts,
            locked=locks,
        )
    return AmendedDivision(computed=computed, settled=settled, rejected=tuple(rejected), amendments=counted)


def refusal_of(amendment: Amendment, limits: Mapping[str, Limits], free_cents: int) -> Refusal | None:
    """Say why an amendment cannot count, if so; ``free_cents`` is the pot without the other amendments."""
    amount = amendment.amount_cents
    found = limits.get(amendment.plan_id)
    if not amendment.reason.strip():
        return Refusal.REASON_MISSING
    if found is None:
        return Refusal.NOT_DECIDED
    if amount < 0:
        return Refusal.INVALID_AMOUNT
    if amount > found.high:
        return Refusal.ABOVE_LIMIT
    if 0 < amount < found.own_min:
        return Refusal.BELOW_MIN
    return Refusal.OVER_BUDGET if amount > free_cents else None
