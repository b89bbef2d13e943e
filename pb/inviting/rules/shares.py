"""Targets out of shares: how many seats each answer may have, so that a panel is like its area."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from pb.core.errors import BadInput

# Of a hundred seats: how many a target may be off the share.
TOLERANCE_DEFAULT: Final = Fraction(10, 100)
_SLACK_LEAST: Final = Fraction(1)


class SharesMissing(BadInput):
    """Ask how many people there are of every answer. Facts: ``names`` of those without."""

    code = "inviting.shares-missing"


class ToleranceWrong(BadInput):
    """Refuse what is no number from 0 to 50."""

    code = "inviting.tolerance-wrong"


class MinimaExceedSeats(BadInput):
    """Refuse minima that do not fit together. Facts: ``feature``, ``least``, ``seats``, ``over``."""

    code = "inviting.minima-exceed-seats"


class MaximaBelowSeats(BadInput):
    """Refuse maxima that leave seats empty. Facts: ``feature``, ``most``, ``seats``, ``short``."""

    code = "inviting.maxima-below-seats"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Hold a target in seats of the whole panel; None where there is no bound."""

    least: int | None
    most: int | None


def share_of(people: Sequence[int | None]) -> list[Fraction] | None:
    """Give every answer's part of all people; None as long as a number is missing or all are 0."""
    counted = [count for count in people if count is not None]
    total = sum(counted)
    if len(counted) < len(people) or not total:
        return None
    return [Fraction(count, total) for count in counted]


def read_tolerance(typed: str) -> Fraction:
    """Read percentage points such as 10, 7,5 or 7.5.

    Raises: ToleranceWrong.
    """
    text = typed.strip().removesuffix("%").strip().replace(",", ".")
    whole, _, decimals = text.partition(".")
    if not (whole + decimals).isascii() or not (whole + decimals).isdigit() or not whole or len(text) > 6:
        raise ToleranceWrong()
    points = Fraction(int(whole + decimals), 10 ** len(decimals) * 100)
    if points > Fraction(1, 2):
        raise ToleranceWrong()
    return points


def targets_from_shares(people: Sequence[int], seats: int, tolerance: Fraction) -> list[Bounds]:
    """Give each answer its share of the seats, with so much room on both sides, and at least one seat.

    Who is worth a whole seat is promised one. The minima never add up to more than the seats, nor the
    maxima to less; both follow from room of a whole seat. All is exact.
    Units: ``tolerance`` is a part of the seats.
    Raises: SharesMissing when there is nobody at all.
    """
    shares = share_of(people)
    if shares is None:
        raise SharesMissing(names=())
    slack = max(tolerance * seats, _SLACK_LEAST)
    found = []
    for share in shares:
        ideal = share * seats
        least = max(0, ceil(ideal - slack), 1 if ideal >= 1 else 0)
        found.append(Bounds(least, min(seats, floor(ideal + slack))))
    return found


def check_sums(feature: str, bounds: Sequence[Bounds], seats: int) -> None:
    """Refuse targets of one feature that no panel can meet.

    Raises: MinimaExceedSeats, MaximaBelowSeats.
    """
    least = sum(bound.least or 0 for bound in bounds)
    most = sum(seats if bound.most is None else bound.most for bound in bounds)
    if least > seats:
        raise MinimaExceedSeats(feature=feature, least=least, seats=seats, over=least - seats)
    if most < seats:
        raise MaximaBelowSeats(feature=feature, most=most, seats=seats, short=seats - most)
