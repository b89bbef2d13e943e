"""Who is paid for a plan, and the payment lists that were made."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class Payee(Table):
    __tablename__ = "grants_payee"

    plan_id: Mapped[int] = mapped_column(link("plans_plan.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    holder_name: Mapped[str] = mapped_column(sa.String(120))
    iban: Mapped[str] = mapped_column(sa.String(34))
    kvk_number: Mapped[str] = mapped_column(sa.String(8), default="")
    version: Mapped[int] = mapped_column(default=1)
    entered_at: Mapped[datetime]
    entered_by: Mapped[int] = mapped_column(link("people_account.id"))


class PaymentBatch(Table):
    """A payment list as it was downloaded; the same content keeps the same number."""

    __tablename__ = "grants_payment_batch"
    __table_args__ = (sa.UniqueConstraint("evening_id", "content_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    evening_id: Mapped[int] = mapped_column(link("evening_evening.id"), index=True)
    content_sha256: Mapped[str] = mapped_column(sa.String(64))
    row_count: Mapped[int]
    total_cents: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[int] = mapped_column(link("people_account.id"))
