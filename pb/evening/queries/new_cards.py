"""Count the cards that were made anew during an evening: whoever holds a card scores with it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.rules.steps import Stage
from pb.evening.tables import Evening, Event
from pb.panel.tables import Seat
from pb.store.journal import JournalLine


def new_cards_made(session: Session, *, evening_id: int) -> int:
    """Count the new cards of an evening's seats, from when its doors first opened until it was over."""
    evening = session.get(Evening, evening_id)
    began = session.scalar(
        sa.select(sa.func.min(Event.at)).where(Event.evening_id == evening_id, Event.kind == "doors_opened")
    )
    if evening is None or began is None:
        return 0
    seat_ids = session.scalars(sa.select(Seat.id).where(Seat.round_id == evening.round_id))
    made = (
        sa.select(sa.func.count())
        .select_from(JournalLine)
        .where(
            JournalLine.what == "card made",
            JournalLine.subject.in_([f"seat {seat_id}" for seat_id in seat_ids]),
            JournalLine.at >= began,
        )
    )
    if evening.stage == Stage.DONE.value:
        ended = session.scalar(sa.select(sa.func.max(Event.at)).where(Event.evening_id == evening_id))
        made = made.where(JournalLine.at <= ended)
    return session.scalar(made) or 0
