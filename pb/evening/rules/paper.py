"""Figures on paper: what a typist may type, and when two typings count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pb.core.errors import BadInput, Broken
from pb.evening.rules.floor import Way
from pb.evening.rules.steps import Scoring, Stage

_HALF = re.compile(r"½|[.,/]|\bhalf\b|\bhalve\b")
_FIGURE = re.compile("[1-5]")


class Invalid(StrEnum):
    """Why there is no figure on the paper that counts."""

    HALF = "half"
    TWO = "two"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


# What a typist may press for each, besides choosing it from the list.
KEYS = {
    "h": Invalid.HALF,
    "t": Invalid.TWO,
    "l": Invalid.EMPTY,
    "-": Invalid.EMPTY,
    "o": Invalid.UNREADABLE,
}


@dataclass(frozen=True)
class Mark:
    """What stands on paper for one plan: a figure, or why there is none."""

    score: int | None
    invalid: Invalid | None = None


class PaperHalf(BadInput):
    """Refuse three and a half as a figure, and offer what it is: invalid."""

    code = "evening.paper-half"


class PaperFigureUnknown(BadInput):
    code = "evening.paper-figure-unknown"


class PaperBothGiven(BadInput):
    """Refuse a figure together with a reason why there is none."""

    code = "evening.paper-both-given"


class NothingTyped(BadInput):
    code = "evening.nothing-typed"


class PaperTooLate(Broken):
    """Refuse paper once deciding began."""

    code = "evening.paper-too-late"


class PaperTooEarly(Broken):
    """Refuse paper for a plan that was not open for scores yet. Facts: ``position``."""

    code = "evening.paper-too-early"


class PaperNotThere(Broken):
    """Refuse paper of a seat that was not there while a plan was open. Facts: ``number``, ``position``."""

    code = "evening.paper-not-there"


class SeatNotOnPaper(Broken):
    """Ask to mark a seat as paper first. Facts: ``number``."""

    code = "evening.seat-not-on-paper"


class PhoneScoreStands(Broken):
    """Refuse paper for a closed plan that this seat scored by phone. Facts: ``number``, ``position``."""

    code = "evening.phone-score-stands"


class CountedOnFloor(Broken):
    """Refuse paper for a closed plan that this seat stood on the floor for. Facts: as above."""

    code = "evening.counted-on-floor"


class InvolvedOnPaper(Broken):
    """Refuse paper of a seat that is involved in the plan. Facts: ``number``, ``position``."""

    code = "evening.involved-on-paper"


class SamePersonTyped(Broken):
    """Refuse a second typing by whoever typed the first. Facts: ``number``, ``position``."""

    code = "evening.same-person-typed"


class TypedTwice(Broken):
    """Refuse a form that two people typed already. Facts: ``number``, ``position``."""

    code = "evening.typed-twice"


class NoDifference(Broken):
    """Refuse to settle what two people typed the same, or what is settled."""

    code = "evening.no-difference"


class SettlerTyped(Broken):
    """Refuse that one of the two who differ settles it."""

    code = "evening.settler-typed"
    status = 403


def read_mark(typed: str) -> Mark | None:
    """Read one key for one plan; nothing typed is None: not now.

    Raises: PaperHalf, PaperFigureUnknown, also for 6, 4.0 and figures of other scripts.
    """
    text = typed.strip().casefold()
    if not text:
        return None
    if _FIGURE.fullmatch(text):
        return Mark(int(text))
    if text in KEYS:
        return Mark(None, KEYS[text])
    if _HALF.search(text):
        raise PaperHalf()
    raise PaperFigureUnknown()


def join_mark(mark: Mark | None, reason: str) -> Mark | None:
    """Put a typed key and a chosen reason together. Raises: PaperBothGiven, PaperFigureUnknown."""
    if not reason:
        return mark
    try:
        chosen = Invalid(reason)
    except ValueError:
        raise PaperFigureUnknown() from None
    if mark is not None and mark.invalid is not chosen:
        raise PaperBothGiven()
    return Mark(None, chosen)


@dataclass(frozen=True)
class PaperPlace:
    """All that decides whether paper of a seat may be typed for a plan now.

    ``way`` is how the seat stands now, ``stood`` how it stood at closing (None: scoring is open, or it was
    not there); ``went_home`` is a seat that left before closing; ``own_way`` is by which way its score that
    stands was given, empty without one.
    """

    number: int
    position: int
    stage: Stage
    scoring: Scoring
    involved: bool
    was_there: bool
    way: Way
    stood: Way | None
    own_way: str
    went_home: bool = False


def check_paper(place: PaperPlace) -> None:
    """Let paper of a seat be typed for a plan.

    Raises: PaperTooLate, PaperTooEarly, InvolvedOnPaper, PaperNotThere, CountedOnFloor, SeatNotOnPaper,
    PhoneScoreStands.
    """
    facts: dict[str, object] = {"number": place.number, "position": place.position}
    if place.stage not in (Stage.PLANS, Stage.STICKERS):
        raise PaperTooLate()
    if place.scoring not in (Scoring.OPEN, Scoring.CLOSED):
        raise PaperTooEarly(position=place.position)
    if place.involved:
        raise InvolvedOnPaper(**facts)
    if not place.was_there:
        raise PaperNotThere(**facts)
    if place.scoring is Scoring.CLOSED and place.stood is Way.FLOOR:
        raise CountedOnFloor(**facts)
    if Way.PAPER not in (place.way, place.stood):
        raise SeatNotOnPaper(number=place.number)
    if place.own_way not in ("", Way.PAPER.value):
        raise PhoneScoreStands(**facts)


@dataclass(frozen=True)
class Entry:
    """What one person typed."""

    turn: int
    mark: Mark
    typed_by: int


def next_turn(entries: Sequence[Entry], *, typed_by: int, number: int, position: int) -> int:
    """Give the turn of whoever types now. Raises: TypedTwice, SamePersonTyped."""
    if any(entry.typed_by == typed_by for entry in entries):
        raise SamePersonTyped(number=number, position=position)
    if len(entries) >= 2:
        raise TypedTwice(number=number, position=position)
    return len(entries) + 1


def what_counts(entries: Sequence[Entry]) -> Mark | None:
    """Give what counts: two equal typings, or what a third person settled; None as long as neither."""
    by_turn = {entry.turn: entry.mark for entry in entries}
    if 3 in by_turn:
        return by_turn[3]
    return by_turn[1] if len(by_turn) == 2 and by_turn[1] == by_turn[2] else None


def differs(entries: Sequence[Entry]) -> bool:
    """Tell whether two people typed something else, and nobody settled it."""
    return len(entries) == 2 and what_counts(entries) is None


def check_settler(entries: Sequence[Entry], *, typed_by: int) -> None:
    """Let a third person settle a difference. Raises: NoDifference, SettlerTyped."""
    if not differs(entries):
        raise NoDifference()
    if any(entry.typed_by == typed_by for entry in entries):
        raise SettlerTyped()
