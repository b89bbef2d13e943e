"""The picture of a division: one glass per plan, water up to one level; drawn in a template."""

from collections.abc import Mapping
from dataclasses import dataclass

from pb.divide.queries import DivisionFacts

HEIGHT = 200
WIDTH = 64
GAP = 16
TOP = 24


@dataclass(frozen=True)
class Glass:
    """One plan as a glass. Units: points in the drawing, from its top left."""

    number: int
    title: str
    x: int
    top: int
    height: int
    water_top: int
    water: int
    cut_off: bool
    amount_cents: int


@dataclass(frozen=True)
class Picture:
    """All glasses and lines of a division."""

    width: int
    height: int
    bottom: int
    cap_y: int | None
    level_y: int | None
    glasses: tuple[Glass, ...]


@dataclass(frozen=True)
class Segment:
    """A part of the pot bar. Units: thousandths of the bar."""

    x: int
    width: int
    label: str
    amount_cents: int


def glasses(division: DivisionFacts, numbers: Mapping[int, int] | None = None) -> Picture:
    """Draw the plans that got a yes, best first: height is the ask up to the cap, water is the amount.

    ``numbers`` names each plan id as the room knows it; without, plans go by their number in the round.
    """
    lines = [line for line in division.lines if line.decided_yes]
    highest = max([min(line.plan.ask_cents, division.cap_cents) for line in lines], default=1)
    bottom = TOP + HEIGHT

    def tall(cents: int) -> int:
        return cents * HEIGHT // highest

    drawn = tuple(
        Glass(
            number=(numbers or {}).get(line.plan.id, line.plan.number),
            title=line.plan.title,
            x=GAP + place * (WIDTH + GAP),
            top=bottom - tall(min(line.plan.ask_cents, division.cap_cents)),
            height=tall(min(line.plan.ask_cents, division.cap_cents)),
            water_top=bottom - tall(line.amount_cents),
            water=tall(line.amount_cents),
            cut_off=line.plan.ask_cents > division.cap_cents,
            amount_cents=line.amount_cents,
        )
        for place, line in enumerate(lines)
    )
    level = division.level_cents
    return Picture(
        width=GAP + len(lines) * (WIDTH + GAP),
        height=bottom + 48,
        bottom=bottom,
        cap_y=bottom - tall(division.cap_cents) if division.cap_cents <= highest else None,
        level_y=bottom - tall(level) if level is not None and level <= highest else None,
        glasses=drawn,
    )


def pot_bar(division: DivisionFacts) -> tuple[Segment, ...]:
    """Cut the pot into the amounts, best first; what is left over is the rest of the bar."""
    segments = []
    spent = 0
    for line in division.funded:
        start, end = (
            cents * 1000 // max(division.budget_cents, 1) for cents in (spent, spent + line.amount_cents)
        )
        segments.append(Segment(start, end - start, line.plan.title, line.amount_cents))
        spent += line.amount_cents
    return tuple(segments)
