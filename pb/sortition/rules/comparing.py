"""Lay the numbers that people typed beside each other, so that a slip is seen at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pb.sortition.rules.moments import Source

GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class Part:
    """One throw, or four characters; ``differs`` when somebody typed something else there."""

    text: str
    differs: bool


def parts_of(source: Source, value: str) -> list[str]:
    """Cut a number into throws, or into groups of four characters."""
    if source is Source.DICE:
        return value.split("-")
    return [value[at : at + GROUP] for at in range(0, len(value), GROUP)]


def beside(source: Source, values: Sequence[str]) -> list[tuple[Part, ...]]:
    """Cut each of these numbers into parts, and mark where they are not all the same."""
    rows = [parts_of(source, value) for value in values]
    same = [len(set(column)) == 1 for column in zip(*rows, strict=True)]
    return [tuple(Part(text, not one) for text, one in zip(row, same, strict=True)) for row in rows]


def places_that_differ(rows: Sequence[Sequence[Part]]) -> tuple[int, ...]:
    """Number the parts that differ, from 1."""
    return tuple(place for place, part in enumerate(rows[0], start=1) if part.differs) if rows else ()
