"""Change an amount because the panel says so, with a reason; the rest is divided again."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.decide.queries import number_of
from pb.divide.actions.computing import compute
from pb.divide.actions.confirming import held_division
from pb.divide.inputs import WorkedOut, work_out
from pb.divide.queries import amendments, division_exists
from pb.divide.rules import Amendment, Refusal
from pb.divide.rules.confirming import NotDivided
from pb.divide.rules.refusing import refuse
from pb.divide.rules.settling import DividedMeanwhile
from pb.divide.tables import AmendmentRecord
from pb.evening.actions.events import append, hold
from pb.evening.queries import EveningFacts, ItemFacts, evening_facts
from pb.store import journal
from pb.store.journal import Actor


def amend(
    session: Session,
    *,
    evening_id: int,
    position: int,
    amount_cents: int,
    reason: str,
    shown_sha256: str,
    who: Actor,
    now: datetime,
) -> None:
    """Settle an amount for the plan at a place on the agenda, in place of an earlier one for that plan.

    Raises: NotFound, NotDivided, AlreadyConfirmed, DividedMeanwhile when another division was shown, and
    what ``refuse`` raises when the amount or the reason cannot be.
    """
    evening, item = _as_shown(session, evening_id, position, shown_sha256, who)
    made = Amendment(plan_id=number_of(item), amount_cents=amount_cents, reason=reason.strip())
    earlier = [one.amendment for one in amendments(session, evening_id=evening_id)]
    _checked(session, evening, made, earlier)
    if any((one.plan_id, one.amount_cents, one.reason) == _what(made) for one in earlier):
        return
    _undo(session, evening_id, item.plan.id, who, now)
    session.add(
        AmendmentRecord(
            evening_id=evening_id, plan_id=item.plan.id, amount_cents=amount_cents, reason=made.reason,
            made_at=now, made_by=who.id,
        )
    )  # fmt: skip
    session.flush()
    evening_row = hold(session, evening_id)
    append(session, evening_row, "amended", now, plan=item.plan.id, amount_cents=amount_cents)
    record = compute(session, evening_id=evening_id, who=who, now=now)
    journal.note(
        session, at=now, who=who, what="amount changed", subject=f"evening {evening_id}",
        plan_id=item.plan.id, amount_cents=amount_cents, sha256=record.sha256,
    )  # fmt: skip


def try_amount(session: Session, *, evening_id: int, position: int, amount_cents: int) -> None:
    """Ask whether a plan could get this amount, and change nothing.

    Raises: NotDivided, NotFound, and what ``refuse`` raises about an amount.
    """
    if not division_exists(session, evening_id=evening_id):
        raise NotDivided()
    evening = evening_facts(session, evening_id=evening_id)
    item = next((one for one in evening.items if one.position == position), None)
    if item is None:
        raise NotFound()
    earlier = [one.amendment for one in amendments(session, evening_id=evening_id)]
    # Any reason: this is about the amount.
    _checked(session, evening, Amendment(number_of(item), amount_cents, "…"), earlier)


def take_back(
    session: Session, *, evening_id: int, position: int, shown_sha256: str, who: Actor, now: datetime
) -> None:
    """Let a plan have what the rule gives it again; the rest is divided again.

    Raises: NotFound, NotDivided, AlreadyConfirmed, DividedMeanwhile.
    """
    _evening, item = _as_shown(session, evening_id, position, shown_sha256, who)
    if not _undo(session, evening_id, item.plan.id, who, now):
        return
    append(session, hold(session, evening_id), "amendment_undone", now, plan=item.plan.id)
    record = compute(session, evening_id=evening_id, who=who, now=now)
    journal.note(
        session, at=now, who=who, what="changed amount taken back", subject=f"evening {evening_id}",
        plan_id=item.plan.id, sha256=record.sha256,
    )  # fmt: skip


def _as_shown(
    session: Session, evening_id: int, position: int, shown_sha256: str, who: Actor
) -> tuple[EveningFacts, ItemFacts]:
    """Hold the evening, and find the plan of a division that is still the one on the page."""
    hold(session, evening_id)
    if held_division(session, evening_id).sha256 != shown_sha256:
        raise DividedMeanwhile()
    evening = evening_facts(session, evening_id=evening_id)
    item = next((one for one in evening.items if one.position == position), None)
    if item is None or who.id is None:
        raise NotFound()
    return evening, item


def _checked(session: Session, evening: EveningFacts, made: Amendment, earlier: Sequence[Amendment]) -> None:
    others = [one for one in earlier if one.plan_id != made.plan_id]
    worked = work_out(session, evening, [*others, made])
    for rejected in worked.division.rejected:
        if rejected.plan_id == made.plan_id:
            _refuse(rejected.code, worked, made, evening.budget_cents, others)


def _undo(session: Session, evening_id: int, plan_id: int, who: Actor, now: datetime) -> bool:
    found = session.scalars(
        sa.update(AmendmentRecord)
        .where(
            AmendmentRecord.evening_id == evening_id,
            AmendmentRecord.plan_id == plan_id,
            AmendmentRecord.undone_at.is_(None),
        )
        .values(undone_at=now, undone_by=who.id)
        .returning(AmendmentRecord.id)
    ).all()
    return bool(found)


def _what(made: Amendment) -> tuple[str, int, str]:
    return made.plan_id, made.amount_cents, made.reason


def _refuse(
    code: Refusal, worked: WorkedOut, made: Amendment, budget_cents: int, others: list[Amendment]
) -> None:
    limits = worked.division.computed.limits.get(made.plan_id)
    refuse(
        code,
        limit_cents=limits.high if limits else 0,
        least_cents=limits.own_min if limits else 0,
        free_cents=budget_cents - sum(one.amount_cents for one in others),
    )
