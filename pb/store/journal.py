"""The journal: every action leaves one line, in the transaction of the change it records."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pb.core.canonical import canonical
from pb.store.base import Table


@dataclass(frozen=True)
class Actor:
    """Who did it: an account, a seat, or the system; an id, never a name."""

    kind: str
    id: int | None = None


SYSTEM = Actor("system")
VISITOR = Actor("visitor")


def account(account_id: int) -> Actor:
    """Name a person with an account."""
    return Actor("account", account_id)


def seat(seat_id: int) -> Actor:
    """Name a panel seat."""
    return Actor("seat", seat_id)


class JournalLine(Table):
    __tablename__ = "store_journal"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(sa.String(20))
    actor_id: Mapped[int | None]
    what: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(60), index=True)
    facts: Mapped[str] = mapped_column(sa.Text)


def note(session: Session, *, at: datetime, who: Actor, what: str, subject: str, **facts: object) -> None:
    """Write one line: who did what to which subject, with facts that name no person."""
    session.add(
        JournalLine(
            at=at,
            actor_kind=who.kind,
            actor_id=who.id,
            what=what,
            subject=subject,
            facts=canonical(facts).decode(),
        )
    )


def lines(
    session: Session, *, most: int = 200, before: int | None = None, subject: str | None = None
) -> list[JournalLine]:
    """Read the newest lines first."""
    query = sa.select(JournalLine).order_by(JournalLine.id.desc()).limit(most)
    if before is not None:
        query = query.where(JournalLine.id < before)
    if subject is not None:
        query = query.where(JournalLine.subject == subject)
    return list(session.scalars(query))
