"""Read how the letters went, wave by wave, and what there is to print."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from pb.inviting.rules.appeal import Said
from pb.inviting.rules.waves import Heard, Home
from pb.inviting.tables import Answer, AnswerFeature, Invitation, InvitationPerson
from pb.panel.rules.origins import Origin

NETWORK = (Origin.INVITED, Origin.AMBASSADOR, Origin.EXPERIENCE)


@dataclass(frozen=True, slots=True)
class WaveFacts:
    """A wave of letters, with what came back. Units: letters; people for ``yes`` and ``no``.

    ``answered`` counts letters with at least one answer, also one that was withdrawn.
    """

    wave: int
    draw_id: int | None
    made_at: datetime
    sent_at: datetime | None
    letters: int
    yes: int
    no: int
    answered: int


@dataclass(frozen=True, slots=True)
class PostcodeFacts:
    """What came back from one area of postcodes, by its four digits."""

    digits: str
    letters: int
    yes: int
    answered: int


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """A letter with whom it goes to, for staff only; empty text where nothing is known."""

    id: int
    origin: Origin
    wave: int
    place: int | None
    serial: int
    code_hmac: str = field(repr=False)
    sent_at: datetime | None
    gone_at: datetime | None
    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    address_key: str | None = field(repr=False)
    yes: int
    answers: int

    @property
    def answered(self) -> bool:
        """Tell whether anybody answered, whatever they said and also when they stopped since."""
        return self.answers > 0

    @property
    def reference(self) -> str:
        """Say which letter this is: wave and place, or N and its number for somebody of the network."""
        return f"{self.wave}-{self.place}" if self.place else f"N-{self.id}"


def waves(session: Session, *, round_id: int) -> list[WaveFacts]:
    """List the waves of letters of a round, first to last."""
    said = {
        wave: (yes or 0, no or 0, answered)
        for wave, yes, no, answered in session.execute(
            sa.select(
                Invitation.wave,
                sa.func.sum(sa.case((_stands(Said.YES), 1), else_=0)),
                sa.func.sum(sa.case((_stands(Said.NO), 1), else_=0)),
                sa.func.count(Answer.invitation_id.distinct()),
            )
            .join(Answer, Answer.invitation_id == Invitation.id)
            .where(*_drawn(round_id))
            .group_by(Invitation.wave)
        )
    }
    rows = session.execute(
        sa.select(
            Invitation.wave,
            sa.func.min(Invitation.draw_id),
            sa.func.min(Invitation.made_at),
            sa.func.max(Invitation.sent_at),
            sa.func.count(Invitation.id),
        )
        .where(*_drawn(round_id))
        .group_by(Invitation.wave)
        .order_by(Invitation.wave)
    )
    return [
        WaveFacts(wave, draw_id, made_at, sent_at, letters, *said.get(wave, (0, 0, 0)))
        for wave, draw_id, made_at, sent_at, letters in rows
    ]


def postcodes(session: Session, *, round_id: int) -> list[PostcodeFacts]:
    """Count letters that were sent and what came back per area of postcodes, as far as addresses are kept."""
    each = _sent_homes(round_id).subquery()
    digits = sa.func.substr(each.c.address_key, 1, 4)
    rows = session.execute(
        sa.select(digits, sa.func.count(), sa.func.sum(each.c.yes), sa.func.sum(each.c.answered))
        .group_by(digits)
        .order_by(digits)
    )
    return [
        PostcodeFacts(digits, letters, int(yes), int(answered)) for digits, letters, yes, answered in rows
    ]


def homes(session: Session, *, round_id: int) -> list[Home]:
    """Give of each letter that was sent what came back, as far as addresses are kept."""
    rows = session.execute(_sent_homes(round_id))
    return [Home(key, yes, bool(answered)) for key, yes, answered in rows]


def _sent_homes(round_id: int) -> sa.Select[Any]:
    yes = (
        sa.select(sa.func.count(Answer.id))
        .where(Answer.invitation_id == Invitation.id, _stands(Said.YES))
        .correlate(Invitation)
        .scalar_subquery()
    )
    answered = sa.exists().where(Answer.invitation_id == Invitation.id).correlate(Invitation)
    return (
        sa.select(
            InvitationPerson.address_key, yes.label("yes"), sa.case((answered, 1), else_=0).label("answered")
        )
        .select_from(Invitation)
        .join(InvitationPerson, InvitationPerson.invitation_id == Invitation.id)
        .where(*_drawn(round_id), Invitation.sent_at.is_not(None), InvitationPerson.address_key.is_not(None))
    )


def heard(session: Session, *, round_id: int) -> Heard:
    """Give what came back on letters that were sent, and from the network."""
    yes: Counter[bool] = Counter()
    of_round = (Invitation.round_id == round_id, _stands(Said.YES))
    is_drawn = Invitation.origin == Origin.LOT.value
    for drawn, count in session.execute(
        sa.select(is_drawn, sa.func.count(Answer.id))
        .join(Answer, Answer.invitation_id == Invitation.id)
        .where(*of_round)
        .group_by(is_drawn)
    ):
        yes[bool(drawn)] = count
    values: dict[bool, dict[int, int]] = {True: {}, False: {}}
    for drawn, value_id, count in session.execute(
        sa.select(is_drawn, AnswerFeature.value_id, sa.func.count())
        .join(Answer, Answer.invitation_id == Invitation.id)
        .join(AnswerFeature, AnswerFeature.answer_id == Answer.id)
        .where(*of_round)
        .group_by(is_drawn, AnswerFeature.value_id)
    ):
        if value_id is not None:
            values[bool(drawn)][value_id] = count
    sent = sa.select(sa.func.count(Invitation.id)).where(*_drawn(round_id), Invitation.sent_at.is_not(None))
    return Heard(session.scalar(sent) or 0, yes[True], yes[False], values[True], values[False])


def highest_wave(session: Session, *, round_id: int) -> int:
    """Give the number of the last wave of letters, or 0."""
    return session.scalar(sa.select(sa.func.max(Invitation.wave)).where(*_drawn(round_id))) or 0


def letters(
    session: Session, *, round_id: int, wave: int, places: range | None = None, key_begins: str | None = None
) -> list[LetterFacts]:
    """List letters of a wave in the order drawn: those of some places, or to addresses with such a key."""
    which = [*_drawn(round_id), Invitation.wave == wave]
    if places is not None:
        which.append(Invitation.place.between(places.start, places.stop - 1))
    if key_begins is not None:
        which.append(InvitationPerson.address_key.startswith(key_begins, autoescape=True))
    return _letters(session, *which)


def network(session: Session, *, round_id: int) -> list[LetterFacts]:
    """List the people of the network who are invited, in the order in which they were."""
    origins = [origin.value for origin in NETWORK]
    return _letters(
        session,
        Invitation.round_id == round_id, Invitation.origin.in_(origins), Invitation.gone_at.is_(None),
    )  # fmt: skip


def standing(people: Sequence[LetterFacts]) -> list[LetterFacts]:
    """Give who of the network may still come: who said yes, or nothing yet."""
    return [one for one in people if one.yes or not one.answered]


def waiting(people: Sequence[LetterFacts], *, mail: bool) -> list[LetterFacts]:
    """Give who of the network was not asked yet and did not answer either, by mail or with a letter."""
    return [one for one in people if bool(one.email) is mail and one.sent_at is None and not one.answered]


def letter(session: Session, *, round_id: int, invitation_id: int) -> LetterFacts | None:
    """Find one letter of a round, or None."""
    found = _letters(session, Invitation.round_id == round_id, Invitation.id == invitation_id)
    return found[0] if found else None


def _letters(session: Session, *which: sa.ColumnElement[bool]) -> list[LetterFacts]:
    rows = session.execute(
        sa.select(
            Invitation,
            _or_empty(InvitationPerson.name),
            _or_empty(InvitationPerson.email),
            _or_empty(InvitationPerson.phone),
            _or_empty(InvitationPerson.address),
            InvitationPerson.address_key,
            sa.func.count(Answer.id).filter(_stands(Said.YES)),
            sa.func.count(Answer.id),
        )
        .outerjoin(InvitationPerson, InvitationPerson.invitation_id == Invitation.id)
        .outerjoin(Answer, Answer.invitation_id == Invitation.id)
        .where(*which)
        .group_by(Invitation.id, InvitationPerson.invitation_id)
        .order_by(Invitation.place, Invitation.id)
    )
    return [
        LetterFacts(
            id=row.id, origin=Origin(row.origin), wave=row.wave, place=row.place, serial=row.serial,
            code_hmac=row.code_hmac, sent_at=row.sent_at, gone_at=row.gone_at,
            name=name, email=email, phone=phone, address=address, address_key=home,
            yes=yes, answers=answers,
        )
        for row, name, email, phone, address, home, yes, answers in rows
    ]  # fmt: skip


def _drawn(round_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Invitation.round_id == round_id,
        Invitation.origin == Origin.LOT.value,
        Invitation.gone_at.is_(None),
    )


def _or_empty(column: InstrumentedAttribute[str]) -> sa.ColumnElement[str]:
    return sa.func.coalesce(column, "")


def _stands(said: Said) -> sa.ColumnElement[bool]:
    return sa.and_(Answer.said == said.value, Answer.withdrawn_at.is_(None))
