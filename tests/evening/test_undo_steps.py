"""Taking the last step back on the console, while nothing is lost by it."""

import json

import pytest
import sqlalchemy as sa

from pb.evening.queries import chain
from pb.evening.tables import Evening, FloorCount
from pb.people.rules import Role
from support.neighbourhood import NOW
from support.room import Hall, Phone, nothing_changes
from support.visitor import Visitor


def undo(hall: Hall, host: Visitor) -> None:
    host.fill(f"{hall.path}/console", {}, form="form.undo")


def may_undo(hall: Hall, host: Visitor) -> bool:
    return bool(host.get(f"{hall.path}/console").all("form.undo"))


def try_undo(hall: Hall, host: Visitor, step: str) -> str:
    """Press a button that was on a page before somebody did something."""
    held = {"step": step, "version": str(hall.now_at().version)}
    with nothing_changes(hall.store):
        page = host.post(f"{hall.path}/stap-terug", held, status=409)
    return page.one(".notice[role=alert]:not([hidden])").text()


def test_doors_close_again_while_nobody_came_in(hall: Hall) -> None:
    host = hall.staff()
    hall.press()
    undo(hall, host)
    assert hall.moment() == "prepared"
    hall.press()
    hall.come_in(1)
    hall.leave(1)
    assert not may_undo(hall, host)
    assert "verloren" in try_undo(hall, host, "open_doors-0")


def test_a_plan_goes_off_the_screen_again(hall: Hall) -> None:
    host = hall.staff()
    hall.bring_to("film 1")
    undo(hall, host)
    assert hall.moment() == "doors"
    assert hall.now_at().items[0].shown_at is None
    hall.bring_to("film 2")
    undo(hall, host)
    assert hall.moment() == "closed 1"
    assert hall.press().current is hall.now_at().current or hall.moment() == "film 2"


def test_scoring_goes_back_to_the_film_while_nobody_scored(open_room: Hall) -> None:
    host = open_room.staff()
    version = open_room.now_at().items[0].scoring_version
    undo(open_room, host)
    assert open_room.moment() == "film 1"
    assert open_room.now_at().items[0].scoring_version == version + 1
    open_room.press()
    phone = Phone(open_room, 1)
    phone.tap(4)
    assert not may_undo(open_room, host)
    phone.tap(None)
    assert "verloren" in try_undo(open_room, host, "open_scoring-1")


def test_scoring_stays_open_after_a_count_on_the_floor(open_room: Hall) -> None:
    item = open_room.now_at().items[0]
    with open_room.store.writing() as session:
        session.add(
            FloorCount(
                item_id=item.id, counts="[0,0,1,0,0]", first_counts="[0,0,1,0,0]", counted_at=NOW,
                counted_by=open_room.place.staff[Role.FACILITATOR], seq=1,
            )
        )  # fmt: skip
    assert "verloren" in try_undo(open_room, open_room.staff(), "open_scoring-1")


def test_a_closed_plan_is_not_opened_by_one_press(hall: Hall) -> None:
    hall.bring_to("closed 1")
    host = hall.staff()
    assert not may_undo(hall, host)
    try_undo(hall, host, "close_scoring-1")


def test_deciding_goes_back_to_the_plans_until_a_decision_is_recorded(hall: Hall) -> None:
    host = hall.staff()
    hall.bring_to("decide")
    undo(hall, host)
    assert hall.moment() == "closed 2"
    hall.bring_to("all decided")
    assert not may_undo(hall, host)
    assert "verloren" in try_undo(hall, host, "start_deciding-0")


def test_deciding_goes_back_to_the_stickers_where_there_were_stickers(hall: Hall) -> None:
    with hall.store.writing() as session:
        session.execute(sa.update(Evening).values(stickers=True))
    hall.bring_to("closed 2")
    host = hall.staff()
    assert hall.press().stage == "stickers"
    undo(hall, host)
    assert hall.moment() == "closed 2"
    hall.press(2)
    assert hall.moment() == "decide"
    undo(hall, host)
    assert hall.now_at().stage == "stickers"


@pytest.mark.parametrize("moment", ["divide", "done"])
def test_money_that_was_divided_is_not_undone(hall: Hall, moment: str) -> None:
    hall.bring_to(moment)
    host = hall.staff()
    assert not may_undo(hall, host)
    try_undo(hall, host, "start_deciding-0")


def test_taking_back_twice_is_taking_back_once(open_room: Hall) -> None:
    host = open_room.staff()
    held = host.get(f"{open_room.path}/console").values("form.undo")
    host.post(f"{open_room.path}/stap-terug", held)
    with nothing_changes(open_room.store):
        host.post(f"{open_room.path}/stap-terug", held)
    assert open_room.moment() == "film 1"


def test_who_takes_back_a_step_that_somebody_else_moved_on_from_is_told(hall: Hall) -> None:
    hall.bring_to("film 1")
    first, second = hall.staff(), hall.staff(Role.AREA_MANAGER)
    held = second.get(f"{hall.path}/console").values("form.undo")
    first.fill(f"{hall.path}/console", {}, form="form.next")
    page = second.post(f"{hall.path}/stap-terug", held, status=409)
    assert "Proef facilitator was je net voor" in page.text
    assert "de cijfers van plan 1 gingen open" in page.text
    assert hall.moment() == "open 1"


def test_what_was_taken_back_stays_in_the_chain(open_room: Hall) -> None:
    undo(open_room, open_room.staff())
    with open_room.store.reading() as session:
        kinds = [(line.kind, line.facts) for line in chain(session, evening_id=open_room.evening_id)]
    assert kinds[-1] == ("undone", json.dumps({"step": "open_scoring-1"}, separators=(",", ":")))
    assert "scoring_opened" in [kind for kind, _facts in kinds]


def test_a_step_that_was_taken_back_can_be_done_again_to_the_end(hall: Hall) -> None:
    host = hall.staff()
    for moment in ("doors", "film 1", "open 1"):
        hall.press()
        assert hall.moment() == moment
        if moment != "doors":
            undo(hall, host)
            hall.press()
    hall.come_in(1, 2, 3, 4, 5)
    hall.bring_to("done")
    assert hall.moment() == "done"
