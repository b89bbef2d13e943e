"""Console, screen, phone, door and preparation in every moment of an evening, in both languages."""

import re

import pytest
from flask import Flask

from pb.evening import live
from pb.evening.actions.planning import involve
from pb.panel.actions import add_invited
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import Asked
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.panel import key_of, somebody
from support.room import BEFORE_MONEY, MOMENTS, OTHER_TITLES, Hall, Phone, nothing_changes, open_hall
from support.visitor import Visitor

ASKED = {
    "Moestuin op het plein": Asked(ask_cents=1_234_500, least_cents=600_000),
    "Repaircafé": Asked(ask_cents=777_700, texts={"want": 'Samen <b>spullen</b> maken & "delen".'}),
}
AMOUNT = re.compile("€|12\\.345|1234500|7\\.777|777700|20\\.000|2000000")


def name_the_seats(store: Store, place: Neighbourhood, app: Flask) -> list[str]:
    """Give ten seats to made-up people with a name and address; what no page may show."""
    people = [somebody(number, name=f"Geheime Naam {number}") for number in range(1, 11)]
    with store.writing() as session:
        add_invited(
            session, round_id=place.round_id, people=people, card_key=key_of(app),
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    return [text for person in people for text in (person.name, person.email)]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_is_whole_in_every_moment_names_nobody_and_shows_no_money_before_all_is_decided(
    app: Flask, store: Store, place: Neighbourhood, language: str
) -> None:
    secrets = name_the_seats(store, place, app)
    hall = open_hall(app, store, place, asked=ASKED, seats_wanted=7)
    with store.writing() as session:
        involve(
            session, evening_id=hall.evening_id, position=1, seat_id=hall.seat_ids[6], involved=True,
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    screen_path = hall.screen_path()
    host, screen = hall.staff(language=language), Visitor(app, language)
    phones: list[Phone] = []
    for moment in MOMENTS:
        hall.bring_to(moment)
        if moment == "doors":
            # Bound again at each moment by the scores; one for who is involved, one for who gives no score.
            phones = [Phone(hall, 7, language), Phone(hall, 6, language)]
        shown = [host.get(f"{hall.path}/console"), screen.get(screen_path)]
        shown += [phone.get(f"{hall.path}/stoel") for phone in phones]
        door = host.get(f"{hall.path}/deur")
        prepared = host.get(hall.path)
        for page in (*shown, door, prepared):
            assert page.tree.css_first("html").attributes["lang"] == language
            # Only the door names people: a helper there finds somebody by name.
            hidden = [text for text in secrets if page is not door or "@" in text]
            assert not [text for text in hidden if text in page.html], page.path
        for page in (*shown, door) if moment in BEFORE_MONEY else (door,):
            assert not AMOUNT.search(page.html), f"{page.path} at {moment}: {AMOUNT.search(page.html)}"
        if moment not in BEFORE_MONEY:
            assert all("€" in page.html for page in shown), moment


def test_the_button_on_the_console_carries_the_evening_to_deciding(hall: Hall) -> None:
    host = hall.staff()
    said = []
    for _ in range(8):
        page = host.get(f"{hall.path}/console")
        said.append(" ".join(page.one("form.next button").text().split()))
        host.fill(f"{hall.path}/console", {}, form="form.next")
        if hall.moment() == "doors":
            hall.come_in(1, 2, 3, 4, 5)
        if hall.moment().startswith("open"):
            for number in range(1, 6):
                Phone(hall, number).tap(4)
    assert said == [
        "Volgende: open de deuren", "Volgende: plan 1: Moestuin op het plein", "Volgende: open de cijfers",
        "Volgende: sluit de cijfers", "Volgende: plan 2: Repaircafé", "Volgende: open de cijfers",
        "Volgende: sluit de cijfers", "Volgende: naar beslissen",
    ]  # fmt: skip
    assert hall.moment() == "decide"


def test_pressing_the_same_button_twice_is_one_press(hall: Hall) -> None:
    host = hall.staff()
    held = host.get(f"{hall.path}/console").values("form.next")
    host.post(f"{hall.path}/volgende", held)
    assert hall.moment() == "doors"
    with nothing_changes(hall.store):
        host.post(f"{hall.path}/volgende", held)
        host.post(f"{hall.path}/volgende", held)


def test_of_two_people_who_press_at_once_the_second_reads_who_was_first_and_when(hall: Hall) -> None:
    first, second = hall.staff(), hall.staff(Role.AREA_MANAGER)
    held = second.get(f"{hall.path}/console").values("form.next")
    first.fill(f"{hall.path}/console", {}, form="form.next")
    with nothing_changes(hall.store):
        page = second.post(f"{hall.path}/volgende", held, status=409)
    told = page.one("[role=alert]").text()
    assert "Proef facilitator was je net voor" in told
    assert re.search(r"\d{2}:\d{2}", told)
    assert "De deuren zijn open" in page.text
    # And the button on that page goes on from here.
    second.post(f"{hall.path}/volgende", page.values("form.next"))
    assert hall.moment() == "film 1"


@pytest.mark.parametrize(
    "changes",
    [{"step": "start_deciding-0"}, {"step": ""}, {"version": "99"}, {"version": "-1"}, {"version": ""},
     {"version": "9" * 400}, {"step": "show_plan-2"}, {"step": "x" * 9000}, {"version": "²"}],
)  # fmt: skip
def test_a_press_that_no_button_of_ours_makes_does_nothing(
    standing_room: Hall, changes: dict[str, str]
) -> None:
    at = standing_room.now_at()
    host = standing_browser(standing_room)
    held = {"step": at.next.name if at.next else "", "version": str(at.version)}
    host.post(f"{standing_room.path}/volgende", held | changes, status=409)


_logged_in: dict[str, Visitor] = {}


def standing_browser(room: Hall) -> Visitor:
    """Give a host who logged in before the test began to watch; logging in leaves a line in the journal."""
    return _logged_in[str(room.store.engine.url)]


@pytest.fixture(autouse=True)
def _log_in_before(request: pytest.FixtureRequest) -> None:
    if "standing_room" in request.fixturenames:
        room: Hall = request.getfixturevalue("standing")
        before = room.app.extensions["store"]
        room.app.extensions["store"] = room.store
        _logged_in.setdefault(
            str(room.store.engine.url), Visitor(room.app).log_in(email_of(Role.FACILITATOR))
        )
        room.app.extensions["store"] = before


def histogram(page_html: str) -> bool:
    return "histogram" in page_html


def test_the_screen_shows_no_spread_while_people_may_still_move(open_room: Hall) -> None:
    screen = Visitor(open_room.app)
    path = open_room.screen_path()
    for number in range(1, 6):
        Phone(open_room, number).tap(number)
    page = screen.get(path)
    assert "5 van 5" in page.text
    assert not histogram(page.html)
    open_room.press()
    page = screen.get(path)
    assert histogram(page.html)
    assert "2 van de 5 mensen gaven een 4 of een 5" in page.text


@pytest.mark.parametrize("people", [0, 1, 4])
def test_the_screen_never_shows_a_spread_of_fewer_than_five(
    app: Flask, store: Store, place: Neighbourhood, people: int
) -> None:
    hall = open_hall(app, store, place, plans=1, seats_wanted=6)
    hall.bring_to("open 1", scores=(5,) * people)
    path = hall.screen_path()
    screen = Visitor(app)
    for _ in range(2):
        hall.press()
        page = screen.get(path)
        assert not histogram(page.html), page.text
        assert "gaven een 4" not in page.text
        assert "gaf een 4" not in page.text
    assert hall.moment() == "decide"


def test_the_console_shows_the_spread_by_count_while_people_move(open_room: Hall) -> None:
    host = open_room.staff()
    Phone(open_room, 1).tap(1)
    Phone(open_room, 2).tap(5)
    page = host.get(f"{open_room.path}/console")
    assert "2 van 5 mensen staan op een cijfer" in page.text
    assert [node.text() for node in page.all(".unheard button")] == ["1", "5"]
    assert page.one(".histogram figcaption").text().strip() == "1: 1, 2: 0, 3: 0, 4: 0, 5: 1"


def test_who_is_involved_is_not_counted_among_those_who_may_score(hall: Hall) -> None:
    host = hall.staff()
    first = str(hall.now_at().items[0].id)
    page = host.fill(
        f"{hall.path}/draaiboek", {"number": "1", "plan": first}, form="form[action$='/betrokken']"
    )
    assert "stoel 1" in page.text
    hall.bring_to("open 1", scores=())
    assert "0 van 5 mensen staan op een cijfer" in host.get(f"{hall.path}/console").text
    phone = Phone(hall, 1)
    page = phone.get(f"{hall.path}/stoel")
    assert "Jij bent zelf betrokken bij dit plan" in page.text
    assert not page.all("form.figures")
    # Too late to change it now.
    hall.press()
    late = {"number": "2", "plan": first, "reason": "interest"}
    host.post(f"{hall.path}/betrokken", late, status=409)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"number": "99", "plan": "1"}, "Deze stoel is er niet"),
        ({"number": "1", "plan": "999"}, "niet op de agenda"),
        ({"number": "1", "plan": "x"}, "niet op de agenda"),
        ({"number": "", "plan": ""}, "Vul"),
        ({"number": "een", "plan": "1"}, "heel getal"),
        ({"number": "٣", "plan": "1"}, "heel getal"),
        ({"number": "1" * 50, "plan": "1"}, "heel getal"),
        ({"number": "1", "plan": "1", "reason": "zomaar"}, "Kies een van de mogelijkheden"),
    ],
)
def test_a_seat_or_plan_that_is_not_there_is_told_at_its_field(
    standing_room: Hall, answers: dict[str, str], words: str
) -> None:
    answers = {"reason": "interest"} | answers
    page = standing_browser(standing_room).post(f"{standing_room.path}/betrokken", answers, status=422)
    assert words in " ".join(node.text() for node in page.all(".wrong"))


