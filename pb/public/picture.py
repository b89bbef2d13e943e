"""Glasses so small that a whole division fits in a corner, to lay several side by side."""

from dataclasses import dataclass

from pb.divide.rules import Division

HEIGHT = 60
WIDTH = 14
GAP = 4


@dataclass(frozen=True)
class SmallGlass:
    """One plan. Units: points in the drawing, from its top left."""

    plan_id: str
    x: int
    top: int
    height: int
    water_top: int
    water: int


@dataclass(frozen=True)
class SmallPicture:
    """One division in small."""

    width: int
    height: int
    glasses: tuple[SmallGlass, ...]


def small_glasses(division: Division) -> SmallPicture:
    """Draw a glass per plan with a yes, best first: height is what it can get, water what it gets."""
    highest = max((each.high for each in division.limits.values()), default=0) or 1
    glasses = []
    for place, (plan_id, limits) in enumerate(division.limits.items()):
        tall, water = (cents * HEIGHT // highest for cents in (limits.high, division.amounts[plan_id]))
        glasses.append(
            SmallGlass(
                plan_id=plan_id,
                x=GAP + place * (WIDTH + GAP),
                top=2 + HEIGHT - tall,
                height=tall,
                water_top=2 + HEIGHT - water,
                water=water,
            )
        )
    return SmallPicture(width=GAP + len(glasses) * (WIDTH + GAP), height=HEIGHT + 4, glasses=tuple(glasses))
