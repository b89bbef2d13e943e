"""Seats, how they were filled, and (apart from them) who sits there."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class Seat(Table):
    """A seat in a round's panel: a number and an origin, no name."""

    __tablename__ = "panel_seat"
    __table_args__ = (sa.UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    number: Mapped[int]
    origin: Mapped[str] = mapped_column(sa.String(20))
    draw_id: Mapped[int | None] = mapped_column(link("panel_draw.id"))
    card_serial: Mapped[int] = mapped_column(default=1)
    card_token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    card_code_hmac: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]


class SeatPerson(Table):
    """Who sits there: the only link from a seat to a person, so that it can be destroyed."""

    __tablename__ = "panel_seat_person"

    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(20), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    address_key: Mapped[str | None] = mapped_column(sa.String(80))


class Draw(Table):
    """A draw of addresses, with all that is needed to do it again."""

    __tablename__ = "panel_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    seed: Mapped[str] = mapped_column(sa.String(200))
    wanted: Mapped[int]
    pool_size: Mapped[int]
    pool_sha256: Mapped[str] = mapped_column(sa.String(64))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int] = mapped_column(link("people_account.id"))


class DrawTicket(Table):
    """An address that was in a draw, by its key only; ``place`` is set when it was drawn."""

    __tablename__ = "panel_draw_ticket"

    draw_id: Mapped[int] = mapped_column(link("panel_draw.id"), primary_key=True)
    address_key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    place: Mapped[int | None]


class FileImport(Table):
    """A file that was imported, so that the same file twice is one import."""

    __tablename__ = "panel_file_import"
    __table_args__ = (sa.UniqueConstraint("round_id", "kind", "file_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    row_count: Mapped[int]
    imported_at: Mapped[datetime]
