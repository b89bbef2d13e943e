"""Read how many people know what a round asks, and who of them must hear of a change."""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.inviting.rules.appeal import Said
from pb.inviting.tables import Answer, AnswerPerson, Invitation


@dataclass(frozen=True, slots=True)
class Reached:
    """Count invitations that went out or were answered, and who said yes; with the addresses to mail."""

    asked: int
    yes: int
    emails: tuple[str, ...] = field(repr=False)

    @property
    def to_phone(self) -> int:
        """Count who said yes and cannot be mailed."""
        return self.yes - len(self.emails)


def reached(session: Session, *, round_id: int) -> Reached:
    """Look at the invitations of a round that were not taken back, and at who said yes and did not stop."""
    answered = sa.exists().where(Answer.invitation_id == Invitation.id).correlate(Invitation)
    asked = session.scalar(
        sa.select(sa.func.count(Invitation.id)).where(
            Invitation.round_id == round_id, Invitation.gone_at.is_(None),
            sa.or_(Invitation.sent_at.is_not(None), answered),
        )
    )  # fmt: skip
    emails = session.scalars(
        sa.select(AnswerPerson.email)
        .select_from(Answer)
        .outerjoin(AnswerPerson, AnswerPerson.answer_id == Answer.id)
        .where(
            Answer.round_id == round_id, Answer.said == Said.YES.value, Answer.withdrawn_at.is_(None),
            Answer.erased_at.is_(None),
        )
        .order_by(Answer.id)
    ).all()  # fmt: skip
    return Reached(asked or 0, len(emails), tuple(email for email in emails if email))
