"""Open a closed plan again: one person asks, another agrees."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.actions.events import append, hold
from pb.evening.actions.moving import agenda, mark_moved
from pb.evening.queries.moves import decided_plans
from pb.evening.rules.reopening import (
    AlreadyAsked,
    ClosedPlan,
    RequestSettled,
    check_reason,
    check_reopening,
    check_second_person,
)
from pb.evening.rules.steps import AlarmRaised, Scoring, Stage
from pb.evening.tables import AgendaItem, Evening, Reopening
from pb.store import journal
from pb.store.journal import Actor


def ask_reopening(
    session: Session, *, evening_id: int, position: int, reason: str, who: Actor, now: datetime
) -> int:
    """Ask to open a plan's scoring again, and give the number of the request.

    Asking the same again while it waits is one request.
    Raises: ReasonMissing, OutcomeConfirmed, PlanDecided, OtherPlanOpen, NotClosed, AlreadyAsked, NotFound.
    """
    why = check_reason(reason)
    evening, item = _closed_plan(session, evening_id, position)
    waiting = session.scalar(
        sa.select(Reopening).where(Reopening.item_id == item.id, Reopening.settled_at.is_(None))
    )
    if waiting is not None:
        if waiting.asked_by == who.id and waiting.reason == why:
            return waiting.id
        raise AlreadyAsked()
    asked = Reopening(item_id=item.id, reason=why, asked_by=_account(who), asked_at=now)
    session.add(asked)
    session.flush()
    append(session, evening, "reopening_asked", now, item=item.id)
    _note(session, evening_id, position, "reopening asked", who, now)
    return asked.id


def agree_reopening(
    session: Session, *, evening_id: int, reopening_id: int, who: Actor, now: datetime
) -> None:
    """Open the plan of a request again: its scores stay, and people may move.

    Raises: SamePerson, RequestSettled, AlarmRaised, OutcomeConfirmed, PlanDecided, OtherPlanOpen, NotFound.
    """
    evening, asked, position = _request(session, evening_id, reopening_id)
    if evening.alarm_seq is not None:
        raise AlarmRaised()
    if asked.settled_at is not None:
        if asked.granted and asked.settled_by == who.id:
            return
        raise RequestSettled()
    check_second_person(asked_by=asked.asked_by, agrees=_account(who))
    _evening, item = _closed_plan(session, evening_id, position)
    asked.settled_by, asked.settled_at, asked.granted = _account(who), now, True
    evening.stage, evening.at_position = Stage.PLANS.value, position
    item.scoring, item.shown_at = Scoring.OPEN.value, now
    item.scoring_version += 1
    item.closed_at = item.may_score = None
    append(session, evening, "reopened", now, item=item.id, v=item.scoring_version)
    mark_moved(evening, who, now)
    _note(session, evening_id, position, "scoring reopened", who, now)


def refuse_reopening(
    session: Session, *, evening_id: int, reopening_id: int, who: Actor, now: datetime
) -> None:
    """Say no to a request, or take one's own back; doing it twice changes nothing.

    Raises: RequestSettled when it was granted, NotFound.
    """
    evening, asked, position = _request(session, evening_id, reopening_id)
    if asked.settled_at is not None:
        if not asked.granted:
            return
        raise RequestSettled()
    asked.settled_by, asked.settled_at, asked.granted = _account(who), now, False
    append(session, evening, "reopening_refused", now, item=asked.item_id)
    _note(session, evening_id, position, "reopening refused", who, now)


def _closed_plan(session: Session, evening_id: int, position: int) -> tuple[Evening, AgendaItem]:
    evening = hold(session, evening_id)
    items = agenda(session, evening_id)
    if not 1 <= position <= len(items):
        raise NotFound()
    item = items[position - 1]
    check_reopening(
        ClosedPlan(
            stage=Stage(evening.stage),
            scoring=Scoring(item.scoring),
            decided=item.plan_id in decided_plans(session, evening_id=evening_id),
            other_open=any(other.scoring == Scoring.OPEN.value for other in items if other is not item),
        )
    )
    return evening, item


def _request(session: Session, evening_id: int, reopening_id: int) -> tuple[Evening, Reopening, int]:
    evening = hold(session, evening_id)
    row = session.execute(
        sa.select(Reopening, AgendaItem.position)
        .join(AgendaItem, AgendaItem.id == Reopening.item_id)
        .where(Reopening.id == reopening_id, AgendaItem.evening_id == evening_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return evening, row[0], row[1]


def _note(session: Session, evening_id: int, position: int, what: str, who: Actor, now: datetime) -> None:
    journal.note(session, at=now, who=who, what=what, subject=f"evening {evening_id}", position=position)


def _account(who: Actor) -> int:
    if who.kind != "account" or who.id is None:
        raise NotFound()
    return who.id
