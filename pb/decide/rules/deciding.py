"""Decide which plans get money."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pb.decide.rules.ballots import Ballots, Histogram, PlanAsk, Tally, tally
from pb.decide.rules.config import DecideConfig, Quorum, Rule
from pb.decide.rules.grades import mean_of, median_of, supporters_of, usual_judgment_of
from pb.decide.rules.ranking import Place, Scored, put_in_order
from pb.decide.rules.strict import once_each, written


class Status(StrEnum):
    """What was decided about a plan."""

    YES = "yes"
    NO_THRESHOLD = "no_threshold"
    NO_QUORUM = "no_quorum"
    NO_VETO = "no_veto"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what was decided about one plan, with every number that the reason needs.

    Units: people; ``hist`` counts real scores, ``counted_hist`` also who counts as a 1 or a 3.
    ``need`` is how many supporters pass (rule support only), ``supporters`` how many there are of
    ``counted``; ``margin_people`` how many would have had to choose otherwise, none when no number would do.
    ``points`` is what all scores sum to, ``points_needed`` what passes (rule mean), ``grade_needed`` the
    lowest median that passes (rule median).
    ``objections`` are the scores at or below the veto's grade, ``objections_most`` how many are let through.
    """

    plan_id: str
    status: Status
    rule: Rule
    eligible: int
    scorers: int
    abstained: int
    quorum_needed: int
    hist: Histogram
    counted_hist: Histogram
    mean: Fraction | None
    median: int | None
    support: Fraction | None
    gmj: Fraction | None
    margin_people: int | None
    counted: int
    supporters: int
    min_grade: int
    threshold: Fraction
    strict: bool
    points: int
    need: int | None
    points_needed: int | None
    grade_needed: int | None
    objections: int | None = None
    objections_most: int | None = None
    veto_grade: int | None = None

    @property
    def imputed(self) -> int:
        """Count the people without a score who count as a 1 or a 3."""
        return self.counted - self.scorers

    def to_json(self) -> dict[str, object]:
        """Write the outcome as the reference cases do: ratios as text in lowest terms."""
        return {
            "status": self.status.value,
            "eligible": self.eligible,
            "scorers": self.scorers,
            "abstained": self.abstained,
            "quorum_needed": self.quorum_needed,
            "hist": list(self.hist),
            "counted_hist": list(self.counted_hist),
            "mean": None if self.mean is None else written(self.mean),
            "median": self.median,
            "support": None if self.support is None else written(self.support),
            "gmj": None if self.gmj is None else written(self.gmj),
            "margin_people": self.margin_people,
        }


@dataclass(frozen=True, slots=True)
class Decisions:
    """Hold the outcome per plan, and the order of the plans that get money.

    Shape: ``ranking`` best first; ``ties`` the groups that only the order of submission or the lot parted.
    """

    outcomes: Mapping[str, Outcome]
    ranking: tuple[str, ...]
    ties: tuple[tuple[str, ...], ...]
    places: Mapping[str, Place]

    def to_json(self) -> dict[str, object]:
        """Write the decisions as the reference cases do."""
        return {
            "plans": {plan_id: outcome.to_json() for plan_id, outcome in self.outcomes.items()},
            "ranking": list(self.ranking),
            "ties": [list(group) for group in self.ties],
        }


def decide(
    plans: Sequence[PlanAsk],
    present: Collection[str],
    ballots: Mapping[str, Ballots],
    config: DecideConfig,
    *,
    unnamed_present: int = 0,
) -> Decisions:
    """Decide about every plan by the rule, and put the plans that get money in order.

    ``present`` are the people who may score, by any id; a plan without ballots has no scores.
    Ties: by the chain of the rule, then the order or the lot; after the chain always the lot.
    Raises: GivenTwice, ScoreNotOnTheFloor, MoreScoresThanPeople.
    """
    once_each([plan.plan_id for plan in plans], "plans")
    here = present if isinstance(present, frozenset) else frozenset(present)
    outcomes = {}
    for plan in plans:
        barred = plan.submitters if config.exclude_submitters else frozenset[str]()
        given = ballots.get(plan.plan_id) or Ballots(scores={})
        outcomes[plan.plan_id] = outcome_of(plan, tally(plan, given, here, barred, unnamed_present), config)
    passed = [
        Scored(plan, outcome.counted_hist, outcome.scorers, outcome.min_grade)
        for plan in plans
        if (outcome := outcomes[plan.plan_id]).status is Status.YES
    ]
    order = put_in_order(passed, config.rank, config.lot_seed)
    return Decisions(outcomes=outcomes, ranking=order.ranking, ties=order.ties, places=order.places)


