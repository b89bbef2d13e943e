"""What the panel decides goes above what the rule computed; the order of the plans follows one chain."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from pb.core.errors import BadInput, Broken
from pb.core.text import has_letters
from pb.decide.rules.ballots import PlanAsk
from pb.decide.rules.config import Criterion, DecideConfig
from pb.decide.rules.deciding import Decisions, Outcome, Status
from pb.decide.rules.ranking import Place, Scored, put_in_order


class Way(StrEnum):
    """How the panel came to its decision."""

    RULE = "rule"
    CONSENSUS = "consensus"
    MAJORITY = "majority"


class ReasonNeeded(BadInput):
    code = "decide.reason-needed"


class MinorityViewNeeded(BadInput):
    """Ask what the minority thinks, or that there is no minority view."""

    code = "decide.minority-view-needed"


class WayNeeded(BadInput):
    """Ask how the panel came to a decision that differs from the scores."""

    code = "decide.way-needed"


class NotDeciding(Broken):
    code = "decide.not-deciding"


class NotAllDecided(Broken):
    code = "decide.not-all-decided"


class DecidedMeanwhile(Broken):
    """Refuse to write over a decision that was not on the page yet."""

    code = "decide.decided-meanwhile"


def check_decision(*, computed_yes: bool, yes: bool, way: Way, reason: str) -> None:
    """Ask for a reason and a way where the panel differs from the scores.

    Raises: WayNeeded, ReasonNeeded.
    """
    if yes == computed_yes:
        return
    if way is Way.RULE:
        raise WayNeeded()
    if not has_letters(reason):
        raise ReasonNeeded()


def check_minority(*, way: Way, minority_view: str, none_given: bool) -> None:
    """Ask for the minority view wherever a majority decides; that nobody gave one is an answer too.

    Raises: MinorityViewNeeded.
    """
    if way is Way.MAJORITY and not none_given and not has_letters(minority_view):
        raise MinorityViewNeeded()


def follow_panel(
    decisions: Decisions, plans: Sequence[PlanAsk], config: DecideConfig, yes: Mapping[str, bool]
) -> Decisions:
    """Rank the plans that the panel said yes to, by the same chain as always.

    Ties: as the chain. Plans that too few people scored come last, in the order of the agenda: a handful of
    high scores does not go before a room, and a place says nothing about who gave them.
    Raises: NotAllDecided.
    """
    if set(yes) != set(decisions.outcomes):
        raise NotAllDecided()
    chosen = [plan for plan in plans if yes[plan.plan_id]]
    scored = [plan for plan in chosen if _counts(decisions.outcomes[plan.plan_id])]
    unscored = sorted((plan for plan in chosen if plan not in scored), key=lambda plan: plan.order)
    ordered = put_in_order(
        [
            Scored(plan, outcome.counted_hist, outcome.scorers, config.min_grade)
            for plan, outcome in ((plan, decisions.outcomes[plan.plan_id]) for plan in scored)
        ],
        config.rank,
        config.lot_seed,
    )
    of = len(chosen)
    places = {plan_id: replace(place, of=of) for plan_id, place in ordered.places.items()}
    for number, plan in enumerate(unscored, start=len(scored) + 1):
        places[plan.plan_id] = Place(place=number, of=of, by=Criterion.ORDER, tied_with=())
    ranking = (*ordered.ranking, *(plan.plan_id for plan in unscored))
    return replace(decisions, ranking=ranking, ties=ordered.ties, places=places)


def said_yes(decisions: Decisions, plan_id: str) -> bool:
    """Say whether the scores alone give this plan a yes."""
    return decisions.outcomes[plan_id].status is Status.YES


def _counts(outcome: Outcome) -> bool:
    return outcome.status is not Status.NO_QUORUM and sum(outcome.counted_hist) > 0
