"""The sticker round: one tap on a phone, counts in the room, and nothing shown of fewer than five."""

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.evening.actions.planning import involve
from pb.evening.queries import chain
from pb.evening.tables import Evening, Sticker
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.room import Hall, Phone, nothing_changes, open_hall
from support.visitor import Page, Visitor


@pytest.fixture
def stickers(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening of two plans and seven seats in its sticker round."""
    hall = open_hall(app, store, place, seats_wanted=7)
    with store.writing() as session:
        session.execute(sa.update(Evening).values(stickers=True))
    hall.bring_to("closed 2")
    hall.press()
    return hall


def involve_seat(hall: Hall, number: int) -> None:
    """Mark that a seat has an interest in the first plan."""
    with hall.store.writing() as session:
        involve(
            session, evening_id=hall.evening_id, position=1, seat_id=hall.seat_ids[number - 1], involved=True,
            who=hall.place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip


def stick(hall: Hall, phone: Phone, colour: str, position: int = 1, status: int = 200) -> Page:
    item = hall.now_at().items[position - 1]
    return phone.post(f"{hall.path}/sticker", {"sticker": f"{item.id}-{colour}"}, status=status)


def kept(hall: Hall) -> dict[tuple[int, int], str]:
    with hall.store.reading() as session:
        return {(row.item_id, row.seat_id): row.colour for row in session.scalars(sa.select(Sticker))}


def console(hall: Hall) -> Page:
    return hall.staff().get(f"{hall.path}/console")


def test_an_evening_without_stickers_goes_from_its_plans_to_deciding(hall: Hall) -> None:
    hall.bring_to("closed 2")
    assert hall.press().stage == "decide"


def test_the_phone_offers_every_plan_three_stickers_with_shape_and_word(stickers: Hall) -> None:
    phone = Phone(stickers, 1)
    page = phone.get(f"{stickers.path}/stoel")
    buttons = page.all("button[name=sticker]")
    assert [button.text().strip() for button in buttons] == ["eens", "onder voorwaarde", "nee"] * 2
    assert all(button.css_first("svg") for button in buttons)
    assert page.title == "Geef elk plan een sticker"
    # Whoever is in the room is still known by seat.
    assert page.one("title").text().startswith("Stoel 1 ")
    assert page.one("main").attributes["data-seat"] == str(stickers.seat_ids[0])
    assert "afgemeld" not in page.text
    stickers.leave(1)
    assert "afgemeld" in phone.get(f"{stickers.path}/stoel").text


def test_one_tap_is_one_sticker_and_it_may_change_until_the_round_ends(stickers: Hall) -> None:
    phone = Phone(stickers, 1)
    stick(stickers, phone, "green")
    page = stick(stickers, phone, "red")
    item = stickers.now_at().items[0]
    assert kept(stickers) == {(item.id, stickers.seat_ids[0]): "red"}
    assert page.one("[aria-pressed=true]").attributes["value"] == f"{item.id}-red"
    with nothing_changes(stickers.store):
        stick(stickers, phone, "red")
    stickers.press()
    with nothing_changes(stickers.store):
        page = stick(stickers, phone, "green", status=409)
    assert "nu geen stickers" in page.text


@pytest.mark.parametrize(
    "typed", ["", "x", "1", "1-", "-green", "1-blue", "0-green", "999999-green", "9" * 60]
)
def test_another_sticker_or_plan_than_there_is_changes_nothing(stickers: Hall, typed: str) -> None:
    phone = Phone(stickers, 1)
    phone.get(f"{stickers.path}/stoel")
    with nothing_changes(stickers.store):
        answer = phone.raw(
            "POST", f"{stickers.path}/sticker", data={"csrf_token": phone.token, "sticker": typed}
        )
    assert answer.status_code in (404, 422)


def test_who_is_involved_gives_that_plan_no_sticker(app: Flask, store: Store, place: Neighbourhood) -> None:
    hall = open_hall(app, store, place)
    with store.writing() as session:
        session.execute(sa.update(Evening).values(stickers=True))
    involve_seat(hall, 6)
    hall.bring_to("closed 2", scores=())
    hall.press()
    phone = Phone(hall, 6)
    page = phone.get(f"{hall.path}/stoel")
    assert len(page.all("button[name=sticker]")) == 3
    assert "Daarom geef je hier geen sticker" in page.text
    with nothing_changes(hall.store):
        stick(hall, phone, "green", status=403)
    stick(hall, phone, "green", position=2)


def test_who_went_home_gives_no_sticker_and_a_stranger_finds_nothing(stickers: Hall) -> None:
    phone = Phone(stickers, 3)
    stickers.leave(3)
    stick(stickers, phone, "green", status=403)
    Visitor(stickers.app).post(f"{stickers.path}/sticker", {"sticker": "1-green"}, status=404)
    assert kept(stickers) == {}


def test_a_phone_whose_seat_moved_gives_no_sticker(stickers: Hall) -> None:
    old = Phone(stickers, 1)
    Phone(stickers, 1)
    stick(stickers, old, "green", status=409)
    assert kept(stickers) == {}


def test_stickers_of_people_without_a_phone_are_counted_and_never_more_than_there_are(stickers: Hall) -> None:
    # Seats 1 to 5 have phones since they scored; 6 and 7 have none.
    host = stickers.staff()
    path = f"{stickers.path}/stickers/1"
    page = host.post(path, {"green": "2", "orange": "1", "red": "0"}, status=422)
    assert "Er zijn maar 2 mensen zonder telefoon" in page.text
    assert page.one("#sticker-1-green").attributes["value"] == "2"
    host.post(path, {"green": "1", "orange": "0", "red": "1"})
    stick(stickers, Phone(stickers, 1), "green")
    shown = " ".join(console(stickers).all(".sticker-plans .stuck")[0].text().split())
    assert shown == "2 eens 0 onder voorwaarde 1 nee"
    with nothing_changes(stickers.store):
        host.post(path, {"green": "1", "orange": "0", "red": "1"})
    host.post(path, {"green": "0", "orange": "0", "red": "0"})
    assert "1 van 7 mensen" in console(stickers).text


@pytest.mark.parametrize(
    "typed",
    [{"green": ""}, {"green": "-1"}, {"green": "1.5"}, {"green": "١"}, {"green": "9" * 30}, {"red": "een"}],
)
def test_a_count_that_is_no_whole_number_is_told_at_its_plan(stickers: Hall, typed: dict[str, str]) -> None:
    host = stickers.staff()
    held = {"green": "0", "orange": "0", "red": "0"} | typed
    page = host.post(f"{stickers.path}/stickers/2", held, status=422)
    assert page.all("#tel-2[open] .wrong")


def test_counting_for_a_plan_that_is_not_there_or_outside_the_round_is_refused(stickers: Hall) -> None:
    host = stickers.staff()
    counted = {"green": "0", "orange": "0", "red": "0"}
    host.post(f"{stickers.path}/stickers/3", counted, status=404)
    stickers.press()
    host.post(f"{stickers.path}/stickers/1", counted, status=409)


def test_the_screen_shows_how_stickers_are_spread_only_from_five_on(stickers: Hall) -> None:
    path, screen = stickers.screen_path(), Visitor(stickers.app)
    for number in range(1, 5):
        stick(stickers, Phone(stickers, number), "green")
    page = screen.get(path)
    assert not page.all(".sticker-room .stuck")
    assert "4 stickers" in page.text
    stick(stickers, Phone(stickers, 5), "orange")
    shown = " ".join(screen.get(path).one(".sticker-room .stuck").text().split())
    assert shown == "4 eens 1 onder voorwaarde 0 nee"


def test_the_button_says_what_comes_and_the_round_leads_to_deciding(stickers: Hall) -> None:
    host = stickers.staff()
    page = host.get(f"{stickers.path}/console")
    assert " ".join(page.one("form.next button").text().split()) == "Volgende: naar beslissen"
    stick(stickers, Phone(stickers, 1), "green")
    assert not host.get(f"{stickers.path}/console").all("form.undo")
    host.fill(f"{stickers.path}/console", {}, form="form.next")
    assert stickers.moment() == "decide"
    page = host.get(f"{stickers.path}/console")
    assert "1 eens" in " ".join(page.all(".agenda .stuck")[0].text().split())
    stickers.bring_to("done")


def test_the_round_stands_in_the_chain_by_seat_and_plan_number_only(stickers: Hall) -> None:
    stick(stickers, Phone(stickers, 1), "orange")
    stickers.staff(Role.AREA_MANAGER).post(
        f"{stickers.path}/stickers/1", {"green": "1", "orange": "0", "red": "0"}
    )
    with stickers.store.reading() as session:
        lines = [line for line in chain(session, evening_id=stickers.evening_id) if "sticker" in line.kind]
    item = stickers.now_at().items[0].id
    assert [(line.kind, line.facts) for line in lines] == [
        ("stickers_opened", "{}"),
        ("sticker", f'{{"colour":"orange","item":{item},"seat":{stickers.seat_ids[0]}}}'),
        ("stickers_counted", f'{{"green":1,"item":{item},"orange":0,"red":0}}'),
    ]
