"""Check plans: ready, declined with a reason and an alternative, or looked at once more."""

from datetime import datetime

from sqlalchemy.orm import Session

from pb.plans.actions.rows import Letter, locked, move, write
from pb.plans.rules.states import PlanMove, check_decline
from pb.plans.rules.walk import ChangedMeanwhile
from pb.plans.tables import Plan
from pb.store.journal import Actor


def accept(
    session: Session, *, round_id: int, plan_id: int, version: int, letter: Letter, who: Actor, now: datetime
) -> None:
    """Say that a plan is ready for an evening, as it was read; from here on everyone can read it.

    Raises: ChangedMeanwhile, MoveNotAllowed.
    """
    row = _read(session, round_id, plan_id, version)
    row.declined_reason = row.declined_alternative = ""
    move(session, row, PlanMove.ACCEPT, what="plan ready", who=who, now=now)
    write(session, row, letter, now=now)


def decline(
    session: Session, *, round_id: int, plan_id: int, version: int, reason: str, alternative: str,
    letter: Letter, who: Actor, now: datetime,
) -> None:  # fmt: skip
    """Say that a plan cannot be, why, and what can be done instead.

    Raises: DeclineWithoutReason, DeclineWithoutAlternative, ChangedMeanwhile, MoveNotAllowed.
    """
    check_decline(reason=reason, alternative=alternative)
    row = _read(session, round_id, plan_id, version)
    row.declined_reason, row.declined_alternative = reason, alternative
    move(session, row, PlanMove.DECLINE, what="plan declined", who=who, now=now)
    write(session, row, letter, now=now)


def check_again(
    session: Session, *, round_id: int, plan_id: int, version: int, who: Actor, now: datetime
) -> None:
    """Look once more at a plan that was declined or ready. Raises: ChangedMeanwhile, MoveNotAllowed."""
    row = _read(session, round_id, plan_id, version)
    move(session, row, PlanMove.CHECK_AGAIN, what="plan checked again", who=who, now=now)


def _read(session: Session, round_id: int, plan_id: int, version: int) -> Plan:
    row = locked(session, plan_id, round_id=round_id)
    if row.version != version:
        raise ChangedMeanwhile()
    return row
