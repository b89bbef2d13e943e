"""Take the last step back, while nothing is lost by it."""

from datetime import datetime

from sqlalchemy.orm import Session

from pb.evening.actions.events import append, hold
from pb.evening.actions.moving import agenda, mark_moved, moved_meanwhile
from pb.evening.queries.moves import since_last_step
from pb.evening.rules.steps import AlarmRaised, Scoring, Stage, Step, StepKind, next_step
from pb.evening.rules.undoing import check_undo, last_step
from pb.evening.tables import AgendaItem, Evening
from pb.store import journal
from pb.store.journal import Actor


def undo(session: Session, *, evening_id: int, step: str, version: int, who: Actor, now: datetime) -> None:
    """Take back the step that the button named; pressing twice is one press.

    Raises: MovedMeanwhile, NothingToUndo, UndoLosesWork, AlarmRaised, NotFound.
    """
    evening = hold(session, evening_id)
    if evening.alarm_seq is not None:
        raise AlarmRaised()
    items = agenda(session, evening_id)
    stage, scorings = Stage(evening.stage), [Scoring(item.scoring) for item in items]
    last = last_step(stage, evening.at_position, scorings)
    if last is None or last.name != step or evening.version != version:
        following = next_step(stage, evening.at_position, scorings, stickers=evening.stickers)
        undone = following is not None and following.name == step
        if undone and evening.version == version + 1 and evening.moved_by == who.id:
            return
        raise moved_meanwhile(evening)
    since = since_last_step(session, evening_id=evening_id, position=evening.at_position)
    _take_back(evening, items, check_undo(last, since))
    append(session, evening, "undone", now, step=last.name)
    mark_moved(evening, who, now)
    journal.note(
        session,
        at=now,
        who=who,
        what="step undone",
        subject=f"evening {evening_id}",
        step=last.kind.value,
        position=last.position,
    )


def _take_back(evening: Evening, items: list[AgendaItem], step: Step) -> None:
    if step.kind is StepKind.OPEN_DOORS:
        evening.stage = Stage.PREPARED.value
    elif step.kind is StepKind.SHOW_PLAN:
        item = items[step.position - 1]
        item.scoring, item.shown_at = Scoring.WAITING.value, None
        evening.at_position = step.position - 1
        evening.stage = (Stage.PLANS if evening.at_position else Stage.DOORS).value
    elif step.kind is StepKind.OPEN_SCORING:
        item = items[step.position - 1]
        item.scoring, item.opened_at = Scoring.FILM.value, None
        item.scoring_version += 1
    elif step.kind is StepKind.START_DECIDING and evening.stickers:
        evening.stage = Stage.STICKERS.value
    else:
        evening.stage = Stage.PLANS.value
