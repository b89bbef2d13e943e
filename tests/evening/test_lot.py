"""The lot is thrown in the room: typed on the console, seen on the screen, and fixed at the first score."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.evening.queries import chain
from pb.evening.tables import Evening
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood
from support.room import Hall, nothing_changes, open_hall
from support.visitor import Page, Visitor


@pytest.fixture
def doors(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening whose doors are open and whose room has not thrown yet."""
    hall = open_hall(app, store, place)
    with store.writing() as session:
        session.execute(sa.update(Evening).values(lot_seed=""))
    hall.bring_to("doors")
    return hall


@pytest.fixture
def host(doors: Hall) -> Visitor:
    return doors.staff()


def console(doors: Hall, host: Visitor) -> Page:
    return host.get(f"{doors.path}/console")


def throw(doors: Hall, host: Visitor, typed: str, status: int = 200) -> Page:
    return host.post(f"{doors.path}/lot", {"throw": typed}, status=status)


def press(doors: Hall, host: Visitor, typed: str, shown: str = "", status: int = 200) -> Page:
    """Press the one button with something typed in the field of the lot."""
    held = console(doors, host).values("form.next")
    return host.post(f"{doors.path}/volgende", held | {"throw": typed, "shown": shown}, status=status)


def throws(doors: Hall) -> list[str]:
    with doors.store.reading() as session:
        lines = chain(session, evening_id=doors.evening_id)
    return [json.loads(line.facts)["lot_seed"] for line in lines if line.kind == "lot_seed_set"]


def test_a_throw_is_kept_tidily_and_the_room_sees_it_at_once(doors: Hall, host: Visitor) -> None:
    page = console(doors, host)
    assert page.one("label[for=throw]").text() == "Dobbelstenen"
    assert page.one("#throw").attributes["form"] == page.one("form.next").attributes["id"]
    screen, path = Visitor(doors.app), doors.screen_path()
    assert not screen.get(path).all(".lot")
    seq = doors.now_at().seq
    assert "Het lot: 3-5-1-6-2" in throw(doors, host, " 3, 5,1 6-2").text
    assert doors.now_at().seq == seq + 1
    shown = " ".join(screen.get(path).one(".lot").text().split())
    assert shown == "Het lot: 3-5-1-6-2 — wordt alleen gebruikt als plannen precies gelijk staan"
    with nothing_changes(doors.store):
        throw(doors, host, "35162")
    throw(doors, host, "1-1-1-1-1")
    assert throws(doors) == ["3-5-1-6-2", "1-1-1-1-1"]


@pytest.mark.parametrize(
    ("typed", "words"), [("", "Gooi eerst"), ("3-5", "minstens 5 worpen"), ("x" * 500, "hoogstens")]
)
def test_a_throw_that_is_none_is_told_at_the_field_and_stays_typed(
    doors: Hall, host: Visitor, typed: str, words: str
) -> None:
    with nothing_changes(doors.store):
        page = throw(doors, host, typed, status=422)
    assert words in page.one(".lot .wrong").text()
    assert page.one("#throw").attributes["value"] == typed
    assert page.one("#throw").attributes["aria-describedby"] == "throw-hulp throw-fout"


def test_nobody_scores_before_the_room_has_thrown_and_a_press_takes_the_throw_along(
    doors: Hall, host: Visitor
) -> None:
    press(doors, host, "")
    assert doors.moment() == "film 1"
    with nothing_changes(doors.store):
        page = press(doors, host, "", status=422)
        assert "Gooi eerst met een dobbelsteen" in page.one(".lot .wrong").text()
        page = press(doors, host, "6-6", status=422)
        assert page.one("#throw").attributes["value"] == "6-6"
    press(doors, host, "6 5 4 3 2")
    assert doors.moment() == "open 1"
    assert doors.now_at().lot_seed == "6-5-4-3-2"


def test_a_page_from_before_a_throw_does_not_undo_it_with_a_press(doors: Hall, host: Visitor) -> None:
    throw(doors, host, "3-5-1-6-2")
    throw(doors, host, "1-1-1-1-1")
    press(doors, host, "3-5-1-6-2", shown="3-5-1-6-2")
    assert doors.now_at().lot_seed == "1-1-1-1-1"


def test_once_a_plan_was_open_the_lot_stays_also_when_that_step_is_taken_back(
    doors: Hall, host: Visitor
) -> None:
    throw(doors, host, "3-5-1-6-2")
    doors.press(2)
    page = console(doors, host)
    assert not page.all("#throw")
    assert not Visitor(doors.app).get(doors.screen_path()).all(".lot")
    host.post(f"{doors.path}/stap-terug", page.values("form.undo"))
    assert doors.moment() == "film 1"
    assert not console(doors, host).all("#throw")
    with nothing_changes(doors.store):
        assert "blijft het lot zoals het is" in throw(doors, host, "1-1-1-1-1", status=409).text
        throw(doors, host, "3-5-1-6-2")
    assert throws(doors) == ["3-5-1-6-2"]
