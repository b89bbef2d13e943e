"""The chain of events: each line carries the hash of the one before, so that nothing drops out unseen."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pb.core.canonical import canonical
from pb.core.errors import Broken

START = "0" * 64


@dataclass(frozen=True)
class ChainLine:
    """One event as it is kept. ``facts`` is canonical JSON."""

    seq: int
    at: datetime
    kind: str
    facts: str
    hash: str


class ChainBroken(Broken):
    """Say at which line the chain does not fit any more."""

    code = "evening.chain-broken"


def link_hash(before: str, seq: int, at: datetime, kind: str, facts: str) -> str:
    """Hash an event together with the hash before it.

    Shape: 64 hexadecimal characters, over canonical JSON of [before, seq, time in UTC, kind, facts].
    """
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical([before or START, seq, moment, kind, facts])).hexdigest()


def check_chain(lines: Iterable[ChainLine]) -> str:
    """Follow the chain from its start and give the hash of its head.

    Raises: ChainBroken with the sequence number that is missing or was changed. A cut tail is only
    seen by comparing the head with one that was kept elsewhere.
    """
    before, expected = "", 1
    for line in lines:
        if line.seq != expected or line.hash != link_hash(before, line.seq, line.at, line.kind, line.facts):
            raise ChainBroken(seq=expected)
        before, expected = line.hash, expected + 1
    return before
