"""Give seats, one after another, to whoever was invited or drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.panel import queries
from pb.panel.rules.cards import card_code, card_token, code_lookup, token_sha256
from pb.panel.rules.keeping import check_room
from pb.panel.rules.origins import Origin, next_seat_numbers
from pb.panel.tables import Seat, SeatPerson
from pb.rounds.tables import Round
from pb.store.journal import Actor


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whoever gets a seat; empty text where nothing is known."""

    origin: Origin
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    address_key: str | None = field(default=None, repr=False)


def hold_round(session: Session, round_id: int) -> None:
    """Let one person at a time change the panel of a round. Raises: NotFound."""
    held = session.scalar(sa.select(Round.id).where(Round.id == round_id).with_for_update(key_share=True))
    if held is None:
        raise NotFound()


def fill_seats(
    session: Session,
    *,
    round_id: int,
    newcomers: Sequence[Newcomer],
    draw_id: int | None,
    card_key: bytes,
    who: Actor,
    now: datetime,
) -> list[Seat]:
    """Give everyone the next seat; the round must be held.

    Raises: PanelFull.
    """
    highest = queries.highest_number(session, round_id=round_id)
    check_room(highest, len(newcomers))
    numbers = next_seat_numbers([highest], len(newcomers))
    seats = [
        # A card is made from the seat's id, which is not known yet.
        Seat(
            round_id=round_id,
            number=number,
            origin=newcomer.origin.value,
            draw_id=draw_id,
            card_serial=1,
            card_token_sha256=f"new {round_id} {number}",
            card_code_hmac=f"new {round_id} {number}",
            card_made_at=now,
            made_at=now,
        )
        for number, newcomer in zip(numbers, newcomers, strict=True)
    ]
    session.add_all(seats)
    session.flush()
    for seat, newcomer in zip(seats, newcomers, strict=True):
        give_card(seat, serial=1, card_key=card_key, who=who, now=now)
        session.add(
            SeatPerson(
                seat_id=seat.id,
                name=newcomer.name,
                email=newcomer.email,
                phone=newcomer.phone,
                address=newcomer.address,
                address_key=newcomer.address_key,
            )
        )
    session.flush()
    return seats


def give_card(seat: Seat, *, serial: int, card_key: bytes, who: Actor, now: datetime) -> None:
    """Let the card with this serial open a seat, and no other card."""
    seat.card_serial = serial
    seat.card_token_sha256 = token_sha256(card_token(card_key, seat.id, serial))
    seat.card_code_hmac = code_lookup(card_key, card_code(card_key, seat.id, serial))
    seat.card_made_at = now
    seat.card_made_by = who.id if who.kind == "account" else None
