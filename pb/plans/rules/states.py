"""From draft to ready: the states of a plan, the moves between them, the days on which they are made."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from pb.core.errors import BadInput, Broken
from pb.core.text import has_letters


class PlanState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    READY = "ready"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class PlanMove(StrEnum):
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    ACCEPT = "accept"
    DECLINE = "decline"
    CHECK_AGAIN = "check_again"
    REVISE = "revise"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


# take_back: the initiator, or the coach with a question, opens a submitted plan for editing.
# check_again: a yes or no is looked at once more. revise: a declined plan follows the alternative.
# restore: who withdrew by mistake finds the plan back as a draft.
MOVES: Final[Mapping[tuple[PlanState, PlanMove], PlanState]] = MappingProxyType(
    {
        (PlanState.DRAFT, PlanMove.SUBMIT): PlanState.SUBMITTED,
        (PlanState.DRAFT, PlanMove.WITHDRAW): PlanState.WITHDRAWN,
        (PlanState.SUBMITTED, PlanMove.TAKE_BACK): PlanState.DRAFT,
        (PlanState.SUBMITTED, PlanMove.ACCEPT): PlanState.READY,
        (PlanState.SUBMITTED, PlanMove.DECLINE): PlanState.DECLINED,
        (PlanState.SUBMITTED, PlanMove.WITHDRAW): PlanState.WITHDRAWN,
        (PlanState.READY, PlanMove.CHECK_AGAIN): PlanState.SUBMITTED,
        (PlanState.READY, PlanMove.WITHDRAW): PlanState.WITHDRAWN,
        (PlanState.DECLINED, PlanMove.CHECK_AGAIN): PlanState.SUBMITTED,
        (PlanState.DECLINED, PlanMove.REVISE): PlanState.DRAFT,
        (PlanState.WITHDRAWN, PlanMove.RESTORE): PlanState.DRAFT,
    }
)


class OnAgenda(Broken):
    """Refuse to move a plan that an evening counts on."""

    code = "plans.on-agenda"


class MoveNotAllowed(Broken):
    code = "plans.move-not-allowed"


class DeclineWithoutReason(BadInput):
    code = "plans.decline-without-reason"


class DeclineWithoutAlternative(BadInput):
    code = "plans.decline-without-alternative"


class NotOpenYet(Broken):
    code = "plans.not-open-yet"


class Closed(Broken):
    code = "plans.closed"


def after_move(state: PlanState, move: PlanMove) -> PlanState:
    """Give the state that a move leads to.

    Raises: MoveNotAllowed.
    """
    if (state, move) not in MOVES:
        raise MoveNotAllowed(state=state.value, move=move.value)
    return MOVES[state, move]


def check_not_taken_up(taken_up_at: datetime | None) -> None:
    """Let a plan that an evening counts on stay as it is. Raises: OnAgenda."""
    if taken_up_at is not None:
        raise OnAgenda()


def moves_from(state: PlanState) -> tuple[PlanMove, ...]:
    """Name the moves that are possible from a state, in the order of PlanMove."""
    return tuple(move for move in PlanMove if (state, move) in MOVES)


def may_edit(state: PlanState) -> bool:
    """Tell whether the answers may still change: only in a draft, so that the check reads what stays."""
    return state is PlanState.DRAFT


def check_decline(*, reason: str, alternative: str) -> None:
    """Refuse a no without a reason and without an alternative.

    Raises: DeclineWithoutReason, DeclineWithoutAlternative.
    """
    if not has_letters(reason):
        raise DeclineWithoutReason()
    if not has_letters(alternative):
        raise DeclineWithoutAlternative()


def may_submit_on(day: date, opens_on: date, closes_on: date) -> bool:
    """Tell whether plans may be submitted on a Dutch day.

    Units: both ends inclusive.
    """
    if any(isinstance(given, datetime) for given in (day, opens_on, closes_on)):
        raise TypeError("compare days: use amsterdam_date on a moment first")
    return opens_on <= day <= closes_on


def check_submit_on(day: date, opens_on: date, closes_on: date) -> None:
    """Refuse to submit outside the days of the call.

    Raises: NotOpenYet, Closed.
    """
    if may_submit_on(day, opens_on, closes_on):
        return
    raise NotOpenYet(opens_on=opens_on) if day < opens_on else Closed(closes_on=closes_on)
