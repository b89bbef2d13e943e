"""Read the panel as the door shows it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pb.core.dates import AMSTERDAM
from pb.evening.queries.floor import PresenceFacts, presences
from pb.evening.queries.people import seats_with_phone
from pb.evening.rules.floor import Way
from pb.panel.queries import SeatFacts, cards, persons, seats


@dataclass(frozen=True)
class Guest:
    """A seat as the door shows it: who sits there, since when, how they stand, and the card that works."""

    seat: SeatFacts
    name: str
    presence: PresenceFacts | None
    phone: bool
    serial: int

    @property
    def inside(self) -> bool:
        """Say whether this seat is in the room."""
        return self.presence is not None and self.presence.left_at is None

    @property
    def way(self) -> Way:
        """Say how it stands on a figure."""
        return self.presence.way if self.presence else Way.PHONE

    @property
    def came(self) -> str:
        """Give the time at which it came in."""
        return _clock(self.presence.arrived_at) if self.presence else ""

    @property
    def left(self) -> str:
        """Give the time at which it left."""
        return _clock(self.presence.left_at) if self.presence and self.presence.left_at else ""


def guests(session: Session, *, evening_id: int, round_id: int) -> list[Guest]:
    """List every seat of the panel by number, with what the door needs to know of it."""
    known = seats(session, round_id=round_id)
    named = persons(session, round_id=round_id)
    here = presences(session, evening_id=evening_id)
    phones = seats_with_phone(session, evening_id=evening_id)
    last = max((one.number for one in known), default=0)
    serials = {
        card.seat.id: card.serial
        for card in cards(session, round_id=round_id, first=1, last=last, most=len(known) + 1)
    }
    return [
        Guest(
            seat=one,
            name=named[one.id].known_as if one.id in named else "",
            presence=here.get(one.id),
            phone=one.id in phones,
            serial=serials.get(one.id, 0),
        )
        for one in known
    ]


def _clock(at: datetime) -> str:
    return at.astimezone(AMSTERDAM).strftime("%H:%M")
