"""Add events to an evening's chain."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical
from pb.core.errors import NotFound
from pb.evening.rules.chain import link_hash
from pb.evening.tables import Evening, Event
from pb.store.base import UtcTime
from pb.store.changes import mark
from pb.store.rows import TEXT, WHOLE, write_rows


def topic_of(evening_id: int) -> str:
    """Name an evening for whoever listens to changes."""
    return f"evening {evening_id}"


def hold(session: Session, evening_id: int) -> Evening:
    """Take the evening for this transaction, so that its events come one after the other.

    Raises: NotFound.
    """
    found = session.scalar(
        sa.select(Evening)
        .where(Evening.id == evening_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    mark(session, topic_of(evening_id))
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


@dataclass
class Chain:
    """The end of an evening's chain, and events that are still to be written behind it."""

    evening_id: int
    seq: int
    head: str
    accepted_seq: int
    waiting: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, at: datetime, facts: dict[str, Any], *, op: str | None = None) -> int:
        """Put an event behind the last one and give its sequence number."""
        self.seq += 1
        text = canonical(facts).decode()
        self.head = link_hash(self.head, self.seq, at, kind, text)
        self.waiting.append(
            {
                "evening_id": self.evening_id, "seq": self.seq, "at": at, "kind": kind, "facts": text,
                "hash": self.head, "op": op,
            }
        )  # fmt: skip
        return self.seq

    def write(self, session: Session) -> None:
        """Write what waits, all at once."""
        if not self.waiting:
            return
        connection = session.connection()
        write_rows(connection, _INSERT, _COLUMNS, self.waiting)
        connection.execute(_MOVE, {"which": self.evening_id, "to": self.seq, "end": self.head})
        self.waiting = []


def lock(session: Session, evening_id: int) -> Chain | None:
    """Take the end of an evening's chain for this transaction, for many events at once."""
    row = session.connection().execute(_END, {"which": evening_id}).one_or_none()
    mark(session, topic_of(evening_id))
    return Chain(evening_id, row.seq, row.head, row.accepted_seq or 0) if row else None


_evenings = cast(sa.Table, Evening.__table__)
_END = (
    sa.select(Evening.seq, Evening.head, Evening.accepted_seq)
    .where(Evening.id == sa.bindparam("which"))
    .with_for_update()
)
_INSERT = "INSERT INTO evening_event (evening_id, seq, at, kind, facts, hash, op) {rows}"
_COLUMNS = (
    ("evening_id", WHOLE), ("seq", WHOLE), ("at", UtcTime()), ("kind", TEXT), ("facts", TEXT), ("hash", TEXT),
    ("op", TEXT),
)  # fmt: skip
_MOVE = (
    sa.update(_evenings)
    .where(_evenings.c.id == sa.bindparam("which"))
    .values(seq=sa.bindparam("to"), head=sa.bindparam("end"))
)
