"""Opening a closed plan again: one person asks with a reason, another agrees."""

from dataclasses import dataclass

from pb.core.errors import BadInput, Broken
from pb.evening.rules.steps import Scoring, Stage


class ReasonMissing(BadInput):
    code = "evening.reason-missing"


class OutcomeConfirmed(Broken):
    """Refuse to open a plan again once the outcome of the evening is confirmed."""

    code = "evening.outcome-confirmed"


class PlanDecided(Broken):
    """Refuse to open a plan again once its decision was recorded."""

    code = "evening.plan-decided"


class OtherPlanOpen(Broken):
    """Refuse to open a plan again while another one is open: everybody scores one plan at a time."""

    code = "evening.other-plan-open"


class NotClosed(Broken):
    """Refuse to open a plan again that is not closed."""

    code = "evening.not-closed"


class AlreadyAsked(Broken):
    """Refuse a second request for the same plan while the first one waits for an answer."""

    code = "evening.already-asked"


class SamePerson(Broken):
    """Refuse that whoever asked also agrees."""

    code = "evening.same-person"
    status = 403


class RequestSettled(Broken):
    """Refuse an answer to a request that somebody already answered."""

    code = "evening.request-settled"


@dataclass(frozen=True)
class ClosedPlan:
    """All that decides whether a plan may be opened again now."""

    stage: Stage
    scoring: Scoring
    decided: bool
    other_open: bool


def check_reopening(plan: ClosedPlan) -> None:
    """Let a plan be opened again.

    Raises: OutcomeConfirmed, PlanDecided, NotClosed, OtherPlanOpen.
    """
    if plan.stage is Stage.DONE:
        raise OutcomeConfirmed()
    if plan.decided or plan.stage is Stage.DIVIDE:
        raise PlanDecided()
    if plan.scoring is not Scoring.CLOSED:
        raise NotClosed()
    if plan.other_open:
        raise OtherPlanOpen()


def check_reason(reason: str) -> str:
    """Ask why. Raises: ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing()
    return reason.strip()


def check_second_person(*, asked_by: int, agrees: int) -> None:
    """See that whoever agrees is somebody else. Raises: SamePerson."""
    if asked_by == agrees:
        raise SamePerson()
