"""Before the doors open: the order of the agenda, its minutes, who is involved, and the hall's Wi-Fi."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pb.core.errors import BadInput, Broken
from pb.core.lot import lot_key
from pb.evening.rules.steps import Stage

MOST_MINUTES: Final = 180
WIFI_NAME_BYTES_MOST: Final = 32
WIFI_PASSWORD_FEWEST, WIFI_PASSWORD_MOST = 8, 63


@dataclass(frozen=True)
class Choices:
    """What an evening chooses once, before anybody is in."""

    stickers: bool
    spread_on_screen: bool
    coaches_score: bool
    host_decides: bool


class Reason(StrEnum):
    """Why somebody gives a plan no score; the first outweighs the next."""

    INITIATOR = "initiator"
    INTEREST = "interest"
    COACH = "coach"


class DoorsOpen(Broken):
    """Refuse to change what people in the room may count on by now."""

    code = "evening.doors-open"


class SheetClosed(Broken):
    """Refuse to change the run sheet of an evening that is over."""

    code = "evening.sheet-closed"


class LastPlan(Broken):
    code = "evening.last-plan"


class InitiatorStays(Broken):
    """Refuse to let somebody score a plan that they handed in: the rules of the round are frozen."""

    code = "evening.initiator-stays"


class MinutesOutOfRange(BadInput):
    code = "evening.minutes-out-of-range"


class WifiNameWrong(BadInput):
    """Refuse a network's name that no phone could join: none, too long, or with unseen characters."""

    code = "evening.wifi-name-wrong"


class WifiPasswordWrong(BadInput):
    """Refuse what cannot be the password of a network. Source: IEEE 802.11i (8 to 63 ASCII characters)."""

    code = "evening.wifi-password-wrong"


def lot_name(plan_number: int) -> str:
    """Name a plan in the lot about the order.

    Other words than in the lot for plans that end equal, so that one throw of dice can serve for both
    without the first on the agenda also being the first then.
    """
    return f"agenda-{plan_number}"


def order_by_lot(seed: str, plan_numbers: Collection[int]) -> list[int]:
    """Put plans in the order of a lot that everybody can draw again. Ties: none."""
    return sorted(plan_numbers, key=lambda number: lot_key(seed, lot_name(number)))


def put_at(order: Sequence[int], one: int, to: int) -> list[int]:
    """Put one at a place in the order, counting from 1; the others stay in theirs.

    A place before the first or behind the last is the first or the last.
    """
    others = [each for each in order if each != one]
    place = min(max(to, 1), len(order)) - 1
    return [*others[:place], one, *others[place:]]


def check_before_doors(stage: Stage) -> None:
    """Refuse to change an evening whose doors are open. Raises: DoorsOpen."""
    if stage is not Stage.PREPARED:
        raise DoorsOpen()


def check_minutes(minutes: int) -> None:
    """Refuse no time at all, and hours that must be a typing error. Raises: MinutesOutOfRange."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise MinutesOutOfRange(most=MOST_MINUTES)


def check_wifi_name(name: str, password: str) -> None:
    """Refuse a name that is no network's. Raises: WifiNameWrong.

    No name and no password is no Wi-Fi; a password alone is not.
    """
    unseen = any(unicodedata.category(mark).startswith("C") for mark in name)
    if unseen or len(name.encode("utf-8", "surrogatepass")) > WIFI_NAME_BYTES_MOST or (password and not name):
        raise WifiNameWrong(most=WIFI_NAME_BYTES_MOST, missing=not name)


def check_wifi_password(password: str) -> None:
    """Refuse what is no password of a network; empty is an open network. Raises: WifiPasswordWrong."""
    fits = WIFI_PASSWORD_FEWEST <= len(password) <= WIFI_PASSWORD_MOST
    if password and not (fits and password.isascii() and password.isprintable()):
        raise WifiPasswordWrong(fewest=WIFI_PASSWORD_FEWEST, most=WIFI_PASSWORD_MOST)


def weightier(known: Reason, said: Reason) -> Reason:
    """Choose between two reasons of one seat: the one that outweighs the other stays."""
    order = list(Reason)
    return min(known, said, key=order.index)
