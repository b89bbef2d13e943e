"""Read the sticker round: how many of each colour per plan, and a seat's own."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.queries.involved import involved_seats
from pb.evening.queries.people import present_seats, seats_with_phone
from pb.evening.rules.stickers import Colour, StickerTally, tally_of
from pb.evening.tables import AgendaItem, Sticker, StickerCount


def sticker_tallies(session: Session, *, evening_id: int) -> dict[int, StickerTally]:
    """Count the stickers of phones and those counted in the room, per agenda item id."""
    given: dict[int, list[str]] = {}
    for item_id, colour in session.execute(
        sa.select(Sticker.item_id, Sticker.colour)
        .join(AgendaItem, AgendaItem.id == Sticker.item_id)
        .where(AgendaItem.evening_id == evening_id)
    ):
        given.setdefault(item_id, []).append(colour)
    counted = counted_stickers(session, evening_id=evening_id)
    return {
        item_id: tally_of(given.get(item_id, [])).plus(counted.get(item_id, StickerTally()))
        for item_id in given.keys() | counted.keys()
    }


def counted_stickers(session: Session, *, evening_id: int) -> dict[int, StickerTally]:
    """Give the stickers of people without a phone as they were counted, per agenda item id."""
    rows = session.scalars(
        sa.select(StickerCount)
        .join(AgendaItem, AgendaItem.id == StickerCount.item_id)
        .where(AgendaItem.evening_id == evening_id)
    )
    return {row.item_id: StickerTally(row.green, row.orange, row.red) for row in rows}


def stickers_of(session: Session, *, evening_id: int, seat_id: int) -> dict[int, Colour]:
    """Give a seat's own stickers, per agenda item id."""
    rows = session.execute(
        sa.select(Sticker.item_id, Sticker.colour)
        .join(AgendaItem, AgendaItem.id == Sticker.item_id)
        .where(AgendaItem.evening_id == evening_id, Sticker.seat_id == seat_id)
    )
    return {item_id: Colour(colour) for item_id, colour in rows}


@dataclass(frozen=True)
class MayStick:
    """The seats that may give a plan a sticker; ``without_phone`` can only be counted in the room."""

    seats: frozenset[int]
    without_phone: frozenset[int]


def who_may_stick(session: Session, *, evening_id: int) -> dict[int, MayStick]:
    """Give who may give each plan a sticker, per agenda item id: in the room now, and not involved.

    Whoever gave one by phone counts as having a phone, also when that phone is gone.
    """
    present = present_seats(session, evening_id=evening_id)
    with_phone = seats_with_phone(session, evening_id=evening_id)
    involved = involved_seats(session, evening_id=evening_id)
    stuck: dict[int, set[int]] = {}
    for item_id, seat_id in session.execute(
        sa.select(AgendaItem.id, Sticker.seat_id)
        .outerjoin(Sticker, Sticker.item_id == AgendaItem.id)
        .where(AgendaItem.evening_id == evening_id)
    ):
        stuck.setdefault(item_id, set()).add(seat_id)
    found = {}
    for item_id, by_phone in stuck.items():
        seats = present - involved.get(item_id, frozenset())
        found[item_id] = MayStick(seats, seats - with_phone - by_phone)
    return found
