"""The division of an evening's budget: what went in, what came out, who confirmed it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class DivisionRecord(Table):
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
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(link("people_account.id"))


class DivisionLine(Table):
    __tablename__ = "divide_line"
    __table_args__ = (sa.CheckConstraint("amount_cents >= 0", name="amount_not_negative"),)

    division_id: Mapped[int] = mapped_column(link("divide_division.id"), primary_key=True)
    plan_id: Mapped[int] = mapped_column(link("plans_plan.id"), primary_key=True)
    place: Mapped[int]
    amount_cents: Mapped[int]
    status: Mapped[str] = mapped_column(sa.String(20))
    steps: Mapped[str] = mapped_column(sa.Text)
