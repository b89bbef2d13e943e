"""Count people on the floor."""

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical
from pb.core.errors import NotFound
from pb.evening.actions.events import append, hold
from pb.evening.queries import floor
from pb.evening.rules.floor import Counts, FloorNotOpen, check_counts, check_still_there, five
from pb.evening.rules.steps import Scoring
from pb.evening.tables import AgendaItem, FloorCount
from pb.store import journal
from pb.store.journal import Actor


def count_floor(
    session: Session, *, evening_id: int, item_id: int, counts: Counts, who: Actor, now: datetime
) -> bool:
    """Keep how many people stand on each figure on the floor, first and last; say whether it was news.

    The last one to save wins. Raises: NotFound, FloorNotOpen, FloorCountedTooHigh, FloorCountUnclear.
    """
    evening = hold(session, evening_id)
    item = session.scalar(
        sa.select(AgendaItem).where(AgendaItem.evening_id == evening_id, AgendaItem.id == item_id)
    )
    if item is None or who.id is None:
        raise NotFound()
    if item.scoring != Scoring.OPEN.value:
        raise FloorNotOpen()
    check_counts(five(counts), people=len(floor.floor_seats(session, evening_id=evening_id, item_id=item_id)))
    row = session.get(FloorCount, item_id)
    if row is not None and _counts(row) == counts and not _left_since(session, evening_id, row):
        return False
    text = canonical(list(counts)).decode()
    seq = append(session, evening, "floor_counted", now, item=item_id, counts=list(counts))
    if row is None:
        row = FloorCount(item_id=item_id, first_counts=text)
        session.add(row)
    row.counts, row.counted_at, row.counted_by, row.seq = text, now, who.id, seq
    journal.note(
        session,
        at=now,
        who=who,
        what="floor counted",
        subject=f"evening {evening_id}",
        plan_id=item.plan_id,
        people=sum(counts),
    )
    return True


def check_before_closing(session: Session, *, evening_id: int, item_id: int) -> None:
    """See that no more people were counted on the floor than stand there when scoring closes.

    Raises: FloorCountedTooHigh, FloorCountOutdated when somebody left the floor after the count.
    """
    row = session.get(FloorCount, item_id)
    if row is None:
        return
    counts = _counts(row)
    check_counts(counts, people=len(floor.floor_seats(session, evening_id=evening_id, item_id=item_id)))
    check_still_there(counts, left=_left_since(session, evening_id, row))


def _counts(row: FloorCount) -> Counts:
    return five(json.loads(row.counts))


def _left_since(session: Session, evening_id: int, row: FloorCount) -> int:
    return floor.whereabouts(session, evening_id=evening_id).left_floor_since(row.seq)
