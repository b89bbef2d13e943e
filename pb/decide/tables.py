"""What the panel decided on each plan, beside what the rule said."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class Decision(Table):
    __tablename__ = "decide_decision"
    __table_args__ = (sa.UniqueConstraint("evening_id", "plan_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), index=True)
    plan_id: Mapped[int] = mapped_column(link("plans_plan.id"))
    computed_yes: Mapped[bool]
    computed: Mapped[str] = mapped_column(sa.Text)
    yes: Mapped[bool]
    way: Mapped[str] = mapped_column(sa.String(12))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    minority_view: Mapped[str] = mapped_column(sa.Text, default="")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int] = mapped_column(link("people_account.id"))
