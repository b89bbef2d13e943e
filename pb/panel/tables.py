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
    card_made_at: Mapped[datetime]
    card_made_by: Mapped[int | None] = mapped_column(link("people_account.id"))
    made_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]


class SeatPerson(Table):
    """Who sits there: destroying this row, and the tickets of the draws, leaves a seat without a person."""

    __tablename__ = "panel_seat_person"

    seat_id: Mapped[int] = mapped_column(link("panel_seat.id"), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(20), default="")
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    address_key: Mapped[str | None] = mapped_column(sa.String(80))


class Draw(Table):
    """A draw of addresses, with all that is needed to do it again, and no address.

    ``left_out`` counts the addresses of the list that an earlier draw had drawn; ``pool_fixed_at`` is when
    the list came in, before anyone could know the seed. ``published`` says how the list was chosen, as it was
    hashed; empty for draws from a whole list.
    """

    __tablename__ = "panel_draw"
    __table_args__ = (sa.UniqueConstraint("round_id", "seed"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    seed: Mapped[str] = mapped_column(sa.String(200))
    wanted: Mapped[int]
    pool_size: Mapped[int]
    left_out: Mapped[int]
    pool_sha256: Mapped[str] = mapped_column(sa.String(64))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    pool_fixed_at: Mapped[datetime]
    drawn_at: Mapped[datetime]
    drawn_by: Mapped[int] = mapped_column(link("people_account.id"))
    published: Mapped[str | None] = mapped_column(sa.Text)


class DrawTicket(Table):
    """An address that a draw drew, by its key; in older draws also those without a ``place``, not drawn.

    The places of a draw follow the numbers of its seats, so tickets go when the persons go.
    """

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


class Upload(Table):
    """A list that was checked and waits for a yes; used once, and thrown away after a day.

    ``choice`` is who of a list of addresses takes part, as JSON; empty until somebody chose.
    """

    __tablename__ = "panel_upload"
    __table_args__ = (sa.UniqueConstraint("round_id", "kind", "file_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(link("rounds_round.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    file_name: Mapped[str] = mapped_column(sa.String(120))
    file_sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes]
    made_by: Mapped[int] = mapped_column(link("people_account.id"))
    made_at: Mapped[datetime] = mapped_column(index=True)
    choice: Mapped[str | None] = mapped_column(sa.Text)
