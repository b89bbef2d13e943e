"""Forget as promised: everybody's features and names on the day that was named, and one person on request."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date
from pb.inviting.actions.answering import hold_appeal
from pb.inviting.tables import Answer, AnswerFeature, AnswerPerson, Appeal, Invitation, InvitationPerson
from pb.panel.actions import forget_persons
from pb.panel.actions.filling import hold_round
from pb.panel.tables import DrawTicket, Seat, SeatPerson
from pb.people.tables import Account, Message
from pb.sortition.queries.known import Kind, known_about
from pb.sortition.queries.mirror import EveningsCame, EveningsToCome, mirror
from pb.sortition.rules.mirror import write_mirror
from pb.sortition.tables import KeptMirror, SeatDraw
from pb.store import journal
from pb.store.journal import Actor


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Count what was destroyed."""

    persons: int = 0
    features: int = 0
    addresses: int = 0
    packs: int = 0
    mails: int = 0


def due(session: Session, *, now: datetime) -> list[int]:
    """List the rounds whose day has come, and that were not done yet."""
    return list(
        session.scalars(
            sa.select(Appeal.round_id)
            .where(Appeal.delete_on <= amsterdam_date(now), Appeal.deleted_at.is_(None))
            .order_by(Appeal.round_id)
        )
    )


def forget_round(
    session: Session, *, round_id: int, evenings: EveningsCame, who: Actor, now: datetime
) -> Forgotten | None:
    """Destroy names, features, addresses and auditors' packs of a round; None before its day, or when done.

    The counts of the mirror are kept first. Who has a seat now stays known in the panel, without an address,
    until forget_seats.
    """
    hold_round(session, round_id)
    hold_appeal(session, round_id)
    if round_id not in due(session, now=now):
        return None
    shown = mirror(session, round_id=round_id, evenings=evenings)
    if shown is not None and session.get(KeptMirror, round_id) is None:
        session.add(KeptMirror(round_id=round_id, counts=write_mirror(shown), kept_at=now))
    answers = sa.select(Answer.id).where(Answer.round_id == round_id)
    invitations = sa.select(Invitation.id).where(Invitation.round_id == round_id)
    gone = sa.select(Seat.id).where(Seat.round_id == round_id, Seat.gone_at.is_not(None))
    letters = sa.select(Invitation.draw_id).where(
        Invitation.round_id == round_id, Invitation.draw_id.is_not(None)
    )
    emails = {
        *session.scalars(sa.select(AnswerPerson.email).where(AnswerPerson.answer_id.in_(answers))),
        *session.scalars(
            sa.select(InvitationPerson.email).where(InvitationPerson.invitation_id.in_(invitations))
        ),
    }
    done = Forgotten(
        mails=_forget_mail(session, emails),
        features=_delete(session, AnswerFeature, AnswerFeature.answer_id.in_(answers)),
        persons=_delete(session, AnswerPerson, AnswerPerson.answer_id.in_(answers))
        + _delete(session, SeatPerson, SeatPerson.seat_id.in_(gone)),
        addresses=_forget_addresses(session, round_id)
        + _delete(session, InvitationPerson, InvitationPerson.invitation_id.in_(invitations))
        + _delete(session, DrawTicket, DrawTicket.draw_id.in_(letters)),
        packs=_count(
            session.execute(
                sa.update(SeatDraw)
                .where(SeatDraw.round_id == round_id, SeatDraw.auditor.is_not(None))
                .values(auditor=None)
            )
        ),
    )
    session.get_one(Appeal, round_id).deleted_at = now
    journal.note(
        session, at=now, who=who, what="answers forgotten", subject=f"round {round_id}",
        persons=done.persons, features=done.features, addresses=done.addresses, packs=done.packs,
        mails=done.mails, mirror_kept=shown is not None,
    )  # fmt: skip
    return done


