"""Read whom an invitation went to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.inviting.tables import Invitation, InvitationPerson
from pb.panel.rules.origins import Origin


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """A letter or a request to come, without whom it went to."""

    id: int
    round_id: int
    origin: Origin
    draw_id: int | None
    place: int | None
    wave: int
    serial: int
    made_at: datetime
    sent_at: datetime | None
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom an invitation went to, for staff only; empty text where nothing is known."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    address_key: str | None = field(repr=False)


def invitations(
    session: Session, *, round_id: int, origins: Sequence[Origin] = tuple(Origin), wave: int | None = None
) -> list[InvitationFacts]:
    """List the invitations of a round, also those taken back, in the order in which they were made."""
    which = [Invitation.round_id == round_id, Invitation.origin.in_([origin.value for origin in origins])]
    return _invitations(session, *which, *([] if wave is None else [Invitation.wave == wave]))


def invitation(session: Session, *, round_id: int, invitation_id: int) -> InvitationFacts:
    """Find an invitation of a round. Raises: NotFound."""
    found = _invitations(session, Invitation.round_id == round_id, Invitation.id == invitation_id)
    if not found:
        raise NotFound()
    return found[0]


def invitation_by_code(session: Session, *, code_hmac: str) -> InvitationFacts | None:
    """Find the invitation that a code opens; None for one that was taken back."""
    found = _invitations(session, Invitation.code_hmac == code_hmac, Invitation.gone_at.is_(None))
    return found[0] if found else None


def addressees(session: Session, *, round_id: int) -> dict[int, Addressee]:
    """Give whom the invitations of a round went to, by invitation id; for staff only."""
    rows = session.scalars(
        sa.select(InvitationPerson)
        .join(Invitation, Invitation.id == InvitationPerson.invitation_id)
        .where(Invitation.round_id == round_id)
    )
    return {
        row.invitation_id: Addressee(row.name, row.email, row.phone, row.address, row.address_key)
        for row in rows
    }


def _invitations(session: Session, *which: sa.ColumnElement[bool]) -> list[InvitationFacts]:
    rows = session.scalars(sa.select(Invitation).where(*which).order_by(Invitation.id))
    return [
        InvitationFacts(
            id=row.id,
            round_id=row.round_id,
            origin=Origin(row.origin),
            draw_id=row.draw_id,
            place=row.place,
            wave=row.wave,
            serial=row.serial,
            made_at=row.made_at,
            sent_at=row.sent_at,
            gone_at=row.gone_at,
        )
        for row in rows
    ]
