"""Say yes or no, change it, stop; the appeal is held, so that an answer and the freeze never cross."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date
from pb.core.errors import NotFound
from pb.core.mail import Letter
from pb.inviting import queries, tables
from pb.inviting.queries import waves
from pb.inviting.queries.answering import contacts_of, features_of, person_of, said_yes
from pb.inviting.queries.invitations import InvitationFacts
from pb.inviting.rules.answering import (
    AnsweredAlready,
    AnswerWithdrawn,
    Contact,
    InvitationGone,
    NoAppeal,
    check_answering,
    check_contact,
    check_features,
    check_once,
    check_room,
    check_seat,
    has_fixed_seat,
    is_for_one,
)
from pb.inviting.rules.appeal import Appeal, Channel, Said
from pb.inviting.rules.codes import own_code, own_lookup, pool_code
from pb.people.actions import post
from pb.store import journal
from pb.store.journal import Actor

CODE = "{code}"


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """An answer that was stored, with the code that its giver keeps."""

    answer_id: int
    own_code: str


def hold_appeal(session: Session, round_id: int) -> Appeal:
    """Let one thing at a time happen to what a round asks, and give it as it is now. Raises: NoAppeal."""
    held = session.scalar(
        sa.select(tables.Appeal)
        .where(tables.Appeal.round_id == round_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if held is None:
        raise NoAppeal()
    return queries.appeal(session, round_id=round_id)


def answer_yes(
    session: Session, *, invitation_id: int, round_id: int, person: Contact,
    features: Mapping[int, int | None], channel: Channel, op: str, key: bytes, who: Actor, now: datetime,
    mail: Letter | None = None,
) -> AnswerGiven:  # fmt: skip
    """Take somebody's yes; the same press again gives the same answer.

    A no that stood on the letter becomes this yes. ``mail`` goes to whoever left an address; {code} in it
    becomes their own code.
    Raises: NoAppeal, NotFound, InvitationGone, AnsweredAlready, LetterFull, SeatGiven, ContactNeeded,
    EmailTwice, PhoneTwice, NameTwice, FeaturesChanged, and what ``check_answering`` raises.
    """
    appeal = hold_appeal(session, round_id)
    pressed = _pressed(session, invitation_id, op, Said.YES)
    if pressed is not None:
        return AnswerGiven(pressed.id, own_code(key, pressed.id))
    invitation = _open_invitation(session, appeal, invitation_id, channel, now)
    yes = said_yes(session, invitation_id=invitation.id)
    check_room(appeal, origin=invitation.origin, yes=yes, channel=channel)
    check_seat_left(session, appeal, invitation)
    check_contact(person)
    others = contacts_of(session, invitation_id=invitation.id)
    check_once(person, others, known=Contact(), call=appeal.phone)
    check_features(appeal.features, features)
    row = _standing_no(session, invitation.id)
    if row is None:
        row = _insert(session, invitation, Said.YES, channel, op, key, who, now)
    else:
        row.said, row.channel, row.op = Said.YES.value, channel.value, op
        row.taken_by, row.said_at = _taker(who, channel), now
    session.add(
        tables.AnswerPerson(answer_id=row.id, name=person.name, email=person.email, phone=person.phone)
    )
    session.add_all(
        tables.AnswerFeature(answer_id=row.id, feature_id=feature_id, value_id=value_id)
        for feature_id, value_id in features.items()
    )
    given = AnswerGiven(row.id, own_code(key, row.id))
    if mail is not None and person.email:
        body = mail.body.replace(CODE, given.own_code)
        post(session, to_email=person.email, subject=mail.subject, body=body, now=now)
    consents = any(value is not None for value in features.values())
    _note(session, row, who, now, "answered", said=Said.YES.value, channel=channel.value, consents=consents)
    return given


def answer_no(
    session: Session, *, invitation_id: int, round_id: int, channel: Channel, op: str, key: bytes, who: Actor,
    now: datetime,
) -> int:  # fmt: skip
    """Take a no to an invitation, and give its id; a letter holds one no at most.

    Raises: NoAppeal, NotFound, InvitationGone, AnsweredAlready, and what ``check_answering`` raises.
    """
    appeal = hold_appeal(session, round_id)
    pressed = _pressed(session, invitation_id, op, Said.NO)
    if pressed is not None:
        return pressed.id
    invitation = _open_invitation(session, appeal, invitation_id, channel, now)
    if is_for_one(invitation.origin) and said_yes(session, invitation_id=invitation.id):
        raise AnsweredAlready()
    row = _standing_no(session, invitation.id)
    if row is None:
        row = _insert(session, invitation, Said.NO, channel, op, key, who, now)
        _note(session, row, who, now, "answered", said=Said.NO.value, channel=channel.value)
    return row.id


def change_answer(
    session: Session, *, answer_id: int, round_id: int, person: Contact,
    features: Mapping[int, int | None], who: Actor, now: datetime, channel: Channel = Channel.PAGE,
) -> None:  # fmt: skip
    """Change how to reach somebody, and what they filled in; the same again changes nothing.

    Raises: NoAppeal, NotFound, AnswerWithdrawn, ContactNeeded, EmailTwice, PhoneTwice, NameTwice,
    FeaturesChanged, and what ``check_answering`` raises.
    """
    appeal = hold_appeal(session, round_id)
    facts = queries.answer(session, round_id=round_id, answer_id=answer_id)
    if not facts.counts:
        raise AnswerWithdrawn(phone=appeal.phone)
    check_answering(appeal, day=amsterdam_date(now), channel=channel)
    check_contact(person)
    check_features(appeal.features, features)
    kept, known = dict(features_of(session, answer_id=answer_id)), person_of(session, answer_id=answer_id)
    if (known, kept) == (person, dict(features)):
        return
    others = contacts_of(session, invitation_id=facts.invitation_id, but=answer_id)
    check_once(person, others, known=known, call=appeal.phone)
    row = session.get_one(tables.Answer, answer_id)
    row.changed_at = now
    _erase(session, answer_id)
    session.add(
        tables.AnswerPerson(answer_id=row.id, name=person.name, email=person.email, phone=person.phone)
    )
    session.add_all(
        tables.AnswerFeature(answer_id=row.id, feature_id=feature_id, value_id=value_id)
        for feature_id, value_id in features.items()
    )
    consents = any(value is not None for value in features.values())
    _note(session, row, who, now, "answer changed", features=kept != dict(features), consents=consents)


def withdraw(session: Session, *, answer_id: int, round_id: int, who: Actor, now: datetime) -> None:
    """Let somebody stop, at any time; stopping twice is stopping once.

    Before the list is fixed everything that they filled in goes at once. After it, names stay until the
    day that was promised: somebody else has to be found for the place.
    Raises: NoAppeal, NotFound.
    """
    appeal = hold_appeal(session, round_id)
    facts = queries.answer(session, round_id=round_id, answer_id=answer_id)
    if facts.withdrawn_at is not None:
        return
    row = session.get_one(tables.Answer, answer_id)
    row.withdrawn_at = now
    if appeal.frozen_at is None:
        _erase(session, answer_id)
        row.erased_at = row.erased_at or now
    _note(session, row, who, now, "answer withdrawn", after_freeze=appeal.frozen_at is not None)


def give_code_again(
    session: Session, *, answer_id: int, round_id: int, key: bytes, mail: Letter, who: Actor, now: datetime
) -> str | None:
    """Mail somebody's own code once more; give it, to be read out, to who has no address for mail.

    Raises: NotFound, also for who stopped.
    """
    facts = queries.answer(session, round_id=round_id, answer_id=answer_id)
    if not facts.counts:
        raise NotFound()
    code = own_code(key, answer_id)
    email = person_of(session, answer_id=answer_id).email
    if email:
        post(session, to_email=email, subject=mail.subject, body=mail.body.replace(CODE, code), now=now)
    row = session.get_one(tables.Answer, answer_id)
    _note(session, row, who, now, "own code given again", by_mail=bool(email))
    return None if email else code


def check_seat_left(session: Session, appeal: Appeal, invitation: InvitationFacts) -> None:
    """Refuse a yes to a fixed seat that others of the network have. Raises: SeatGiven."""
    if not has_fixed_seat(appeal, invitation.origin):
        return
    people = waves.network(session, round_id=appeal.round_id)
    others = [one for one in people if one.id != invitation.id]
    said_no = any(one.id == invitation.id and one.answered for one in people)
    promised, yes = len(waves.standing(others)), sum(one.yes > 0 for one in others)
    check_seat(appeal, origin=invitation.origin, said_no=said_no, promised=promised, yes=yes)


def _open_invitation(
    session: Session, appeal: Appeal, invitation_id: int, channel: Channel, now: datetime
) -> InvitationFacts:
    found = queries.invitation(session, round_id=appeal.round_id, invitation_id=invitation_id)
    if found.gone_at is not None:
        raise InvitationGone(phone=appeal.phone)
    check_answering(appeal, day=amsterdam_date(now), channel=channel)
    return found


def _pressed(session: Session, invitation_id: int, op: str, said: Said) -> tables.Answer | None:
    found = session.scalar(sa.select(tables.Answer).where(tables.Answer.op == op))
    # A press of another letter or another button tells nothing about this one.
    if found is not None and (found.invitation_id, found.said) != (invitation_id, said.value):
        raise AnsweredAlready()
    return found


def _standing_no(session: Session, invitation_id: int) -> tables.Answer | None:
    return session.scalar(
        sa.select(tables.Answer)
        .where(
            tables.Answer.invitation_id == invitation_id, tables.Answer.said == Said.NO.value,
            tables.Answer.withdrawn_at.is_(None), tables.Answer.erased_at.is_(None),
        )
        .order_by(tables.Answer.id)
        .limit(1)
    )  # fmt: skip


def _insert(
    session: Session, invitation: InvitationFacts, said: Said, channel: Channel, op: str, key: bytes,
    who: Actor, now: datetime,
) -> tables.Answer:  # fmt: skip
    # Codes are made from the answer's id, which is not known yet; the press is unique, and short enough.
    row = tables.Answer(
        round_id=invitation.round_id, invitation_id=invitation.id, said=said.value, code=f"new {op}"[:16],
        own_hmac=f"new {op}", channel=channel.value, taken_by=_taker(who, channel), said_at=now, op=op,
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.code = pool_code(key, row.id)
    row.own_hmac = own_lookup(key, own_code(key, row.id))
    return row


def _taker(who: Actor, channel: Channel) -> int | None:
    return who.id if channel is not Channel.PAGE and who.kind == "account" else None


def _erase(session: Session, answer_id: int) -> None:
    for table in (tables.AnswerFeature, tables.AnswerPerson):
        session.execute(sa.delete(table).where(table.answer_id == answer_id))


def _note(
    session: Session, row: tables.Answer, who: Actor, now: datetime, what: str, **facts: object
) -> None:
    session.flush()
    journal.note(
        session, at=now, who=who, what=what, subject=f"answer {row.id}", round_id=row.round_id, **facts
    )
