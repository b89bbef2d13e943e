"""Problems of a file that are one and the same thing in many rows, told once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pb.core.sheet import Problem

ROWS_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Alike:
    """Hold one cause in one column: the first problem, the first rows, and how many more rows there are."""

    first: Problem = field(repr=False)
    rows: tuple[int, ...]
    more: int


def group_alike(
    problems: Sequence[Problem], counted: Mapping[tuple[str, str | None], int] | None = None
) -> list[Alike]:
    """Put problems with the same cause in the same column together, in the order of the first of each.

    ``counted`` tells per code and column how many a file has, also those past the list.
    """
    groups: dict[tuple[str, str | None, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.code, problem.column, repr(problem.facts)), []).append(problem)
    found = []
    for (code, column, _facts), alike in groups.items():
        rows = tuple(one.row for one in alike if one.row is not None)
        # Past the list nobody knows of which group a problem is, unless there is one.
        alone = sum((code, column) == (other, where) for other, where, _why in groups) == 1
        all_of_it = (counted or {}).get((code, column), 0) if alone else 0
        named = rows[:ROWS_NAMED]
        found.append(Alike(alike[0], named, max(len(alike), all_of_it) - max(len(named), 1)))
    return found
