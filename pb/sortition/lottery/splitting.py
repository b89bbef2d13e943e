"""From chances to whole panels: chances become tickets, and tickets are halved until one panel is left."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Final

import numpy as np

from pb.sortition.lottery.balancing import Whole, choose_some, order_by_chance, rows_of, try_whole
from pb.sortition.lottery.frame import Frame

_TRIES_EACH: Final = 3
_FAILURES_MOST: Final = 60
_LEEWAYS: Final = (1, 2)


def round_to_tickets(frame: Frame, wanted: Sequence[Fraction], panels: int, seed: str) -> Whole | None:
    """Make whole tickets of what each group is worth in all panels together.

    Shape: the floor or ceiling of each; where that cannot be, one or two beside it. None when it fails.
    """
    lows = np.array([floor(one) for one in wanted], dtype=np.int64)
    highs = np.array([ceil(one) for one in wanted], dtype=np.int64)
    found = _choose(
        frame, lows, highs, panels * frame.least, panels * frame.most, panels * frame.seats, seed, "tickets"
    )
    if found is not None:
        return found
    middle = np.array([float(one) for one in wanted])
    for leeway in _LEEWAYS:
        least = np.maximum(lows - leeway, 0)
        most = np.minimum(highs + leeway, panels * frame.caps)
        found = _near(
            frame, least, most, middle, panels * frame.least, panels * frame.most, panels * frame.seats, seed
        )
        if found is not None:
            return found
    return None


class Splitter:
    """Halve tickets into panels that all keep every row."""

    def __init__(self, frame: Frame, seed: str) -> None:
        self.frame = frame
        self.seed = seed
        self.failures = 0

    def split(self, tickets: Whole, panels: int, first: int = 0) -> list[Whole] | None:
        """Give each of the panels its seats per group; None when no way was found.

        Shape: panels in order of their number, the first being ``first``.
        """
        frame = self.frame
        if panels == 1:
            sums = frame.matrix @ tickets
            fits = bool((sums >= frame.least).all() and (sums <= frame.most).all())
            return [tickets] if fits and bool((tickets <= frame.caps).all()) else None
        left = panels // 2
        for turn in range(_TRIES_EACH):
            half = self._half(tickets, panels, left, f"{first}+{panels}.{turn}")
            if half is None:
                break
            one = self.split(half, left, first)
            if one is not None:
                other = self.split(tickets - half, panels - left, first + left)
                if other is not None:
                    return one + other
            if self.failures > _FAILURES_MOST:
                return None
        self.failures += 1
        return None

    def _half(self, tickets: Whole, panels: int, left: int, purpose: str) -> Whole | None:
        frame, right = self.frame, panels - left
        sums = frame.matrix @ tickets
        least = np.maximum(left * frame.least, sums - right * frame.most)
        most = np.minimum(left * frame.most, sums - right * frame.least)
        lows, highs = tickets * left // panels, -(-tickets * left // panels)
        count = left * frame.seats
        found = _choose(frame, lows, highs, least, most, count, self.seed, purpose)
        if found is not None:
            return found
        for leeway in _LEEWAYS:
            low = np.maximum.reduce([lows - leeway, tickets - right * frame.caps, np.zeros_like(lows)])
            high = np.minimum.reduce([highs + leeway, left * frame.caps, tickets])
            found = _near(frame, low, high, tickets * left / panels, least, most, count, self.seed + purpose)
            if found is not None:
                return found
        return None


def _choose(
    frame: Frame, lows: Whole, highs: Whole, least: Whole, most: Whole, count: int, seed: str, purpose: str
) -> Whole | None:
    """Take the lower or the higher for each group, so that every sum is within bounds."""
    base = frame.matrix @ lows
    between = np.nonzero(highs > lows)[0]
    part = frame.matrix[:, between]
    low, high = least - base, most - base
    totals = part.sum(axis=1)
    if bool((low > totals).any()) or bool((high < 0).any()):
        return None
    bounds = (low > 0) | (high < totals)
    found = choose_some(
        part[bounds], low[bounds], high[bounds], count - int(lows.sum()), seed=seed, purpose=purpose
    )
    if found is None:
        return None
    chosen = lows.copy()
    chosen[between] += found
    return chosen


def _near(
    frame: Frame,
    low: Whole,
    high: Whole,
    middle: "np.ndarray",
    least: Whole,
    most: Whole,
    count: int,
    seed: str,
) -> Whole | None:
    """Take whole numbers near the middle, so that every sum is within bounds."""
    if bool((low > high).any()):
        return None
    size = frame.size
    rows = rows_of(frame.matrix, least, most, high)
    rows.add(range(size), [1.0] * size, count, count)
    for place in range(size):
        rows.add((place, size + place), (1.0, -1.0), -np.inf, float(middle[place]))
        rows.add((place, size + place), (1.0, 1.0), float(middle[place]), np.inf)
    lots = np.empty(size)
    lots[order_by_chance(size, seed, "near")] = np.arange(size) / (1000.0 * size)
    found = try_whole(
        np.concatenate([lots, np.ones(size)]),
        np.concatenate([low.astype(float), np.zeros(size)]),
        np.concatenate([high.astype(float), np.full(size, np.inf)]),
        rows,
        also=size,
    )
    return None if found is None else np.rint(found.columns[:size]).astype(np.int64)