def seats_kept_until(
    session: Session, *, round_id: int, came: EveningsCame, to_come: EveningsToCome
) -> date | None:
    """Tell from which day nobody needs to be reached: the one after the last evening, planned or held.

    None when there is no evening, so that the day that was named is the day.
    """
    days = [one.held_on for evenings in (came, to_come) for one in evenings(session, round_id)]
    return max(days) + timedelta(days=1) if days else None


def seats_due(session: Session, *, came: EveningsCame, to_come: EveningsToCome, now: datetime) -> list[int]:
    """List the rounds that were forgotten but for who has a seat, and whose last evening is over."""
    rounds = session.scalars(
        sa.select(Appeal.round_id)
        .join(Seat, Seat.round_id == Appeal.round_id)
        .join(SeatPerson, SeatPerson.seat_id == Seat.id)
        .where(Appeal.deleted_at.is_not(None))
        .distinct()
        .order_by(Appeal.round_id)
    )
    today = amsterdam_date(now)
    until = {one: seats_kept_until(session, round_id=one, came=came, to_come=to_come) for one in rounds}
    return [round_id for round_id, day in until.items() if day is None or day <= today]


def forget_seats(session: Session, *, round_id: int, who: Actor, now: datetime) -> int:
    """Destroy who sits where, and mails to them; give how many persons were forgotten."""
    hold_round(session, round_id)
    seats = sa.select(Seat.id).where(Seat.round_id == round_id)
    _forget_mail(
        session, set(session.scalars(sa.select(SeatPerson.email).where(SeatPerson.seat_id.in_(seats))))
    )
    return forget_persons(session, round_id=round_id, who=who, now=now)


def erase(session: Session, *, round_id: int, kind: Kind, of: int, who: Actor, now: datetime) -> None:
    """Destroy what is known about one person who asks for it; doing it twice is doing it once.

    Seats, numbers and packs stay; packs hold codes. An address stays while somebody else there takes part.
    Raises: NotFound.
    """
    hold_round(session, round_id)
    known = known_about(session, round_id=round_id, kind=kind, of=of)
    emails = {known.person.email, known.seat_person.email, known.letter.email}
    if known.answer is not None:
        row = session.get_one(Answer, known.answer.id)
        if row.erased_at is not None:
            return
        row.erased_at = now
        _delete(session, AnswerFeature, AnswerFeature.answer_id == row.id)
        _delete(session, AnswerPerson, AnswerPerson.answer_id == row.id)
    if known.invitation is not None and not known.others_at_letter:
        _delete(session, InvitationPerson, InvitationPerson.invitation_id == known.invitation.id)
        if known.answer is None:
            session.get_one(Invitation, known.invitation.id).gone_at = now
    if known.seat is not None:
        _delete(session, SeatPerson, SeatPerson.seat_id == known.seat.id)
    mails = _forget_mail(session, emails)
    journal.note(
        session, at=now, who=who, what="person erased", subject=f"round {round_id}", kind=kind.value,
        seat=known.seat is not None, mails=mails,
    )  # fmt: skip


def _forget_addresses(session: Session, round_id: int) -> int:
    """Destroy where the people live who have a seat; the panel has no use for it."""
    seats = sa.select(Seat.id).where(Seat.round_id == round_id)
    which = sa.or_(SeatPerson.address != "", SeatPerson.address_key.is_not(None))
    return _count(
        session.execute(
            sa.update(SeatPerson)
            .where(SeatPerson.seat_id.in_(seats), which)
            .values(address="", address_key=None)
        )
    )


def _forget_mail(session: Session, emails: Collection[str]) -> int:
    """Destroy mails to these people; whoever has an account gets other mail too, and keeps it."""
    some = {email for email in emails if email}
    if not some:
        return 0
    some -= set(session.scalars(sa.select(Account.email).where(Account.email.in_(some))))
    return _delete(session, Message, Message.to_email.in_(some))


def _delete(session: Session, table: type, which: sa.ColumnElement[bool]) -> int:
    return _count(session.execute(sa.delete(table).where(which)))


def _count(result: sa.Result[tuple[object, ...]]) -> int:
    return int(result.rowcount)  # type: ignore[attr-defined]
