"""When halving finds no way: mix whole panels until the chances are as near as can be."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pb.sortition.lottery.balancing import Whole, order_by_chance
from pb.sortition.lottery.frame import Frame, find_whole_panel
from pb.sortition.lottery.solver import INFINITE, Model, Rows, SolverFailed

_IN_TURN_MOST: Final = 300
_GROUPS_MANY: Final = 300
_ROUNDS_MOST: Final = 150
_ROUNDS_MOST_OF_MANY: Final = 30
_NO_GAIN: Final = 1e-7
Floats = NDArray[np.float64]


def mix_panels(frame: Frame, chances: Sequence[Fraction], panels: int, seed: str) -> list[Whole] | None:
    """Give panels in which everybody's share comes as near to their chance as whole panels can bring it.

    First panels one after the other, each for whoever waits longest; when those do not do, the best mix of
    them and others, in which the lowest chance counts before all. None when there is no whole panel.
    Source: column generation, with a panel as a column.
    """
    goal = np.array([float(chance) for chance in chances])
    sizes = np.array([group.size for group in frame.grouping.groups], dtype=np.float64)
    made = _take_turns(frame, goal, sizes, min(panels, _IN_TURN_MOST), seed)
    if made is None:
        return None
    if len(made) == panels and _is_even(made, goal, sizes):
        return made
    columns = [np.array(one, dtype=np.int64) for one in sorted({tuple(one.tolist()) for one in made})]
    shares = np.ones(1)
    for _ in range(_ROUNDS_MOST if frame.size <= _GROUPS_MANY else _ROUNDS_MOST_OF_MANY):
        shares, worth, floor = _mix(columns, goal, sizes)
        new = find_whole_panel(frame, worth)
        if new is None or float(worth @ new) <= floor + _NO_GAIN:
            break
        columns.append(new)
    else:
        shares, _, _ = _mix(columns, goal, sizes)
    return _deal(columns, shares, goal * sizes, panels, seed)


def _take_turns(frame: Frame, goal: Floats, sizes: Floats, panels: int, seed: str) -> list[Whole] | None:
    """Find panel after panel, each time the one that makes good most of what people still miss."""
    made: list[Whole] = []
    given = np.zeros(frame.size)
    lots = np.empty(frame.size)
    lots[order_by_chance(frame.size, seed, "turns")] = np.arange(frame.size) / (1000.0 * max(1, frame.size))
    for turn in range(1, panels + 1):
        missed = goal * turn - given / sizes
        worth = np.where(goal > 0, missed + lots, -1000.0)
        found = find_whole_panel(frame, np.round(worth, 6))
        if found is None:
            return None
        made.append(found)
        given += found
    return made


def _is_even(made: Sequence[Whole], goal: Floats, sizes: Floats) -> bool:
    """Tell whether everybody is within a turn of what their chance says, and nobody left out."""
    wanted = goal * len(made)
    turns = np.sum(made, axis=0) / sizes
    short = turns < np.floor(wanted + 1e-9) - 1
    over = turns > np.ceil(wanted - 1e-9) + 1
    floor = np.floor(wanted[goal > 0].min() + 1e-9) if bool((goal > 0).any()) else 0.0
    low = turns[goal > 0].min() < floor - 1 if bool((goal > 0).any()) else False
    return not (bool(short.any()) or bool(over.any()) or bool(low))


def _mix(columns: list[Whole], goal: Floats, sizes: Floats) -> tuple[Floats, Floats, float]:
    """Weigh the panels known so far; give their shares, what a seat in each group is worth, and the bar."""
    count, size = len(columns), len(goal)
    some = np.nonzero(goal > 0)[0]
    table = np.array(columns, dtype=np.float64)
    rows = Rows.none()
    for place in range(size):
        panels = np.nonzero(table[:, place])[0]
        places = [*panels.tolist(), count + place, count + size + place]
        total = goal[place] * sizes[place]
        rows.add(places, [*table[panels, place].tolist(), 1.0, -1.0], total, total)
    for place in some.tolist():
        panels = np.nonzero(table[:, place])[0]
        rows.add(
            [*panels.tolist(), count + 2 * size],
            [*(table[panels, place] / sizes[place]).tolist(), -1.0], 0.0, INFINITE,
        )  # fmt: skip
    rows.add(range(count), [1.0] * count, 1.0, 1.0)
    lowest = float(goal[some].min()) if len(some) else 0.0
    costs = [0.0] * count + [1.0] * (2 * size) + [-10.0 * float(sizes.sum())]
    most = [1.0] * count + [INFINITE] * (2 * size) + [lowest]
    solved = Model(costs, [0.0] * len(costs), most, rows).solve()
    if solved is None:  # under and over take up any difference
        raise SolverFailed(what="no mix")
    worth = solved.row_prices[:size].copy()
    worth[some] += solved.row_prices[size : size + len(some)] / sizes[some]
    return np.maximum(solved.columns[:count], 0.0), worth, -float(solved.row_prices[-1])


def _deal(columns: list[Whole], shares: Floats, goal: Floats, panels: int, seed: str) -> list[Whole]:
    """Give each panel its whole number of turns, and the rest to whichever is missed most."""
    table = np.array(columns, dtype=np.int64)
    times = np.floor(shares * panels + 1e-7).astype(np.int64)
    missed = goal * panels - times @ table
    while int(times.sum()) < panels:
        distance = ((missed[None, :] - table) ** 2).sum(axis=1)
        best = int(np.argmin(np.round(distance, 6)))
        times[best] += 1
        missed = missed - table[best]
    turns = [
        ((turn + 0.5) / int(times[column]), column)
        for column in range(len(columns))
        for turn in range(int(times[column]))
    ]
    order = order_by_chance(len(columns), seed, "mixed")
    turns.sort(key=lambda one: (one[0], int(order[one[1]])))
    return [table[column] for _, column in turns[:panels]]
