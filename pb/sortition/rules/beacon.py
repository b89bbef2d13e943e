"""The public number: announced before, the same for everyone, one line of arithmetic away from a panel."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pb.sortition.rules.refusals import LotteryBeaconMissing, LotteryPublishedTooLate

QUICKNET: Final = "drand quicknet"
# The chain of drand that gives a number each three seconds since this moment, as /info of the chain says
# (52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971).
_QUICKNET_BEGAN: Final = 1_692_803_367
_QUICKNET_SECONDS: Final = 3


@dataclass(frozen=True, slots=True)
class Beacon:
    """Announce which public number will decide, and what happens when it does not come."""

    round: int
    at: datetime
    source: str = QUICKNET
    fallback: str = "the next round; otherwise dice thrown in the meeting"

    def to_json(self) -> dict[str, object]:
        return {"source": self.source, "round": self.round, "at": written(self.at), "fallback": self.fallback}


@dataclass(frozen=True, slots=True)
class Number:
    """Hold which panel it is, and how many values were set aside before."""

    number: int
    counter: int


def quicknet_round(number: int) -> Beacon:
    """Announce a round of drand quicknet, with the moment at which it comes."""
    at = datetime.fromtimestamp(_QUICKNET_BEGAN + (number - 1) * _QUICKNET_SECONDS, UTC)
    return Beacon(number, at)


def first_round_after(moment: datetime) -> Beacon:
    """Announce the first round of drand quicknet that comes after a moment."""
    passed = int(moment.timestamp()) - _QUICKNET_BEGAN
    return quicknet_round(max(1, passed // _QUICKNET_SECONDS + 2))


def number_from_beacon(beacon: str, draw: str, panels: int) -> Number:
    """Choose a panel, each with exactly the same chance.

    Shape: from 0. Values at or above the largest multiple of ``panels`` are set aside.
    Raises: LotteryBeaconMissing.
    """
    if not beacon:
        raise LotteryBeaconMissing(round=None)
    limit = 2**256 - 2**256 % panels
    counter = 0
    while True:
        digest = hashlib.sha256(f"{beacon}|{draw}|{counter}".encode()).digest()
        value = int.from_bytes(digest, "big")
        if value < limit:
            return Number(value % panels, counter)
        counter += 1


def check_published_before(published_at: datetime, beacon: Beacon) -> None:
    """Refuse a list that was published when its number could be known.

    Raises: LotteryPublishedTooLate.
    """
    if published_at >= beacon.at:
        raise LotteryPublishedTooLate(round=beacon.round)


def written(moment: datetime) -> str:
    """Write a moment in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
