"""Chance that anybody can repeat: SHA-256 of a seed, a purpose and a counter."""

import hashlib
from collections.abc import Sequence
from typing import Final, TypeVar

Item = TypeVar("Item")

DERIVATION: Final = "sha256(seed + '|' + purpose + '|' + counter); eight bytes each, smallest first"
_BYTES_EACH: Final = 8


def stream(seed: str, purpose: str, count: int) -> bytes:
    """Give eight bytes for each of ``count`` items, big end first; the same for the same words."""
    blocks = -(-count * _BYTES_EACH // 32)
    start = f"{seed}|{purpose}|".encode()
    found = b"".join(hashlib.sha256(start + str(number).encode()).digest() for number in range(blocks))
    return found[: count * _BYTES_EACH]


def shuffled(items: Sequence[Item], seed: str, purpose: str) -> list[Item]:
    """Put items in the order that this seed gives for this purpose; the order they came in counts."""
    chance = stream(seed, purpose, len(items))
    order = sorted(
        range(len(items)), key=lambda place: (chance[place * _BYTES_EACH : (place + 1) * _BYTES_EACH], place)
    )
    return [items[place] for place in order]
