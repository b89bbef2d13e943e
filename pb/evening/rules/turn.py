"""One turn at the tablet: signed, short, and good for one figure."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pb.core.errors import NotFound
from pb.evening.rules.seats import TurnOver

TURN_SECONDS: Final = 180
MOST_CHARACTERS: Final = 300


@dataclass(frozen=True)
class Turn:
    """Who may stand on a figure for which plan; ``began`` in seconds since 1970, ``nonce`` makes it one."""

    evening_id: int
    seat_id: int
    item_id: int
    v: int
    began: int
    nonce: str


def new_turn(*, evening_id: int, seat_id: int, item_id: int, v: int, nonce: str, now: datetime) -> Turn:
    """Begin a turn; the nonce is random and never used before."""
    return Turn(evening_id, seat_id, item_id, v, int(now.timestamp()), nonce)


def write_turn(key: bytes, turn: Turn) -> str:
    """Write a turn with its signature, for an address."""
    body = _packed(json.dumps([*vars(turn).values()], separators=(",", ":")).encode())
    return f"{body}.{_mac(key, 'tablet-turn', body)}"


def read_turn(key: bytes, text: str) -> Turn:
    """Read a turn that we signed, however old. Raises: NotFound."""
    body, _, signed = text.partition(".")
    if len(text) > MOST_CHARACTERS or not text.isascii():
        raise NotFound()
    if not hmac.compare_digest(_mac(key, "tablet-turn", body), signed):
        raise NotFound()
    return Turn(*json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


def check_age(turn: Turn, now: datetime) -> None:
    """Let a turn pass that began in the last three minutes. Raises: TurnOver."""
    if not 0 <= now.timestamp() - turn.began < TURN_SECONDS:
        raise TurnOver()


def op_of(key: bytes, turn: Turn) -> str:
    """Name the one figure of a turn; nobody but the server can know this name before it is used.

    Shape: "t." and 20 characters of base64url, which no phone can send as the name of a tap.
    """
    return f"t.{_mac(key, 'tablet-op', turn.nonce)[:20]}"


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _mac(key: bytes, purpose: str, text: str) -> str:
    return _packed(hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).digest())[:32]
