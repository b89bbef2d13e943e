"""Cards are printed without a name, one card opens one seat, and the facilitator makes one new."""

import json
import re

import pytest
from flask import Flask

from pb.panel import queries
from pb.panel.rules.cards import card_code, code_lookup
from pb.people.rules import Role
from pb.store.engine import Store
from pb.store.journal import lines
from support.neighbourhood import Neighbourhood, email_of
from support.panel import KEY, invite, key_of
from support.visitor import Visitor


@pytest.fixture
def manager(visitor: Visitor, place: Neighbourhood) -> Visitor:
    """Give an area manager who is logged in."""
    return visitor.log_in(email_of(Role.AREA_MANAGER))


@pytest.fixture
def panel(place: Neighbourhood) -> str:
    """Give the address of the panel."""
    return f"/werk/ronde/{place.round_id}/panel"


def test_a_card_shows_number_code_and_qr_in_two_languages_and_no_name(
    manager: Visitor, app: Flask, panel: str, store: Store, place: Neighbourhood
) -> None:
    ids = invite(store, place, 3, key=key_of(app))
    page = manager.get(f"{panel}/kaarten")
    assert len(page.all("article.card svg.qr")) == 3
    text = page.all("article.card")[1].text()
    assert card_code(key_of(app), ids[1], 1).replace("-", " ") in text
    assert "vertrouwelijk, niet anoniem" in text
    assert "confidential, not anonymous" in text
    assert "127.0.0.1:8000/kaart" in text
    assert "Voorbeeld 2" not in page.html
    assert "post.example" not in page.html


def test_the_code_on_the_card_is_the_one_that_opens_the_seat(
    manager: Visitor, app: Flask, panel: str, store: Store, place: Neighbourhood
) -> None:
    [seat_id] = invite(store, place, 1, key=key_of(app))
    code = manager.get(f"{panel}/kaarten").one(".card-code b").text()
    with store.reading() as session:
        found = queries.seat_by_code(session, code_hmac=code_lookup(key_of(app), code))
    assert found is not None
    assert found.id == seat_id


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("", range(1, 13)),
        ("?van=3&tot=5", range(3, 6)),
        ("?van=12", [12]),
        ("?tot=2", [1, 2]),
        ("?van=5&tot=5", [5]),
    ],
)
def test_all_some_or_one_card_can_be_printed(
    manager: Visitor, app: Flask, panel: str, store: Store, place: Neighbourhood, asked: str, numbers: range
) -> None:
    invite(store, place, 12, key=key_of(app))
    page = manager.get(f"{panel}/kaarten{asked}")
    assert [int(node.text()) for node in page.all("article.card h2 b")] == list(numbers)
    assert len(page.all(".card-sheet")) == -(-len(numbers) // 8)


def test_whoever_opens_the_cards_to_print_leaves_one_line_and_a_reload_leaves_none(
    manager: Visitor, app: Flask, panel: str, store: Store, place: Neighbourhood
) -> None:
    invite(store, place, 12, key=key_of(app))
    for asked in ("", "", "?van=3&tot=5", ""):
        manager.get(f"{panel}/kaarten{asked}")
    manager.get(f"{panel}/kaarten?van=90")
    with store.reading() as session:
        found = [line for line in lines(session) if line.what == "cards printed"]
    assert [json.loads(line.facts)["cards"] for line in found] == [3, 12]
    assert {line.subject for line in found} == {f"round {place.round_id}"}
    assert {line.actor_kind for line in found} == {"account"}


@pytest.mark.parametrize("asked", ["?van=5&tot=3", "?van=nul", "?van=0", "?tot=99999999999", "?van=1e3"])
def test_a_range_that_cannot_be_is_told_and_what_was_typed_stays(
    manager: Visitor, app: Flask, panel: str, store: Store, place: Neighbourhood, asked: str
) -> None:
    invite(store, place, 6, key=key_of(app))
    page = manager.get(f"{panel}/kaarten{asked}", status=422)
    assert page.one(".wrong")
    assert page.all("article.card") == []
    assert manager.raw("GET", f"{panel}/kaarten?van=%00").status_code == 422


def test_many_cards_come_in_parts(
    manager: Visitor, app: Flask, panel: str, store: Store, place: Neighbourhood
) -> None:
    invite(store, place, 83, key=key_of(app))
    page = manager.get(f"{panel}/kaarten")
    assert len(page.all("article.card")) == 80
    onward = next(node for node in page.all("a.button") if "vanaf stoel 81" in node.text())
    rest = manager.get(str(onward.attributes["href"]))
    assert len(rest.all("article.card")) == 3


def test_a_card_that_would_not_work_is_not_printed(
    manager: Visitor, panel: str, store: Store, place: Neighbourhood
) -> None:
    invite(store, place, 1, key=KEY)
    page = manager.get(f"{panel}/kaarten")
    assert page.all("article.card") == []
    assert "De sleutel van de kaarten is veranderd" in page.text


def test_the_facilitator_makes_a_new_card_and_sees_that_one_only(
    app: Flask, panel: str, store: Store, place: Neighbourhood
) -> None:
    ids = invite(store, place, 2, key=key_of(app))
    facilitator = Visitor(app).log_in(email_of(Role.FACILITATOR))
    facilitator.get(f"{panel}/stoel/{ids[0]}/kaart", status=403)
    page = facilitator.fill(f"{panel}/stoel/{ids[0]}/nieuwe-kaart", {})
    assert page.answer.request.path == f"{panel}/stoel/{ids[0]}/kaart"
    assert "kaart 2" in page.one("article.card").text()
    assert card_code(key_of(app), ids[0], 2).replace("-", " ") in page.text
    facilitator.get(f"{panel}/stoel/{ids[1]}/kaart", status=403)


def test_a_new_card_is_made_once_when_the_button_is_pressed_twice(
    manager: Visitor, app: Flask, panel: str, store: Store, place: Neighbourhood
) -> None:
    [seat_id] = invite(store, place, 1, key=key_of(app))
    form = manager.get(f"{panel}/stoel/{seat_id}/nieuwe-kaart").values()
    first = manager.post(f"{panel}/stoel/{seat_id}/nieuwe-kaart", form)
    second = manager.post(f"{panel}/stoel/{seat_id}/nieuwe-kaart", form)
    assert first.one(".card-code b").text() == second.one(".card-code b").text()
    other = Visitor(app).log_in(email_of(Role.FACILITATOR))
    form.pop("csrf_token")
    assert "Iemand anders" in other.post(f"{panel}/stoel/{seat_id}/nieuwe-kaart", form, status=409).text


def test_the_words_on_the_card_are_the_same_whatever_language_the_page_has(
    app: Flask, panel: str, store: Store, place: Neighbourhood
) -> None:
    invite(store, place, 1, key=key_of(app))
    cards = []
    for language in ("nl", "en"):
        manager = Visitor(app, language).log_in(email_of(Role.AREA_MANAGER))
        cards.append(re.sub(r"\s+", " ", manager.get(f"{panel}/kaarten").one("article.card").html or ""))
    assert cards[0] == cards[1]
