"""Write down that somebody whom no mail reached was told of the list by phone or by letter."""

from datetime import datetime

from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.sortition.actions.freezing import hold_draw
from pb.sortition.queries.telling import NOT_TOLD, TOLD, subject_of, telling
from pb.store import journal
from pb.store.journal import Actor


def mark_told(
    session: Session, *, round_id: int, draw_id: int, answer_id: int, told: bool, who: Actor, now: datetime
) -> None:
    """Tick somebody off, or take the tick back; the same press twice is one line.

    The journal keeps it: it says who told and when, and of the person only the id of an answer.
    Raises: NotFound.
    """
    draw = hold_draw(session, round_id=round_id, draw_id=draw_id)
    people = {one.answer_id: one for one in telling(session, draw_id=draw.id).people}
    if answer_id not in people:
        raise NotFound()
    if (people[answer_id].told_at is not None) != told:
        journal.note(
            session, at=now, who=who, what=TOLD if told else NOT_TOLD, subject=subject_of(draw.id),
            round_id=round_id, answer=answer_id,
        )  # fmt: skip
