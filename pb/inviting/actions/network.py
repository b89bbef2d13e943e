"""Invite people of the network, mail them once, and take an invitation back."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date
from pb.core.errors import NotFound
from pb.inviting.actions.answering import hold_appeal
from pb.inviting.actions.inviting import Guest, make_invitations
from pb.inviting.queries import waves
from pb.inviting.rules.appeal import Said
from pb.inviting.rules.codes import invitation_code
from pb.inviting.rules.network import (
    Known,
    NetworkFile,
    NetworkPerson,
    SaidYes,
    check_fixed_room,
    check_not_invited,
)
from pb.inviting.rules.waves import check_open
from pb.inviting.tables import Answer, Invitation, InvitationPerson
from pb.panel.actions.filling import hold_round
from pb.panel.actions.lists import take_upload
from pb.panel.queries import imported_at
from pb.panel.rules.keeping import FileKind, PanelChanged
from pb.panel.rules.origins import Origin
from pb.panel.tables import FileImport
from pb.people.actions import post
from pb.store import journal
from pb.store.journal import Actor

# Given a name and a code, write the subject and the text of a mail.
WriteMail = Callable[[str, str], tuple[str, str]]


def invite_person(
    session: Session,
    *,
    round_id: int,
    person: NetworkPerson,
    somebody_else: bool,
    key: bytes,
    who: Actor,
    now: datetime,
) -> int:
    """Invite one person of the network, and give the invitation's id.

    Raises: PersonInvited for who looks like somebody who was invited, unless it is ``somebody_else``;
    NoAppeal, LettersTooLate, FixedSeatsTaken.
    """
    hold_round(session, round_id)
    if not somebody_else:
        check_not_invited(person, known(session, round_id=round_id))
    [made] = _invite(session, round_id, [person], key, who, now)
    return made


def import_network(
    session: Session,
    *,
    round_id: int,
    file: NetworkFile,
    left_out_rows: Collection[int],
    invited_seen: int,
    key: bytes,
    who: Actor,
    now: datetime,
) -> int | None:
    """Invite the people of a kept list, and give how many; None when that was done before.

    ``invited_seen`` is how many were invited when somebody looked for people who stand there twice.
    Raises: UploadGone, PanelChanged, NoAppeal, LettersTooLate, FixedSeatsTaken.
    """
    hold_round(session, round_id)
    sha256 = file.source.sha256
    if imported_at(session, round_id=round_id, kind=FileKind.NETWORK, file_sha256=sha256) is not None:
        return None
    if len(waves.network(session, round_id=round_id)) != invited_seen:
        raise PanelChanged()
    take_upload(session, round_id=round_id, kind=FileKind.NETWORK, file_sha256=sha256)
    session.add(
        FileImport(
            round_id=round_id,
            kind=FileKind.NETWORK.value,
            file_sha256=sha256,
            row_count=file.source.row_count,
            imported_at=now,
        )
    )
    people = [person for person in file.people if person.row not in left_out_rows]
    return len(_invite(session, round_id, people, key, who, now))


def send_mails(
    session: Session, *, round_id: int, key: bytes, write: WriteMail, who: Actor, now: datetime
) -> int:
    """Mail everybody of the network who has an e-mail address, got nothing yet and did not answer.

    Give how many.
    Raises: NoAppeal, LettersTooLate.
    """
    hold_round(session, round_id)
    check_open(hold_appeal(session, round_id), amsterdam_date(now))
    waiting = waves.waiting(waves.network(session, round_id=round_id), mail=True)
    for one in waiting:
        subject, body = write(one.name, invitation_code(key, one.id, one.serial))
        post(session, to_email=one.email, subject=subject, body=body, now=now)
    _mark(session, [one.id for one in waiting], now)
    if waiting:
        _note(session, "network mailed", round_id, who, now, people=len(waiting))
    return len(waiting)


def hand_over(session: Session, *, round_id: int, who: Actor, now: datetime) -> int:
    """Write down that who of the network has no e-mail address and did not answer got a letter.

    Give how many.
    """
    hold_round(session, round_id)
    waiting = waves.waiting(waves.network(session, round_id=round_id), mail=False)
    _mark(session, [one.id for one in waiting], now)
    if waiting:
        _note(session, "network got letters", round_id, who, now, people=len(waiting))
    return len(waiting)


def take_back(session: Session, *, round_id: int, invitation_id: int, who: Actor, now: datetime) -> None:
    """Take back an invitation to somebody of the network: the code dies, the person is forgotten.

    A second time changes nothing.
    Raises: SaidYes; NotFound, also for a letter to an address that was drawn.
    """
    # Answers hold the appeal too, so a yes and this never cross.
    hold_appeal(session, round_id)
    row = session.scalar(
        sa.select(Invitation).where(
            Invitation.round_id == round_id,
            Invitation.id == invitation_id,
            Invitation.origin != Origin.LOT.value,
        )
    )
    if row is None:
        raise NotFound()
    if row.gone_at is not None:
        return
    yes = sa.select(Answer.id).where(
        Answer.invitation_id == row.id, Answer.said == Said.YES.value, Answer.withdrawn_at.is_(None)
    )
    if session.scalar(yes.limit(1)) is not None:
        raise SaidYes()
    row.gone_at = now
    session.execute(sa.delete(InvitationPerson).where(InvitationPerson.invitation_id == row.id))
    journal.note(
        session,
        at=now,
        who=who,
        what="invitation taken back",
        subject=f"invitation {row.id}",
        round_id=round_id,
    )


def known(session: Session, *, round_id: int) -> list[Known]:
    """Give who of the network was invited, as far as needed to recognise them."""
    return [Known(one.name, one.email) for one in waves.network(session, round_id=round_id)]


def _invite(
    session: Session,
    round_id: int,
    people: Sequence[NetworkPerson],
    key: bytes,
    who: Actor,
    now: datetime,
) -> list[int]:
    appeal = hold_appeal(session, round_id)
    check_open(appeal, amsterdam_date(now))
    promised = len(waves.standing(waves.network(session, round_id=round_id)))
    check_fixed_room(appeal, promised=promised, wanted=len(people))
    guests = [
        Guest(
            one.person.origin, name=one.person.name, email=one.person.email, phone=one.person.phone,
            address=one.home.written, address_key=one.home.key,
        )
        for one in people
    ]  # fmt: skip
    made = make_invitations(
        session, round_id=round_id, guests=guests, draw_id=None, wave=1, key=key, who=who, now=now
    )
    _note(session, "network invited", round_id, who, now, people=len(made))
    return made


def _mark(session: Session, ids: Sequence[int], now: datetime) -> None:
    session.execute(
        sa.update(Invitation).where(Invitation.id.in_(ids)).values(sent_at=now),
        execution_options={"synchronize_session": False},
    )


def _note(session: Session, what: str, round_id: int, who: Actor, now: datetime, **facts: object) -> None:
    journal.note(session, at=now, who=who, what=what, subject=f"round {round_id}", **facts)
