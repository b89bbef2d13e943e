"""What the scores of people with a plan of their own did to the plans of others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pb.decide.rules.ballots import Ballots, PlanAsk
from pb.decide.rules.config import DecideConfig
from pb.decide.rules.deciding import Decisions, decide


def decide_without_submitters(
    plans: Sequence[PlanAsk],
    present: Collection[str],
    ballots: Mapping[str, Ballots],
    config: DecideConfig,
    *,
    unnamed_present: int = 0,
) -> Decisions:
    """Decide once more as if nobody with a plan of their own had scored any plan: a line to compare with.

    People who were only counted on the floor have no name, so what they gave stays.
    Raises: as ``decide``; MoreScoresThanPeople also where counts from the floor hold people with a plan.
    """
    everyone = frozenset(person for plan in plans for person in plan.submitters)
    return decide(
        [replace(plan, submitters=everyone) for plan in plans],
        present,
        ballots,
        replace(config, exclude_submitters=True),
        unnamed_present=unnamed_present,
    )


def changed_by_submitters(decisions: Decisions, without: Decisions) -> list[str]:
    """Name the plans whose decision would be another without those scores, in the order of the plans."""
    return [
        plan_id
        for plan_id, outcome in decisions.outcomes.items()
        if outcome.status is not without.outcomes[plan_id].status
    ]
