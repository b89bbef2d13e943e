"""The pictures of a division: each way to divide is drawn as what it does; a template puts it on the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from pb.divide.given import together_cents
from pb.divide.queries import DivisionFacts, Line
from pb.divide.rules.config import Rule
from pb.divide.rules.limits import Status
from pb.divide.shown import nearest

HEIGHT = 200
TOP = 26
GLASS = 60
COLUMN = 84
# Half of a long amount under the first and the last glass stands beside the glass.
SIDE = 30
# Narrower where a list with the amounts stands beside it.
SLIM_GLASS = 40
SLIM_COLUMN = 52
FEW = 6
SLIM_HEIGHT = 400
LABELS = 165
SLIM_LABELS = 235
LABEL_HEIGHT = 74
WIDE_ENOUGH_FOR_A_FIGURE = 40
WIDE_ENOUGH_FOR_TWO = 60
WIDE_ENOUGH_FOR_AN_AMOUNT = 240


class Kind(StrEnum):
    """What a picture shows: one level, one percentage, a queue, what people gave, whole plans, or shares."""

    LEVEL = "level"
    PART = "part"
    QUEUE = "queue"
    GIVEN = "given"
    WHOLE = "whole"
    SHARE = "share"


_KINDS = {
    Rule.EQUAL: Kind.LEVEL,
    Rule.PROP_REQUEST: Kind.PART,
    Rule.GREEDY_FULL: Kind.QUEUE,
    Rule.MES: Kind.WHOLE,
    Rule.TRIMMED_MEAN_PROPOSALS: Kind.GIVEN,
    Rule.MEAN_PROPOSALS: Kind.GIVEN,
    Rule.MEDIAN_PROPOSALS: Kind.GIVEN,
}


@dataclass(frozen=True)
class Glass:
    """One plan as a glass. Units: points in the drawing, from its top left; cents.

    ``stones`` is the part that was reserved; ``given_y`` what people gave, ``computed_y`` what the rule gave
    where people changed it; ``free_cents`` is what was left when it was this plan's turn, in a queue;
    ``rest``: it was passed over, and got what was left over in the end.
    """

    plan_id: int
    number: int
    title: str
    x: int
    top: int
    height: int
    water_top: int
    water: int
    stones: int
    given_y: int | None
    given_cents: int | None
    computed_y: int | None
    changed: bool
    cut_off: bool
    amount_cents: int
    limit_cents: int
    low: bool
    free_cents: int | None
    rest: bool


@dataclass(frozen=True)
class Picture:
    """All glasses and lines of a division. The labels of the lines stand at the right of the glasses."""

    kind: Kind
    width: int
    height: int
    bottom: int
    glass: int
    labels_x: int
    cap_y: int | None
    cap_label_y: int
    level_y: int | None
    level_label_y: int
    per_hundred_cents: int | None
    slim: bool
    glasses: tuple[Glass, ...]

    @property
    def stones(self) -> bool:
        """Say whether a part was reserved anywhere."""
        return any(glass.stones for glass in self.glasses)

    @property
    def given(self) -> dict[int, int]:
        """Give what people gave, per plan id, where this picture shows it. Units: cents."""
        return {one.plan_id: one.given_cents for one in self.glasses if one.given_cents is not None}

    @property
    def all_full(self) -> bool:
        """Say whether every plan gets all that it can get."""
        return all(glass.amount_cents == glass.limit_cents for glass in self.glasses)

    @property
    def all_share(self) -> bool:
        """Say whether every plan got its part when it was its turn."""
        return not self.rests and all(glass.amount_cents for glass in self.glasses)

    @property
    def rests(self) -> list[int]:
        """Give the numbers of the plans that got only what was left over."""
        return [glass.number for glass in self.glasses if glass.rest]

    @property
    def changed(self) -> bool:
        """Say whether people changed an amount anywhere."""
        return any(glass.changed for glass in self.glasses)


@dataclass(frozen=True)
class Segment:
    """A part of the pot bar. Units: thousandths of the bar; cents."""

    x: int
    width: int
    label: str
    amount_cents: int
    number: int

    @property
    def middle(self) -> int:
        """Give where its words go."""
        return self.x + self.width // 2

    @property
    def has_number(self) -> bool:
        """Say whether the plan's number fits in it."""
        return self.width >= (WIDE_ENOUGH_FOR_A_FIGURE if self.number < 10 else WIDE_ENOUGH_FOR_TWO)

    @property
    def has_amount(self) -> bool:
        """Say whether its amount fits in it too, on a phone."""
        return self.width >= WIDE_ENOUGH_FOR_AN_AMOUNT


@dataclass(frozen=True)
class YearBar:
    """The whole pot of a round: spent on other evenings, divided now, still there. Units: cents."""

    pot_cents: int
    spent_cents: int
    now_cents: int

    @property
    def left_cents(self) -> int:
        """Give what is still in the pot."""
        return max(self.pot_cents - self.spent_cents - self.now_cents, 0)

    def part(self, cents: int) -> int:
        """Give so much of the pot in thousandths of the bar."""
        return cents * 1000 // max(self.pot_cents, 1)


