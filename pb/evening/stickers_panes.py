"""What people see during the sticker round."""

from typing import Any

from flask import g
from sqlalchemy.orm import Session

from pb.evening.panes import Surface, hang
from pb.evening.queries import EveningFacts, involved_seats
from pb.evening.queries.stickers import (
    counted_stickers,
    sticker_tallies,
    stickers_of,
    who_may_stick,
)
from pb.evening.rules.steps import Stage
from pb.evening.rules.stickers import Colour


@hang(Stage.STICKERS, Surface.CONSOLE, "evening/_stickers_console.html")
def console(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Show the counts per plan as they come in, and where to type those of people without a phone."""
    return {
        "colours": tuple(Colour),
        "sticker_tallies": sticker_tallies(session, evening_id=evening.id),
        "counted": counted_stickers(session, evening_id=evening.id),
        "may_stick": who_may_stick(session, evening_id=evening.id),
        "count_form": g.pop("sticker_count_form", None),
        "count_position": g.pop("sticker_count_position", 0),
    }


@hang(Stage.STICKERS, Surface.SCREEN, "evening/_stickers_screen.html")
def screen(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Show the room the counts, from five stickers per plan on."""
    return {"colours": tuple(Colour), "sticker_tallies": sticker_tallies(session, evening_id=evening.id)}


@hang(Stage.STICKERS, Surface.PHONE, "evening/_stickers_phone.html")
def phone(session: Session, evening: EveningFacts, seat: int | None) -> dict[str, Any]:
    """Let a seat give every plan a sticker, except those it is involved in."""
    involved = involved_seats(session, evening_id=evening.id)
    return {
        "colours": tuple(Colour),
        "my_stickers": stickers_of(session, evening_id=evening.id, seat_id=seat or 0),
        "involved_items": {item_id for item_id, seats in involved.items() if seat in seats},
    }
