"""Move an evening one step, exactly once however many people press."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening import queries
from pb.evening.actions.counting import check_before_closing
from pb.evening.actions.events import append, hold
from pb.evening.rules.lot import SeedMissing
from pb.evening.rules.steps import (
    AlarmRaised,
    AnotherOpen,
    MovedMeanwhile,
    Scoring,
    Stage,
    StepKind,
    next_step,
)
from pb.evening.tables import AgendaItem, Evening
from pb.store import journal
from pb.store.journal import Actor


def press_next(
    session: Session, *, evening_id: int, step: str, version: int, who: Actor, now: datetime
) -> None:
    """Do the step that the button named.

    Raises: AnotherOpen, AlarmRaised, SeedMissing when scoring would open before the lot was thrown,
    MovedMeanwhile (with who moved it and when) if the evening is somewhere else by now; pressing the same
    step twice is one press and raises nothing. NotFound.
    """
    evening = hold(session, evening_id)
    if evening.alarm_seq is not None:
        raise AlarmRaised()
    items = agenda(session, evening_id)
    following = next_step(
        Stage(evening.stage),
        evening.at_position,
        [Scoring(item.scoring) for item in items],
        stickers=evening.stickers,
    )
    if following is None or following.name != step or evening.version != version:
        if evening.version == version + 1 and evening.moved_by == who.id and _was(evening, items, step):
            return
        raise moved_meanwhile(evening)
    item = items[following.position - 1] if following.position else None
    _DO[following.kind](session, evening, item, now)
    mark_moved(evening, who, now)
    journal.note(
        session,
        at=now,
        who=who,
        what=following.kind.value.replace("_", " "),
        subject=f"evening {evening_id}",
        position=following.position,
    )


def move_to(
    session: Session, *, evening_id: int, from_stage: Stage, to_stage: Stage, who: Actor, now: datetime
) -> None:
    """Hand the evening to the next room. Raises: MovedMeanwhile unless it is in ``from_stage``."""
    evening = hold(session, evening_id)
    if evening.stage != from_stage.value:
        raise moved_meanwhile(evening)
    evening.stage = to_stage.value
    mark_moved(evening, who, now)
    append(session, evening, "stage", now, to=to_stage.value)
    journal.note(
        session, at=now, who=who, what="evening moved", subject=f"evening {evening_id}", to=to_stage.value
    )


def close(session: Session, *, evening_id: int, spent_cents: int, who: Actor, now: datetime) -> None:
    """End the evening with what it spent; the rest of its budget is in the pot again. Units: cents.

    Raises: MovedMeanwhile unless the money is being divided.
    """
    move_to(session, evening_id=evening_id, from_stage=Stage.DIVIDE, to_stage=Stage.DONE, who=who, now=now)
    hold(session, evening_id).spent_cents = spent_cents


def tell(session: Session, *, evening_id: int, kind: str, who: Actor, now: datetime, **facts: object) -> None:
    """Let a later room add its event to the evening's chain, and let the screens follow."""
    evening = hold(session, evening_id)
    append(session, evening, kind, now, **facts)
    mark_moved(evening, who, now)


def agenda(session: Session, evening_id: int) -> list[AgendaItem]:
    """Give the plans of a held evening in order."""
    return list(
        session.scalars(
            sa.select(AgendaItem).where(AgendaItem.evening_id == evening_id).order_by(AgendaItem.position)
        )
    )


def mark_moved(evening: Evening, who: Actor, now: datetime) -> None:
    """Write down who moved the evening, let every screen follow, and stop a countdown."""
    evening.version += 1
    evening.moved_at, evening.moved_by = now, who.id
    evening.countdown_until = None


def moved_meanwhile(evening: Evening) -> MovedMeanwhile:
    """Say who moved the evening last and when."""
    return MovedMeanwhile(moved_by=evening.moved_by, moved_at=evening.moved_at)


def _was(evening: Evening, items: list[AgendaItem], step: str) -> bool:
    """Say whether the evening is where this step would have brought it."""
    kind, _, position = step.rpartition("-")
    if kind == StepKind.OPEN_DOORS.value:
        return evening.stage == Stage.DOORS.value
    if kind == StepKind.START_STICKERS.value:
        return evening.stage == Stage.STICKERS.value
    if kind == StepKind.START_DECIDING.value:
        return evening.stage == Stage.DECIDE.value
    after = {
        StepKind.SHOW_PLAN.value: Scoring.FILM,
        StepKind.OPEN_SCORING.value: Scoring.OPEN,
        StepKind.CLOSE_SCORING.value: Scoring.CLOSED,
    }
    here = evening.stage == Stage.PLANS.value and position == str(evening.at_position)
    return here and kind in after and items[evening.at_position - 1].scoring == after[StepKind(kind)].value


def _open_doors(session: Session, evening: Evening, _item: AgendaItem | None, now: datetime) -> None:
    if queries.open_evenings(session, round_id=evening.round_id):
        raise AnotherOpen()
    evening.stage = Stage.DOORS.value
    append(session, evening, "doors_opened", now)


def _show_plan(session: Session, evening: Evening, item: AgendaItem | None, now: datetime) -> None:
    assert item is not None  # noqa: S101
    evening.stage, evening.at_position = Stage.PLANS.value, item.position
    item.scoring = Scoring.FILM.value
    item.shown_at = now
    append(session, evening, "plan_shown", now, item=item.id, plan=item.plan_id)


def _open_scoring(session: Session, evening: Evening, item: AgendaItem | None, now: datetime) -> None:
    assert item is not None  # noqa: S101
    if not evening.lot_seed:
        raise SeedMissing()
    item.scoring = Scoring.OPEN.value
    item.opened_at = now
    item.scoring_version += 1
    append(session, evening, "scoring_opened", now, item=item.id, v=item.scoring_version)


def _close_scoring(session: Session, evening: Evening, item: AgendaItem | None, now: datetime) -> None:
    assert item is not None  # noqa: S101
    check_before_closing(session, evening_id=evening.id, item_id=item.id)
    item.scoring = Scoring.CLOSED.value
    item.scoring_version += 1
    item.closed_at = now
    item.may_score = len(queries.eligible_seats(session, evening_id=evening.id, item_id=item.id))
    present = sorted(queries.present_seats(session, evening_id=evening.id))
    append(session, evening, "scoring_closed", now, item=item.id, v=item.scoring_version, present=present)


def _start_stickers(session: Session, evening: Evening, _item: AgendaItem | None, now: datetime) -> None:
    evening.stage = Stage.STICKERS.value
    append(session, evening, "stickers_opened", now)


def _start_deciding(session: Session, evening: Evening, _item: AgendaItem | None, now: datetime) -> None:
    evening.stage = Stage.DECIDE.value
    append(session, evening, "stage", now, to=Stage.DECIDE.value)


_DO = {
    StepKind.OPEN_DOORS: _open_doors,
    StepKind.SHOW_PLAN: _show_plan,
    StepKind.OPEN_SCORING: _open_scoring,
    StepKind.CLOSE_SCORING: _close_scoring,
    StepKind.START_STICKERS: _start_stickers,
    StepKind.START_DECIDING: _start_deciding,
}
