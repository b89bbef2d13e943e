"""What people are told and asked, whom it went to, and what they said; names and features each apart."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class Appeal(Table):
    """What a round asks of people who may come into its panel.

    ``mode`` says how people of the network get a seat: ``fixed`` or ``nominated``, and then ``network_seats``
    is how many of the ``seats`` are theirs. ``frozen_at`` is when features and targets can change no more.
    """

    __tablename__ = "inviting_appeal"

    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), primary_key=True)
    seats: Mapped[int]
    mode: Mapped[str] = mapped_column(sa.String(12))
    network_seats: Mapped[int] = mapped_column(default=0)
    one_per_address: Mapped[bool] = mapped_column(default=True)
    least_age: Mapped[int] = mapped_column(default=16)
    asks: Mapped[str] = mapped_column(sa.Text, default="")
    meets: Mapped[str] = mapped_column(sa.Text, default="")
    takes: Mapped[str] = mapped_column(sa.Text, default="")
    allowance_cents: Mapped[int] = mapped_column(default=0)
    childcare: Mapped[str] = mapped_column(sa.Text, default="")
    phone: Mapped[str] = mapped_column(sa.String(20), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    answers_close_on: Mapped[date]
    delete_on: Mapped[date]
    deleted_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]


class Feature(Table):
    """A feature that the round asks for, with what it is for and where its shares come from."""

    __tablename__ = "inviting_feature"
    __table_args__ = (sa.UniqueConstraint("round_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(60))
    question: Mapped[str] = mapped_column(sa.String(200))
    why: Mapped[str] = mapped_column(sa.String(300))
    source: Mapped[str] = mapped_column(sa.String(200), default="")


class FeatureValue(Table):
    """An answer to choose from, how many people of the neighbourhood have it, and its target in the panel.

    ``least`` and ``most`` count seats of the whole panel; empty where there is no target.
    """

    __tablename__ = "inviting_feature_value"
    __table_args__ = (sa.UniqueConstraint("feature_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feature_id: Mapped[int] = mapped_column(link("inviting_feature.id"), index=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(60))
    people: Mapped[int | None]
    least: Mapped[int | None]
    most: Mapped[int | None]


class Invitation(Table):
    """A letter or a request to come; its code is made from a key, its id and its serial, and not stored.

    ``draw_id`` and ``place`` say which lot of addresses it came from. ``wave`` counts from 1.
    """

    __tablename__ = "inviting_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    origin: Mapped[str] = mapped_column(sa.String(20))
    draw_id: Mapped[int | None] = mapped_column(link("panel_draw.id"), index=True)
    place: Mapped[int | None]
    wave: Mapped[int] = mapped_column(default=1)
    serial: Mapped[int] = mapped_column(default=1)
    code_hmac: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(link("people_account.id"))
    sent_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]


class InvitationPerson(Table):
    """Where a letter goes: an address without a name, or somebody of the network."""

    __tablename__ = "inviting_invitation_person"

    invitation_id: Mapped[int] = mapped_column(link("inviting_invitation.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(20), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    address_key: Mapped[str | None] = mapped_column(sa.String(80), index=True)


class Answer(Table):
    """What one person said to an invitation; more people at one address may each say yes.

    ``code`` is how the draw calls this person; ``own_hmac`` finds it by the person's own code, which is made
    from a key and not stored. ``op`` names the press, so that pressing twice is one answer.
    """

    __tablename__ = "inviting_answer"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "code"),
        sa.CheckConstraint("said in ('yes', 'no')", name="yes_or_no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    invitation_id: Mapped[int] = mapped_column(link("inviting_invitation.id"), index=True)
    said: Mapped[str] = mapped_column(sa.String(4))
    code: Mapped[str] = mapped_column(sa.String(16))
    own_hmac: Mapped[str] = mapped_column(sa.String(64), unique=True)
    channel: Mapped[str] = mapped_column(sa.String(8))
    taken_by: Mapped[int | None] = mapped_column(link("people_account.id"))
    said_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    op: Mapped[str | None] = mapped_column(sa.String(40), unique=True)


class AnswerPerson(Table):
    """How to reach who answered; goes when the names go."""

    __tablename__ = "inviting_answer_person"

    answer_id: Mapped[int] = mapped_column(link("inviting_answer.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(20), default="")


class AnswerFeature(Table):
    """What somebody filled in for a feature; without a value: would rather not say."""

    __tablename__ = "inviting_answer_feature"

    answer_id: Mapped[int] = mapped_column(link("inviting_answer.id"), primary_key=True)
    feature_id: Mapped[int] = mapped_column(link("inviting_feature.id"), primary_key=True)
    value_id: Mapped[int | None] = mapped_column(link("inviting_feature_value.id"))