def outcome_of(plan: PlanAsk, found: Tally, config: DecideConfig) -> Outcome:
    """Decide about one plan from its counts alone."""
    counted_hist = found.counted(config.missing)
    counted = sum(counted_hist)
    supporters = supporters_of(counted_hist, config.min_grade)
    quorum_needed = quorum_of(config.quorum, found.eligible)
    need = least_above(config, counted) if config.rule is Rule.SUPPORT else None
    objections, objections_most = _objections(counted_hist, config)
    if not _enough_scored(found, quorum_needed, config.quorum):
        status = Status.NO_QUORUM
    elif objections is not None and objections_most is not None and objections > objections_most:
        status = Status.NO_VETO
    else:
        status = Status.YES if _passes(counted_hist, need, supporters, config) else Status.NO_THRESHOLD
    return Outcome(
        plan_id=plan.plan_id,
        status=status,
        rule=config.rule,
        eligible=found.eligible,
        scorers=found.scorers,
        abstained=found.abstained,
        quorum_needed=quorum_needed,
        hist=found.hist,
        counted_hist=counted_hist,
        mean=mean_of(counted_hist),
        median=median_of(counted_hist),
        support=Fraction(supporters, counted) if counted else None,
        gmj=usual_judgment_of(counted_hist),
        margin_people=_margin(status, need, supporters, counted),
        counted=counted,
        supporters=supporters,
        min_grade=config.min_grade,
        threshold=config.threshold,
        strict=config.strict,
        points=sum(grade * people for grade, people in enumerate(counted_hist, 1)),
        need=need,
        points_needed=least_above(config, counted) if config.rule is Rule.MEAN else None,
        grade_needed=least_above(config, 1) if config.rule is Rule.MEDIAN else None,
        objections=objections,
        objections_most=objections_most,
        veto_grade=None if config.veto is None else config.veto.grade,
    )


def quorum_of(quorum: Quorum | None, eligible: int) -> int:
    """Count how many must have scored, of this many who may."""
    if quorum is None:
        return 0
    part = quorum.fraction * eligible
    return max(-(-part.numerator // part.denominator), quorum.min_scorers)


def least_above(config: DecideConfig, counted: int) -> int:
    """Find the lowest whole number that passes the threshold times ``counted``.

    With the rule support: the fewest supporters that pass, which may be more than there are scores.
    """
    whole, rest = divmod(config.threshold.numerator * counted, config.threshold.denominator)
    return whole + 1 if config.strict or rest else whole


def _enough_scored(found: Tally, quorum_needed: int, quorum: Quorum | None) -> bool:
    heard = found.scorers + (found.abstained if quorum is not None and quorum.count_abstain else 0)
    return found.scorers > 0 and heard >= quorum_needed


def _objections(hist: Histogram, config: DecideConfig) -> tuple[int | None, int | None]:
    if config.veto is None:
        return None, None
    most = config.veto.max_share * sum(hist)
    return sum(hist[: config.veto.grade]), most.numerator // most.denominator


def _passes(hist: Histogram, need: int | None, supporters: int, config: DecideConfig) -> bool:
    if need is not None:
        return supporters >= need
    found = mean_of(hist) if config.rule is Rule.MEAN else median_of(hist)
    if found is None:
        return False
    return found > config.threshold if config.strict else found >= config.threshold


def _margin(status: Status, need: int | None, supporters: int, counted: int) -> int | None:
    """Count the fewest scorers who had to cross the line for the other outcome."""
    if need is None:
        return None
    if status is Status.YES:
        return supporters - need + 1 if need > 0 else None
    if status is Status.NO_THRESHOLD:
        return need - supporters if need <= counted else None
    return None
