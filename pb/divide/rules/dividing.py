"""Divide the pot over the decided plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from pb.decide.rules import PlanAsk
from pb.decide.rules.strict import UnknownId, once_each, written
from pb.divide.rules.buying import Panel, buy_whole_plans
from pb.divide.rules.config import DivideConfig, Rule
from pb.divide.rules.limits import Limits, Status, Turn, limits_of
from pb.divide.rules.sharing import Shares, earmark, offer_rest, share
from pb.divide.rules.weights import Proposals, ScoreStats, weights_of


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule may weigh besides the requests; which of these it needs depends on the rule."""

    stats: Mapping[str, ScoreStats] | None = None
    proposals: Proposals | None = None
    panel: Panel | None = None


NO_FACTS = Facts()


@dataclass(frozen=True, slots=True)
class Division:
    """Hold what every decided plan gets, and what an explanation needs to know about it.

    Units: cents. ``exact`` is before rounding and knows only plans that took part; ``level`` is the common
    level, none when every plan with weight is at its limit; ``order`` is the order of purchase in equal
    shares; ``earmarks_left`` is what themes were guaranteed and did not use.
    """

    rule: Rule
    pot_cents: int
    amounts: Mapping[str, int]
    exact: Mapping[str, Fraction]
    status: Mapping[str, Status]
    total_cents: int
    leftover_cents: int
    level: Fraction | None
    limits: Mapping[str, Limits]
    turns: Mapping[str, Turn]
    weights: Mapping[str, Fraction]
    order: tuple[str, ...] | None = None
    earmarks_left: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """Write the division as the reference cases do: ratios as text in lowest terms."""
        written_form: dict[str, object] = {
            "amounts": dict(self.amounts),
            "exact": {plan_id: written(amount) for plan_id, amount in self.exact.items()},
            "status": {plan_id: status.value for plan_id, status in self.status.items()},
            "total": self.total_cents,
            "leftover": self.leftover_cents,
            "lam": None if self.level is None else written(self.level),
        }
        if self.order is not None:
            written_form["order"] = list(self.order)
        return written_form


def divide(
    ranking: Sequence[str],
    plans: Sequence[PlanAsk],
    config: DivideConfig,
    *,
    budget_cents: int,
    cap_cents: int | None,
    facts: Facts = NO_FACTS,
    locked: Mapping[str, int] | None = None,
) -> Division:
    """Divide the pot over the plans of the ranking, best first.

    ``locked`` are amounts that people settled: they go first, and the rest of the pot is divided over the
    other plans with unchanged weights.
    Ties: by the ranking, to the cent. Raises: UnknownId, GivenTwice, RuleLacksFacts.
    """
    by_id = {plan.plan_id: plan for plan in plans}
    once_each(ranking, "ranking")
    for plan_id in ranking:
        if plan_id not in by_id:
            raise UnknownId(field="ranking", found=plan_id)
    settled = locked or {}
    limits = {plan_id: limits_of(by_id[plan_id], config, cap_cents) for plan_id in ranking}
    able = [each for each in limits.values() if each.barrier is None]
    weights = weights_of(able, config, budget_cents, facts.stats, facts.proposals)
    rank = [each for each in able if each.plan.plan_id not in settled]
    pot = budget_cents - sum(settled.values())
    earmarks_left: dict[str, int] = {}
    if config.rule is Rule.MES:
        shares = buy_whole_plans(rank, pot, config, facts.panel)
    else:
        floors = earmark(rank, pot, config, weights, limits, settled, earmarks_left)
        main_pot = pot if config.earmark_spill else pot - sum(earmarks_left.values())
        shares = share(rank, main_pot, config, weights, floors)
        if config.rest_offer and config.rule is not Rule.GREEDY_FULL:
            offer_rest(rank, main_pot, shares)
    return _whole(ranking, budget_cents, config, limits, weights, settled, shares, earmarks_left)


def _whole(
    ranking: Sequence[str],
    budget: int,
    config: DivideConfig,
    limits: Mapping[str, Limits],
    weights: Mapping[str, Fraction],
    settled: Mapping[str, int],
    shares: Shares,
    earmarks_left: Mapping[str, int],
) -> Division:
    """Put everything together again, in the order of the ranking."""
    amounts = {plan_id: settled.get(plan_id, shares.amounts.get(plan_id, 0)) for plan_id in ranking}
    status = {}
    for plan_id in ranking:
        if plan_id in settled:
            status[plan_id] = Status.AMENDED
        else:
            status[plan_id] = limits[plan_id].barrier or shares.status[plan_id]
    total = sum(amounts.values())
    return Division(
        rule=config.rule,
        pot_cents=budget,
        amounts=amounts,
        exact={plan_id: shares.exact[plan_id] for plan_id in ranking if plan_id in shares.exact},
        status=status,
        total_cents=total,
        leftover_cents=budget - total,
        level=shares.level,
        limits=limits,
        turns=shares.turns,
        weights=weights,
        order=shares.order,
        earmarks_left=earmarks_left,
    )
