"""The fair window: everybody's best possible chance, before anything is drawn.

The lowest chance as high as the targets allow, then the highest as low as that allows, and between the
two nobody lower than needed, from the bottom up. There is one such set of chances, whoever computes it.
Source: leximin after Flanigan, Gölz, Gupta, Hennig and Procaccia, Nature 596 (2021), over groups of equal
people instead of over panels.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pb.sortition.lottery.solver import INFINITE, Model, Rows, Solved, SolverFailed
from pb.sortition.rules.exact import Bound, bound_lowest, keeps_every_row, solve_exactly
from pb.sortition.rules.groups import Grouping, group_by_kind
from pb.sortition.rules.pool import Pool

_SAME: Final = 1e-9
_PRICED: Final = 1e-8
_NOBODY: Final = 0  # the level of people without a chance
_LOWEST: Final = 1
_HIGHEST: Final = 2


@dataclass(frozen=True)
class Chances:
    """Hold the chance of every group, in the order of the groups, and what proves the lowest.

    ``is_exact`` tells that the fractions were checked against every target without rounding.
    """

    grouping: Grouping
    of_groups: tuple[Fraction, ...]
    lowest: Fraction
    highest: Fraction
    bound: Bound | None
    is_exact: bool

    def of_people(self) -> dict[str, Fraction]:
        """Give everybody's chance by id, sorted."""
        found = {
            member: chance
            for group, chance in zip(self.grouping.groups, self.of_groups, strict=True)
            for member in group.members
        }
        return dict(sorted(found.items()))

    def without_chance(self) -> tuple[str, ...]:
        """Give the ids of people whom no panel can hold."""
        return tuple(one for one, chance in self.of_people().items() if chance == 0)

    def always(self) -> tuple[str, ...]:
        """Give the ids of people who sit in every panel."""
        return tuple(one for one, chance in self.of_people().items() if chance == 1)


def best_chances(pool: Pool, *, aside: Iterable[str] = ()) -> Chances | None:
    """Compute everybody's chance; None when the targets contradict each other.

    ``aside`` holds ids that are known to have no chance, because no whole panel can hold them.
    """
    grouping = group_by_kind(pool)
    window = _Window(grouping, frozenset(aside))
    if not window.find_lowest():
        return None
    window.find_highest()
    window.fill_between()
    return window.settle()


