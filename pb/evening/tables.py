"""An evening, its agenda, who is there, and every position as an event."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class Evening(Table):
    """One decision evening; ``version`` counts its steps, ``seq`` and ``head`` are the chain's end.

    ``spent_cents`` is known once the division is confirmed; what is left of the budget is in the pot again.
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
    rule_set_id: Mapped[int] = mapped_column(link("rounds_rule_set.id"))
    stage: Mapped[str] = mapped_column(sa.String(12))
    at_position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    moved_at: Mapped[datetime]
    moved_by: Mapped[int | None] = mapped_column(link("people_account.id"))
    seq: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(sa.String(64), default="")


class AgendaItem(Table):
    """A plan on the agenda; ``scoring_version`` goes up each time its scoring opens or closes."""

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


class Involvement(Table):
    """A seat that is involved in a plan and therefore gives it no score."""

    __tablename__ = "evening_involvement"

    item_id: Mapped[int] = mapped_column(link("evening_item.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)


class Presence(Table):
    """A seat that came in, and perhaps left."""

    __tablename__ = "evening_presence"

    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


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


class Score(Table):
    """Where a seat stands now on a plan, and where it stood first; empty is withdrawn."""

    __tablename__ = "evening_score"
    __table_args__ = (sa.CheckConstraint("score BETWEEN 1 AND 5", name="one_to_five"),)

    item_id: Mapped[int] = mapped_column(link("evening_item.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    score: Mapped[int | None]
    first_score: Mapped[int | None]
    seq: Mapped[int]


class Receipt(Table):
    """The answer that was given to a write, kept so that the same write gets the same answer."""

    __tablename__ = "evening_receipt"

    op: Mapped[str] = mapped_column(sa.String(22), primary_key=True)
    device_id: Mapped[int] = mapped_column(link("evening_device.id"), index=True)
    request_sha256: Mapped[str] = mapped_column(sa.String(64))
    answer: Mapped[str] = mapped_column(sa.Text)


class Event(Table):
    """What happened, in order, each line bound to the one before by its hash; no personal data."""

    __tablename__ = "evening_event"

    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(sa.String(30))
    facts: Mapped[str] = mapped_column(sa.Text)
    hash: Mapped[str] = mapped_column(sa.String(64))
