"""Leave a line when cards are shown to print: whoever sees a card can score with it."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical
from pb.store import journal
from pb.store.journal import Actor, JournalLine

SAME_PRINTING = timedelta(minutes=10)


def note_printed(session: Session, *, round_id: int, numbers: list[int], who: Actor, now: datetime) -> None:
    """Note who was shown how many cards, from which seat to which; the same again soon is one printing."""
    facts = {"cards": len(numbers), "first": numbers[0], "last": numbers[-1]}
    what, subject = "cards printed", f"round {round_id}"
    known = session.scalar(
        sa.select(JournalLine.id)
        .where(
            JournalLine.subject == subject,
            JournalLine.what == what,
            JournalLine.actor_kind == who.kind,
            JournalLine.actor_id == who.id,
            JournalLine.at > now - SAME_PRINTING,
            JournalLine.facts == canonical(facts).decode(),
        )
        .limit(1)
    )
    if known is None:
        journal.note(session, at=now, who=who, what=what, subject=subject, **facts)
