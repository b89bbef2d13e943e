"""When the public number comes, how it is read, and what may no longer happen from that moment on."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pb.core.errors import BadInput, Broken
from pb.sortition.rules.beacon import Beacon, check_published_before, first_round_after, quicknet_round
from pb.sortition.rules.refusals import LotteryPublishedTooLate

DICE: Final = "dice thrown in the meeting"
# 6^8 is 1,679,616 outcomes: 1,680 for each of a thousand panels, give or take a few percent.
THROWS: Final = 8
LEAST_AHEAD: Final = timedelta(hours=1)
MOST_AHEAD: Final = timedelta(days=366)
_DRAND_FALLBACK: Final = "none: wait until this round comes"
_DICE_FALLBACK: Final = "none: thrown later, as long as nobody has read a number"
_HEX: Final = re.compile(r"[0-9a-f]{64}")
# What a page of drand says: {"round":123,"randomness":"…","signature":"…"}.
_RANDOMNESS: Final = re.compile(r"randomness\W{1,6}([0-9a-fA-F]{64})(?![0-9a-fA-F])")
_ROUND: Final = re.compile(r"round\W{1,6}([0-9]{1,12})(?![0-9])", re.ASCII)
_BETWEEN_DICE: Final = re.compile(r"[\s,;.\-–—]+")


class Source(StrEnum):
    """Name where the public number comes from."""

    DRAND = "drand"
    DICE = "dice"


class MomentTooSoon(BadInput):
    """Refuse a moment at which people could not have seen the list yet. Facts: ``minutes`` at least."""

    code = "sortition.moment-too-soon"


class MomentTooFar(BadInput):
    """Refuse a moment that is probably a slip. Facts: ``days`` at most."""

    code = "sortition.moment-too-far"


class MomentPassed(Broken):
    """Refuse to publish a list when its number can be known."""

    code = "sortition.moment-passed"


class NumberTooEarly(Broken):
    """Refuse a number that nobody can know yet."""

    code = "sortition.number-too-early"


class NumberSettled(Broken):
    """Refuse another number than the one that two people read."""

    code = "sortition.number-settled"


class NumberNotSettled(Broken):
    """Refuse to seat people before two people read the same number."""

    code = "sortition.number-not-settled"


class DrandValueWrong(BadInput):
    """Refuse what is no value of drand. Facts: ``found`` characters, ``needed``."""

    code = "sortition.drand-value-wrong"


class DrandRoundOther(BadInput):
    """Refuse the value of another round than was announced. Facts: ``found``, ``needed``."""

    code = "sortition.drand-round-other"


class DiceWrong(BadInput):
    """Refuse other throws than were announced. Facts: ``found`` throws, ``needed``."""

    code = "sortition.dice-wrong"


class DrawNotPublished(Broken):
    """Refuse a number for a list that nobody could have seen."""

    code = "sortition.draw-not-published"


class DrawSetAside(Broken):
    """Refuse to go on with a draw that was set aside."""

    code = "sortition.draw-set-aside"


class DrawStands(Broken):
    """Refuse to set a draw aside when its number can be known: that would be drawing until it suits."""

    code = "sortition.draw-stands"


def announce(source: Source, moment: datetime, *, now: datetime) -> Beacon:
    """Announce the number that decides: a round of drand, or dice in the meeting.

    Raises: MomentTooSoon, MomentTooFar.
    """
    if moment < now + LEAST_AHEAD:
        raise MomentTooSoon(minutes=int(LEAST_AHEAD.total_seconds()) // 60)
    if moment > now + MOST_AHEAD:
        raise MomentTooFar(days=MOST_AHEAD.days)
    return beacon_of(source, first_round_after(moment).round if source is Source.DRAND else None, moment)


def beacon_of(source: Source, round_number: int | None, at: datetime) -> Beacon:
    """Give an announcement again from what is stored of it."""
    if source is Source.DRAND and round_number is not None:
        return replace(quicknet_round(round_number), fallback=_DRAND_FALLBACK)
    return Beacon(0, at, DICE, _DICE_FALLBACK)


def read_value(source: Source, typed: str, *, round_number: int | None = None) -> str:
    """Read a public number as somebody typed it, in its one form; a whole answer of drand is understood too.

    Shape: 64 lower-case hexadecimal characters, or eight throws as 4-1-6-6-2-5-3-1.
    Raises: DrandValueWrong, DrandRoundOther, DiceWrong.
    """
    if source is Source.DRAND:
        told = _ROUND.search(typed)
        if told is not None and round_number is not None and int(told[1]) != round_number:
            raise DrandRoundOther(found=int(told[1]), needed=round_number)
        whole = _RANDOMNESS.search(typed)
        value = "".join((whole[1] if whole else typed).split()).strip("\"'“”,").lower()
        if _HEX.fullmatch(value) is None:
            raise DrandValueWrong(found=len(value), needed=64)
        return value
    throws = _BETWEEN_DICE.sub("", typed)
    if len(throws) != THROWS or set(throws) - set("123456"):
        raise DiceWrong(found=len(throws), needed=THROWS)
    return "-".join(throws)


def check_may_publish(beacon: Beacon, *, now: datetime) -> None:
    """Refuse to publish when the number can be known. Raises: MomentPassed."""
    try:
        check_published_before(now, beacon)
    except LotteryPublishedTooLate:
        raise MomentPassed() from None


def check_may_read(
    *, published_at: datetime | None, spare_at: datetime | None, beacon_at: datetime, now: datetime
) -> None:
    """Refuse a number before its moment, or for a list that does not stand.

    Raises: DrawSetAside, DrawNotPublished, NumberTooEarly.
    """
    if spare_at is not None:
        raise DrawSetAside()
    if published_at is None:
        raise DrawNotPublished()
    if now < beacon_at:
        raise NumberTooEarly()


def check_may_set_aside(
    *, source: Source, published_at: datetime | None, beacon_at: datetime, was_read: bool, now: datetime
) -> None:
    """Refuse to set aside a draw whose number can be known.

    A round of drand always comes, so from its moment on the draw stands. Dice may never be thrown; then it
    stands from the first number that somebody typed. What was never published can always be set aside.
    Raises: DrawStands.
    """
    if published_at is None:
        return
    if was_read or (source is Source.DRAND and now >= beacon_at):
        raise DrawStands()
