"""How a replacement follows from the first draw: nobody chooses its value, nor the order of its panels."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

REPLACEMENT_PANELS: Final = 100


@dataclass(frozen=True, slots=True)
class Following:
    """Hold what stands behind a draw for empty seats; all of it is frozen with its list.

    ``before`` has the hashes of all lists of this panel that decided before, the first draw's first;
    ``value`` is the public value of the first draw. ``number`` counts the draws since, this one too;
    ``seated`` holds the code of everybody who ever had a seat.
    """

    before: tuple[str, ...]
    value: str
    kind: str
    number: int
    seated: tuple[str, ...]

    @property
    def value_here(self) -> str:
        """Give the value that decides this draw."""
        return value_after(self.value, self.kind, self.number)

    def to_json(self) -> dict[str, object]:
        return {
            "before": list(self.before), "value": self.value, "kind": self.kind, "number": self.number,
            "seated": sorted(self.seated),
        }  # fmt: skip


def value_after(value: str, kind: str, number: int) -> str:
    """Make the value of a later draw out of that of the first."""
    return hashlib.sha256(f"{value}|{kind}|{number}".encode()).hexdigest()


def in_fixed_order(
    panels: Iterable[Sequence[str]], *, following: Following, draw: str
) -> list[tuple[str, ...]]:
    """Number panels by a hash: the value is known before the list, so nobody may choose which comes where."""

    def key(panel: Sequence[str]) -> tuple[str, Sequence[str]]:
        words = f"{following.value_here}|{draw}|{','.join(panel)}"
        return hashlib.sha256(words.encode()).hexdigest(), panel

    return sorted((tuple(panel) for panel in panels), key=key)
