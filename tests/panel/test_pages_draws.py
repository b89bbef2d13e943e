"""A draw: the hash first, then the dice, then a result that anyone can do again."""

import hashlib
import io

import pytest
from flask import Flask

from pb.panel import queries
from pb.panel.rules.draw import pool_sha256
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood, email_of, settle
from support.panel import address_list, draw, keep_addresses
from support.visitor import Page, Visitor


@pytest.fixture
def manager(visitor: Visitor, place: Neighbourhood) -> Visitor:
    """Give an area manager who is logged in."""
    return visitor.log_in(email_of(Role.AREA_MANAGER))


@pytest.fixture
def panel(place: Neighbourhood) -> str:
    """Give the address of the panel."""
    return f"/werk/ronde/{place.round_id}/panel"


def _send(who: Visitor, path: str, raw: bytes, status: int = 200) -> Page:
    return who.post(
        path, {"file": (io.BytesIO(raw), "adressen.csv")}, status=status, content_type="multipart/form-data"
    )


def test_the_hash_of_the_addresses_is_shown_before_anyone_throws(manager: Visitor, panel: str) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    assert page.one(".hash").text() == pool_sha256(f"1234AB:{n}::" for n in range(1, 31))
    assert "30 adressen doen mee." in page.text
    assert page.values()["seed"] == ""


def test_a_draw_is_held_and_shows_the_addresses_in_order(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    drawn = manager.post(page.answer.request.path, page.values() | {"wanted": "3", "seed": " 4  1 6 "})
    first = min(range(1, 31), key=lambda n: hashlib.sha256(f"4 1 6:1234AB:{n}::".encode()).hexdigest())
    assert drawn.title == "3 stoelen geloot"
    assert f"Voorbeeldstraat {first}, 1234 AB Voorbeeldstad" in drawn.all(".panel-seats > li")[0].text()
    with store.reading() as session:
        assert len(queries.seats(session, round_id=place.round_id)) == 3


def test_a_draw_pressed_twice_is_one_draw(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    answers = page.values() | {"wanted": "3", "seed": "4 1 6"}
    first = manager.post(page.answer.request.path, answers)
    second = manager.post(page.answer.request.path, answers)
    assert first.answer.request.path == second.answer.request.path
    with store.reading() as session:
        assert len(queries.draws(session, round_id=place.round_id)) == 1


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"wanted": "", "seed": "1 2"}, "Vul in hoeveel stoelen je loot."),
        ({"wanted": "0", "seed": "1 2"}, "1 of meer"),
        ({"wanted": "-3", "seed": "1 2"}, "heel getal"),
        ({"wanted": "drie", "seed": "1 2"}, "heel getal"),
        ({"wanted": "1e3", "seed": "1 2"}, "heel getal"),
        ({"wanted": "31", "seed": "1 2"}, "1 te weinig"),
        ({"wanted": "999999999", "seed": "1 2"}, "te weinig"),
        ({"wanted": "3", "seed": "   "}, "Vul het lotnummer in."),
        ({"wanted": "3", "seed": "één"}, "niet goed over te typen"),
        ({"wanted": "3", "seed": "1" * 201}, "200"),
    ],
)
def test_a_draw_that_cannot_be_held_is_told_at_the_field_and_keeps_what_was_typed(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood, answers: dict[str, str], sentence: str
) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    again = manager.post(page.answer.request.path, page.values() | answers, status=422)
    assert sentence in again.one(".wrong").text()
    assert {name: again.values()[name] for name in answers} == answers
    assert again.one(".hash").text() == page.one(".hash").text()
    with store.reading() as session:
        assert queries.seats(session, round_id=place.round_id) == []


def test_a_seed_is_used_once_in_a_round(manager: Visitor, panel: str) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    manager.post(page.answer.request.path, page.values() | {"wanted": "3", "seed": "4 1 6"})
    second = _send(manager, f"{panel}/adressen", address_list(30))
    assert "3 adressen zijn in deze ronde al geloot" in second.text
    refused = manager.post(
        second.answer.request.path, second.values() | {"wanted": "2", "seed": "4 1 6"}, status=422
    )
    assert "Gooi opnieuw." in refused.one(".wrong").text()
    manager.post(second.answer.request.path, refused.values() | {"seed": "2 2 2"})


