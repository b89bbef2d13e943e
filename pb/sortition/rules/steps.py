"""What becomes of a seat after the draw: somebody is phoned, comes or not, and is followed by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pb.core.errors import BadInput, Broken

UNDO_FOR: Final = timedelta(minutes=10)
# After so many calls that nobody answered, somebody writes or goes by.
TRIES_MOST: Final = 3


class Step(StrEnum):
    """Name what happened to a seat; ``undone`` takes the line before it back."""

    DRAWN = "drawn"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    NO_SHOW = "no_show"
    ROTATED = "rotated"
    REPLACED = "replaced"
    UNDONE = "undone"


SITTING: Final = frozenset({Step.DRAWN, Step.ASKED, Step.CONFIRMED})
EMPTY: Final = frozenset({Step.WITHDRAWN, Step.NO_SHOW, Step.ROTATED})
# What people press; a press on these can be taken back for a while.
PRESSED: Final = frozenset({Step.ASKED, Step.CONFIRMED, Step.WITHDRAWN, Step.NO_SHOW})

_AFTER: Final = {
    Step.DRAWN: {Step.ASKED, Step.CONFIRMED, Step.WITHDRAWN, Step.ROTATED},
    # Asked again: nobody picked up the phone.
    Step.ASKED: {Step.ASKED, Step.CONFIRMED, Step.WITHDRAWN, Step.ROTATED},
    Step.CONFIRMED: {Step.WITHDRAWN, Step.NO_SHOW, Step.ROTATED},
    Step.WITHDRAWN: {Step.REPLACED},
    Step.NO_SHOW: {Step.REPLACED},
    Step.ROTATED: {Step.REPLACED},
    Step.REPLACED: set(),
}


class StepImpossible(Broken):
    """Refuse a step that cannot follow. Facts: ``number`` of the seat, ``state``, ``step``."""

    code = "sortition.step-impossible"


class StepTaken(Broken):
    """Refuse a press on a seat that changed meanwhile. Facts: ``number``, ``state``, ``at``, ``by``."""

    code = "sortition.step-taken"


class UndoTooLate(Broken):
    """Refuse to take back a step of somebody else, or of too long ago. Facts: ``number``, ``minutes``."""

    code = "sortition.undo-too-late"


class SeatUnknown(BadInput):
    """Refuse numbers of seats where nobody sits. Facts: ``numbers``."""

    code = "sortition.seat-unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of a seat's history; ``by`` is an account, or None when nobody pressed."""

    id: int
    what: Step
    at: datetime
    by: int | None = None
    by_seat_id: int | None = None
    evening_number: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Say where a seat stands. ``seen`` is its last line, 0 before the first; ``tries`` counts calls."""

    state: Step
    tries: int
    seen: int
    last: Line | None

    def may_be_undone(self, by: int | None, now: datetime) -> bool:
        """Say whether this person can still take the last step back."""
        last = self.last
        return (
            last is not None
            and last.what in PRESSED
            and last.by is not None
            and last.by == by
            and now < last.at + UNDO_FOR
        )


def standing_of(lines: Sequence[Line]) -> Standing:
    """Follow a seat's lines, in the order in which they were written; a seat without any was just drawn."""
    passed: list[Step] = [Step.DRAWN]
    for line in lines:
        if line.what is not Step.UNDONE:
            passed.append(line.what)
        elif len(passed) > 1:
            passed.pop()
    last = lines[-1] if lines else None
    return Standing(passed[-1], passed.count(Step.ASKED), last.id if last else 0, last)


def check_step(number: int, state: Step, step: Step) -> None:
    """Refuse a step that cannot follow.

    Raises: StepImpossible.
    """
    if step not in _AFTER[state]:
        raise StepImpossible(number=number, state=state.value, step=step.value)
