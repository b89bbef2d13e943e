"""What becomes of a seat: which step can follow which, and what one press does when two people press."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pb.people.rules import Role
from pb.sortition.actions.steps import mark_no_show, take_step, undo_step
from pb.sortition.queries.steps import SeatNow, seats_now
from pb.sortition.rules.steps import (
    EMPTY,
    SITTING,
    Line,
    SeatUnknown,
    Step,
    StepImpossible,
    StepTaken,
    UndoTooLate,
    check_step,
    standing_of,
)
from pb.sortition.tables import SeatStep
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.panel import invite

AFTER = {
    "drawn": {"asked", "confirmed", "withdrawn", "rotated"},
    "asked": {"asked", "confirmed", "withdrawn", "rotated"},
    "confirmed": {"withdrawn", "no_show", "rotated"},
    "withdrawn": {"replaced"},
    "no_show": {"replaced"},
    "rotated": {"replaced"},
    "replaced": set(),
}


def test_exactly_these_steps_can_follow_each_other() -> None:
    for state, can in AFTER.items():
        for step in set(Step) - {Step.UNDONE}:
            if step.value in can:
                check_step(1, Step(state), step)
            else:
                with pytest.raises(StepImpossible):
                    check_step(1, Step(state), step)
    assert {*SITTING, *EMPTY, Step.REPLACED, Step.UNDONE} == set(Step)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([Step.ASKED, Step.CONFIRMED, Step.WITHDRAWN]), max_size=8))
def test_taking_a_step_back_leaves_the_seat_as_it_was(steps: list[Step]) -> None:
    lines = [Line(number, step, NOW, by=1) for number, step in enumerate(steps, start=1)]
    before = standing_of(lines)
    more = [*lines, Line(50, Step.CONFIRMED, NOW, by=1), Line(51, Step.UNDONE, NOW, by=1)]
    after = standing_of(more)
    assert (after.state, after.tries) == (before.state, before.tries)
    assert after.seen == 51


def one(store: Store, place: Neighbourhood) -> SeatNow:
    with store.reading() as session:
        return seats_now(session, round_id=place.round_id)[0]


def press(
    store: Store, place: Neighbourhood, step: Step, seen: int, role: Role = Role.CALLER, minutes: int = 0
) -> int:
    seat, when = one(store, place), NOW + timedelta(minutes=minutes)
    with store.writing() as session:
        if step is Step.UNDONE:
            return undo_step(
                session, round_id=place.round_id, seat_id=seat.id, seen=seen, who=place.who(role), now=when
            )
        return take_step(
            session, round_id=place.round_id, seat_id=seat.id, step=step, seen=seen, who=place.who(role),
            now=when,
        )  # fmt: skip


def test_calls_are_counted_and_one_press_is_one_line(store: Store, place: Neighbourhood) -> None:
    invite(store, place, 1)
    assert one(store, place).state is Step.DRAWN
    assert press(store, place, Step.ASKED, 0) == 1
    press(store, place, Step.ASKED, 0)  # the same press, sent twice
    seat = one(store, place)
    assert (seat.state, seat.standing.tries, len(seat.lines)) == (Step.ASKED, 1, 1)
    press(store, place, Step.ASKED, seat.standing.seen, minutes=60)
    assert one(store, place).standing.tries == 2
    seen = one(store, place).standing.seen
    press(store, place, Step.CONFIRMED, seen)
    with pytest.raises(StepTaken) as taken:
        press(store, place, Step.WITHDRAWN, seen, Role.AREA_MANAGER)
    assert taken.value.facts["by"] == place.staff[Role.CALLER]
    assert (taken.value.facts["state"], taken.value.facts["at"]) == ("confirmed", NOW)


def test_a_mistake_is_taken_back_by_who_made_it_and_soon(store: Store, place: Neighbourhood) -> None:
    invite(store, place, 1)
    press(store, place, Step.WITHDRAWN, 0)
    seen = one(store, place).standing.seen
    with pytest.raises(UndoTooLate):
        press(store, place, Step.UNDONE, seen, Role.AREA_MANAGER)
    with pytest.raises(UndoTooLate):
        press(store, place, Step.UNDONE, seen, minutes=10)
    press(store, place, Step.UNDONE, seen, minutes=9)
    press(store, place, Step.UNDONE, seen, minutes=9)  # the same press, sent twice
    seat = one(store, place)
    assert (seat.state, [line.what for line in seat.lines]) == (Step.DRAWN, [Step.WITHDRAWN, Step.UNDONE])


def test_who_did_not_come_is_written_down_by_number(store: Store, place: Neighbourhood) -> None:
    invite(store, place, 3)
    press(store, place, Step.CONFIRMED, 0)
    manager = place.who(Role.AREA_MANAGER)

    def mark(*numbers: int) -> int:
        with store.writing() as session:
            return mark_no_show(
                session, round_id=place.round_id, numbers=numbers, evening_number=2, who=manager, now=NOW
            )

    with pytest.raises(SeatUnknown) as unknown:
        mark(1, 8)
    assert unknown.value.facts["numbers"] == (8,)
    with pytest.raises(StepImpossible):
        mark(1, 2)  # nobody knows whether 2 would have come
    assert one(store, place).state is Step.CONFIRMED
    assert (mark(1), mark(1)) == (1, 0)
    assert one(store, place).lines[-1].evening_number == 2


def test_of_two_people_who_press_at_once_one_wins(store: Store, place: Neighbourhood) -> None:
    invite(store, place, 1)
    told: list[str] = []

    def at_once(step: Step, role: Role) -> Callable[[], None]:
        def go() -> None:
            try:
                press(store, place, step, 0, role)
                told.append("written")
            except StepTaken:
                told.append("told")

        return go

    both = [
        Thread(target=at_once(Step.CONFIRMED, Role.CALLER)),
        Thread(target=at_once(Step.WITHDRAWN, Role.AREA_MANAGER)),
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(told) == ["told", "written"]
    with store.reading() as session:
        assert session.query(SeatStep).count() == 1
