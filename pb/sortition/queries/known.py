"""Read everything that the rooms of the panel know about one person, and how much is kept of everybody."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.inviting import queries as inviting
from pb.inviting.queries.answers import AnswerFacts
from pb.inviting.queries.invitations import InvitationFacts
from pb.inviting.tables import Answer, AnswerFeature, AnswerPerson, Invitation, InvitationPerson
from pb.panel.tables import Seat, SeatPerson
from pb.people.tables import Message
from pb.sortition.queries.draws import draws, figures
from pb.sortition.queries.steps import SeatNow, seats_now
from pb.sortition.queries.telling import Told, told_to
from pb.sortition.rules.finding import found_at, found_in, same_phone
from pb.sortition.tables import Reserve, SeatDraw, Seating
from pb.store.journal import JournalLine


class Kind(StrEnum):
    """Name by what somebody is known: an answer, a letter that was not answered, or a seat given by hand."""

    ANSWER = "antwoord"
    LETTER = "uitnodiging"
    SEAT = "stoel"


@dataclass(frozen=True, slots=True)
class Reach:
    """How to reach somebody; empty text where nothing is known."""

    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)

    @property
    def is_known(self) -> bool:
        return bool(self.name or self.email or self.phone or self.address)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody that a search found."""

    kind: Kind
    of: int
    name: str = field(repr=False)
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnDraw:
    """What a draw says about one person. Units: chance as a fraction of 1, in words of the pack."""

    id: int
    kind: str
    name: str
    decided_at: datetime | None
    in_pool: bool
    chance: str
    numbers: tuple[int, ...]
    number: int | None
    drawn: bool
    has_seat: bool
    reserve: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that is known about one person in the rooms of the panel."""

    kind: Kind
    of: int
    letter: Reach = Reach()
    person: Reach = Reach()
    seat_person: Reach = Reach()
    invitation: InvitationFacts | None = None
    answer: AnswerFacts | None = None
    features: tuple[tuple[str, str | None], ...] = ()
    seat: SeatNow | None = None
    draws: tuple[OwnDraw, ...] = ()
    told: tuple[Told, ...] = ()
    others_at_letter: bool = False
    mails: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """Count what is kept of the people of a round."""

    letters: int
    answers: int
    features: int
    seats: int
    auditors: int
    mails: int


def kept(session: Session, *, round_id: int) -> Kept:
    """Count names, features, addresses and packs of a round."""

    def count(table: type, *which: sa.ColumnElement[bool]) -> int:
        return session.scalar(sa.select(sa.func.count()).select_from(table).where(*which)) or 0

    answers = sa.select(Answer.id).where(Answer.round_id == round_id)
    letters = sa.select(Invitation.id).where(Invitation.round_id == round_id)
    emails = sa.select(AnswerPerson.email).where(
        AnswerPerson.answer_id.in_(answers), AnswerPerson.email != ""
    )
    return Kept(
        letters=count(InvitationPerson, InvitationPerson.invitation_id.in_(letters)),
        answers=count(AnswerPerson, AnswerPerson.answer_id.in_(answers)),
        features=count(AnswerFeature, AnswerFeature.answer_id.in_(answers)),
        seats=count(SeatPerson, SeatPerson.seat_id.in_(sa.select(Seat.id).where(Seat.round_id == round_id))),
        auditors=count(SeatDraw, SeatDraw.round_id == round_id, SeatDraw.auditor.is_not(None)),
        mails=count(Message, Message.to_email.in_(emails)),
    )


def forgotten(session: Session, *, round_id: int) -> list[tuple[datetime, str, Mapping[str, Any]]]:
    """List what was destroyed and when, the newest first, as the journal tells it."""
    what = ("answers forgotten", "person erased", "persons forgotten")
    rows = session.scalars(
        sa.select(JournalLine)
        .where(JournalLine.subject == f"round {round_id}", JournalLine.what.in_(what))
        .order_by(JournalLine.id.desc())
    )
    return [(row.at, row.what, json.loads(row.facts)) for row in rows]


def find(session: Session, *, round_id: int, words: str, own_hmac: str | None) -> list[Found]:
    """Find people by their own code, their mail address, telephone number, or a part of name or address."""
    found: dict[tuple[Kind, int], Found] = {}
    if own_hmac is not None:
        answer = inviting.answer_by_own(session, own_hmac=own_hmac)
        if answer is not None and answer.round_id == round_id:
            person = inviting.persons(session, round_id=round_id).get(answer.id)
            name, email = (person.name, person.email) if person else ("", "")
            return [Found(Kind.ANSWER, answer.id, name, email)]
    persons = inviting.persons(session, round_id=round_id)
    letters = inviting.addressees(session, round_id=round_id)
    answers: dict[int, list[int]] = {}
    for one in inviting.answers(session, round_id=round_id):
        answers.setdefault(one.invitation_id, []).append(one.id)
        reach, letter = persons.get(one.id), letters.get(one.invitation_id)
        if reach and _is(words, reach.name, reach.email, reach.phone, letter.address if letter else ""):
            found[Kind.ANSWER, one.id] = Found(Kind.ANSWER, one.id, reach.name, reach.email)
    for letter_id, letter in letters.items():
        if not _is(words, letter.name, letter.email, letter.phone, letter.address):
            continue
        # Whoever said no left no name of their own, but the request to come has one.
        who = [(Kind.ANSWER, one) for one in answers.get(letter_id, ()) if one not in persons]
        for key in who if letter_id in answers else [(Kind.LETTER, letter_id)]:
            found[key] = Found(*key, letter.name, letter.email)
    return [*found.values(), *_found_in_seats(session, round_id, words)]


def known_about(session: Session, *, round_id: int, kind: Kind, of: int) -> Known:
    """Gather everything about one person. Raises: NotFound."""
    if kind is Kind.SEAT:
        seat = next((one for one in seats_now(session, round_id=round_id) if one.id == of), None)
        if seat is None or seat.answer_id is not None:
            raise NotFound()
        reach = _seat_person(session, seat.id)
        return Known(kind, of, seat_person=reach, seat=seat, mails=_mails(session, reach.email))
    if kind is Kind.LETTER:
        invitation = inviting.invitation(session, round_id=round_id, invitation_id=of)
        if inviting.answers(session, round_id=round_id, invitation_id=of):
            raise NotFound()
        reach = _letter(session, of)
        return Known(kind, of, letter=reach, invitation=invitation, mails=_mails(session, reach.email))
    answer = inviting.answer(session, round_id=round_id, answer_id=of)
    row = session.get(AnswerPerson, of)
    seat = next((one for one in seats_now(session, round_id=round_id) if one.answer_id == of), None)
    others = [
        one
        for one in inviting.answers(session, round_id=round_id, invitation_id=answer.invitation_id)
        if one.id != of and one.counts
    ]
    # What somebody else at this address may not be told: who the letter was for is theirs together.
    letter = _letter(session, answer.invitation_id)
    reach = Reach(row.name, row.email, row.phone) if row else Reach()
    own_draws = _draws(session, round_id, answer, seat)
    return Known(
        kind, of, letter=letter, person=reach,
        seat_person=_seat_person(session, seat.id) if seat else Reach(),
        invitation=inviting.invitation(session, round_id=round_id, invitation_id=answer.invitation_id),
        answer=answer, features=_features(session, round_id, of), seat=seat,
        draws=own_draws, told=told_to(session, draw_ids=[one.id for one in own_draws], answer_id=of),
        others_at_letter=bool(others), mails=_mails(session, reach.email, letter.email),
    )  # fmt: skip


def is_reachable(session: Session, *, seat_id: int) -> bool:
    """Say whether a name or another way to reach somebody is still kept with a seat."""
    return _seat_person(session, seat_id).is_known


def _found_in_seats(session: Session, round_id: int, words: str) -> list[Found]:
    """Find people with a seat that was given by hand, so that no answer knows them."""
    rows = session.execute(
        sa.select(SeatPerson.seat_id, SeatPerson.name, SeatPerson.email, SeatPerson.phone, SeatPerson.address)
        .join(Seat, Seat.id == SeatPerson.seat_id)
        .where(Seat.round_id == round_id, SeatPerson.seat_id.not_in(sa.select(Seating.seat_id)))
        .order_by(Seat.number)
    )
    return [
        Found(Kind.SEAT, row.seat_id, row.name, row.email)
        for row in rows
        if _is(words, row.name, row.email, row.phone, row.address)
    ]


def _is(words: str, name: str, email: str, phone: str, address: str) -> bool:
    typed = words.strip()
    if "@" in typed:
        return email.casefold() == typed.casefold()
    if same_phone(typed, phone):
        return True
    return bool(typed) and (found_in(typed, name) or found_at(typed, address))


def _letter(session: Session, invitation_id: int) -> Reach:
    row = session.get(InvitationPerson, invitation_id)
    return Reach(row.name, row.email, row.phone, row.address) if row else Reach()


def _seat_person(session: Session, seat_id: int) -> Reach:
    row = session.get(SeatPerson, seat_id)
    return Reach(row.name, row.email, row.phone, row.address) if row else Reach()


def _mails(session: Session, *emails: str) -> int:
    some = {email for email in emails if email}
    which = sa.select(sa.func.count(Message.id)).where(Message.to_email.in_(some))
    return session.scalar(which) or 0 if some else 0


def _features(session: Session, round_id: int, answer_id: int) -> tuple[tuple[str, str | None], ...]:
    appeal = inviting.appeal(session, round_id=round_id)
    mine = inviting.feature_values(session, round_id=round_id).get(answer_id, {})
    return tuple(
        (feature.name, next((value.name for value in feature.values if value.id == mine[feature.id]), None))
        for feature in appeal.features
        if feature.id in mine
    )


def _draws(session: Session, round_id: int, answer: AnswerFacts, seat: SeatNow | None) -> tuple[OwnDraw, ...]:
    mine = sa.select(Reserve.draw_id, Reserve.place).where(Reserve.answer_id == answer.id)
    places = {row.draw_id: row.place for row in session.execute(mine)}
    found = []
    for draw in draws(session, round_id=round_id):
        seen = figures(session, draw)
        in_pool = answer.code in seen.turns
        if not in_pool and answer.code not in (*seen.invited, *seen.left_out):
            continue
        found.append(
            OwnDraw(
                id=draw.id, kind=draw.kind, name=seen.draw, decided_at=draw.decided_at, in_pool=in_pool,
                chance=str(seen.chance(answer.code)) if in_pool else "",
                numbers=tuple(seen.turns[answer.code]) if in_pool else (), number=draw.number,
                drawn=seat is not None and seat.draw_id == draw.id,
                has_seat=answer.code in seen.invited, reserve=places.get(draw.id),
            )
        )  # fmt: skip
    return tuple(found)
