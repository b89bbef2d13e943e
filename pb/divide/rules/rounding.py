"""From exact fractions to whole units, by the largest remainder."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from pb.divide.rules.water_level import Vessel


def round_to_units(
    vessels: Sequence[Vessel], exact: Mapping[str, Fraction], unit_cents: int
) -> dict[str, int]:
    """Round amounts to whole units without spending a cent more than they sum to.

    A plan exactly at its low or high keeps exact cents. The others are rounded down, but not below their
    low; what that frees goes out unit by unit, largest remainder first, never past a plan's high.
    Ties: in the order of ``vessels``, which is the ranking.
    """
    amounts: dict[str, int] = {}
    between: list[tuple[Fraction, int, Vessel]] = []
    for index, each in enumerate(vessels):
        amount = exact[each.plan_id]
        if amount in (each.low, each.high):
            amounts[each.plan_id] = int(amount)
            continue
        base = max(int(amount // unit_cents) * unit_cents, each.low)
        amounts[each.plan_id] = base
        between.append((base - amount, index, each))
    between.sort(key=lambda found: found[:2])
    left = int(sum(exact.values()) // 1) - sum(amounts.values())
    handed = True
    while left >= unit_cents and handed:
        handed = False
        for _, _, each in between:
            if left >= unit_cents and amounts[each.plan_id] + unit_cents <= each.high:
                amounts[each.plan_id] += unit_cents
                left -= unit_cents
                handed = True
    return amounts
