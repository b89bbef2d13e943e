"""Read what people said; names and features each apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.inviting.rules.appeal import Channel, Said
from pb.inviting.tables import Answer, AnswerFeature, AnswerPerson, Invitation
from pb.panel.rules.origins import Origin


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """An answer without who gave it. Shape: ``code`` is the name in the draw."""

    id: int
    round_id: int
    invitation_id: int
    origin: Origin
    said: Said
    code: str
    channel: Channel
    said_at: datetime
    changed_at: datetime | None
    withdrawn_at: datetime | None
    erased_at: datetime | None

    @property
    def counts(self) -> bool:
        """Say whether this person can be drawn or seated."""
        return self.said is Said.YES and self.withdrawn_at is None and self.erased_at is None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """How to reach who answered, for staff and for this person only; empty text where nothing is known."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """Count invitations and answers. Units: invitations for the first, people for the others."""

    invited: int
    yes: int
    no: int
    withdrawn: int


def answers(session: Session, *, round_id: int, invitation_id: int | None = None) -> list[AnswerFacts]:
    """List the answers of a round, or to one invitation, in the order in which they came."""
    which = [] if invitation_id is None else [Answer.invitation_id == invitation_id]
    return _answers(session, Answer.round_id == round_id, *which)


def answer(session: Session, *, round_id: int, answer_id: int) -> AnswerFacts:
    """Find an answer of a round. Raises: NotFound."""
    found = _answers(session, Answer.round_id == round_id, Answer.id == answer_id)
    if not found:
        raise NotFound()
    return found[0]


def answer_by_own(session: Session, *, own_hmac: str) -> AnswerFacts | None:
    """Find the answer that a person's own code opens."""
    found = _answers(session, Answer.own_hmac == own_hmac)
    return found[0] if found else None


def persons(session: Session, *, round_id: int) -> dict[int, PersonFacts]:
    """Give how to reach who answered, by answer id; for staff only."""
    rows = session.scalars(
        sa.select(AnswerPerson)
        .join(Answer, Answer.id == AnswerPerson.answer_id)
        .where(Answer.round_id == round_id)
    )
    return {row.answer_id: PersonFacts(row.name, row.email, row.phone) for row in rows}


def feature_values(session: Session, *, round_id: int) -> Mapping[int, Mapping[int, int | None]]:
    """Give per answer id, per feature id, the id of the value; None for who would rather not say."""
    rows = session.execute(
        sa.select(AnswerFeature.answer_id, AnswerFeature.feature_id, AnswerFeature.value_id)
        .join(Answer, Answer.id == AnswerFeature.answer_id)
        .where(Answer.round_id == round_id)
    )
    found: dict[int, dict[int, int | None]] = {}
    for answer_id, feature_id, value_id in rows:
        found.setdefault(answer_id, {})[feature_id] = value_id
    return found


def counts(session: Session, *, round_id: int, origin: Origin | None = None) -> AnswerCounts:
    """Count who was invited and what they said; invitations that were taken back do not count."""
    which = [Invitation.round_id == round_id, Invitation.gone_at.is_(None)]
    if origin is not None:
        which.append(Invitation.origin == origin.value)
    invited = session.scalar(sa.select(sa.func.count(Invitation.id)).where(*which)) or 0
    rows = session.execute(
        sa.select(Answer.said, Answer.withdrawn_at.is_(None), sa.func.count(Answer.id))
        .join(Invitation, Invitation.id == Answer.invitation_id)
        .where(*which)
        .group_by(Answer.said, Answer.withdrawn_at.is_(None))
    )
    yes = no = withdrawn = 0
    for said, stands, count in rows:
        if not stands:
            withdrawn += count
        elif said == Said.YES.value:
            yes += count
        else:
            no += count
    return AnswerCounts(invited, yes, no, withdrawn)


def _answers(session: Session, *which: sa.ColumnElement[bool]) -> list[AnswerFacts]:
    rows = session.execute(
        sa.select(Answer, Invitation.origin)
        .join(Invitation, Invitation.id == Answer.invitation_id)
        .where(*which)
        .order_by(Answer.id)
    )
    return [
        AnswerFacts(
            id=row.id,
            round_id=row.round_id,
            invitation_id=row.invitation_id,
            origin=Origin(origin),
            said=Said(row.said),
            code=row.code,
            channel=Channel(row.channel),
            said_at=row.said_at,
            changed_at=row.changed_at,
            withdrawn_at=row.withdrawn_at,
            erased_at=row.erased_at,
        )
        for row, origin in rows
    ]
