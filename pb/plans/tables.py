"""Plans that residents put on the table."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class Plan(Table):
    __tablename__ = "plans_plan"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "number"),
        sa.CheckConstraint("ask_cents > 0", name="asks_something"),
        sa.CheckConstraint("least_cents >= 0", name="least_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(12), index=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(sa.String(90), default="")
    applicant_kind: Mapped[str] = mapped_column(sa.String(20), default="")
    want: Mapped[str] = mapped_column(sa.Text, default="")
    can_do: Mapped[str] = mapped_column(sa.Text, default="")
    need: Mapped[str] = mapped_column(sa.Text, default="")
    ask_cents: Mapped[int | None]
    least_cents: Mapped[int | None]
    film_provider: Mapped[str | None] = mapped_column(sa.String(20))
    film_host: Mapped[str | None] = mapped_column(sa.String(120))
    film_video_id: Mapped[str | None] = mapped_column(sa.String(80))
    film_starts_at_seconds: Mapped[int | None]
    initiator_id: Mapped[int | None] = mapped_column(link("people_account.id"), index=True)
    claim_email: Mapped[str | None] = mapped_column(sa.String(254))
    declined_reason: Mapped[str] = mapped_column(sa.Text, default="")
    declined_alternative: Mapped[str] = mapped_column(sa.Text, default="")
    source_ref: Mapped[str | None] = mapped_column(sa.String(80))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    taken_up_at: Mapped[datetime | None]
