"""Add an event to an evening's chain."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical
from pb.core.errors import NotFound
from pb.evening.rules.chain import link_hash
from pb.evening.tables import Evening, Event


def hold(session: Session, evening_id: int) -> Evening:
    """Take the evening for this transaction, so that its events come one after the other.

    Raises: NotFound.
    """
    found = session.scalar(sa.select(Evening).where(Evening.id == evening_id).with_for_update())
    if found is None:
        raise NotFound()
    return found


def append(session: Session, evening: Evening, kind: str, now: datetime, **facts: object) -> int:
    """Write an event behind the last one and give its sequence number.

    The evening must be held. Facts name seats and plans by id, never people.
    """
    evening.seq += 1
    text = canonical(facts).decode()
    evening.head = link_hash(evening.head, evening.seq, now, kind, text)
    session.add(
        Event(evening_id=evening.id, seq=evening.seq, at=now, kind=kind, facts=text, hash=evening.head)
    )
    return evening.seq
