"""The division of a budget: what people would give, what came out, who changed and confirmed it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class DivisionRecord(Table):
    """What stands on the screen now; ``agreed_*`` is what the panel said of exactly this."""

    __tablename__ = "divide_division"
    __table_args__ = (
        sa.CheckConstraint("total_cents + leftover_cents = budget_cents", name="adds_up"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), unique=True)
    inputs: Mapped[str] = mapped_column(sa.Text)
    result: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    budget_cents: Mapped[int]
    total_cents: Mapped[int]
    leftover_cents: Mapped[int]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int] = mapped_column(link("people_account.id"))
    agreed_way: Mapped[str | None] = mapped_column(sa.String(12))
    agreed_for: Mapped[int | None]
    agreed_against: Mapped[int | None]
    agreed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(link("people_account.id"))


class DivisionLine(Table):
    __tablename__ = "divide_line"
    __table_args__ = (sa.CheckConstraint("amount_cents >= 0", name="amount_not_negative"),)

    division_id: Mapped[int] = mapped_column(link("divide_division.id"), primary_key=True)
    plan_id: Mapped[int] = mapped_column(link("plans_plan.id"), primary_key=True)
    place: Mapped[int]
    amount_cents: Mapped[int]
    computed_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    status: Mapped[str] = mapped_column(sa.String(20))
    steps: Mapped[str] = mapped_column(sa.Text)


class AmendmentRecord(Table):
    """An amount that people settled for a plan, with a reason; it counts until it is undone."""

    __tablename__ = "divide_amendment"
    __table_args__ = (sa.CheckConstraint("amount_cents >= 0", name="amount_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), index=True)
    plan_id: Mapped[int] = mapped_column(link("plans_plan.id"))
    amount_cents: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(link("people_account.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(link("people_account.id"))


class OwnDivision(Table):
    """How one seat would divide the pot; what it gives to nobody is kept for later.

    Shape of ``shares``: JSON, cents per plan id. ``n`` counts what this seat sent, so that a late message
    never takes the place of a newer one; ``way`` is phone or paper.
    """

    __tablename__ = "divide_own"

    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    shares: Mapped[str] = mapped_column(sa.Text)
    n: Mapped[int]
    seq: Mapped[int]
    way: Mapped[str] = mapped_column(sa.String(8), default="phone")
    handed_in_at: Mapped[datetime]
    typed_by: Mapped[int | None] = mapped_column(link("people_account.id"))
