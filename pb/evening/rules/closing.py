"""What the console asks before scoring closes: who is still missing, and whether enough people scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

COUNTDOWN_SECONDS = 20
_HALF = Fraction(1, 2)
_FIVE = 5


@dataclass(frozen=True)
class Gaps:
    """What is not there yet.

    ``seats`` are the numbers of seats that may score and have not; ``floor`` counts the people on the floor
    whom no floor count holds; ``scores`` is what there is and ``needed`` what the rules of the round ask.
    ``paper`` counts people whose figure is on paper and is typed later: nobody waits for them.
    """

    seats: tuple[int, ...]
    floor: int
    scores: int
    needed: int
    paper: int = 0

    @property
    def too_few(self) -> bool:
        """Say whether the plan gets no decision by its scores, because too few people gave one."""
        expected = self.scores + self.paper
        return expected == 0 or expected < self.needed

    @property
    def any(self) -> bool:
        """Say whether closing now would leave somebody out."""
        return bool(self.seats) or self.floor > 0 or self.too_few


def scores_needed(decide_rules: Mapping[str, Any], may_score: int) -> int:
    """Count how many people must score, of this many who may, by the frozen rules of the round.

    Ties: a half person is a person more. A setting that is not there is a half, and five.
    """
    quorum = decide_rules.get("quorum", {})
    if quorum is None:
        return 0
    part = Fraction(quorum.get("fraction", _HALF)) * may_score
    return max(-(-part.numerator // part.denominator), int(quorum.get("min_scorers", _FIVE)))
