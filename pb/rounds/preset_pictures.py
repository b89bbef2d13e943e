"""What each way to divide looks like: a later room computes it and hangs it here, this room divides nothing.

Without a picture the choices still stand there, in words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Compute = Callable[[], Sequence[Any]]
_hung: list[tuple[str, Compute]] = []


@dataclass(frozen=True)
class Pictures:
    """Made-up pots, each divided in every way, and the template that can draw them.

    Shape: of the macros in ``template``, ``small(example, preset)`` draws one way beside a choice and
    ``side_by_side(examples)`` all of them; ``key()`` stands once on a page, before any picture.
    """

    template: str
    examples: Sequence[Any]


def hang(template: str) -> Callable[[Compute], Compute]:
    """Let a later room draw the ways to divide with its own template, on what it computes."""

    def keep(compute: Compute) -> Compute:
        _hung.append((template, compute))
        return compute

    return keep


def pictures() -> Pictures | None:
    """Give what a later room hung here last."""
    if not _hung:
        return None
    template, compute = _hung[-1]
    return Pictures(template, compute())
