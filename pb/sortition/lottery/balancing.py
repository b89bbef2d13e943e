"""Choose a half so that every sum stays within its bounds: by exchanging, and by a solver when that fails."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pb.sortition.lottery.solver import INFINITE, Model, Rows, Solved, SolverFailed
from pb.sortition.rules.seeding import stream

Whole = NDArray[np.int64]
_EXCHANGES_MOST: Final = 120
_REST: Final = 8
_COMPARED_MOST: Final = 40
_NODES_FEW: Final = 500


def order_by_chance(count: int, seed: str, purpose: str) -> Whole:
    """Give the places 0 to count in the order that this seed gives."""
    keys = np.frombuffer(stream(seed, purpose, count), dtype=">u8")
    order: Whole = np.argsort(keys, kind="stable").astype(np.int64)
    return order


def choose_some(
    matrix: Whole, least: Whole, most: Whole, count: int, *, seed: str, purpose: str
) -> Whole | None:
    """Choose ``count`` columns of a matrix of 0 and 1 so that every row's sum is within bounds.

    Shape: 0 or 1 per column; None when no choice does.
    """
    columns = matrix.shape[1]
    if not 0 <= count <= columns or bool((least > matrix.sum(axis=1)).any()) or bool((most < 0).any()):
        return None
    order = order_by_chance(columns, seed, purpose)
    found = _exchange(matrix[:, order], least, most, count)
    if found is not None:
        chosen = np.zeros(columns, dtype=np.int64)
        chosen[order] = found
        return chosen
    return _solve(matrix, least, most, count, order)


def _exchange(matrix: Whole, least: Whole, most: Whole, count: int) -> Whole | None:
    """Start from a spread choice and exchange the best pair until every row fits."""
    columns = matrix.shape[1]
    chosen = np.zeros(columns, dtype=bool)
    chosen[_spread(matrix, count)] = True
    # Whole numbers: nothing is rounded, and no other library starts threads for it.
    table = np.ascontiguousarray(matrix.T)
    sums = table[chosen].sum(axis=0)
    rests = np.zeros(columns, dtype=np.int64)
    for turn in range(_EXCHANGES_MOST):
        miss = np.maximum(least - sums, 0) + np.maximum(sums - most, 0)
        if not miss.any():
            return chosen.astype(np.int64)
        up = np.maximum(least - sums - 1, 0) + np.maximum(sums + 1 - most, 0) - miss
        down = np.maximum(least - sums + 1, 0) + np.maximum(sums - 1 - most, 0) - miss
        free = rests <= turn
        leaving = _most_wanted(table, np.nonzero(chosen & free)[0], down)
        coming = _most_wanted(table, np.nonzero(~chosen & free)[0], up)
        if not len(leaving) or not len(coming):
            return None
        out, into = table[leaving], table[coming]
        change = (out @ down)[:, None] + (into @ up)[None, :] - (out * (up + down)) @ into.T
        first, second = divmod(int(np.argmin(change)), len(coming))
        gone, new = leaving[first], coming[second]
        chosen[gone], chosen[new] = False, True
        sums += table[new] - table[gone]
        rests[gone] = rests[new] = turn + _REST
    return None


def _most_wanted(table: Whole, places: Whole, change: Whole) -> Whole:
    """Keep the columns that mend most by themselves; the first of equals."""
    if len(places) <= _COMPARED_MOST:
        return places
    best = np.argsort(table[places] @ change, kind="stable")[:_COMPARED_MOST]
    kept: Whole = places[np.sort(best)]
    return kept


def _spread(matrix: Whole, count: int) -> Whole:
    """Give evenly spread places among the columns, sorted so that like stands beside like."""
    columns = matrix.shape[1]
    like = np.lexsort(matrix[::-1]) if len(matrix) else np.arange(columns)
    spread = (np.arange(count) * columns) // max(1, count)
    chosen: Whole = like.astype(np.int64)[spread]
    return chosen


def _solve(matrix: Whole, least: Whole, most: Whole, count: int, order: Whole) -> Whole | None:
    columns = matrix.shape[1]
    rows = rows_of(matrix, least, most)
    rows.add(range(columns), [1.0] * columns, count, count)
    costs = np.empty(columns)
    costs[order] = np.arange(columns) / max(1, columns)
    found = try_whole(costs, np.zeros(columns), np.ones(columns), rows)
    return None if found is None else np.rint(found.columns).astype(np.int64)


def rows_of(matrix: Whole, least: Whole, most: Whole, caps: Whole | None = None) -> Rows:
    """Write a matrix as rows of a model, without the rows that bound nothing.

    ``caps`` is the most of each column; 1 when left out.
    """
    rows = Rows.none()
    totals = matrix.sum(axis=1) if caps is None else matrix @ caps
    for line, low, high, total in zip(matrix, least, most, totals, strict=True):
        if low > 0 or high < total:
            places = np.nonzero(line)[0]
            rows.add(places.tolist(), line[places].tolist(), float(low), float(high))
    return rows


def try_whole(
    costs: NDArray[np.float64], least: NDArray[np.float64], most: NDArray[np.float64], rows: Rows,
    *, also: int = 0,
) -> Solved | None:  # fmt: skip
    """Look for whole numbers that fit, but not for long; None too when it would take long."""
    try:
        return solve_whole(costs, least, most, rows, also=also, nodes=_NODES_FEW)
    except SolverFailed:
        return None


def solve_whole(
    costs: NDArray[np.float64], least: NDArray[np.float64], most: NDArray[np.float64], rows: Rows,
    *, best: bool = False, also: int = 0, nodes: int = 50_000,
) -> Solved | None:  # fmt: skip
    """Find whole numbers that fit; the first that the solver comes upon, unless the ``best`` is asked.

    ``also`` columns at the end need not be whole.
    Raises: SolverFailed, when it takes more than ``nodes``.
    """
    whole = [True] * (len(costs) - also) + [False] * also
    model = Model(costs, least, np.minimum(most, INFINITE), rows, whole=whole)
    # Nodes and not seconds: the same answer on a slow machine, and always an end.
    model.choose(mip_max_nodes=nodes)
    if not best:
        model.choose(mip_max_improving_sols=1)
    return model.solve()
