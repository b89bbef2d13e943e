"""Check plans: ready, declined with a reason and an alternative, or looked at once more."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.core.mail import Letter
from pb.plans.actions.rows import locked, move, write
from pb.plans.rules.states import PlanMove, PlanState, check_decline
from pb.plans.rules.walk import ChangedMeanwhile
from pb.plans.tables import Plan
from pb.store import journal
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


def take_up(session: Session, *, round_id: int, plan_ids: Collection[int], who: Actor, now: datetime) -> None:
    """Let an evening count on these plans: from here on they stay as they are, and come up once.

    Raises: NotFound unless every one is ready and on no agenda yet.
    """
    rows = list(
        session.scalars(
            sa.select(Plan)
            .where(
                Plan.id.in_(plan_ids),
                Plan.round_id == round_id,
                Plan.state == PlanState.READY.value,
                Plan.taken_up_at.is_(None),
            )
            .with_for_update()
        )
    )
    if len(rows) != len(plan_ids):
        raise NotFound()
    for row in rows:
        row.taken_up_at = now
        journal.note(session, at=now, who=who, what="plan taken up", subject=f"plan {row.id}")


def let_go(session: Session, *, plan_id: int, who: Actor, now: datetime) -> None:
    """Let a plan that no evening counts on any more be ready for another one. Raises: NotFound."""
    row = locked(session, plan_id)
    if row.taken_up_at is None:
        return
    row.taken_up_at = None
    journal.note(session, at=now, who=who, what="plan let go", subject=f"plan {plan_id}")


def _read(session: Session, round_id: int, plan_id: int, version: int) -> Plan:
    row = locked(session, plan_id, round_id=round_id)
    if row.version != version:
        raise ChangedMeanwhile()
    return row
