"""Clear the alarm that says: this database is older than what phones were told."""

from datetime import datetime

from sqlalchemy.orm import Session

from pb.evening.actions.events import hold
from pb.evening.actions.moving import mark_moved
from pb.store import journal
from pb.store.journal import Actor


def clear_alarm(session: Session, *, evening_id: int, who: Actor, now: datetime) -> None:
    """Go on after somebody solved it; clearing what is not raised changes nothing. Raises: NotFound."""
    evening = hold(session, evening_id)
    if evening.alarm_seq is None:
        return
    told = evening.alarm_seq
    # Phones that know of more may go on: what they were told before is not here, and somebody saw to that.
    evening.alarm_seq, evening.accepted_seq = None, max(told, evening.accepted_seq or 0)
    mark_moved(evening, who, now)
    journal.note(
        session, at=now, who=who, what="alarm cleared", subject=f"evening {evening_id}",
        phones_knew=told, database_has=evening.seq,
    )  # fmt: skip
