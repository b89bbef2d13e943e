"""The run sheet on the page: order, minutes, lot, who is involved, choices, Wi-Fi; nothing typed is lost."""

import html
from typing import Any

import pytest
from flask import Flask

from pb.evening.queries import involvements
from pb.evening.rules.agenda import Reason, order_by_lot
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import Asked, put_plans
from support.neighbourhood import Neighbourhood, email_of
from support.room import Hall, nothing_changes, open_hall
from support.visitor import Page, Visitor

AGENDA = "form[action$='/draaiboek/agenda']"


@pytest.fixture
def sheet_hall(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening with four plans whose doors are still shut."""
    return open_hall(app, store, place, plans=4)


@pytest.fixture(params=[Role.FACILITATOR, Role.AREA_MANAGER])
def host(sheet_hall: Hall, request: pytest.FixtureRequest) -> Visitor:
    return Visitor(sheet_hall.app).log_in(email_of(request.param))


def path(hall: Hall) -> str:
    return f"{hall.path}/draaiboek"


def titles(page: Page) -> list[str]:
    return [" ".join(node.text().split()) for node in page.all(".runsheet h3")]


def press(host: Visitor, hall: Hall, words: str, status: int = 200, **typed: str) -> Page:
    """Press the button of the agenda that says this, with what was typed in its fields."""
    page = host.get(path(hall))
    held = page.values(AGENDA) | typed
    (button,) = [one for one in page.all(f"{AGENDA} button") if words in " ".join(one.text().split())]
    held |= {button.attributes["name"]: button.attributes["value"]}
    return host.post(f"{path(hall)}/agenda", held, status=status)


def involve(host: Visitor, hall: Hall, status: int = 200, **typed: str) -> Page:
    first = str(hall.now_at().items[0].id)
    answers = {"number": "3", "plan": first, "reason": "interest"} | typed
    return host.post(f"{hall.path}/betrokken", answers, status=status)


def test_buttons_move_a_plan_and_keep_the_minutes_that_were_typed(host: Visitor, sheet_hall: Hall) -> None:
    first, second, third, fourth = (item.plan.title for item in sheet_hall.now_at().items)
    last_id = sheet_hall.now_at().items[3].id
    page = press(host, sheet_hall, "Plan 4 omhoog", **{f"minuten-{last_id}": "25"})
    assert titles(page) == [first, second, fourth, third]
    assert page.one(f"#minuten-{last_id}").attributes["value"] == "25"
    assert "Samen 55 minuten" in page.text
    page = press(host, sheet_hall, "Plan 1 omlaag")
    assert titles(page) == [second, first, fourth, third]
    assert not [one for one in page.all("button") if "Plan 1 omhoog" in one.text()]
    assert not [one for one in page.all("button") if "Plan 4 omlaag" in one.text()]


def test_enter_in_a_field_keeps_the_minutes_and_moves_nothing(host: Visitor, sheet_hall: Hall) -> None:
    page = host.get(path(sheet_hall))
    first_button = page.all(f"{AGENDA} button")[0]
    assert "name" not in first_button.attributes
    before = titles(page)
    ids = [item.id for item in sheet_hall.now_at().items]
    page = host.fill(path(sheet_hall), {f"minuten-{each}": "30" for each in ids}, form=AGENDA)
    assert titles(page) == before
    assert "Samen 2 uur" in page.text


@pytest.mark.parametrize("typed", ["0", "181", "-5", "tien", "", "1.5", "٣", "9" * 30])
def test_minutes_that_cannot_be_are_told_at_their_plan_and_nothing_is_lost(
    host: Visitor, sheet_hall: Hall, typed: str
) -> None:
    first, second = (item.id for item in sheet_hall.now_at().items[:2])
    with nothing_changes(sheet_hall.store):
        answers = {f"minuten-{first}": typed, f"minuten-{second}": "15", "zet": f"{second}-1"}
        page = host.post(f"{path(sheet_hall)}/agenda", answers, status=422)
    assert "van 1 tot en met 180" in page.one(".wrong").text()
    assert page.one(".summary a").attributes["href"] == f"#minuten-{first}"
    shown = page.one(f"#minuten-{first}").attributes["value"] or ""
    assert html.unescape(shown) == typed
    assert page.one(f"#minuten-{second}").attributes["value"] == "15"


def test_a_plan_goes_off_the_agenda_and_comes_back_at_the_end(host: Visitor, sheet_hall: Hall) -> None:
    first, *others = (item.plan.title for item in sheet_hall.now_at().items)
    page = press(host, sheet_hall, "van de agenda: plan 1")
    assert titles(page) == others
    assert "weer klaar voor een andere avond" in page.text
    page = host.fill(
        path(sheet_hall), {"erbij-plan": str(sheet_hall.plan_ids[0])}, form="form[action$='/erbij']"
    )
    assert titles(page) == [*others, first]
    assert not page.all("form[action$='/erbij']")
    for nonsense in ("", "999", "x"):
        with nothing_changes(sheet_hall.store):
            page = host.post(f"{path(sheet_hall)}/erbij", {"erbij-plan": nonsense}, status=422)
        assert "Kies een plan uit de lijst" in page.one(".wrong").text()


def test_the_last_plan_has_no_button_to_take_it_off_and_a_press_says_why(
    host: Visitor, sheet_hall: Hall
) -> None:
    for _ in range(3):
        page = press(host, sheet_hall, "van de agenda: plan 1")
    assert not page.all("button[name=af]")
    only = sheet_hall.now_at().items[0].id
    with nothing_changes(sheet_hall.store):
        page = host.post(f"{path(sheet_hall)}/agenda", {"af": str(only)}, status=409)
    assert "minstens één plan nodig" in page.text


def test_a_lot_puts_the_agenda_in_order_and_the_page_says_how_to_draw_it_again(
    host: Visitor, sheet_hall: Hall
) -> None:
    form = "form[action$='/lot']"
    page = host.fill(path(sheet_hall), {"lot-seed": "3-5-1-6-2"}, form=form)
    at = sheet_hall.now_at()
    numbers = [item.plan.number for item in at.items]
    assert numbers == order_by_lot("3-5-1-6-2", numbers)
    assert titles(page) == [item.plan.title for item in at.items]
    assert "Deze volgorde is geloot" in page.text
    assert f"printf '%s' '3-5-1-6-2:agenda-{numbers[0]}' | sha256sum" in page.text
    host.fill(path(sheet_hall), {"lot-seed": "6-6-6-6-6"}, form=form)
    page = press(host, sheet_hall, "Plan 1 omlaag")
    assert "Deze volgorde is geloot" not in page.text
    # Nobody can draw until it suits them without that being there to read.
    assert "Er is geloot met: 3-5-1-6-2 · 6-6-6-6-6." in page.text
    with nothing_changes(sheet_hall.store):
        page = host.post(f"{path(sheet_hall)}/lot", {"lot-seed": "   "}, status=422)
    assert "Gooi met dobbelstenen" in page.one(".wrong").text()


def test_who_is_involved_stands_at_the_plan_with_the_reason_and_can_be_taken_back(
    host: Visitor, sheet_hall: Hall
) -> None:
    page = involve(host, sheet_hall)
    assert "Stoel 3 staat nu bij het plan" in page.text
    page = involve(host, sheet_hall, number="4", reason="coach")
    assert "stoel 3 (heeft er belang bij)" in page.text
    assert "stoel 4 (projectleider)" in page.text
    hub = host.get(sheet_hall.path)
    assert "Betrokken: stoel 3 (heeft er belang bij) , stoel 4 (projectleider)" in hub.text
    with nothing_changes(sheet_hall.store):
        page = involve(host, sheet_hall)
    assert "Stoel 3 stond al bij het plan" in page.text
    page = press(host, sheet_hall, "haal weg: stoel 3")
    assert "stoel 3 (" not in page.text
    assert "stoel 4 (projectleider)" in page.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": "99"}, "Deze stoel is er niet in dit panel"),
        ({"number": ""}, "Vul een stoelnummer in"),
        ({"number": "drie"}, "heel getal"),
        ({"plan": "9999"}, "Dit plan staat niet op de agenda"),
        ({"plan": ""}, "Kies een plan uit de lijst"),
    ],
)
def test_a_seat_or_plan_that_is_not_there_is_told_and_the_rest_stays_typed(
    host: Visitor, sheet_hall: Hall, typed: dict[str, str], words: str
) -> None:
    third = str(sheet_hall.now_at().items[2].id)
    with nothing_changes(sheet_hall.store):
        page = involve(host, sheet_hall, 422, **({"plan": third, "reason": "coach"} | typed))
    assert words in " ".join(node.text() for node in page.all(".wrong"))
    held = page.values("form[action$='/betrokken']")
    assert held["reason"] == "coach"
    assert held["number"] == typed.get("number", "3")
    if "plan" not in typed:
        assert held["plan"] == third
    assert page.one("details[open] form").attributes["action"] == f"{sheet_hall.path}/betrokken"


def test_coaches_score_only_where_it_was_ticked_and_the_page_says_so(host: Visitor, sheet_hall: Hall) -> None:
    involve(host, sheet_hall, reason="coach")
    page = host.fill(path(sheet_hall), {"keuze-coaches_score": "y"}, form="form[action$='/keuzes']")
    assert "stoel 3 (projectleider, mag wel een cijfer geven)" in page.text
    hub = host.get(sheet_hall.path)
    assert "Een projectleider mag een cijfer geven aan een plan waar die bij hielp." in hub.text
    with sheet_hall.store.reading() as session:
        (one,) = involvements(session, evening_id=sheet_hall.evening_id).popitem()[1]  # type: ignore[attr-defined]
    assert (one.reason, one.may_score) == (Reason.COACH, True)


def test_choices_are_kept_as_ticked_and_told_in_words(host: Visitor, sheet_hall: Hall) -> None:
    page = host.get(path(sheet_hall))
    assert page.values("form[action$='/keuzes']").keys() == {"csrf_token", "keuze-host_decides"}
    ticked = {"keuze-stickers": "y", "keuze-spread_on_screen": "y"}
    page = host.post(f"{path(sheet_hall)}/keuzes", ticked)
    held = page.values("form[action$='/keuzes']")
    assert held.keys() == {"csrf_token", *ticked}
    hub = host.get(sheet_hall.path).text
    for words in ("is er een stickerronde", "tijdens het praten al zien", "één keer van telefoon wisselen"):
        assert words in hub


def test_the_wifi_is_kept_mark_for_mark_and_what_cannot_be_one_is_told(
    host: Visitor, sheet_hall: Hall
) -> None:
    form = "form[action$='/wifi']"
    exact = {"wifi-name": "Buurthuis  gasten", "wifi-password": "a  b;c:\\d,\"e'<f>"}
    page = host.fill(path(sheet_hall), exact, form=form)
    at = sheet_hall.now_at()
    assert {"wifi-name": at.wifi_name, "wifi-password": at.wifi_password} == exact
    assert "Buurthuis gasten" in host.get(sheet_hall.path).text
    for wrong, words in (
        ({"wifi-name": "", "wifi-password": "welkom123"}, "Vul ook de naam van de wifi in"),
        ({"wifi-name": "x" * 33, "wifi-password": ""}, "hoogstens 32 tekens"),
        ({"wifi-name": "Gasten", "wifi-password": "kort"}, "8 tot 63"),
    ):
        with nothing_changes(sheet_hall.store):
            page = host.post(f"{path(sheet_hall)}/wifi", wrong, status=422)
            field = (page.one(".summary a").attributes["href"] or "").removeprefix("#")
            assert page.one(f"[id={field}]").attributes["aria-invalid"] == "true"
        assert words in page.one(".wrong").text()
        held = page.values(form)
        assert {name: held[name] for name in wrong} == wrong
    host.post(f"{path(sheet_hall)}/wifi", {})
    assert not sheet_hall.now_at().wifi_name


def test_after_the_doors_the_page_says_why_it_no_longer_changes(host: Visitor, sheet_hall: Hall) -> None:
    sheet_hall.bring_to("open 1", scores=())
    page = host.get(path(sheet_hall))
    assert "De deuren zijn open. Daarom liggen de volgorde en de keuzes vast" in page.text
    assert not page.all("button.move, button[name=af], form[action$='/lot'], form[action$='/keuzes']")
    first, second = (item.id for item in sheet_hall.now_at().items[:2])
    offered = [node.attributes.get("value") for node in page.all("select[name=plan] option")]
    assert str(second) in offered
    # Who turns out to be involved while the scores are open is still marked.
    assert str(first) in offered
    sheet_hall.press()
    page = host.get(path(sheet_hall))
    assert str(first) not in [node.attributes.get("value") for node in page.all("select[name=plan] option")]
    tries: list[tuple[str, dict[str, Any]]] = [
        ("agenda", {"zet": f"{first}-2"}),
        ("agenda", {"af": str(first)}),
        ("lot", {"lot-seed": "1-2-3-4-5"}),
        ("keuzes", {"keuze-stickers": "y"}),
    ]
    for where, typed in tries:
        with nothing_changes(sheet_hall.store):
            assert "De deuren zijn al open" in host.post(f"{path(sheet_hall)}/{where}", typed, 409).text
    page = host.fill(path(sheet_hall), {f"minuten-{first}": "20"}, form=AGENDA)
    assert "Bewaard" in page.text


def test_when_the_evening_is_over_the_page_only_tells(app: Flask, store: Store, place: Neighbourhood) -> None:
    hall = open_hall(app, store, place, moment="done")
    page = hall.staff().get(path(hall))
    assert "Het draaiboek blijft zoals het was" in page.text
    assert not page.all(".runsheet input, form[action$='/wifi'], form[action$='/betrokken']")


@pytest.mark.parametrize("pressed", [{"zet": "x"}, {"zet": "1-2-3"}, {"zet": "-"}, {"zet": "9" * 40 + "-1"}])
def test_a_press_that_no_page_of_ours_sends_finds_nothing(
    host: Visitor, sheet_hall: Hall, pressed: dict[str, str]
) -> None:
    with nothing_changes(sheet_hall.store):
        host.post(f"{path(sheet_hall)}/agenda", pressed, status=404)
        host.post(f"{path(sheet_hall)}/agenda", {"mag": "999-1"}, status=404)
    with nothing_changes(sheet_hall.store):
        host.post(f"{path(sheet_hall)}/agenda", {"af": "x"})


def test_the_hub_leads_everywhere_and_a_90_character_title_fits(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    long = "Regentonnen voor de hele straat, met uitleg en hulp bij het plaatsen, voor wie dat wil heb"[:90]
    put_plans(store, place, {long: Asked()})
    hall = open_hall(app, store, place, asked={long: Asked()})
    page = hall.staff().get(hall.path)
    assert long in page.text
    links = {node.attributes["href"] for node in page.all("a[href]")}
    for where in ("console", "deur", "vloer", "papier", "tablet", "dossier", "draaiboek"):
        assert f"{hall.path}/{where}" in links