def glasses(
    division: DivisionFacts, numbers: Mapping[int, int] | None = None, *, slim: bool = False
) -> Picture:
    """Draw the plans that got a yes: best first, or in the order of purchase where plans are bought whole.

    ``numbers`` names each plan id as the room knows it; without, plans go by their number in the round.
    """
    kind = _KINDS.get(Rule(division.rule), Kind.SHARE)
    lines = _in_order(division)
    high = {line.plan.id: min(line.plan.ask_cents, division.cap_cents) for line in lines}
    highest = max(high.values(), default=1) or 1
    glass, column = (SLIM_GLASS, SLIM_COLUMN) if slim and len(lines) > FEW else (GLASS, COLUMN)
    height = SLIM_HEIGHT if slim else HEIGHT
    side = 0 if slim else SIDE
    bottom = TOP + height

    def tall(cents: int, line: Line) -> int:
        whole = max(high[line.plan.id], 1) if kind is Kind.PART else highest
        return min(cents, whole) * height // whole

    # What people settled goes first; the queue is about the rest.
    drawn, free = [], division.budget_cents - sum(line.amount_cents for line in lines if line.reason)
    for place, line in enumerate(lines):
        limit = high[line.plan.id]
        given = together_cents(division.inputs, line.plan.number) if kind is Kind.GIVEN else None
        stones = min(int(line.facts_of("reserved").get("low", 0)), line.amount_cents)
        drawn.append(
            Glass(
                plan_id=line.plan.id,
                number=(numbers or {}).get(line.plan.id, line.plan.number),
                title=line.plan.title,
                x=side + column - glass + place * column,
                top=bottom - tall(limit, line),
                height=tall(limit, line),
                water_top=bottom - tall(line.amount_cents, line),
                water=tall(line.amount_cents, line),
                stones=0 if line.reason else tall(stones, line),
                given_y=None if given is None else bottom - tall(given, line),
                given_cents=given,
                computed_y=bottom - tall(line.computed_cents, line) if line.differs else None,
                changed=line.reason is not None,
                cut_off=line.plan.ask_cents > division.cap_cents,
                amount_cents=line.amount_cents,
                limit_cents=limit,
                low=place % 2 == 1,
                free_cents=free if kind is Kind.QUEUE and not line.reason else None,
                rest=line.status == Status.REST.value,
            )
        )
        free -= 0 if line.reason else line.amount_cents
    level = division.level_cents if kind is Kind.LEVEL else None
    part = _part(division.result) if kind is Kind.PART else None
    cap_y = bottom - division.cap_cents * height // highest if _capped(division, highest, kind) else None
    level_y = bottom - level * height // highest if level is not None and level <= highest else None
    if part is not None:
        level_y = bottom - int(min(part, Fraction(1)) * height)
    cap_label_y, level_label_y = _labels(cap_y, level_y, bottom)
    right = side + column - glass + len(lines) * column
    return Picture(
        kind=kind,
        width=right + (side if cap_y is None and level_y is None else SLIM_LABELS if slim else LABELS),
        height=bottom + (48 if slim else 142 if kind is Kind.QUEUE else 92),
        bottom=bottom,
        glass=glass,
        labels_x=right + 4,
        cap_y=cap_y,
        cap_label_y=cap_label_y,
        level_y=level_y,
        level_label_y=level_label_y,
        per_hundred_cents=None if part is None else nearest(part * 10_000),
        slim=slim,
        glasses=tuple(drawn),
    )


def pot_bar(division: DivisionFacts, numbers: Mapping[int, int] | None = None) -> tuple[Segment, ...]:
    """Cut the pot into the amounts, best first; what is left over is the rest of the bar."""
    segments = []
    spent = 0
    for line in division.funded:
        start, end = (
            cents * 1000 // max(division.budget_cents, 1) for cents in (spent, spent + line.amount_cents)
        )
        number = (numbers or {}).get(line.plan.id, line.plan.number)
        segments.append(Segment(start, end - start, line.plan.title, line.amount_cents, number))
        spent += line.amount_cents
    return tuple(segments)


def _in_order(division: DivisionFacts) -> list[Line]:
    lines = [line for line in division.lines if line.decided_yes]
    order: Sequence[str] = division.result.get("order") or ()
    if division.rule != Rule.MES.value or not order:
        return lines
    bought = {number: place for place, number in enumerate(order)}
    return sorted(lines, key=lambda line: (bought.get(str(line.plan.number), len(bought)), line.place))


def _capped(division: DivisionFacts, highest: int, kind: Kind) -> bool:
    """Say whether the maximum is a line in this picture: glasses of one height have none."""
    return kind is not Kind.PART and division.cap_cents <= highest


def _part(result: Mapping[str, Any]) -> Fraction | None:
    """Read the one percentage that every plan got of what it asked."""
    return Fraction(result["lam"]) if result.get("lam") else None


def _labels(cap_y: int | None, level_y: int | None, bottom: int) -> tuple[int, int]:
    """Put the words of two lines beside them, and never over each other."""
    cap, level = (cap_y or 0) + 4, (level_y or 0) + 4
    if cap_y is not None and level_y is not None:
        level = max(level, cap + LABEL_HEIGHT)
    return cap, min(level, bottom)
