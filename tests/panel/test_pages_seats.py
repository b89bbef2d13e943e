"""The area manager fills the panel by hand; others see what is theirs to see."""

import pytest
from flask import Flask

from pb.panel import queries
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood, email_of
from support.panel import address_list, draw, invite, keep_addresses, key_of
from support.visitor import Visitor


@pytest.fixture
def manager(visitor: Visitor, place: Neighbourhood) -> Visitor:
    """Give an area manager who is logged in."""
    return visitor.log_in(email_of(Role.AREA_MANAGER))


@pytest.fixture
def panel(place: Neighbourhood) -> str:
    """Give the address of the panel."""
    return f"/werk/ronde/{place.round_id}/panel"


def test_an_empty_panel_says_what_to_do_first(manager: Visitor, panel: str) -> None:
    page = manager.get(panel)
    assert "Er zit nog niemand in het panel" in page.text
    assert page.one("a.button:not(.quiet)").text() == "Nodig mensen uit"


def test_a_person_is_added_by_hand_and_stands_on_the_panel_page(manager: Visitor, panel: str) -> None:
    typed = {"name": "Proef Persoon", "email": "Proef@Post.example", "phone": "06-12345678"}
    page = manager.fill(f"{panel}/erbij", typed)
    assert page.answer.request.path == panel
    assert "Stoel 1 is voor Proef Persoon" in page.text
    assert "proef@post.example" in page.text
    assert "06 12 34 56 78" in page.text
    assert "Eén stoel, op uitnodiging. Er is niet geloot." in page.text


def test_one_after_another_can_be_typed(manager: Visitor, panel: str) -> None:
    page = manager.fill(f"{panel}/erbij", {"name": "Proef Persoon", "nog-iemand": "1"})
    assert page.answer.request.path == f"{panel}/erbij"
    assert page.values()["name"] == ""


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "  ", "Vul de naam in."),
        ("name", "x" * 121, "120"),
        ("name", "Proef \u202e Persoon", "leesrichting"),
        ("email", "proef@localhost", "ontbreekt een stuk"),
        ("email", "a@b.nl\r\nBcc: c@d.nl", "nieuwe regel"),
        ("phone", "6,12E+08", "Excel"),
        ("origin", "lot", "Kies een van de mogelijkheden."),
        ("origin", "", "Kies een van de mogelijkheden."),
    ],
)
def test_what_cannot_be_read_is_told_at_the_field_and_nothing_typed_is_lost(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood, field: str, typed: str, sentence: str
) -> None:
    answers = {"name": "Proef Persoon", "email": "proef@post.example", "phone": "0612345678"} | {field: typed}
    page = manager.fill(f"{panel}/erbij", answers, status=422)
    assert sentence in page.one(".wrong").text()
    kept = page.values()
    for name in {"name", "email", "phone"} - {field}:
        assert kept[name] == answers[name]
    with store.reading() as session:
        assert queries.seats(session, round_id=place.round_id) == []


def test_the_same_person_twice_is_asked_about_and_may_be_somebody_else(manager: Visitor, panel: str) -> None:
    manager.fill(f"{panel}/erbij", {"name": "Proef Persoon"})
    page = manager.fill(
        f"{panel}/erbij", {"name": "proef persoon", "email": "ander@post.example"}, status=422
    )
    assert "Stoel 1 is al voor iemand met deze naam" in page.text
    assert page.values()["email"] == "ander@post.example"
    again = manager.post(f"{panel}/erbij", page.values() | {"somebody_else": "y"})
    assert "Stoel 2 is voor proef persoon" in again.text


def test_a_seat_is_taken_away_after_a_question(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    ids = invite(store, place, 2)
    where = f"{panel}/stoel/{ids[1]}/weg"
    asked = manager.fill(where, {}, status=422)
    assert "Kies een van de mogelijkheden." in asked.text
    page = manager.fill(where, {"was_there": "no"})
    assert "Weggehaald: 2." in page.text
    assert "Voorbeeld 2" not in page.text
    manager.get(where, status=404)
    manager.post(where, {"was_there": "no"})


def test_the_page_of_a_seat_exists_in_its_own_round_only(
    manager: Visitor, store: Store, place: Neighbourhood
) -> None:
    [seat_id] = invite(store, place, 1)
    for what in ("weg", "kaart", "nieuwe-kaart"):
        manager.get(f"/werk/ronde/{place.round_id}/panel/stoel/{seat_id + 1}/{what}", status=404)
        manager.get(f"/werk/ronde/{place.round_id + 1}/panel/stoel/{seat_id}/{what}", status=404)


def test_a_mixed_panel_is_shown_as_what_it_is(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    invite(store, place, 26)
    draw(store, place, keep_addresses(store, place, address_list(50)), 14, "1 2 3")
    page = manager.get(panel)
    assert "40 stoelen, deels op uitnodiging en deels door loting." in page.text
    assert page.one("figure.mix > svg").attributes["aria-label"] == "26 uit het netwerk, 14 geloot"
    bars = [(node.attributes["x"], node.attributes["width"]) for node in page.all("figure.mix > svg rect")]
    assert bars == [("0", "26"), ("26", "14")]


def test_a_panel_of_more_than_a_page_goes_on(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    invite(store, place, 205)
    page = manager.get(panel)
    assert len(page.all(".panel-seats > li")) == 200
    assert len(manager.get(f"{panel}?vanaf=201").all(".panel-seats > li")) == 5
    assert len(manager.get(f"{panel}?vanaf=zeven").all(".panel-seats > li")) == 200


def test_the_facilitator_reads_the_panel_and_changes_nothing(
    app: Flask, panel: str, store: Store, place: Neighbourhood
) -> None:
    [seat_id] = invite(store, place, 1, key=key_of(app))
    facilitator = Visitor(app).log_in(email_of(Role.FACILITATOR))
    page = facilitator.get(panel)
    assert "Voorbeeld 1" in page.text
    assert "haal weg" not in page.text
    for path in ("erbij", "lijst", "adressen", "kaarten", f"stoel/{seat_id}/weg"):
        facilitator.get(f"{panel}/{path}", status=403)


@pytest.mark.parametrize("role", [Role.COACH, Role.OFFICER, Role.FINANCE, Role.RESEARCHER, Role.ADMIN])
def test_no_one_else_at_work_sees_who_sits_there(
    app: Flask, panel: str, store: Store, place: Neighbourhood, role: Role
) -> None:
    invite(store, place, 1)
    other = Visitor(app).log_in(email_of(role))
    page = other.get(panel, status=403)
    assert "Voorbeeld 1" not in page.html


def test_staff_of_another_area_do_not_learn_that_there_is_a_panel(
    app: Flask, panel: str, store: Store, place: Neighbourhood
) -> None:
    [seat_id] = invite(store, place, 1)
    draw_id = draw(store, place, keep_addresses(store, place, address_list(9)), 2, "1 2 3")
    other = Visitor(app).log_in(email_of(Role.AREA_MANAGER, "andere-wijk"))
    for path in (
        "",
        "/erbij",
        "/lijst",
        "/adressen",
        "/kaarten",
        f"/stoel/{seat_id}/weg",
        f"/stoel/{seat_id}/kaart",
        f"/stoel/{seat_id}/nieuwe-kaart",
        f"/loting/{draw_id}",
        f"/loting/{draw_id}/opnieuw",
    ):
        other.get(panel + path, status=404)