class _Window:
    """Find level after level; a level is a chance that some groups share."""

    def __init__(self, grouping: Grouping, aside: frozenset[str]) -> None:
        self.grouping = grouping
        self.size = len(grouping.groups)
        self.level_of: dict[int, int] = {
            place: _NOBODY for place, group in enumerate(grouping.groups) if aside & set(group.members)
        }
        self.levels = [0.0, 0.0, 1.0]
        self.tight: dict[int, int] = {}
        self.bound: Bound | None = None
        self.from_below = self._model(1.0, 0.0, INFINITE, -1.0)

    def _model(self, weight: float, least: float, most: float, cost: float) -> Model:
        rows = Rows.none()
        for row in self.grouping.rows:
            rows.add(row.places, row.weights, row.least, row.most)
        for place in range(self.size):
            rows.add((place, self.size), (weight, -weight), least, most)
        floor = [0.0] * (self.size + 1)
        # The level itself has no roof: what stops it must be a price on people.
        roof = [1.0] * self.size + [2.0]
        for place in self.level_of:
            roof[place] = 0.0
        model = Model([0.0] * self.size + [cost], floor, roof, rows)
        for place in self.level_of:
            self._free(model, place)
        return model

    def _free(self, model: Model, place: int) -> None:
        model.bound_row(len(self.grouping.rows) + place, -INFINITE, INFINITE)

    def _priced(self, solved: Solved) -> list[int]:
        """Give the groups that share the level in every optimum, and remember which rows are full there."""
        own = len(self.grouping.rows)
        for number, row in enumerate(self.grouping.rows):
            price = solved.row_prices[number]
            if abs(price) > _PRICED:
                self.tight[number] = row.least if price > 0 else row.most
        return [
            place for place in range(self.size)
            if place not in self.level_of and abs(solved.row_prices[own + place]) > _PRICED
        ]  # fmt: skip

    def find_lowest(self) -> bool:
        """Set people without any chance aside, and raise the lowest of all others."""
        while len(self.level_of) < self.size:
            solved = self.from_below.solve()
            if solved is None:
                return False
            level = float(solved.columns[self.size])
            priced = self._priced(solved)
            if not priced:
                raise SolverFailed(what="no price on any group")
            is_nobody = level < _SAME
            if not is_nobody:
                aside = frozenset(place for place in self.level_of)
                prices = [-float(price) for price in solved.row_prices[: len(self.grouping.rows)]]
                self.bound = bound_lowest(self.grouping, prices, aside)
                self.levels[_LOWEST] = level
            self._settle(priced, _NOBODY if is_nobody else _LOWEST)
            if not is_nobody:
                return True
        return self.from_below.solve() is not None

    def _settle(self, places: Iterable[int], level: int) -> None:
        chance = self.levels[level]
        for place in places:
            self.level_of[place] = level
            self.from_below.bound_column(place, chance, chance)
            self._free(self.from_below, place)

    def find_highest(self) -> None:
        """Keep the lowest chance and lower the highest."""
        lowest = self.levels[_LOWEST]
        settled = dict(self.level_of)
        if len(settled) == self.size:
            self.levels[_HIGHEST] = lowest
            return
        self.level_of = {place: level for place, level in settled.items() if level == _NOBODY}
        model = self._model(1.0, -INFINITE, 0.0, 1.0)
        self.level_of = settled
        for place in range(self.size):
            level = settled.get(place)
            if level is None:
                model.bound_column(place, lowest, 1.0)
            elif level == _LOWEST:
                model.bound_column(place, lowest, lowest)
                self._free(model, place)
        solved = model.solve()
        if solved is None:
            raise SolverFailed(what="no highest chance")
        self.levels[_HIGHEST] = highest = float(solved.columns[self.size])
        if highest - lowest < _SAME:
            self._settle([place for place in range(self.size) if place not in self.level_of], _LOWEST)
            self.levels[_HIGHEST] = lowest
            return
        self._settle(self._priced(solved), _HIGHEST)
        for place in range(self.size):
            if place not in self.level_of:
                self.from_below.bound_column(place, lowest, highest)

    def fill_between(self) -> None:
        """Raise the lowest of whoever is left, again and again."""
        while len(self.level_of) < self.size:
            solved = self.from_below.solve()
            if solved is None:
                raise SolverFailed(what="no chances between lowest and highest")
            level = float(solved.columns[self.size])
            if self.levels[_HIGHEST] - level < _SAME:
                left = [place for place in range(self.size) if place not in self.level_of]
                self._settle(left, _HIGHEST)
                return
            priced = self._priced(solved)
            if not priced:
                raise SolverFailed(what="no price on any group")
            known = [
                number for number, there in enumerate(self.levels) if number and abs(there - level) < _SAME
            ]
            if not known:
                self.levels.append(level)
            self._settle(priced, known[0] if known else len(self.levels) - 1)

    def settle(self) -> Chances:
        """Make exact fractions of the levels, from the rows that are full."""
        used = sorted(set(self.level_of.values()) - {_NOBODY})
        number_of = {level: number for number, level in enumerate(used)}
        equations = []
        if _HIGHEST in number_of and self.levels[_HIGHEST] > 1 - _SAME:
            equations.append(({number_of[_HIGHEST]: 1}, Fraction(1)))
        seats = {0: self.grouping.rows[0].least} if self.grouping.rows else {}
        for number, right in sorted({**self.tight, **seats}.items()):
            row = self.grouping.rows[number]
            left: dict[int, int] = {}
            for place, weight in zip(row.places, row.weights, strict=True):
                level = self.level_of[place]
                if level != _NOBODY:
                    left[number_of[level]] = left.get(number_of[level], 0) + weight
            equations.append((left, Fraction(right)))
        values = solve_exactly(equations, len(used))
        if values is None or any(
            abs(float(value) - self.levels[level]) > 1e-6 for value, level in zip(values, used, strict=True)
        ):
            values = [Fraction(self.levels[level]).limit_denominator(1_000_000) for level in used]
        chances = tuple(
            Fraction(0) if self.level_of[place] == _NOBODY else values[number_of[self.level_of[place]]]
            for place in range(self.size)
        )
        some = [chance for chance in chances if chance] or [Fraction(0)]
        return Chances(
            grouping=self.grouping,
            of_groups=chances,
            lowest=min(some),
            highest=max(some),
            bound=self.bound,
            is_exact=keeps_every_row(self.grouping, chances),
        )