def test_a_draw_held_by_a_colleague_in_between_shows_the_new_hash(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    draw(store, place, keep_addresses(store, place, address_list(31)), 5, "colleague")
    again = manager.post(
        page.answer.request.path, page.values() | {"wanted": "3", "seed": "4 1 6"}, status=409
    )
    assert "Er is intussen geloot" in again.text
    assert again.one(".hash").text() != page.one(".hash").text()
    manager.post(again.answer.request.path, again.values() | {"wanted": "3", "seed": "4 1 6"})


def test_a_hash_that_was_never_shown_draws_nothing(manager: Visitor, panel: str) -> None:
    page = _send(manager, f"{panel}/adressen", address_list(30))
    for tampered in ("", "0" * 64, "x" * 5000):
        manager.post(
            page.answer.request.path, {"wanted": "3", "seed": "4 1 6", "pool_sha256": tampered}, status=409
        )


def test_anyone_can_do_the_draw_again_from_the_same_file(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    draw_id = draw(store, place, keep_addresses(store, place, address_list(30)), 5, "4 1 6")
    where = f"{panel}/loting/{draw_id}/opnieuw"
    manager.get(where)
    assert "Zelfde uitslag ✓" in _send(manager, where, address_list(30)).text
    shuffled = address_list(30).decode().split("\r\n")
    other_order = "\r\n".join([shuffled[0], *reversed(shuffled[1:-1]), ""]).encode()
    assert "Zelfde uitslag ✓" in _send(manager, where, other_order).text
    assert "Dit is een andere lijst" in _send(manager, where, address_list(29)).text
    assert (
        "Rij 2" in _send(manager, where, b"straat;huisnummer;postcode;plaats\r\nx;0;y;z\r\n", status=422).text
    )
    assert "Kies eerst een bestand." in manager.post(where, {}, status=422).text


def test_the_proof_is_for_everyone_and_holds_no_address(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    draw_id = draw(
        store, place, keep_addresses(store, place, address_list(30, street="Geheimstraat")), 5, "4 1 6"
    )
    page = Visitor(app).get(f"/ronde/{place.round_id}/loting/{draw_id}")
    assert "Uit 30 adressen in Voorbeeldwijk zijn 5 stoelen van het panel geloot." in page.text
    assert "4 1 6" in page.text
    assert pool_sha256(f"1234AB:{n}::" for n in range(1, 31)) in page.text
    assert hashlib.sha256(b"4 1 6:1234AB:12:A:BIS").hexdigest() in page.text
    with store.reading() as session:
        drawn = queries.drawn_keys(session, draw_id=draw_id)
    assert "Geheimstraat" not in page.html
    assert not any(key in page.html for key in drawn)


def test_a_draw_is_found_in_its_own_round_only_and_not_before_the_round_is_open(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    draw_id = draw(store, place, keep_addresses(store, place, address_list(30)), 5, "4 1 6")
    stranger = Visitor(app)
    stranger.get(f"/ronde/{place.round_id + 1}/loting/{draw_id}", status=404)
    stranger.get(f"/ronde/{place.round_id}/loting/{draw_id + 1}", status=404)


def test_the_proof_of_a_draft_round_is_not_public_yet(app: Flask, store: Store) -> None:
    draft = settle(store, open_round=False)
    draw_id = draw(store, draft, keep_addresses(store, draft, address_list(30)), 5, "4 1 6")
    Visitor(app).get(f"/ronde/{draft.round_id}/loting/{draw_id}", status=404)
    manager = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    assert "Wat iedereen ziet" not in manager.get(f"/werk/ronde/{draft.round_id}/panel/loting/{draw_id}").text
    assert NOW.year == 2026
