"""The sums that every whole panel keeps, as a table of groups."""

from dataclasses import dataclass

import numpy as np

from pb.sortition.lottery.balancing import Whole, rows_of, solve_whole
from pb.sortition.rules.groups import Grouping, group_by_home
from pb.sortition.rules.pool import Pool


@dataclass(frozen=True)
class Frame:
    """Hold the groups, with for each how many one panel can seat, and the bounds of each row.

    Shape: ``matrix`` has a row for each target and each home, 1 where a group counts for it.
    """

    grouping: Grouping
    matrix: Whole
    least: Whole
    most: Whole
    caps: Whole
    seats: int

    @property
    def size(self) -> int:
        return len(self.caps)


def frame_of(pool: Pool) -> Frame:
    """Write the targets and homes of a pool as sums over groups."""
    grouping = group_by_home(pool)
    rows = grouping.rows[1:]
    matrix = np.zeros((len(rows), len(grouping.groups)), dtype=np.int64)
    for number, row in enumerate(rows):
        matrix[number, list(row.places)] = 1
    return Frame(
        grouping=grouping,
        matrix=matrix,
        least=np.array([row.least for row in rows], dtype=np.int64),
        most=np.array([row.most for row in rows], dtype=np.int64),
        caps=np.array([1 if group.home else group.size for group in grouping.groups], dtype=np.int64),
        seats=pool.seats,
    )


def find_whole_panel(frame: Frame, worth: "np.ndarray | None" = None) -> Whole | None:
    """Find a panel that keeps every row, as seats per group; the one worth most, when that is asked."""
    rows = rows_of(frame.matrix, frame.least, frame.most, frame.caps)
    rows.add(range(frame.size), [1.0] * frame.size, frame.seats, frame.seats)
    costs = np.zeros(frame.size) if worth is None else -np.asarray(worth, dtype=np.float64)
    found = solve_whole(costs, np.zeros(frame.size), frame.caps.astype(float), rows, best=worth is not None)
    return None if found is None else np.rint(found.columns).astype(np.int64)
