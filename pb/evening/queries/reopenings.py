"""Read requests to open a closed plan again."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.tables import AgendaItem, Reopening


@dataclass(frozen=True)
class ReopeningAsked:
    """A request that waits for a second person; ``asked_by`` is an account."""

    id: int
    position: int
    reason: str
    asked_by: int
    asked_at: datetime


def waiting_reopenings(session: Session, *, evening_id: int) -> list[ReopeningAsked]:
    """List the requests that nobody answered yet, the oldest first."""
    rows = session.execute(
        sa.select(Reopening, AgendaItem.position)
        .join(AgendaItem, AgendaItem.id == Reopening.item_id)
        .where(AgendaItem.evening_id == evening_id, Reopening.settled_at.is_(None))
        .order_by(Reopening.id)
    )
    return [
        ReopeningAsked(row.id, position, row.reason, row.asked_by, row.asked_at) for row, position in rows
    ]
