"""An evening, its agenda, who is there, and every position as an event."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class Evening(Table):
    """One decision evening; ``version`` counts its steps, ``seq`` and ``head`` are the chain's end.

    ``spent_cents`` is known once the division is confirmed; what is left of the budget is in the pot again.
    ``agenda_seed`` is empty when people put the agenda in order by hand. ``host_decides`` asks the host
    before a second phone takes a seat. ``alarm_seq`` is set when a phone knew of more than this database,
    and ``accepted_seq`` once somebody said that the evening goes on as it is here.
    """

    __tablename__ = "evening_evening"
    __table_args__ = (sa.CheckConstraint("budget_cents >= 0", name="budget_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(sa.String(120), default="")
    budget_cents: Mapped[int]
    spent_cents: Mapped[int | None]
    lot_seed: Mapped[str] = mapped_column(sa.String(200))
    agenda_seed: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    stickers: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    spread_on_screen: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    coaches_score: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    host_decides: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    wifi_name: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    wifi_password: Mapped[str] = mapped_column(sa.String(63), default="", server_default="")
    rule_set_id: Mapped[int] = mapped_column(link("rounds_rule_set.id"))
    stage: Mapped[str] = mapped_column(sa.String(12))
    at_position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    moved_at: Mapped[datetime]
    moved_by: Mapped[int | None] = mapped_column(link("people_account.id"))
    countdown_until: Mapped[datetime | None]
    alarm_seq: Mapped[int | None]
    accepted_seq: Mapped[int | None]
    seq: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(sa.String(64), default="")


class AgendaItem(Table):
    """A plan on the agenda; ``scoring_version`` goes up each time its scoring opens or closes.

    ``minutes`` is the time it was given; ``may_score`` is how many people counted when its scoring closed.
    """

    __tablename__ = "evening_item"
    __table_args__ = (
        sa.UniqueConstraint("evening_id", "plan_id"),
        sa.UniqueConstraint("evening_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), index=True)
    plan_id: Mapped[int] = mapped_column(link("plans_plan.id"))
    position: Mapped[int]
    scoring: Mapped[str] = mapped_column(sa.String(8))
    scoring_version: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[int] = mapped_column(default=10, server_default="10")
    shown_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    may_score: Mapped[int | None]


class Involvement(Table):
    """A seat that is involved in a plan and therefore gives it no score.

    ``reason`` is initiator, interest or coach; a coach may score where the evening says so.
    """

    __tablename__ = "evening_involvement"

    item_id: Mapped[int] = mapped_column(link("evening_item.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(12), default="interest", server_default="interest")


class Presence(Table):
    """A seat that came in, and perhaps left; ``way`` is how it stands on a figure: phone, floor or paper."""

    __tablename__ = "evening_presence"

    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    way: Mapped[str] = mapped_column(sa.String(8), default="phone", server_default="phone")


class Device(Table):
    """A phone that stands for a seat; one at a time."""

    __tablename__ = "evening_device"
    __table_args__ = (
        sa.Index(
            "ix_evening_device_one_per_seat",
            "evening_id",
            "seat_id",
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"))
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"))
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    bound_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    last_n: Mapped[int] = mapped_column(default=0)


class DeviceRequest(Table):
    """A second phone that asks for a seat and shows a number; the host decides.

    ``token_sha256`` is of the secret that this phone already holds, and that binds it once it is granted.
    """

    __tablename__ = "evening_device_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), index=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"))
    number: Mapped[int]
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(link("people_account.id"))
    granted: Mapped[bool | None]


class Score(Table):
    """Where a seat stands now on a plan, and where it stood first; empty is withdrawn.

    ``way`` is how it was given: phone, tablet or paper. People on the floor have no score of their own.
    """

    __tablename__ = "evening_score"
    __table_args__ = (sa.CheckConstraint("score BETWEEN 1 AND 5", name="one_to_five"),)

    item_id: Mapped[int] = mapped_column(link("evening_item.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    score: Mapped[int | None]
    first_score: Mapped[int | None]
    seq: Mapped[int]
    way: Mapped[str] = mapped_column(sa.String(8), default="phone", server_default="phone")


class FloorCount(Table):
    """How many people stood on each figure on the floor, as counted first and last.

    Shape of ``counts`` and ``first_counts``: a JSON list of five whole numbers, for 1 to 5.
    """

    __tablename__ = "evening_floor_count"

    item_id: Mapped[int] = mapped_column(link("evening_item.id"), primary_key=True)
    counts: Mapped[str] = mapped_column(sa.String(60))
    first_counts: Mapped[str] = mapped_column(sa.String(60))
    counted_at: Mapped[datetime]
    counted_by: Mapped[int] = mapped_column(link("people_account.id"))
    seq: Mapped[int]


class PaperEntry(Table):
    """What one person typed from a seat's paper form, for one plan; ``turn`` 1 and 2, and 3 settles.

    ``invalid`` says why there is no figure on the paper that counts; empty when there is one.
    """

    __tablename__ = "evening_paper_entry"
    __table_args__ = (sa.CheckConstraint("score BETWEEN 1 AND 5", name="one_to_five"),)

    item_id: Mapped[int] = mapped_column(link("evening_item.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    turn: Mapped[int] = mapped_column(primary_key=True)
    score: Mapped[int | None]
    invalid: Mapped[str] = mapped_column(sa.String(12), default="")
    typed_by: Mapped[int] = mapped_column(link("people_account.id"))
    typed_at: Mapped[datetime]


class SpeakingTurn(Table):
    """How many people who stand on a figure have spoken about a plan."""

    __tablename__ = "evening_speaking_turn"

    item_id: Mapped[int] = mapped_column(link("evening_item.id"), primary_key=True)
    figure: Mapped[int] = mapped_column(primary_key=True)
    turns: Mapped[int]


class Sticker(Table):
    """The sticker that a seat gave a plan: green, orange or red."""

    __tablename__ = "evening_sticker"

    item_id: Mapped[int] = mapped_column(link("evening_item.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    colour: Mapped[str] = mapped_column(sa.String(8))


class StickerCount(Table):
    """Stickers of people without a phone, as counted in the room."""

    __tablename__ = "evening_sticker_count"

    item_id: Mapped[int] = mapped_column(link("evening_item.id"), primary_key=True)
    green: Mapped[int]
    orange: Mapped[int]
    red: Mapped[int]


class Reopening(Table):
    """One person asks to open a plan's scoring again, with a reason; another agrees, or not."""

    __tablename__ = "evening_reopening"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(link("evening_item.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.Text)
    asked_by: Mapped[int] = mapped_column(link("people_account.id"))
    asked_at: Mapped[datetime]
    settled_by: Mapped[int | None] = mapped_column(link("people_account.id"))
    settled_at: Mapped[datetime | None]
    granted: Mapped[bool | None]


class Event(Table):
    """What happened, in order, each line bound to the one before by its hash; no personal data.

    ``op`` names a tap for ever: the same tap gets the answer of its event again.
    """

    __tablename__ = "evening_event"
    __table_args__ = (
        sa.Index(
            "ix_evening_event_op",
            "op",
            unique=True,
            sqlite_where=sa.text("op IS NOT NULL"),
            postgresql_where=sa.text("op IS NOT NULL"),
        ),
    )

    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(sa.String(30))
    facts: Mapped[str] = mapped_column(sa.Text)
    hash: Mapped[str] = mapped_column(sa.String(64))
    op: Mapped[str | None] = mapped_column(sa.String(22))
