"""Read what one person needs to answer or to look at their own answer, and nothing of anybody else."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.inviting.queries.invitations import Addressee, InvitationFacts, invitation
from pb.inviting.rules.answering import Contact
from pb.inviting.tables import Answer, AnswerFeature, AnswerPerson, Invitation, InvitationPerson


def letter_of_code(session: Session, *, code_hmac: str) -> InvitationFacts | None:
    """Find the invitation of a code, also one that was taken back."""
    found = session.execute(
        sa.select(Invitation.id, Invitation.round_id).where(Invitation.code_hmac == code_hmac)
    ).one_or_none()
    return invitation(session, round_id=found.round_id, invitation_id=found.id) if found else None


def addressee_of(session: Session, *, invitation_id: int) -> Addressee:
    """Give whom one invitation went to; empty text where nothing is known."""
    row = session.get(InvitationPerson, invitation_id)
    if row is None:
        return Addressee("", "", "", "", None)
    return Addressee(row.name, row.email, row.phone, row.address, row.address_key)


def person_of(session: Session, *, answer_id: int) -> Contact:
    """Give how to reach one person who answered; empty text where nothing is known."""
    row = session.get(AnswerPerson, answer_id)
    return Contact(row.name, row.email, row.phone) if row else Contact()


def features_of(session: Session, *, answer_id: int) -> Mapping[int, int | None]:
    """Give what one person filled in: per feature id the id of the value; None for rather not."""
    rows = session.execute(
        sa.select(AnswerFeature.feature_id, AnswerFeature.value_id).where(
            AnswerFeature.answer_id == answer_id
        )
    )
    return {row.feature_id: row.value_id for row in rows}


def said_yes(session: Session, *, invitation_id: int) -> int:
    """Count who said yes to one invitation and did not stop."""
    which = [
        Answer.invitation_id == invitation_id, Answer.said == "yes", Answer.withdrawn_at.is_(None),
        Answer.erased_at.is_(None),
    ]  # fmt: skip
    return session.scalar(sa.select(sa.func.count(Answer.id)).where(*which)) or 0


def contacts_of(session: Session, *, invitation_id: int, but: int | None = None) -> list[Contact]:
    """Give how to reach who said yes to one invitation and did not stop, but for one answer."""
    found = session.execute(
        sa.select(AnswerPerson.name, AnswerPerson.email, AnswerPerson.phone)
        .join(Answer, Answer.id == AnswerPerson.answer_id)
        .where(
            Answer.invitation_id == invitation_id, Answer.said == "yes", Answer.withdrawn_at.is_(None),
            Answer.erased_at.is_(None), Answer.id != (but or 0),
        )
    )  # fmt: skip
    return [Contact(*row) for row in found]


def said_no(session: Session, *, invitation_id: int) -> bool:
    """Say whether somebody said no to one invitation, and nobody took that back."""
    which = (Answer.invitation_id == invitation_id, Answer.said == "no", Answer.withdrawn_at.is_(None))
    return session.scalar(sa.select(Answer.id).where(*which).limit(1)) is not None
