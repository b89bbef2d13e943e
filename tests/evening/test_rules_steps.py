"""One button carries an evening from its start to deciding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.evening.rules.steps import (
    BudgetAbovePot,
    Scoring,
    Stage,
    Step,
    StepKind,
    check_budget,
    next_step,
)

AFTER = {
    StepKind.SHOW_PLAN: Scoring.FILM,
    StepKind.OPEN_SCORING: Scoring.OPEN,
    StepKind.CLOSE_SCORING: Scoring.CLOSED,
}


def walk(plans: int, *, stickers: bool = False) -> list[tuple[Stage, int, tuple[Scoring, ...], Step]]:
    """Press until the button is gone; per press the moment before it and the step."""
    stage, at, scorings = Stage.PREPARED, 0, [Scoring.WAITING] * plans
    pressed = []
    while (step := next_step(stage, at, scorings, stickers=stickers)) is not None:
        pressed.append((stage, at, tuple(scorings), step))
        assert len(pressed) < 1000
        if step.kind is StepKind.OPEN_DOORS:
            stage = Stage.DOORS
        elif step.kind is StepKind.START_STICKERS:
            stage = Stage.STICKERS
        elif step.kind is StepKind.START_DECIDING:
            stage = Stage.DECIDE
        else:
            stage, at = Stage.PLANS, step.position
            scorings[at - 1] = AFTER[step.kind]
    assert stage is Stage.DECIDE
    assert set(scorings) == {Scoring.CLOSED}
    return pressed


@given(st.integers(1, 60))
def test_pressing_the_button_always_ends_at_deciding_after_three_presses_per_plan_and_two(plans: int) -> None:
    assert len(walk(plans)) == 3 * plans + 2


@given(st.integers(1, 60), st.booleans())
def test_no_two_steps_of_an_evening_have_the_same_name(plans: int, stickers: bool) -> None:
    names = [step.name for *_moment, step in walk(plans, stickers=stickers)]
    assert len(set(names)) == len(names)


@given(st.integers(1, 60))
def test_a_sticker_round_comes_between_the_last_plan_and_deciding(plans: int) -> None:
    without, with_stickers = walk(plans), walk(plans, stickers=True)
    assert [step.name for *_moment, step in with_stickers] == [
        *(step.name for *_moment, step in without[:-1]), "start_stickers-0", "start_deciding-0",
    ]  # fmt: skip


@given(st.integers(1, 20), st.integers(0, 19), st.data())
def test_after_a_plan_that_was_opened_again_the_evening_goes_on_where_it_was(
    plans: int, shown: int, data: st.DataObject
) -> None:
    """Whatever plan is opened again, the next one is the first that was never closed, then deciding."""
    closed = min(shown, plans)
    scorings = [Scoring.CLOSED] * closed + [Scoring.WAITING] * (plans - closed)
    if not closed:
        return
    again = data.draw(st.integers(1, closed))
    scorings[again - 1] = Scoring.OPEN
    assert next_step(Stage.PLANS, again, scorings) == Step(StepKind.CLOSE_SCORING, again)
    scorings[again - 1] = Scoring.CLOSED
    expected = Step(StepKind.SHOW_PLAN, closed + 1) if closed < plans else Step(StepKind.START_DECIDING)
    assert next_step(Stage.PLANS, again, scorings) == expected


def test_the_steps_of_an_evening_with_two_plans_in_order() -> None:
    assert [step.name for *_moment, step in walk(2)] == [
        "open_doors-0", "show_plan-1", "open_scoring-1", "close_scoring-1", "show_plan-2", "open_scoring-2",
        "close_scoring-2", "start_deciding-0",
    ]  # fmt: skip


@pytest.mark.parametrize("stage", [Stage.DECIDE, Stage.DIVIDE, Stage.DONE])
def test_from_deciding_on_the_button_belongs_to_a_later_room(stage: Stage) -> None:
    assert next_step(stage, 2, [Scoring.CLOSED, Scoring.CLOSED]) is None


@pytest.mark.parametrize("budget", [-1, 0, 1001])
def test_an_evening_divides_something_and_never_more_than_the_pot_still_has(budget: int) -> None:
    with pytest.raises(BudgetAbovePot) as refusal:
        check_budget(budget_cents=budget, left_in_pot_cents=1000)
    assert refusal.value.facts == {"left_cents": 1000}


@pytest.mark.parametrize("budget", [1, 1000])
def test_an_evening_may_divide_the_last_cent(budget: int) -> None:
    check_budget(budget_cents=budget, left_in_pot_cents=1000)
