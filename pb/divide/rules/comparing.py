"""What other ways of dividing would have given, for the table beside the one that was announced."""

from collections.abc import Mapping, Sequence

from pb.decide.rules import PlanAsk
from pb.divide.rules.config import DivideConfig
from pb.divide.rules.dividing import Division, Facts, divide
from pb.divide.rules.rule_set import PRESETS
from pb.divide.rules.weights import RuleLacksFacts


def divide_by_presets(
    ranking: Sequence[str],
    plans: Sequence[PlanAsk],
    announced: DivideConfig,
    *,
    budget_cents: int,
    cap_cents: int | None,
    facts: Facts,
) -> Mapping[str, Division]:
    """Divide by every preset with another rule than the announced one, as far as its facts are there.

    Raises: as ``divide``, but for facts that are not there.
    """
    found = {}
    for name, config in PRESETS.items():
        if config.rule is announced.rule:
            continue
        try:
            found[name] = divide(
                ranking, plans, config, budget_cents=budget_cents, cap_cents=cap_cents, facts=facts
            )
        except RuleLacksFacts:
            continue
    return found
