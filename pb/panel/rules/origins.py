"""Where a seat comes from; a panel is called drawn only when every seat was."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pb.core.errors import BadInput

SEAT_NUMBER_MOST: Final = 9999


class Origin(StrEnum):
    """Name how a seat was filled; kept as long as the seat is."""

    LOT = "lot"
    INVITED = "invited"
    AMBASSADOR = "ambassador"
    EXPERIENCE = "experience"


class MixKind(StrEnum):
    """Name what a panel may be called."""

    EMPTY = "empty"
    DRAWN = "drawn"
    INVITED = "invited"
    MIXED = "mixed"


class OriginUnknown(BadInput):
    """Refuse a word that names no origin."""

    code = "panel.origin-unknown"


class OriginDrawnInList(BadInput):
    """Refuse to write people down as drawn when no draw was held here."""

    code = "panel.origin-drawn-in-list"


class SeatNumberWrong(BadInput):
    """Refuse what is no number of a seat. Facts: ``most``."""

    code = "panel.seat-number-wrong"


_WORDS: Final = {
    "loting": Origin.LOT,
    "geloot": Origin.LOT,
    "lot": Origin.LOT,
    "uitgenodigd": Origin.INVITED,
    "genodigd": Origin.INVITED,
    "netwerk": Origin.INVITED,
    "invited": Origin.INVITED,
    "network": Origin.INVITED,
    "ambassadeur": Origin.AMBASSADOR,
    "ambassador": Origin.AMBASSADOR,
    "ervaring": Origin.EXPERIENCE,
    "ervaringsdeskundige": Origin.EXPERIENCE,
    "experience": Origin.EXPERIENCE,
}


@dataclass(frozen=True, slots=True)
class OriginMix:
    """Count the seats of a panel per origin. Shape: ``seats`` has every origin, in the order of Origin."""

    seats: dict[Origin, int]
    total: int
    kind: MixKind


def origin_mix(origins: Iterable[Origin]) -> OriginMix:
    """Count the seats per origin, and say what the panel may be called.

    Ties: one seat that was not drawn makes a panel mixed, and one drawn seat keeps it from being invited.
    """
    counted = Counter(origins)
    seats = {origin: counted[origin] for origin in Origin}
    total = sum(seats.values())
    if not total:
        kind = MixKind.EMPTY
    elif seats[Origin.LOT] == total:
        kind = MixKind.DRAWN
    elif not seats[Origin.LOT]:
        kind = MixKind.INVITED
    else:
        kind = MixKind.MIXED
    return OriginMix(seats, total, kind)


def read_origin(typed: str) -> Origin:
    """Read the origin of somebody who was asked, as a list names it.

    Raises: OriginUnknown; OriginDrawnInList, because only a draw makes a seat drawn.
    """
    origin = _WORDS.get(" ".join(typed.split()).casefold())
    if origin is None:
        raise OriginUnknown()
    if origin is Origin.LOT:
        raise OriginDrawnInList()
    return origin


def next_seat_numbers(given: Iterable[int], count: int) -> range:
    """Number new seats after the highest number ever given.

    A number that was given stays with its seat, also when that is empty: it stands on a card and in minutes.
    """
    first = max(given, default=0) + 1
    return range(first, first + count)


def read_seat_number(typed: str) -> int:
    """Read the number of a seat as typed at the door.

    Raises: SeatNumberWrong.
    """
    digits = typed.strip()
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 9:
        raise SeatNumberWrong(most=SEAT_NUMBER_MOST)
    if not 1 <= int(digits) <= SEAT_NUMBER_MOST:
        raise SeatNumberWrong(most=SEAT_NUMBER_MOST)
    return int(digits)
