"""From seats per group to people: everybody's turns even, no two panels the same list where that can be."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from pb.sortition.lottery.balancing import Whole, choose_some
from pb.sortition.lottery.frame import Frame
from pb.sortition.rules.seeding import shuffled

_TRIES_EACH: Final = 30
_IN_VAIN_MOST: Final = 600

Panel = tuple[str, ...]


def seat_people(frame: Frame, panels: Sequence[Whole], seed: str) -> list[Panel]:
    """Name the people of each panel, sorted; within a group all have had a turn before any has the next."""
    named: list[list[str]] = [[] for _ in panels]
    table = np.array(panels, dtype=np.int64).reshape(len(panels), frame.size)
    for place, group in enumerate(frame.grouping.groups):
        deck: list[str] = []
        decks = 0
        for number in np.nonzero(table[:, place])[0].tolist():
            count = int(table[number, place])
            if count > len(deck):
                fresh = shuffled(group.members, seed, f"deck {group.members[0]} {decks}")
                decks += 1
                held = set(deck)
                deck += [one for one in fresh if one not in held] + [one for one in fresh if one in held]
            named[number] += deck[:count]
            deck = deck[count:]
    return make_distinct(frame, [tuple(sorted(panel)) for panel in named], seed)


def make_distinct(frame: Frame, panels: list[Panel], seed: str) -> list[Panel]:
    """Exchange people between panels that are the same list and others; all keep their number of turns."""
    group_of = {one: place for place, group in enumerate(frame.grouping.groups) for one in group.members}
    times: dict[Panel, int] = {}
    for panel in panels:
        times[panel] = times.get(panel, 0) + 1
    count, in_vain = len(panels), 0
    for number in range(count):
        for turn in range(_TRIES_EACH):
            if times[panels[number]] == 1 or in_vain > _IN_VAIN_MOST:
                break
            partner = (number + 1 + turn * 7) % count
            purpose = f"exchange {number} {turn}"
            made = _exchange(frame, group_of, panels[number], panels[partner], seed, purpose)
            if made is None or made[0] == made[1] or times.get(made[0]) or times.get(made[1]):
                in_vain += 1
                continue
            in_vain = 0
            for place, new in zip((number, partner), made, strict=True):
                times[panels[place]] -= 1
                times[new] = times.get(new, 0) + 1
                panels[place] = new
    return panels


def _exchange(
    frame: Frame, group_of: dict[str, int], one: Panel, other: Panel, seed: str, purpose: str
) -> tuple[Panel, Panel] | None:
    """Divide the people of two panels again, so that both still keep every row."""
    both = sorted(set(one) & set(other))
    apart = sorted(set(one) ^ set(other))
    if len(apart) < 2:
        return None
    part = frame.matrix[:, [group_of[person] for person in apart]]
    base = frame.matrix[:, [group_of[person] for person in both]].sum(axis=1)
    totals = part.sum(axis=1)
    least = np.maximum(frame.least - base, totals - (frame.most - base))
    most = np.minimum(frame.most - base, totals - (frame.least - base))
    chosen = choose_some(part, least, most, len(one) - len(both), seed=seed, purpose=purpose)
    if chosen is None:
        return None
    first = [person for person, bit in zip(apart, chosen.tolist(), strict=True) if bit]
    second = [person for person, bit in zip(apart, chosen.tolist(), strict=True) if not bit]
    return tuple(sorted(both + first)), tuple(sorted(both + second))