def test_the_phone_says_each_moment_what_it_can_do(hall: Hall) -> None:
    hall.bring_to("doors")
    phone = Phone(hall, 6)
    path = f"{hall.path}/stoel"
    assert phone.get(path).title == "Je bent binnen"
    hall.bring_to("film 1")
    assert "Kijk en luister eerst" in phone.get(path).text
    hall.bring_to("open 1", scores=(5, 4))
    page = phone.get(path)
    assert "Tik op een cijfer" in page.text
    assert [node.attributes["value"] for node in page.all("button.figure")] == ["5", "4", "3", "2", "1"]
    assert {node.attributes["aria-pressed"] for node in page.all("button.figure")} == {"false"}
    phone.tap(3)
    page = phone.get(path)
    assert "jouw cijfer is 3" in page.text
    assert page.one("button.figure[aria-pressed=true]").attributes["value"] == "3"
    hall.bring_to("closed 1")
    assert "Gesloten. Jouw cijfer: 3" in phone.get(path).text
    hall.bring_to("closed 2", scores=())
    assert "Je gaf dit plan geen cijfer" in phone.get(path).text


def test_a_phone_shows_only_its_own_figure(open_room: Hall) -> None:
    one, two = Phone(open_room, 1), Phone(open_room, 2)
    one.tap(1)
    page = two.get(f"{open_room.path}/stoel")
    assert "Ontvangen: jouw" not in page.text
    assert {node.attributes["aria-pressed"] for node in page.all("button.figure")} == {"false"}


