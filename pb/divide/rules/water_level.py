"""One level for all: fill every plan to the same height, between its own floor and its own limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Vessel:
    """A plan to be filled: level times ``weight``, never below ``low`` or above ``high``.

    Units: cents.
    """

    plan_id: str
    weight: Fraction
    low: int
    high: int

    def at(self, level: Fraction) -> Fraction:
        """Say what this plan holds at a level."""
        return max(Fraction(self.low), min(Fraction(self.high), level * self.weight))


@dataclass(frozen=True, slots=True)
class Filled:
    """The exact amounts, and the level; no level when every plan with weight is at its limit."""

    exact: dict[str, Fraction]
    level: Fraction | None


def fill(vessels: Sequence[Vessel], pot_cents: int, *, highest: Fraction | None = None) -> Filled:
    """Fill plans to one level so that together they hold the pot, or as much of it as they can.

    The lows together may not be more than the pot. ``highest`` is a level not to go above.
    Source: constrained equal awards and its weighted kin; see Thomson, JDG 2015.
    """
    if highest is not None and sum(each.at(highest) for each in vessels) <= pot_cents:
        return Filled({each.plan_id: each.at(highest) for each in vessels}, highest)
    if sum(each.high if each.weight > 0 else each.low for each in vessels) <= pot_cents:
        tops = {each.plan_id: Fraction(each.high if each.weight > 0 else each.low) for each in vessels}
        return Filled(tops, None)
    level = _level(vessels, pot_cents)
    return Filled({each.plan_id: each.at(level) for each in vessels}, level)


def _level(vessels: Sequence[Vessel], pot_cents: int) -> Fraction:
    """Rise from bend to bend: a plan starts to float at its low, and is full at its high."""
    bends: list[tuple[Fraction, int, int]] = []
    for index, each in enumerate(vessels):
        if each.weight > 0 and each.high > each.low:
            bends.append((each.low / each.weight, 0, index))
            bends.append((each.high / each.weight, 1, index))
    bends.sort()
    # A plan with low = high holds the same at any level.
    held = sum(each.low for each in vessels)
    floating = Fraction(0)
    for level, is_full, index in bends:
        if held + floating * level > pot_cents:
            break
        each = vessels[index]
        if is_full:
            floating -= each.weight
            held += each.high
        else:
            floating += each.weight
            held -= each.low
    return (pot_cents - held) / floating
