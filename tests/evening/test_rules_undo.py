"""The last step can be taken back, while nothing is lost by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.evening.rules.steps import Scoring, Stage, Step, StepKind, next_step
from pb.evening.rules.undoing import NothingToUndo, Since, UndoLosesWork, check_undo, last_step

W, F, O, C = Scoring.WAITING, Scoring.FILM, Scoring.OPEN, Scoring.CLOSED  # noqa: E741


@pytest.mark.parametrize(
    ("stage", "at", "scorings", "name"),
    [
        (Stage.PREPARED, 0, [W, W], None),
        (Stage.DOORS, 0, [W, W], "open_doors-0"),
        (Stage.PLANS, 1, [F, W], "show_plan-1"),
        (Stage.PLANS, 1, [O, W], "open_scoring-1"),
        (Stage.PLANS, 1, [C, W], None),
        (Stage.PLANS, 2, [C, F], "show_plan-2"),
        (Stage.STICKERS, 2, [C, C], "start_stickers-0"),
        (Stage.DECIDE, 2, [C, C], "start_deciding-0"),
        (Stage.DIVIDE, 2, [C, C], None),
        (Stage.DONE, 2, [C, C], None),
    ],
)
def test_only_a_step_that_can_be_taken_back_is_offered_and_closing_is_not_one(
    stage: Stage, at: int, scorings: list[Scoring], name: str | None
) -> None:
    found = last_step(stage, at, scorings)
    assert (found.name if found else None) == name


NOTHING = Since()
OPEN_DOORS, SHOW_PLAN = Step(StepKind.OPEN_DOORS), Step(StepKind.SHOW_PLAN, 2)
OPEN_SCORING, STICKERS = Step(StepKind.OPEN_SCORING, 2), Step(StepKind.START_STICKERS)
DECIDING = Step(StepKind.START_DECIDING)


@pytest.mark.parametrize("step", [OPEN_DOORS, SHOW_PLAN, OPEN_SCORING, STICKERS, DECIDING])
def test_a_step_after_which_nothing_happened_is_taken_back(step: Step) -> None:
    assert check_undo(step, NOTHING) is step


@pytest.mark.parametrize(
    ("step", "since"),
    [
        (OPEN_DOORS, Since(came_in=1)),
        (OPEN_SCORING, Since(scored=1)),
        (STICKERS, Since(stickers=1)),
        (DECIDING, Since(decided=1)),
    ],
)
def test_a_step_after_which_somebody_did_something_stays(step: Step, since: Since) -> None:
    with pytest.raises(UndoLosesWork) as refusal:
        check_undo(step, since)
    assert refusal.value.facts == {"step": step.name}


@given(st.builds(Since, *[st.integers(0, 500)] * 4))
def test_showing_a_plan_loses_nothing_so_it_can_always_be_taken_back(since: Since) -> None:
    assert check_undo(SHOW_PLAN, since) is SHOW_PLAN


def test_where_no_step_can_be_taken_back_it_is_said() -> None:
    with pytest.raises(NothingToUndo):
        check_undo(None, NOTHING)


@given(st.integers(1, 12), st.booleans(), st.data())
def test_what_is_taken_back_is_exactly_what_the_button_does_next(
    plans: int, stickers: bool, data: st.DataObject
) -> None:
    """From any moment of an evening: a step back and a step on is where it was."""
    at = data.draw(st.integers(1, plans))
    scorings = [C] * (at - 1) + [data.draw(st.sampled_from([F, O]))] + [W] * (plans - at)
    step = last_step(Stage.PLANS, at, scorings)
    assert step is not None
    if step.kind is StepKind.OPEN_SCORING:
        before = next_step(Stage.PLANS, at, [*scorings[: at - 1], F, *scorings[at:]], stickers=stickers)
    else:
        undone = [*scorings[: at - 1], W, *scorings[at:]]
        stage = Stage.PLANS if at > 1 else Stage.DOORS
        before = next_step(stage, at - 1, undone, stickers=stickers)
    assert before == step
