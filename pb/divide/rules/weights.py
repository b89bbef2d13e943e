"""What a plan weighs in the division: its request, its scores, or what people would give it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pb.core.errors import BadInput
from pb.decide.rules import Outcome
from pb.divide.rules.config import FROM_PROPOSALS, FROM_SCORES, DivideConfig, Rule, ScoreWeight
from pb.divide.rules.limits import Limits
from pb.divide.rules.phantoms import independent_markets, per_euro


class RuleLacksFacts(BadInput):
    """Refuse to divide by a rule that needs scores or proposals that are not there."""

    code = "divide.rule-lacks-facts"


@dataclass(frozen=True, slots=True)
class ScoreStats:
    """The two numbers of the scores that can weigh in a division."""

    mean: Fraction | None
    support: Fraction | None

    @classmethod
    def of(cls, outcome: Outcome) -> "ScoreStats":
        """Take them from a decision; a plan that nobody scored has the lowest."""
        return cls(mean=outcome.mean or Fraction(1), support=outcome.support or Fraction(0))


Proposals = Mapping[str, Mapping[str, int]]
"""What each person would give: cents by person and plan; a plan that is not named gets nothing."""


def weights_of(
    plans: Sequence[Limits],
    config: DivideConfig,
    pot_cents: int,
    stats: Mapping[str, ScoreStats] | None,
    proposals: Proposals | None,
) -> dict[str, Fraction]:
    """Weigh the plans by the rule. Weights are fixed once, before earmarks and amendments.

    Raises: RuleLacksFacts.
    """
    if config.rule in FROM_SCORES:
        return {each.plan.plan_id: _score_weight(each, config, stats) for each in plans}
    if config.rule in FROM_PROPOSALS:
        if proposals is None:
            raise RuleLacksFacts(rule=config.rule.value, needs="proposals", plan_id=None)
        return _proposal_weights(plans, config, pot_cents, proposals)
    if config.rule is Rule.PROP_REQUEST:
        return {each.plan.plan_id: Fraction(each.high) for each in plans}
    return {each.plan.plan_id: Fraction(1) for each in plans}


def _score_weight(each: Limits, config: DivideConfig, stats: Mapping[str, ScoreStats] | None) -> Fraction:
    found = (stats or {}).get(each.plan.plan_id)
    number = None if found is None else _number(found, config.score_weight)
    if number is None:
        raise RuleLacksFacts(rule=config.rule.value, needs="score_stats", plan_id=each.plan.plan_id)
    weight = number - 1 if config.score_weight is ScoreWeight.MEAN_MINUS_1 else number
    return weight * each.high if config.rule is Rule.PROP_SCORE_REQUEST else weight


def _number(stats: ScoreStats, weight: ScoreWeight) -> Fraction | None:
    return stats.support if weight is ScoreWeight.SUPPORT else stats.mean


def _proposal_weights(
    plans: Sequence[Limits], config: DivideConfig, pot_cents: int, proposals: Proposals
) -> dict[str, Fraction]:
    people = sorted(proposals)
    if config.rule in (Rule.INDEPENDENT_MARKETS, Rule.PER_EURO):
        ids = [each.plan.plan_id for each in plans]
        votes = [[proposals[person].get(plan_id, 0) for person in people] for plan_id in ids]
        settle = independent_markets if config.rule is Rule.INDEPENDENT_MARKETS else per_euro
        return dict(zip(ids, settle(votes, pot_cents), strict=True))
    weights = {}
    for each in plans:
        own = each.plan.submitters if config.exclude_own_proposal else frozenset[str]()
        given = sorted(proposals[person].get(each.plan.plan_id, 0) for person in people if person not in own)
        weights[each.plan.plan_id] = _middle(given, config)
    return weights


def _middle(given: Sequence[int], config: DivideConfig) -> Fraction:
    """Sum up sorted amounts: their median, their average, or their average without both ends."""
    people = len(given)
    if not people:
        return Fraction(0)
    if config.rule is Rule.MEDIAN_PROPOSALS:
        return Fraction(given[(people - 1) // 2] + given[people // 2], 2)
    cut = int(people * config.trim) if config.rule is Rule.TRIMMED_MEAN_PROPOSALS else 0
    if 2 * cut >= people:
        cut = (people - 1) // 2
    kept = given[cut : people - cut]
    return Fraction(sum(kept), len(kept))
