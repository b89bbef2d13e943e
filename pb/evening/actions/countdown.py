"""Count down before closing, where the whole room sees it and where it can be stopped."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pb.evening.actions.events import hold
from pb.evening.actions.moving import agenda, mark_moved, moved_meanwhile
from pb.evening.rules.closing import COUNTDOWN_SECONDS
from pb.evening.rules.steps import AlarmRaised, Scoring, Stage
from pb.evening.tables import Evening
from pb.store import journal
from pb.store.journal import Actor

Closes = Callable[[Session, int], bool]
_closes: dict[Stage, Closes] = {}


def closes_in(stage: Stage) -> Callable[[Closes], Closes]:
    """Let a later room say, by the id of an evening, whether something can close during a stage."""

    def keep(can_close: Closes) -> Closes:
        _closes[stage] = can_close
        return can_close

    return keep


def start_countdown(session: Session, *, evening_id: int, version: int, who: Actor, now: datetime) -> None:
    """Tell the room that what is open closes soon; the close itself stays the ordinary step.

    Starting twice changes nothing. Raises: MovedMeanwhile, AlarmRaised, NotFound.
    """
    evening = hold(session, evening_id)
    if evening.alarm_seq is not None:
        raise AlarmRaised()
    if not _can_close(session, evening):
        raise moved_meanwhile(evening)
    if evening.countdown_until is not None:
        return
    if evening.version != version:
        raise moved_meanwhile(evening)
    mark_moved(evening, who, now)
    evening.countdown_until = now + timedelta(seconds=COUNTDOWN_SECONDS)
    _note(session, evening, "countdown started", who, now)


def stop_countdown(session: Session, *, evening_id: int, who: Actor, now: datetime) -> None:
    """Stop the countdown; what is open stays open. Stopping it twice changes nothing. Raises: NotFound."""
    evening = hold(session, evening_id)
    if evening.countdown_until is None:
        return
    mark_moved(evening, who, now)
    _note(session, evening, "countdown stopped", who, now)


def _can_close(session: Session, evening: Evening) -> bool:
    stage = Stage(evening.stage)
    if stage is Stage.PLANS:
        return agenda(session, evening.id)[evening.at_position - 1].scoring == Scoring.OPEN.value
    return stage in _closes and _closes[stage](session, evening.id)


def _note(session: Session, evening: Evening, what: str, who: Actor, now: datetime) -> None:
    journal.note(
        session, at=now, who=who, what=what, subject=f"evening {evening.id}", position=evening.at_position
    )
