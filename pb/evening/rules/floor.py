"""How a seat stands on a figure, and how the people are counted who stand on the floor."""

from collections.abc import Sequence
from enum import StrEnum

from pb.core.errors import BadInput, Broken

Counts = tuple[int, int, int, int, int]
NOBODY: Counts = (0, 0, 0, 0, 0)
MOST_DIGITS = 4


class Way(StrEnum):
    """How a seat stands on a figure; one way at a time, so that nobody counts twice."""

    PHONE = "phone"
    FLOOR = "floor"
    PAPER = "paper"


class WayUnknown(BadInput):
    code = "evening.way-unknown"


class ScoresWouldGo(Broken):
    """Ask before many stand another way: their scores for the open plan go. Facts: ``scores``."""

    code = "evening.scores-would-go"


class FloorCountUnclear(BadInput):
    """Refuse a head count that is no whole number."""

    code = "evening.floor-count-unclear"


class FloorNeedsScores(Broken):
    """Refuse the floor where the money is divided by each person's own scores, which the floor has not."""

    code = "evening.floor-needs-scores"


class FloorNotOpen(Broken):
    """Refuse a head count for a plan whose scoring is not open."""

    code = "evening.floor-not-open"


class FloorCountedTooHigh(Broken):
    """Refuse more people on the figures than there are on the floor. Facts: ``counted``, ``people``."""

    code = "evening.floor-counted-too-high"


class FloorCountOutdated(Broken):
    """Ask for a new head count, because somebody who was counted may have left the floor. Facts: ``left``."""

    code = "evening.floor-count-outdated"


def read_way(text: str) -> Way:
    """Read how a seat is to stand. Raises: WayUnknown."""
    try:
        return Way(text)
    except ValueError:
        raise WayUnknown() from None


def read_count(typed: str) -> int:
    """Read how many people stand on one figure; an empty place is nobody. Raises: FloorCountUnclear."""
    text = typed.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise FloorCountUnclear()
    return int(text)


def five(counts: Sequence[int]) -> Counts:
    """Give counts for 1 to 5 their shape. Raises: FloorCountUnclear."""
    if len(counts) != len(NOBODY) or any(type(count) is not int or count < 0 for count in counts):
        raise FloorCountUnclear()
    ones, twos, threes, fours, fives = counts
    return ones, twos, threes, fours, fives


def check_counts(counts: Counts, *, people: int) -> None:
    """Let a head count pass that holds no more people than stand on the floor; fewer is fine.

    Raises: FloorCountedTooHigh.
    """
    if sum(counts) > people:
        raise FloorCountedTooHigh(counted=sum(counts), people=people)


def check_still_there(counts: Counts, *, left: int) -> None:
    """Let a head count pass from which nobody can have gone. Raises: FloorCountOutdated.

    ``left`` is how many people left the floor since. Whoever was counted and then took a phone would
    count twice, as long as somebody else on the floor stands on no figure.
    """
    if left and sum(counts):
        raise FloorCountOutdated(left=left)
