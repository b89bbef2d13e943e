"""The few figures of a pack that pages show: chances, who has a turn under which number, who comes after."""

import hashlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, cast

from pb.sortition.rules.binding import Binding
from pb.sortition.rules.certificate import distribution
from pb.sortition.rules.turns_binding import binding_of_proof

BARS_MOST: Final = 16

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """Hold a target of the whole panel."""

    feature: str
    value: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Count the people whose chance lies between two chances, both inclusive."""

    least: Fraction
    most: Fraction
    people: int


@dataclass(frozen=True)
class Figures:
    """Hold what pages need of a pack, without the list of panels itself.

    Shape: ``turns`` has for each code the numbers of the panels that hold it, from low to high;
    ``lowest``, ``average`` and ``highest`` are about whoever can be drawn; ``people_off`` are a whole turn or
    more from what was promised, ``most_off`` turns at most.
    """

    draw: str
    seats: int
    seats_drawn: int
    panels: int
    mode: str
    household: bool
    invited: tuple[str, ...]
    left_out: frozenset[str]
    without_chance: frozenset[str]
    lowest: Fraction
    average: Fraction
    highest: Fraction
    targets: tuple[TargetLine, ...]
    spread: tuple[tuple[Fraction, int], ...]
    binding: Binding | None
    turns: Mapping[str, "array[int]"] = field(repr=False)
    people_off: int = 0
    most_off: Fraction = Fraction(0)

    @property
    def people(self) -> int:
        return len(self.turns)

    def panel(self, number: int) -> tuple[str, ...]:
        """Name the codes of a panel, sorted."""
        return tuple(sorted(code for code, turns in self.turns.items() if number in turns))

    def chance(self, code: str) -> Fraction:
        """Give somebody's chance: turns divided by panels."""
        return Fraction(len(self.turns[code]), self.panels)


def figures_of(pack: Facts) -> Figures:
    """Take what pages need out of a pack."""
    panels = cast(Sequence[Sequence[str]], pack["panels"])
    turns: dict[str, array[int]] = {code: array("H") for code in cast(Mapping[str, object], pack["people"])}
    for number, panel in enumerate(panels):
        for code in panel:
            turns.setdefault(code, array("H")).append(number)
    spread = distribution(cast(Mapping[str, str], pack["chances"]))
    seats_drawn = cast(int, pack["seats_drawn"])
    without_chance = frozenset(cast(Sequence[str], pack["without_chance"]))
    told = cast(Facts, pack.get("turns", {"people_off": 0, "most_off": "0"}))
    able = len(cast(Mapping[str, object], pack["people"])) - len(without_chance)
    return Figures(
        draw=str(pack["draw"]),
        seats=int(str(pack["seats"])),
        seats_drawn=seats_drawn,
        panels=len(panels),
        mode=str(pack["mode"]),
        household=bool(pack["household_rule"]),
        invited=tuple(sorted(cast(Mapping[str, object], pack["invited"]))),
        left_out=frozenset(cast(Sequence[str], pack["left_out"])),
        without_chance=without_chance,
        lowest=Fraction(str(pack["lowest"])),
        average=Fraction(seats_drawn, able) if able else Fraction(0),
        highest=Fraction(str(pack["highest"])),
        targets=tuple(
            TargetLine(
                str(line["feature"]), str(line["value"]), cast(int, line["least"]), cast(int, line["most"])
            )
            for line in cast(Sequence[Facts], pack["targets"])
        ),
        spread=tuple((Fraction(str(chance)), cast(int, people)) for chance, people in spread),
        binding=binding_of_proof(pack),
        turns=turns,
        people_off=cast(int, told["people_off"]),
        most_off=Fraction(str(told["most_off"])),
    )


def bars(spread: Sequence[tuple[Fraction, int]], most: int = BARS_MOST) -> tuple[Bar, ...]:
    """Gather chances in at most so many bars of equal width; with few chances each has a bar of its own."""
    if len(spread) <= most:
        return tuple(Bar(chance, chance, people) for chance, people in spread)
    low, width = spread[0][0], (spread[-1][0] - spread[0][0]) / most
    found: dict[int, list[tuple[Fraction, int]]] = {}
    for chance, people in spread:
        found.setdefault(min(int((chance - low) / width), most - 1), []).append((chance, people))
    return tuple(
        Bar(inside[0][0], inside[-1][0], sum(people for _chance, people in inside))
        for _place, inside in sorted(found.items())
    )


def compact(numbers: Iterable[int]) -> tuple[str, ...]:
    """Write sorted numbers, three or more in a row as 20–24."""
    rows: list[list[int]] = []
    for number in numbers:
        if rows and rows[-1][-1] == number - 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    found: list[str] = []
    for row in rows:
        found += [f"{row[0]}–{row[-1]}"] if len(row) > 2 else [str(number) for number in row]
    return tuple(found)


def reserve_order(codes: Iterable[str], *, value: str, draw: str) -> tuple[str, ...]:
    """Order people by a rule that anyone can repeat: sha256 of value, draw, 'reserve' and code."""
    return tuple(
        sorted(codes, key=lambda code: hashlib.sha256(f"{value}|{draw}|reserve|{code}".encode()).hexdigest())
    )
