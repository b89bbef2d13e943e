"""The smallest change that makes targets possible, and who loses by it."""

from collections.abc import Sequence

import numpy as np

from pb.core.errors import BadInput
from pb.sortition.lottery.balancing import solve_whole
from pb.sortition.lottery.chances import best_chances
from pb.sortition.lottery.frame import Frame, find_whole_panel, frame_of
from pb.sortition.lottery.solver import INFINITE, Rows
from pb.sortition.rules.pool import Pool, Target
from pb.sortition.rules.refusals import LotteryTargetsContradict

Change = dict[str, object]


def check_whole_panel(pool: Pool, frame: Frame | None = None) -> Frame:
    """Refuse targets that no whole panel can meet together.

    Raises: LotteryTargetsContradict.
    """
    frame = frame or frame_of(pool)
    if find_whole_panel(frame) is None:
        raise contradiction(pool)
    return frame


def contradiction(pool: Pool) -> BadInput:
    """Tell that targets contradict each other, with the smallest change that would help."""
    changes, within = smallest_change(pool)
    return LotteryTargetsContradict(
        seats=pool.seats,
        changes=changes,
        losers=losers_by(pool, changes),
        fits_on_paper=best_chances(pool) is not None,
        within_flex=within,
    )


def smallest_change(pool: Pool) -> tuple[tuple[Change, ...], bool]:
    """Find the fewest places by which targets must give way, and whether they stay within their leeway.

    Shape: each change has feature, value, bound, before and after; none when nothing helps.
    Ties: the target that comes first gives way.
    """
    for within in (True, False):
        if within and all(target.least_flex is None and target.most_flex is None for target in pool.targets):
            continue
        found = _relax(pool, frame_of(pool), within=within)
        if found:
            return tuple(found), within
    return (), False


def _relax(pool: Pool, frame: Frame, *, within: bool) -> list[Change]:
    size, count = frame.size, len(pool.targets)
    rows = Rows.none()
    rows.add(range(size), [1.0] * size, frame.seats, frame.seats)
    for number in range(len(frame.matrix)):
        places = np.nonzero(frame.matrix[number])[0].tolist()
        ones = [1.0] * len(places)
        least, most = float(frame.least[number]), float(frame.most[number])
        if number >= count:
            rows.add(places, ones, least, most)
            continue
        rows.add([*places, size + number], [*ones, 1.0], least, INFINITE)
        rows.add([*places, size + count + number], [*ones, -1.0], -INFINITE, most)
    room = [_room(target, within=within) for target in pool.targets]
    # A little more for each next one, so that there is one smallest change.
    prices = [1.0 + number / (1000.0 * (2 * count + 1)) for number in range(2 * count)]
    found = solve_whole(
        np.array([0.0] * size + prices),
        np.zeros(size + 2 * count),
        np.array([*frame.caps.astype(float), *(low for low, _ in room), *(high for _, high in room)]),
        rows,
        best=True,
    )
    if found is None:
        return []
    slack = np.rint(found.columns[size:]).astype(np.int64).tolist()
    changes: list[Change] = []
    for number, target in enumerate(pool.targets):
        for bound, before, after in (
            ("least", target.least, target.least - slack[number]),
            ("most", target.most, target.most + slack[count + number]),
        ):
            if before != after:
                changes.append(
                    {"feature": target.feature, "value": target.value, "bound": bound,
                     "before": before, "after": after}
                )  # fmt: skip
    return changes


def _room(target: Target, *, within: bool) -> tuple[float, float]:
    low, high = target.least, 10**6
    if within:
        low = target.least - (target.least if target.least_flex is None else target.least_flex)
        high = 0 if target.most_flex is None else target.most_flex - target.most
        low = 0 if target.least_flex is None else low
    return float(low), float(high)


def losers_by(pool: Pool, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Tell who loses promised seats: a value whose least is lowered, or all others where a most is raised."""
    losers: list[Change] = []
    for change in changes:
        seats = abs(int(str(change["after"])) - int(str(change["before"])))
        loser = {"feature": change["feature"], "value": change["value"], "seats": seats}
        losers.append({**loser, "others": change["bound"] == "most"})
    lowered = {loser["feature"] for loser in losers if not loser["others"]}
    return tuple(loser for loser in losers if not (loser["others"] and loser["feature"] in lowered))
