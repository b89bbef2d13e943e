"""Which step can be taken back: the last one, and only while nothing is lost by it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pb.core.errors import Broken
from pb.evening.rules.steps import Scoring, Stage, Step, StepKind


class NothingToUndo(Broken):
    """Refuse to take back a step that only two people can: a plan that was closed, money that was divided."""

    code = "evening.nothing-to-undo"


class UndoLosesWork(Broken):
    """Refuse to take back a step after which somebody did something. Facts: ``step``."""

    code = "evening.undo-loses-work"


@dataclass(frozen=True)
class Since:
    """What people did after the last step, and what taking it back would lose.

    ``came_in`` counts who ever came in; ``scored`` every score, floor count and paper of the plan at hand,
    also one that was taken back; ``stickers`` seats and counts; ``decided`` decisions that were recorded.
    """

    came_in: int = 0
    scored: int = 0
    stickers: int = 0
    decided: int = 0


def last_step(stage: Stage, at_position: int, scorings: Sequence[Scoring]) -> Step | None:
    """Say which step brought the evening here; None when it is no step that can be taken back.

    Closing is not: its plan is opened again by two people.
    """
    if stage is Stage.DOORS:
        return Step(StepKind.OPEN_DOORS)
    if stage is Stage.STICKERS:
        return Step(StepKind.START_STICKERS)
    if stage is Stage.DECIDE:
        return Step(StepKind.START_DECIDING)
    if stage is not Stage.PLANS:
        return None
    scoring = scorings[at_position - 1]
    if scoring is Scoring.FILM:
        return Step(StepKind.SHOW_PLAN, at_position)
    return Step(StepKind.OPEN_SCORING, at_position) if scoring is Scoring.OPEN else None


def check_undo(step: Step | None, since: Since) -> Step:
    """Let a step be taken back if nothing is lost by it. Raises: NothingToUndo, UndoLosesWork."""
    if step is None:
        raise NothingToUndo()
    lost = {
        StepKind.OPEN_DOORS: since.came_in,
        StepKind.OPEN_SCORING: since.scored,
        StepKind.START_STICKERS: since.stickers,
        StepKind.START_DECIDING: since.decided,
    }
    if lost.get(step.kind, 0):
        raise UndoLosesWork(step=step.name)
    return step
