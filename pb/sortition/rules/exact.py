"""Exact fractions behind what a solver found in floating point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pb.sortition.rules.groups import Grouping

Equation = tuple[Mapping[int, int], Fraction]


@dataclass(frozen=True, slots=True)
class Bound:
    """Prove that nobody can promise everybody more than ``limit``: weights on rows, by row number.

    A positive weight counts the most of a row, a negative one its least.
    """

    weights: Mapping[int, Fraction]
    limit: Fraction


def solve_exactly(equations: Sequence[Equation], unknowns: int) -> list[Fraction] | None:
    """Solve a small system; None when it does not decide every unknown or contradicts itself."""
    solved: dict[int, _Line] = {}
    for weights, right in equations:
        line = _Line({place: Fraction(weight) for place, weight in weights.items() if weight}, right)
        for place in sorted(line.left.keys() & solved.keys()):
            line.put_in(place, solved[place])
        if not line.left:
            if line.right:
                return None
            continue
        place = min(line.left)
        lead = line.left.pop(place)
        new = _Line({column: weight / lead for column, weight in line.left.items()}, line.right / lead)
        for other in solved.values():
            if place in other.left:
                other.put_in(place, new)
        solved[place] = new
    if len(solved) < unknowns or any(line.left for line in solved.values()):
        return None
    return [solved[place].right for place in range(unknowns)]


@dataclass(slots=True)
class _Line:
    """Hold one equation: weights on unknowns, and what they add up to."""

    left: dict[int, Fraction]
    right: Fraction

    def put_in(self, place: int, solved: "_Line") -> None:
        """Replace an unknown by what it is."""
        times = self.left.pop(place)
        self.right -= times * solved.right
        for column, weight in solved.left.items():
            rest = self.left.get(column, Fraction(0)) - times * weight
            if rest:
                self.left[column] = rest
            else:
                self.left.pop(column, None)


def keeps_every_row(grouping: Grouping, chances: Sequence[Fraction]) -> bool:
    """Check chances against every row without any rounding."""
    if not all(0 <= chance <= 1 for chance in chances):
        return False
    for row in grouping.rows:
        total = sum(
            (weight * chances[place] for place, weight in zip(row.places, row.weights, strict=True)),
            Fraction(0),
        )
        if not row.least <= total <= row.most:
            return False
    return True


def bound_lowest(grouping: Grouping, prices: Sequence[float], aside: frozenset[int]) -> Bound | None:
    """Make an exact bound on the lowest chance out of a solver's prices, as sharp as they allow.

    Every set of prices gives a true bound (weak duality); ``aside`` holds the groups that have no chance.
    """
    top = max((abs(price) for price in prices), default=0.0)
    if top == 0:
        return Bound({}, Fraction(1))
    best: Bound | None = None
    for most in (60, 10_000, 10_000_000):
        weights = {}
        for number, price in enumerate(prices):
            weight = Fraction(price / top).limit_denominator(most)
            if weight:
                weights[number] = weight
        limit = _limit(grouping, weights, aside)
        if limit is not None and (best is None or limit < best.limit):
            best = Bound(weights, limit)
    return best


def _limit(grouping: Grouping, weights: Mapping[int, Fraction], aside: frozenset[int]) -> Fraction | None:
    right = Fraction(0)
    price = [Fraction(0)] * len(grouping.groups)
    for number, weight in weights.items():
        row = grouping.rows[number]
        homes = 1
        if row.home:
            homes = grouping.groups[row.places[0]].size // row.weights[0]
        right += weight * homes * (row.most if weight > 0 else row.least)
        for place, times in zip(row.places, row.weights, strict=True):
            price[place] += weight * homes * times
    shared = Fraction(0)
    for place, total in enumerate(price):
        if place in aside:
            continue
        if total > 0:
            shared += total
        else:
            right -= total
    return min(right / shared, Fraction(1)) if shared > 0 else None
