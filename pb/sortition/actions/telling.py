"""Mail what a draw did, and write down who was told by phone or by letter because no mail reached them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.core.mail import Letter
from pb.inviting import queries as inviting
from pb.people.actions import post
from pb.sortition.actions.freezing import hold_draw
from pb.sortition.queries.telling import News, subject_of, telling
from pb.store import journal
from pb.store.journal import Actor


@dataclass(frozen=True, slots=True)
class OutcomeLetters:
    """What people read of a draw that gave its seats: who has one, and who has none."""

    seated: Letter
    not_drawn: Letter


def mail_outcome(
    session: Session, *, round_id: int, answer_ids: Collection[int], letter: Letter, now: datetime
) -> int:
    """Mail these people what a draw did, and count them; who stopped or left no address gets nothing."""
    persons = inviting.persons(session, round_id=round_id)
    told = 0
    for answer in inviting.answers(session, round_id=round_id):
        person = persons.get(answer.id)
        if answer.id in answer_ids and answer.counts and person is not None and person.email:
            post(session, to_email=person.email, subject=letter.subject, body=letter.body, now=now)
            told += 1
    return told


def mark_told(
    session: Session, *, round_id: int, draw_id: int, answer_id: int, told: bool, who: Actor, now: datetime,
    news: News = News.LIST,
) -> None:  # fmt: skip
    """Tick somebody off, or take the tick back; the same press twice is one line.

    The journal keeps it: it says who told and when, and of the person only the id of an answer.
    Raises: NotFound.
    """
    draw = hold_draw(session, round_id=round_id, draw_id=draw_id)
    people = {one.answer_id: one for one in telling(session, draw_id=draw.id, news=news).people}
    if answer_id not in people:
        raise NotFound()
    if (people[answer_id].told_at is not None) != told:
        journal.note(
            session, at=now, who=who, what=news.told if told else news.not_told, subject=subject_of(draw.id),
            round_id=round_id, answer=answer_id,
        )  # fmt: skip
