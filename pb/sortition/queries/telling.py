"""Read whom the mail about a list or about its outcome could not reach, and who was told in another way."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.inviting.tables import Answer, AnswerPerson, InvitationPerson
from pb.people.tables import Message
from pb.sortition.tables import SeatDraw, Seating
from pb.store.journal import JournalLine

# A mail that was refused so often is not waited for, although the server goes on trying.
REFUSED_AFTER: Final = 3


class News(StrEnum):
    """Name what there is to tell: that the list is fixed, or that somebody was not drawn.

    Whoever has a seat is phoned or written to about coming, so the outcome is told to the others.
    """

    LIST = "list"
    OUTCOME = "outcome"

    @property
    def told(self) -> str:
        return f"told of the {self}"

    @property
    def not_told(self) -> str:
        return f"not told of the {self} after all"


class Why(StrEnum):
    """Name why a mail did not reach somebody."""

    NO_EMAIL = "no email"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody who takes part and did not get the mail; empty text where nothing is known."""

    answer_id: int
    why: Why
    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    told_at: datetime | None = None
    told_by: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A tick at somebody's name, or one that was taken back."""

    at: datetime
    news: News
    told: bool


_WORDS: Final = {news.told: (news, True) for news in News} | {news.not_told: (news, False) for news in News}


@dataclass(frozen=True, slots=True)
class Telling:
    """Hold whom the mail of one draw did not reach. ``on_the_way`` counts mails that were not sent yet."""

    people: tuple[Unreached, ...] = ()
    on_the_way: int = 0

    @property
    def by_phone(self) -> tuple[Unreached, ...]:
        return tuple(one for one in self.people if one.phone)

    @property
    def by_letter(self) -> tuple[Unreached, ...]:
        return tuple(one for one in self.people if not one.phone)


def subject_of(draw_id: int) -> str:
    """Name a draw as the journal does."""
    return f"seat draw {draw_id}"


def telling(session: Session, *, draw_id: int, news: News = News.LIST) -> Telling:
    """Say of one draw whom its mail did not reach; nobody, before there was something to tell."""
    return tellings(session, draw_ids=[draw_id], news=news).get(draw_id, Telling())


def tellings(session: Session, *, draw_ids: Collection[int], news: News = News.LIST) -> dict[int, Telling]:
    """Say of several draws at once whom their mail did not reach.

    Ties: in the order in which people said yes.
    """
    if not draw_ids:
        return {}
    told_at = SeatDraw.published_at if news is News.LIST else SeatDraw.decided_at
    sits = sa.exists().where(Seating.answer_id == Answer.id)
    rows = session.execute(
        sa.select(
            SeatDraw.id.label("draw_id"), Answer.id.label("answer_id"), AnswerPerson.name,
            AnswerPerson.email, AnswerPerson.phone, InvitationPerson.address,
            Message.id.label("message_id"), Message.sent_at, Message.tries,
        )
        .join(Answer, Answer.round_id == SeatDraw.round_id)
        .join(AnswerPerson, AnswerPerson.answer_id == Answer.id)
        .outerjoin(InvitationPerson, InvitationPerson.invitation_id == Answer.invitation_id)
        # The mails of a draw were made in the moment in which it was published, or gave its seats.
        .outerjoin(
            Message,
            sa.and_(
                AnswerPerson.email != "", Message.made_at == told_at,
                sa.func.lower(Message.to_email) == sa.func.lower(AnswerPerson.email),
            ),
        )
        .where(
            SeatDraw.id.in_(draw_ids), told_at.is_not(None), Answer.said == "yes",
            Answer.withdrawn_at.is_(None), Answer.erased_at.is_(None),
            *([] if news is News.LIST else [~sits]),
        )
        .order_by(SeatDraw.id, Answer.id)
    ).all()  # fmt: skip
    told = _told(session, draw_ids, news)
    found: dict[int, Telling] = {}
    for row in rows:
        before = found.setdefault(row.draw_id, Telling())
        waits = row.message_id is not None and row.sent_at is None
        if row.email and not (waits and row.tries >= REFUSED_AFTER):
            found[row.draw_id] = Telling(before.people, before.on_the_way + waits)
            continue
        at, by = told.get((row.draw_id, row.answer_id), (None, None))
        one = Unreached(
            answer_id=row.answer_id, why=Why.REFUSED if row.email else Why.NO_EMAIL, name=row.name,
            phone=row.phone, address=row.address or "", told_at=at, told_by=by,
        )  # fmt: skip
        found[row.draw_id] = Telling((*before.people, one), before.on_the_way)
    return found


def told_to(session: Session, *, draw_ids: Collection[int], answer_id: int) -> tuple[Told, ...]:
    """List what staff ticked off about one person, in the order in which they did."""
    rows = session.scalars(
        sa.select(JournalLine)
        .where(
            JournalLine.subject.in_([subject_of(draw_id) for draw_id in draw_ids]),
            JournalLine.what.in_(_WORDS),
        )
        .order_by(JournalLine.id)
    )
    return tuple(
        Told(row.at, *_WORDS[row.what]) for row in rows if json.loads(row.facts)["answer"] == answer_id
    )


def _told(
    session: Session, draw_ids: Collection[int], news: News
) -> dict[tuple[int, int], tuple[datetime | None, int | None]]:
    """Follow what the journal says about each person; the last line counts."""
    draw_of = {subject_of(draw_id): draw_id for draw_id in draw_ids}
    rows = session.scalars(
        sa.select(JournalLine)
        .where(JournalLine.subject.in_(draw_of), JournalLine.what.in_([news.told, news.not_told]))
        .order_by(JournalLine.id)
    )
    found: dict[tuple[int, int], tuple[datetime | None, int | None]] = {}
    for row in rows:
        whom = draw_of[row.subject], int(json.loads(row.facts)["answer"])
        found[whom] = (row.at, row.actor_id) if row.what == news.told else (None, None)
    return found
