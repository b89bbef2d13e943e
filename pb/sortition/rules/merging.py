"""Groups so large that no number in them tells about one person; small ones join what stands next to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import add
from typing import Final

from pb.sortition.rules.pool import RATHER_NOT

POOL_LEAST: Final = 5
PANEL_LEAST: Final = 3
ABSENT_LEAST: Final = 3
# Shorter words say nothing about what answers have in common.
WORD_LEAST: Final = 4

_Score = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Count a group of people with the same answer, or with one of several that were put together.

    Units: people of the neighbourhood, None where that is not known; people who said yes; seats; seats that
    came to an evening, None outside evenings.
    """

    values: tuple[str, ...]
    people: int | None
    pool: int
    panel: int
    came: int | None = None

    def __add__(self, other: "Group") -> "Group":
        known = [one for one in (self.people, other.people) if one is not None]
        came = None if self.came is None or other.came is None else self.came + other.came
        return Group(
            (*self.values, *other.values), sum(known) if known else None,
            self.pool + other.pool, self.panel + other.panel, came,
        )  # fmt: skip

    @property
    def is_safe(self) -> bool:
        """Say whether neither a number nor the difference of two numbers is about a few people."""
        safe = _safe(self.pool, POOL_LEAST) and _safe(self.panel, PANEL_LEAST)
        safe = safe and _safe(self.pool - self.panel, PANEL_LEAST)
        if self.came is not None:
            safe = safe and _safe(self.came, PANEL_LEAST) and _safe(self.panel - self.came, ABSENT_LEAST)
        return safe


def merge_small(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Put small groups together with what stands next to them; give nothing when that leaves only one group.

    Answers stand in the order in which they were offered, and only neighbours join. Whoever would rather not
    say stands next to nobody, and joins where that is needed. All numbers still add up, so there is no hidden
    number to be found by subtraction.
    Ties: as many groups as can be; then those whose answers share words (two kinds of rent); then groups as
    equal in size as can be.
    """
    apart = [group for group in groups if group.values == (RATHER_NOT,)]
    named = [group for group in groups if group.values != (RATHER_NOT,)]

    found = [_joined(named, apart)] if all(group.is_safe for group in apart) else []
    if apart:
        silent = reduce(add, apart)
        found += [
            _joined([*named[:place], named[place] + silent, *named[place + 1 :]], [])
            for place in range(len(named))
        ]
    best = max(filter(None, found), key=_score_of, default=())
    return best if len(best) > 1 else ()


def _joined(named: Sequence[Group], apart: Sequence[Group]) -> tuple[Group, ...]:
    """Cut the answers into stretches that are safe, the best way; nothing when there is no such way."""
    best: list[tuple[_Score, tuple[Group, ...]] | None] = [((0, 0, 0), ())]
    for end in range(1, len(named) + 1):
        ways = []
        for start in range(end):
            before, stretch = best[start], named[start:end]
            joined = reduce(add, stretch)
            if before is None or not joined.is_safe:
                continue
            (count, shared, even), groups = before
            score = (count + 1, shared + _shared(stretch), even - _size(joined) ** 2)
            ways.append((score, (*groups, joined)))
        best.append(max(ways, key=lambda way: way[0], default=None))
    found = best[-1]
    return () if found is None else (*found[1], *apart)


def _score_of(groups: Sequence[Group]) -> _Score:
    """Weigh ways in which whoever would rather not say stands in different groups."""
    return (
        len(groups),
        sum(_words_shared(one, other) for group in groups for one, other in pairwise(group.values)),
        -sum(_size(group) ** 2 for group in groups),
    )


def _shared(stretch: Sequence[Group]) -> int:
    return sum(_words_shared(one.values[-1], other.values[0]) for one, other in pairwise(stretch))


def _words_shared(one: str, other: str) -> int:
    return len(_words(one) & _words(other))


def _words(value: str) -> set[str]:
    return {word for word in value.lower().replace(",", " ").split() if len(word) >= WORD_LEAST}


def _safe(count: int, least: int) -> bool:
    return count == 0 or count >= least


def _size(group: Group) -> int:
    return group.panel + group.pool + (group.came or 0)
