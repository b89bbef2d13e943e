"""Rounds and the versions of their rules."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class Round(Table):
    """A call with a pot; a practice round is made up, and nothing of it is sealed, published or paid."""

    __tablename__ = "rounds_round"
    __table_args__ = (
        sa.CheckConstraint("pot_cents >= 0", name="pot_not_negative"),
        sa.CheckConstraint("cap_cents > 0 and cap_cents <= pot_cents", name="cap_within_pot"),
        sa.CheckConstraint("plans_open_on <= plans_close_on", name="opens_before_it_closes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area_id: Mapped[int] = mapped_column(link("people_area.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    residents_decide: Mapped[str] = mapped_column(sa.Text)
    residents_do_not_decide: Mapped[str] = mapped_column(sa.Text)
    pot_cents: Mapped[int]
    cap_cents: Mapped[int]
    plans_open_on: Mapped[date]
    plans_close_on: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(12))
    version: Mapped[int] = mapped_column(default=1)
    practice: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    made_at: Mapped[datetime]


class RuleSetVersion(Table):
    """Rules as they were frozen; a change is a new row with a reason, never an edit."""

    __tablename__ = "rounds_rule_set"
    __table_args__ = (sa.UniqueConstraint("round_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    version: Mapped[int]
    rules: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[int | None] = mapped_column(link("people_account.id"))
