"""What targets do, before anything is drawn: everybody's chance, the reason of the lowest, who has none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

import numpy as np

from pb.core.errors import BadInput
from pb.sortition.lottery.balancing import Whole
from pb.sortition.lottery.chances import Chances, best_chances
from pb.sortition.lottery.frame import Frame, find_whole_panel
from pb.sortition.lottery.relaxing import check_whole_panel, contradiction
from pb.sortition.lottery.splitting import Splitter, round_to_tickets
from pb.sortition.rules.binding import Binding, find_binding
from pb.sortition.rules.checking import check_pool
from pb.sortition.rules.pool import Pool
from pb.sortition.rules.refusals import LotteryNoChance

_PANELS_TO_COVER_MOST: Final = 400
_SHOWN: Final = 5


@dataclass(frozen=True)
class Prospect:
    """Hold everybody's chance as fractions by id, what sets the lowest, and what to think about first."""

    pool: Pool
    frame: Frame
    chances: Chances
    by_id: Mapping[str, Fraction]
    binding: Binding | None
    doubts: tuple[BadInput, ...]

    @property
    def average(self) -> Fraction:
        return Fraction(self.pool.seats, len(self.pool.people))


def foresee(pool: Pool, *, letters: int | None = None) -> Prospect:
    """Compute the best possible chances, after checking that whole panels exist.

    Raises: what check_pool raises, and LotteryTargetsContradict.
    """
    doubts = check_pool(pool, letters=letters)
    frame = check_whole_panel(pool)
    aside: tuple[str, ...] = ()
    while True:
        chances = best_chances(pool, aside=aside)
        if chances is None:
            raise contradiction(pool)
        by_id = chances.of_people()
        more = _never_seated(frame, by_id, chances.lowest)
        if not more:
            break
        aside = (*aside, *more)
    without = tuple(one for one, chance in by_id.items() if not chance)
    if without:
        told = LotteryNoChance(count=len(without), ids=without[:_SHOWN], is_more=len(without) > _SHOWN)
        doubts = (*doubts, told)
    binding = find_binding(pool, chances.grouping, by_id, chances.lowest, chances.bound)
    return Prospect(pool, frame, chances, by_id, binding, doubts)


def tickets_wanted(frame: Frame, by_id: Mapping[str, Fraction], panels: int) -> list[Fraction]:
    """Give what each group is worth in all panels together."""
    return [by_id[group.members[0]] * group.size * panels for group in frame.grouping.groups]


def _never_seated(frame: Frame, by_id: Mapping[str, Fraction], lowest: Fraction) -> tuple[str, ...]:
    """Find people who have a chance on paper although no whole panel holds them."""
    hopeful = {place for place, group in enumerate(frame.grouping.groups) if by_id[group.members[0]]}
    for panel in _some_panels(frame, by_id, lowest):
        hopeful -= set(np.nonzero(panel)[0].tolist())
    never: list[str] = []
    for place in sorted(hopeful):
        if place not in hopeful:  # seated beside another, meanwhile
            continue
        worth = np.array([1000.0 if one == place else float(one in hopeful) for one in range(frame.size)])
        found = find_whole_panel(frame, worth)
        if found is None or not found[place]:
            never += frame.grouping.groups[place].members
        else:
            hopeful -= set(np.nonzero(found)[0].tolist())
    return tuple(sorted(never))


def _some_panels(frame: Frame, by_id: Mapping[str, Fraction], lowest: Fraction) -> Sequence[Whole]:
    """Make so many panels that everybody with a chance sits in one, when that goes quickly."""
    if not lowest or lowest * _PANELS_TO_COVER_MOST < 1:
        return ()
    panels = ceil(1 / lowest)
    tickets = round_to_tickets(frame, tickets_wanted(frame, by_id, panels), panels, "cover")
    if tickets is None:
        return ()
    return Splitter(frame, "cover").split(tickets, panels) or ()
