"""At the door: one tap lets somebody in, however they are found; and everybody stands in one way."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from pb.evening.queries import presences
from pb.evening.rules.floor import Way
from pb.evening.tables import Event, Presence, Score
from pb.panel.tables import SeatPerson
from pb.people.rules import Role
from support.neighbourhood import NOW
from support.room import Hall, Phone, nothing_changes
from support.visitor import Page, Visitor


@pytest.fixture
def doors(hall: Hall) -> Hall:
    """Give an evening with open doors; nobody is in, and seats have names."""
    hall.press()
    with hall.store.writing() as session:
        names = ("Ayşe Yılmaz", "Jan de Vries", "Jan Jansen", "Renée Hof", "Petra Kok", "")
        for seat_id, name in zip(hall.seat_ids, names, strict=True):
            row = session.get_one(SeatPerson, seat_id)
            row.name = name
            row.address = "" if name else "Voorbeeldstraat 6"
    return hall


def ask(door: Visitor, hall: Hall, status: int = 200, **fields: str) -> Page:
    """Send what a tap or the search field sends."""
    return door.post(f"{hall.path}/deur", {"doe": "in", **fields}, status=status)


def here(hall: Hall) -> set[int]:
    """Give the numbers of the seats that are in the room."""
    with hall.store.reading() as session:
        found = presences(session, evening_id=hall.evening_id)
    return {hall.seat_ids.index(seat_id) + 1 for seat_id, one in found.items() if one.left_at is None}


def way(hall: Hall, number: int) -> Way:
    with hall.store.reading() as session:
        return presences(session, evening_id=hall.evening_id)[hall.seat_ids[number - 1]].way


def put(door: Visitor, hall: Hall, number: int, kind: str, status: int = 200) -> Page:
    return door.post(
        f"{hall.path}/deur/staat", {"staat": f"{hall.seat_ids[number - 1]}:{kind}"}, status=status
    )


def scores(hall: Hall) -> dict[int, int | None]:
    with hall.store.reading() as session:
        rows = session.execute(sa.select(Score.seat_id, Score.score)).all()
    return {hall.seat_ids.index(seat_id) + 1: score for seat_id, score in rows}


# -- coming in ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "way_in",
    [
        lambda hall: {"stoel": "4"},
        lambda hall: {"stoel": "renee"},
        lambda hall: {"stoel": "Renée Hof"},
        lambda hall: {"stoel": hall.card_code(4)},
        lambda hall: {"stoel": hall.card_code(4).lower().replace("-", " ")},
        lambda hall: {"kaart": f"http://127.0.0.1:8000/kaart#{hall.card_token(4)}"},
        lambda hall: {"stoel": f"http://127.0.0.1:8000/kaart#{hall.card_token(4)}"},
    ],
    ids=["number", "part of a name", "name", "code", "code as typed", "camera", "scanner that types"],
)
def test_somebody_comes_in_by_number_name_code_or_card(
    doors: Hall, way_in: Callable[[Hall], dict[str, str]]
) -> None:
    page = ask(doors.staff(), doors, **way_in(doors))
    assert "Stoel 4 is binnen." in page.text
    assert here(doors) == {4}


def test_a_name_that_two_people_have_shows_both_to_tap_on(doors: Hall) -> None:
    door = doors.staff()
    with nothing_changes(doors.store):
        page = ask(door, doors, 422, stoel="jan")
    assert "Er passen 2 mensen bij" in page.text
    assert [one.attributes["value"] for one in page.all("button.guest")] == ["2", "3"]
    assert page.one("#stoel").attributes["value"] == "jan"
    ask(door, doors, stoel="jan vries")
    assert here(doors) == {2}


def test_a_seat_that_was_drawn_is_found_by_its_address(doors: Hall) -> None:
    door = doors.staff()
    assert "Stoel 6 is binnen." in ask(door, doors, stoel="voorbeeldstr").text
    assert "Stoel 6 was al binnen." in ask(door, doors, stoel="voorbeeldstraat 6").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Typ een naam"), ("Zwartkop", "niemand met deze naam"), ("77", "niemand met deze naam"),
        ("ABCDE-12345", "Kijk"), ("1234567", "tekens"), ("x\u202ey", "leesrichting"), ("a" * 400, "300"),
        ("-4", "tekens"),
    ],
)  # fmt: skip
def test_who_is_not_found_stays_out_and_the_field_keeps_what_was_typed(
    doors: Hall, typed: str, sentence: str
) -> None:
    door = doors.staff()
    door.get(f"{doors.path}/deur")
    with nothing_changes(doors.store):
        page = ask(door, doors, 422, stoel=typed)
    assert sentence in page.one("#stoel-fout").text()
    assert here(doors) == set()


@pytest.mark.parametrize(
    "scanned",
    [
        "https://elders.example/kaart#AAAAAAAAAAAAAAAAAAAAAA", "8710400011235", "http://127.0.0.1:8000/kaart",
        "http://127.0.0.1:8000/kaart#AAAAAAAAAAAAAAAAAAAAAA", "http://127.0.0.1:8000/kaart#half",
        "x" * 5000, "\x00",
    ],
)  # fmt: skip
def test_a_code_that_is_no_card_of_tonight_lets_nobody_in(doors: Hall, scanned: str) -> None:
    door = doors.staff()
    door.get(f"{doors.path}/deur")
    with nothing_changes(doors.store):
        answer = door.raw(
            "POST", f"{doors.path}/deur", data={"csrf_token": door.token, "kaart": scanned},
            headers={"Accept": "application/json"},
        )  # fmt: skip
    assert answer.status_code == 422
    assert answer.get_json()["text"]


def test_the_scanner_hears_in_one_sentence_who_came_in(doors: Hall) -> None:
    door = doors.staff()
    door.get(f"{doors.path}/deur")
    data = {"csrf_token": door.token, "kaart": f"http://127.0.0.1:8000/kaart#{doors.card_token(2)}"}
    for sentence in ("Stoel 2 is binnen.", "Stoel 2 was al binnen."):
        answer = door.raw("POST", f"{doors.path}/deur", data=data, headers={"Accept": "application/json"})
        assert answer.get_json() == {"text": sentence, "number": 2}


def test_a_card_that_was_replaced_lets_nobody_in(doors: Hall) -> None:
    door = doors.staff()
    old = doors.card_code(3)
    door.post(f"{doors.path}/deur/kaart", {"nieuw": f"{doors.seat_ids[2]}:1"})
    assert "nieuwe kaart" in ask(door, doors, 422, stoel=old).text
    assert here(doors) == set()


# -- late, early, again ------------------------------------------------------------------------------------


def test_coming_in_twice_and_going_twice_changes_nothing(doors: Hall) -> None:
    door = doors.staff()
    ask(door, doors, stoel="2")
    with nothing_changes(doors.store):
        assert "Stoel 2 was al binnen." in ask(door, doors, stoel="2").text
        assert "nog niet binnen geweest" in door.post(f"{doors.path}/deur", {"weg": "3"}).text
    door.post(f"{doors.path}/deur", {"weg": "2"})
    with nothing_changes(doors.store):
        assert "Stoel 2 was al weg." in door.post(f"{doors.path}/deur", {"weg": "2"}).text


def test_whoever_comes_in_while_scoring_is_open_may_score_at_once(open_room: Hall) -> None:
    page = ask(open_room.staff(), open_room, stoel="6")
    assert "Stoel 6 is binnen en kan meteen een cijfer geven." in page.text
    assert Phone(open_room, 6).tap(4).status_code == 200


def test_whoever_leaves_and_comes_back_is_shown_with_times(doors: Hall) -> None:
    door = doors.staff()
    ask(door, doors, stoel="5")
    page = door.post(f"{doors.path}/deur", {"weg": "5"})
    assert "Stoel 5 is weg." in page.text
    assert "Naar huis (1)" in page.text
    assert page.one("#stoel-5 .since").text().count(":") == 2
    assert "Stoel 5 is terug." in ask(door, doors, stoel="5").text


def test_nobody_comes_in_after_the_end(hall: Hall) -> None:
    hall.bring_to("done")
    door = hall.staff()
    page = door.get(f"{hall.path}/deur")
    assert "De avond is afgelopen" in page.text
    assert not page.all("button.guest:not([disabled])")
    hall_before = here(hall)
    with nothing_changes(hall.store):
        page = door.post(f"{hall.path}/deur", {"stoel": "1", "doe": "uit"}, status=409)
        assert "De avond is afgelopen" in page.text
        put(door, hall, 1, "floor", 409)
        door.post(f"{hall.path}/deur/vloer", {"wie": "iedereen", "zeker": "ja"}, status=409)
    assert here(hall) == hall_before


def test_before_the_doors_open_nobody_comes_in(hall: Hall) -> None:
    door = hall.staff()
    assert "De deuren zijn nog dicht" in door.get(f"{hall.path}/deur").text
    with nothing_changes(hall.store):
        ask(door, hall, 404, stoel="1")
        put(door, hall, 1, "floor", 403)


# -- a new card --------------------------------------------------------------------------------------------


def test_a_new_card_takes_one_press_and_shows_that_one_card_to_print(doors: Hall) -> None:
    doors.come_in(2)
    phone = Phone(doors, 2)
    door = doors.staff()
    old = doors.card_code(2)
    value = door.get(f"{doors.path}/deur").one("#stoel-2 button[name=nieuw]").attributes["value"] or ""
    page = door.post(f"{doors.path}/deur/kaart", {"nieuw": value})
    assert page.answer.request.path.endswith(f"/stoel/{doors.seat_ids[1]}/kaart")
    assert len(page.all(".card")) == 1
    assert doors.card_code(2) != old
    assert doors.card_code(2).replace("-", " ") in page.text
    for path in ("deur", "console"):
        assert "Deze avond is 1 nieuwe kaart gemaakt." in doors.staff().get(f"{doors.path}/{path}").text
    # A second press makes no second card, and the phone that was bound stays.
    with nothing_changes(doors.store):
        door.post(f"{doors.path}/deur/kaart", {"nieuw": value})
    assert phone.get(f"{doors.path}/stoel")


@pytest.mark.parametrize("value", ["", "1", "x:1", "1:x", "999999:1", "1:" + "9" * 30, "٣:1"])
def test_a_new_card_for_no_seat_is_not_made(doors: Hall, value: str) -> None:
    door = doors.staff()
    door.get(f"{doors.path}/deur")
    with nothing_changes(doors.store):
        door.post(f"{doors.path}/deur/kaart", {"nieuw": value}, status=404)


# -- one way at a time -------------------------------------------------------------------------------------


def test_one_tap_changes_how_somebody_stands_and_takes_back_the_score_of_the_open_plan(
    open_room: Hall,
) -> None:
    open_room.press(3)
    phone = Phone(open_room, 1)
    door = open_room.staff()
    assert phone.tap(5).status_code == 200
    page = put(door, open_room, 1, "floor")
    assert (
        "Stoel 1 staat op de vloer. Het cijfer dat deze stoel dit plan al gaf, telt niet meer." in page.text
    )
    assert (way(open_room, 1), scores(open_room)) == (Way.FLOOR, {1: None})
    assert phone.tap(4).status_code == 409
    with nothing_changes(open_room.store):
        put(door, open_room, 1, "floor")
    put(door, open_room, 1, "phone")
    assert phone.tap(3).status_code == 200
    assert scores(open_room) == {1: 3}


def test_a_score_for_a_closed_plan_stays_when_somebody_goes_to_the_floor(open_room: Hall) -> None:
    Phone(open_room, 1).tap(5)
    open_room.press()
    put(open_room.staff(), open_room, 1, "floor")
    open_room.press(2)
    put(open_room.staff(), open_room, 1, "paper")
    assert scores(open_room) == {1: 5}


@pytest.mark.parametrize("value", ["", "1", ":floor", "x:floor", "999999:floor", "9" * 40 + ":floor"])
def test_no_seat_stands_nowhere(doors: Hall, value: str) -> None:
    door = doors.staff()
    door.get(f"{doors.path}/deur")
    with nothing_changes(doors.store):
        assert door.raw(
            "POST", f"{doors.path}/deur/staat", data={"csrf_token": door.token, "staat": value}
        ).status_code in (404, 422)
    doors.come_in(1)
    with nothing_changes(doors.store):
        put(door, doors, 1, "tablet", 422)


def test_everyone_without_a_phone_goes_to_the_floor_in_one_press(doors: Hall) -> None:
    doors.come_in(1, 2, 3, 4)
    Phone(doors, 1)
    door = doors.staff()
    put(door, doors, 2, "paper")
    page = door.fill(f"{doors.path}/deur", {"wie": "zonder"}, form=f"form[action='{doors.path}/deur/vloer']")
    assert "Op de vloer gezet: 2." in page.text
    assert [way(doors, number) for number in (1, 2, 3, 4)] == [Way.PHONE, Way.PAPER, Way.FLOOR, Way.FLOOR]
    with nothing_changes(doors.store):
        assert "niemand naar de vloer" in door.post(f"{doors.path}/deur/vloer", {"wie": "zonder"}).text


def test_everyone_on_the_floor_asks_first_when_scores_would_go(open_room: Hall) -> None:
    for number in (1, 2, 3):
        Phone(open_room, number).tap(number)
    door = open_room.staff()
    door.get(f"{open_room.path}/deur")
    with nothing_changes(open_room.store):
        page = door.post(f"{open_room.path}/deur/vloer", {"wie": "iedereen"}, status=409)
    assert "3 mensen gaven voor dit plan al zelf een cijfer" in page.text
    door.post(f"{open_room.path}/deur/vloer", page.values("form.notice"))
    assert {way(open_room, number) for number in range(1, 6)} == {Way.FLOOR}
    assert set(scores(open_room).values()) == {None}


def test_each_change_is_one_event_that_names_the_seat_by_number_only(doors: Hall) -> None:
    doors.come_in(1, 2)
    doors.staff().post(f"{doors.path}/deur/vloer", {"wie": "iedereen"})
    with doors.store.reading() as session:
        found = session.scalars(sa.select(Event.facts).where(Event.kind == "way")).all()
    assert found == [f'{{"seat":{seat_id},"way":"floor"}}' for seat_id in doors.seat_ids[:2]]


# -- the page ----------------------------------------------------------------------------------------------


def test_names_are_for_staff_of_this_area_only(doors: Hall) -> None:
    assert "Ayşe Yılmaz" in doors.staff().get(f"{doors.path}/deur").text
    for role in (Role.FACILITATOR, Role.AREA_MANAGER):
        doors.staff(role, "andere-wijk").get(f"{doors.path}/deur", status=404)
    for role in (Role.COACH, Role.FINANCE, Role.RESEARCHER, Role.ADMIN):
        doors.staff(role).get(f"{doors.path}/deur", status=403)


def test_the_camera_may_be_used_at_the_door_and_nowhere_else(doors: Hall) -> None:
    door = doors.staff()
    at_door = door.get(f"{doors.path}/deur").answer.headers
    assert at_door["Permissions-Policy"].startswith("camera=(self)")
    assert "unsafe" not in at_door["Content-Security-Policy"]
    for path in (f"{doors.path}/console", "/", f"{doors.path}/vloer"):
        assert door.get(path).answer.headers["Permissions-Policy"].startswith("camera=()")


def test_the_reader_of_codes_is_not_loaded_with_the_page(doors: Hall) -> None:
    page = doors.staff().get(f"{doors.path}/deur")
    assert "vendor" not in page.html


def test_more_people_are_no_more_queries(doors: Hall) -> None:
    asked: list[str] = []
    door = doors.staff()
    sa.event.listen(doors.store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    door.get(f"{doors.path}/deur")
    few = len(asked)
    with doors.store.writing() as session:
        for seat_id in doors.seat_ids:
            session.add(Presence(evening_id=doors.evening_id, seat_id=seat_id, arrived_at=NOW))
    asked.clear()
    door.get(f"{doors.path}/deur")
    assert len(asked) == few