def test_the_door_lets_in_by_number_and_by_card_and_out_again(hall: Hall) -> None:
    helper = hall.staff()
    path = f"{hall.path}/deur"
    assert "nog dicht" in helper.get(path).text
    helper.post(path, {"stoel": "1", "doe": "in"}, status=404)
    hall.press()
    page = helper.fill(path, {"stoel": "1", "doe": "in"}, form="form.door")
    assert "Stoel 1 is binnen" in page.text
    assert "1 van 6 binnen" in page.text
    page = helper.fill(path, {"stoel": hall.card_code(2).lower(), "doe": "in"}, form="form.door")
    assert "2 van 6 binnen" in page.text
    with nothing_changes(hall.store):
        helper.fill(path, {"stoel": "2", "doe": "in"}, form="form.door")
        helper.fill(path, {"stoel": "3", "doe": "uit"}, form="form.door")
    page = helper.fill(path, {"stoel": "2", "doe": "uit"}, form="form.door")
    assert "1 van 6 binnen" in page.text


@pytest.mark.parametrize(
    "typed", ["", "7", "0", "99999", "-1", "1.0", "٣", "AAAAA-AAAAA", "\0", "x" * 500, "<b>"]
)
def test_the_door_says_at_the_field_what_it_does_not_know(standing_room: Hall, typed: str) -> None:
    page = standing_browser(standing_room).post(
        f"{standing_room.path}/deur", {"stoel": typed, "doe": "in"}, status=422
    )
    assert page.one(".wrong").text().strip()


def test_two_numbers_tell_every_screen_whether_it_is_out_of_date(open_room: Hall, app: Flask) -> None:
    def state() -> dict[str, int]:
        live.forget()
        answer = app.test_client().get(f"{open_room.path}/stand")
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        told: dict[str, int] = answer.get_json()
        return told

    before = state()
    at = open_room.now_at()
    assert before == {"v": at.version, "seq": at.seq}
    Phone(open_room, 1).tap(4)
    tapped = state()
    assert tapped["v"] == before["v"]
    assert tapped["seq"] == before["seq"] + 2
    open_room.press()
    assert state()["v"] == before["v"] + 1


@pytest.mark.parametrize("evening_id", ["0", "999999", str(2**63 - 1), str(2**63), str(10**40)])
def test_an_evening_that_does_not_exist_has_no_state_and_no_pages(
    standing_room: Hall, evening_id: str
) -> None:
    host = standing_browser(standing_room)
    for path in ("stand", "console", "deur", "stoel", "scherm/0000000000000000000000", "bevestig"):
        assert host.raw("GET", f"/avond/{evening_id}/{path}").status_code == 404, path
    assert host.raw("GET", f"/avond/{evening_id}").status_code == 404


@pytest.mark.parametrize("key", ["0" * 22, "x", "%00", "%ff%fe", "a" * 3000, "é"])
def test_the_big_screen_opens_only_with_its_own_key(standing_room: Hall, key: str) -> None:
    assert Visitor(standing_room.app).raw("GET", f"{standing_room.path}/scherm/{key}").status_code == 404


def test_the_key_of_one_screen_does_not_open_another(open_room: Hall, app: Flask) -> None:
    other = open_hall(app, open_room.store, open_room.place, budget_cents=1_000_000, titles=OTHER_TITLES)
    key = open_room.screen_path().rpartition("/")[2]
    Visitor(app).get(f"{other.path}/scherm/{key}", status=404)


def test_a_live_page_fetches_only_its_middle_part(standing_room: Hall) -> None:
    host = standing_browser(standing_room)
    answer = host.raw("GET", f"{standing_room.path}/console", headers={"X-Part": "pane"})
    text = answer.get_data(as_text=True)
    assert text.lstrip().startswith("<main")
    assert text.rstrip().endswith("</main>")
    assert "<html" not in text
