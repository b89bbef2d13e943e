"""The steps of an evening, in order; every step is one press on one button."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pb.core.errors import BadInput, Broken


class Stage(StrEnum):
    """Where an evening is."""

    PREPARED = "prepared"
    DOORS = "doors"
    PLANS = "plans"
    STICKERS = "stickers"
    DECIDE = "decide"
    DIVIDE = "divide"
    DONE = "done"


class Scoring(StrEnum):
    """Where one plan of the evening is: not yet, its film, open for scores, closed."""

    WAITING = "waiting"
    FILM = "film"
    OPEN = "open"
    CLOSED = "closed"


class StepKind(StrEnum):
    """What the one button does next."""

    OPEN_DOORS = "open_doors"
    SHOW_PLAN = "show_plan"
    OPEN_SCORING = "open_scoring"
    CLOSE_SCORING = "close_scoring"
    START_STICKERS = "start_stickers"
    START_DECIDING = "start_deciding"


@dataclass(frozen=True)
class Step:
    """The next step, and the place on the agenda that it is about (0: none)."""

    kind: StepKind
    position: int = 0

    @property
    def name(self) -> str:
        """Name the step so that a press does what its button said, or nothing."""
        return f"{self.kind.value}-{self.position}"


class MovedMeanwhile(Broken):
    """Refuse a press on a button that somebody else pressed first."""

    code = "evening.moved-meanwhile"


class AlarmRaised(Broken):
    """Refuse to go on while the database is older than what a phone was told."""

    code = "evening.alarm-raised"


class NoPlans(BadInput):
    code = "evening.no-plans"


class BudgetAbovePot(BadInput):
    code = "evening.budget-above-pot"


class AnotherOpen(Broken):
    """Refuse to open the doors while another evening of the round is open: a card opens one door."""

    code = "evening.another-open"


class AlreadyBegan(Broken):
    code = "evening.already-began"


class EveningOver(Broken):
    """Refuse to let anybody in once the outcome is confirmed."""

    code = "evening.over"


class NotOpenYet(Broken):
    """Refuse to plan an evening for a round that has not frozen its rules."""

    code = "evening.round-not-open"


def next_step(
    stage: Stage, at_position: int, scorings: Sequence[Scoring], *, stickers: bool = False
) -> Step | None:
    """Say what the one button does; None when a later room takes over.

    ``scorings`` holds the plans in agenda order; positions count from 1. After a plan comes the first one
    that is not closed: a plan that was opened again may lie before or behind it.
    """
    if stage is Stage.PREPARED:
        return Step(StepKind.OPEN_DOORS)
    if stage is Stage.DOORS:
        return Step(StepKind.SHOW_PLAN, 1)
    if stage is Stage.STICKERS:
        return Step(StepKind.START_DECIDING)
    if stage is not Stage.PLANS:
        return None
    scoring = scorings[at_position - 1]
    if scoring is Scoring.FILM:
        return Step(StepKind.OPEN_SCORING, at_position)
    if scoring is Scoring.OPEN:
        return Step(StepKind.CLOSE_SCORING, at_position)
    for position, one in enumerate(scorings, start=1):
        if one is not Scoring.CLOSED:
            return Step(StepKind.SHOW_PLAN, position)
    return Step(StepKind.START_STICKERS if stickers else StepKind.START_DECIDING)


def check_budget(*, budget_cents: int, left_in_pot_cents: int) -> None:
    """Refuse to plan more money than the pot still has. Raises: BudgetAbovePot."""
    if not 0 < budget_cents <= left_in_pot_cents:
        raise BudgetAbovePot(left_cents=left_in_pot_cents)
