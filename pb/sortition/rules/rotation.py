"""Making room for newcomers: who sat the longest steps down first, and the lot decides between equals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Final

from pb.core.errors import BadInput
from pb.core.lot import lot_key

ONE_THIRD: Final = Fraction(1, 3)


class RotationCountWrong(BadInput):
    """Refuse to let nobody or everybody step down. Facts: ``most``."""

    code = "sortition.rotation-count-wrong"


@dataclass(frozen=True, slots=True)
class Sitter:
    """Hold who sits, by the name in the draw, and since when."""

    code: str
    since: datetime


def newcomers_for(seats: int, share: Fraction = ONE_THIRD) -> int:
    """Give how many newcomers make this share of the seats, rounded up."""
    return ceil(seats * share)


def step_down(sitters: Sequence[Sitter], count: int, seed: str) -> tuple[str, ...]:
    """Choose exactly this many people who step down, whoever sat the longest first.

    Ties: by lot, the smallest lot key of the seed and the code. The order of the rows does not matter.
    Raises: RotationCountWrong.
    """
    if not 1 <= count < len(sitters):
        raise RotationCountWrong(most=max(len(sitters) - 1, 0))
    in_order = sorted(sitters, key=lambda one: (one.since, lot_key(seed, one.code)))
    return tuple(one.code for one in in_order[:count])
