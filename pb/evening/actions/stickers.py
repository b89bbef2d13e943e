"""Stick a sticker, and count those of people without a phone."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.actions.events import append, hold
from pb.evening.queries.people import present_seats
from pb.evening.queries.stickers import who_may_stick
from pb.evening.rules.score import Involved, NotCheckedIn
from pb.evening.rules.steps import Stage
from pb.evening.rules.stickers import Colour, NoStickersNow, StickerTally, check_counted
from pb.evening.tables import AgendaItem, Evening, Sticker, StickerCount
from pb.store import journal
from pb.store.journal import Actor


def stick(
    session: Session, *, evening_id: int, item_id: int, seat_id: int, colour: Colour, now: datetime
) -> None:
    """Give a plan a sticker, in place of the one it had from this seat; the same again changes nothing.

    Raises: NoStickersNow, NotFound, NotCheckedIn, Involved.
    """
    evening = _in_the_round(session, evening_id)
    item = _item(session, AgendaItem.id == item_id, evening_id)
    if seat_id not in present_seats(session, evening_id=evening_id):
        raise NotCheckedIn()
    if seat_id not in who_may_stick(session, evening_id=evening_id)[item.id].seats:
        raise Involved()
    known = session.get(Sticker, (item.id, seat_id), populate_existing=True)
    if known is not None and known.colour == colour.value:
        return
    if known is None:
        session.add(Sticker(item_id=item.id, seat_id=seat_id, colour=colour.value))
    else:
        known.colour = colour.value
    append(session, evening, "sticker", now, item=item.id, seat=seat_id, colour=colour.value)
    journal.note(
        session, at=now, who=journal.seat(seat_id), what="sticker given", subject=f"evening {evening_id}",
        position=item.position,
    )  # fmt: skip


def count_stickers(
    session: Session, *, evening_id: int, position: int, counted: StickerTally, who: Actor, now: datetime
) -> None:
    """Write how many stickers people without a phone gave a plan, in place of an earlier count.

    Raises: NoStickersNow, NotFound, MoreStickersThanPeople.
    """
    evening = _in_the_round(session, evening_id)
    item = _item(session, AgendaItem.position == position, evening_id)
    may = who_may_stick(session, evening_id=evening_id)[item.id]
    check_counted(counted, without_phone=len(may.without_phone))
    known = session.get(StickerCount, item.id, populate_existing=True)
    if known is not None and (known.green, known.orange, known.red) == (
        counted.green, counted.orange, counted.red,
    ):  # fmt: skip
        return
    if known is None:
        known = StickerCount(item_id=item.id, green=0, orange=0, red=0)
        session.add(known)
    known.green, known.orange, known.red = counted.green, counted.orange, counted.red
    append(
        session, evening, "stickers_counted", now, item=item.id,
        green=counted.green, orange=counted.orange, red=counted.red,
    )  # fmt: skip
    journal.note(
        session, at=now, who=who, what="stickers counted", subject=f"evening {evening_id}", position=position
    )


def _in_the_round(session: Session, evening_id: int) -> Evening:
    evening = hold(session, evening_id)
    if evening.stage != Stage.STICKERS.value:
        raise NoStickersNow()
    return evening


def _item(session: Session, which: sa.ColumnElement[bool], evening_id: int) -> AgendaItem:
    found = session.scalar(sa.select(AgendaItem).where(AgendaItem.evening_id == evening_id, which))
    if found is None:
        raise NotFound()
    return found
