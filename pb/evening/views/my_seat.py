"""Which seat a phone stands for: the door and the first question of all that a phone sends."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from pb.evening import queries
from pb.evening.rules.score import DeviceReplaced
from pb.evening.rules.seats import NoSeatHere
from pb.evening.views.card import my_device

MOST_NUMBER = 2**31 - 1


def my_seat(session: Session, evening_id: int) -> int:
    """Give the id of the seat that this phone stands for. Raises: NoSeatHere, DeviceReplaced."""
    mine = None
    if evening_id <= MOST_NUMBER:
        mine = queries.device_seat(session, evening_id=evening_id, token_sha256=my_device())
    if mine is None:
        raise NoSeatHere()
    seat_id, replaced = mine
    if replaced:
        raise DeviceReplaced()
    return seat_id


def has_seat(session: Session, arguments: Mapping[str, Any]) -> None:
    """Let in a phone that stands for a seat of the evening in the address. Raises: as ``my_seat``."""
    my_seat(session, arguments["evening_id"])
