"""Draws by lot with their packs, the public number as two people read it, and what became of each seat."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class SeatDraw(Table):
    """A draw of people for seats: frozen, published, then decided by a public number.

    ``kind`` is first, replacement or rotation. ``pack`` is what everyone may check; ``auditor`` has features
    and goes when they go. ``beacon_at`` is the moment before which nobody can know the number. ``spare_at``
    is when a published draw was set aside, with ``spare_reason``.
    """

    __tablename__ = "sortition_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    first_id: Mapped[int | None] = mapped_column(link("sortition_draw.id"))
    seats: Mapped[int]
    panels: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(12))
    beacon_round: Mapped[int | None]
    beacon_at: Mapped[datetime]
    pack: Mapped[bytes]
    pack_sha256: Mapped[str] = mapped_column(sa.String(64))
    auditor: Mapped[bytes | None]
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[int] = mapped_column(link("people_account.id"))
    published_at: Mapped[datetime | None]
    value: Mapped[str | None] = mapped_column(sa.String(200))
    number: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    certificate: Mapped[bytes | None]
    spare_at: Mapped[datetime | None]
    spare_reason: Mapped[str] = mapped_column(sa.Text, default="")


class BeaconReading(Table):
    """The public number as one person typed it in; two who agree decide."""

    __tablename__ = "sortition_reading"
    __table_args__ = (sa.UniqueConstraint("draw_id", "read_by"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(link("sortition_draw.id"), index=True)
    value: Mapped[str] = mapped_column(sa.String(200))
    read_by: Mapped[int] = mapped_column(link("people_account.id"))
    read_at: Mapped[datetime]


class Seating(Table):
    """Which answer sits on a seat, and which draw seated it; no draw for people with a fixed seat."""

    __tablename__ = "sortition_seating"

    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    answer_id: Mapped[int] = mapped_column(link("inviting_answer.id"), unique=True)
    draw_id: Mapped[int | None] = mapped_column(link("sortition_draw.id"), index=True)


class SeatStep(Table):
    """What became of a seat: drawn, asked, confirmed, withdrawn and so on; a line never changes."""

    __tablename__ = "sortition_seat_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), index=True)
    what: Mapped[str] = mapped_column(sa.String(12))
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(link("people_account.id"))
    by_seat_id: Mapped[int | None] = mapped_column(link("panel_seat.id"))
    evening_number: Mapped[int | None]


class Reserve(Table):
    """Who comes after the panel when somebody drops out, in the order that the lot gave."""

    __tablename__ = "sortition_reserve"

    draw_id: Mapped[int] = mapped_column(link("sortition_draw.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(link("inviting_answer.id"))


class KeptMirror(Table):
    """The counts of a panel beside its neighbourhood, kept when the features went: no person in it."""

    __tablename__ = "sortition_kept_mirror"

    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), primary_key=True)
    counts: Mapped[str] = mapped_column(sa.Text)
    kept_at: Mapped[datetime]
