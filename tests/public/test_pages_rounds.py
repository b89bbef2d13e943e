"""The front page and the page of a round: what a resident finds, and what stays inside."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pb.core.money import euros
from pb.evening.rules.steps import Stage
from pb.people.rules import Role
from pb.plans.actions import start_draft
from pb.plans.rules.film import Film, Provider
from pb.public.rules import Stand, pot_is_divided, stand_of
from pb.rounds import actions as rounds
from pb.rounds.queries import current_rules
from pb.rounds.rules import Majority, Preset, RoundState
from pb.rounds.tables import Round
from pb.store.engine import Store
from pb.store.journal import VISITOR
from support.evenings import Asked, divided, hold_evening, put_plans, seat_panel
from support.neighbourhood import NOW, Neighbourhood, call, settle
from support.today import today
from support.visitor import Visitor

SCORES = {"Moestuin": [5, 5, 4, 4, 3], "Bankje": [1, 2, 2, 1, 5]}


def test_without_a_round_the_front_page_says_so(visitor: Visitor, store: Store) -> None:
    settle(store, open_round=False)
    page = visitor.get("/")
    assert "Er is nu geen ronde waarin je een plan kunt maken." in page.text
    assert "Voorbeeldronde" not in page.text
    assert not page.all("main form")


def test_the_front_page_leads_to_making_a_plan(visitor: Visitor, place: Neighbourhood) -> None:
    page = visitor.get("/")
    assert "€ 75.000 in de pot" in page.text.replace("\xa0", " ")
    assert "Een plan maken kan tot en met" in page.text
    begun = visitor.fill("/", {}, form="main form")
    assert begun.answer.request.path.startswith("/plan/")


def test_the_front_page_shows_the_latest_outcomes_first(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    for number in range(1, 5):
        hold_evening(
            store, place, {f"Plan {number}": [5, 5, 5, 5, 5]}, budget_cents=100_000, name=f"Avond {number}",
            held_on=date(2026, 11, number),
        )  # fmt: skip
    page = visitor.get("/")
    named = [node.text() for node in page.all(".list h3")]
    assert named == ["Avond 4", "Avond 3", "Avond 2"]
    assert "1 van 1 plannen · € 1.000" in page.text.replace("\xa0", " ")


def test_a_round_that_takes_no_plans_has_no_button(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    for opens, closes, words in (
        (today(-9), today(-1), "plannen zijn binnen"),
        (today(1), today(9), "plannen maken vanaf"),
    ):
        with store.writing() as session:
            found = session.get_one(Round, place.round_id)
            found.plans_open_on, found.plans_close_on = opens, closes
        page = visitor.get("/")
        assert words in page.text
        assert not page.all("main form")
        at_the_round = visitor.get(f"/ronde/{place.round_id}")
        assert not at_the_round.all("main form")
        first = at_the_round.one("h1 + #stand").text()
        assert ("nog niet begonnen" in first) == (opens > today())
        assert ("De plannen zijn binnen." in first) == (closes < today())
    with store.writing() as session:
        session.get_one(Round, place.round_id).state = RoundState.CLOSED.value
    assert "afgelopen" in visitor.get("/").text
    assert "Deze ronde is afgelopen." in visitor.get(f"/ronde/{place.round_id}").one("#stand").text()


TODAY = date(2027, 3, 10)
BEFORE, AFTER = TODAY - timedelta(days=5), TODAY + timedelta(days=5)
OPEN: dict[str, Any] = {"opens_on": BEFORE, "takes_plans": True, "closed": False, "evenings_on": ()} | {
    "decided": False, "today": TODAY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "stand", "day"),
    [
        ({"opens_on": AFTER, "takes_plans": False}, Stand.SOON, None),
        ({}, Stand.TAKING, None),
        ({"evenings_on": [BEFORE, AFTER]}, Stand.TAKING, AFTER),
        ({"evenings_on": [TODAY, AFTER]}, Stand.TODAY, TODAY),
        ({"takes_plans": False}, Stand.UNPLANNED, None),
        ({"takes_plans": False, "evenings_on": [BEFORE]}, Stand.AWAITED, BEFORE),
        ({"takes_plans": False, "evenings_on": [AFTER], "decided": True}, Stand.COMING, AFTER),
        ({"takes_plans": False, "decided": True}, Stand.DECIDED, None),
        ({"takes_plans": False, "decided": True, "closed": True}, Stand.DECIDED, None),
        ({"takes_plans": False, "evenings_on": [AFTER], "closed": True}, Stand.OVER, None),
    ],
)
def test_a_round_says_where_it_stands(changes: dict[str, Any], stand: Stand, day: date | None) -> None:
    assert stand_of(**(OPEN | changes)) == (stand, day)


def test_a_round_that_is_not_open_yet_does_not_exist_for_residents(visitor: Visitor, store: Store) -> None:
    place = settle(store, open_round=False)
    visitor.get(f"/ronde/{place.round_id}", status=404)
    for name in ("regels.json", "regels-1.json"):
        assert visitor.raw("GET", f"/ronde/{place.round_id}/{name}").status_code == 404
    visitor.get("/ronde/999", status=404)


def test_the_page_of_a_round_says_who_decides_what(visitor: Visitor, place: Neighbourhood) -> None:
    page = visitor.get(f"/ronde/{place.round_id}")
    assert "Bewoners beslissen Welke plannen geld krijgen, en hoeveel." in page.text
    assert "Bewoners beslissen niet De pot en het maximum per plan." in page.text
    assert "Er staan nog geen plannen." in page.text
    assert "Er zijn nog geen stoelen." in page.text


def test_only_plans_that_are_ready_are_listed_and_a_film_is_marked(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    film = Film(Provider.YOUTUBE, "youtube.com", "abcdefghijk")
    put_plans(store, place, {"Moestuin": Asked(1_234_567, film=film), "Bankje": Asked(50_000)})
    with store.writing() as session:
        start_draft(session, round_id=place.round_id, initiator_id=None, press="", who=VISITOR, now=NOW)
    page = visitor.get(f"/ronde/{place.round_id}")
    rows = [
        " ".join(node.text(separator=" ").split()).replace("\xa0", " ")
        for node in page.all("#plannen + .list li")
    ]
    assert rows == ["Moestuin Plan 1 · met film vraagt € 12.345,67", "Bankje Plan 2 vraagt € 500"]


def test_an_invited_panel_is_never_called_drawn(visitor: Visitor, store: Store, place: Neighbourhood) -> None:
    seat_panel(store, place, 4)
    page = visitor.get(f"/ronde/{place.round_id}")
    assert "4 stoelen, allemaal op uitnodiging. Er is niet geloot." in page.text
    assert "Stoel 1" not in page.html


def test_the_rules_are_the_bytes_that_were_hashed(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    with store.writing() as session:
        first = current_rules(session, round_id=place.round_id)
        rounds.change_rules(
            session, round_id=place.round_id, majority=Majority.TWO_THIRDS, preset=Preset.TOP_DOWN,
            reason="Het panel vroeg het.", who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
        second = current_rules(session, round_id=place.round_id)
    assert first is not None
    assert second is not None
    page = visitor.get(f"/ronde/{place.round_id}")
    assert "Het panel vroeg het." in page.text
    for path, sha256 in (("regels", second.sha256), ("regels-1", first.sha256), ("regels-2", second.sha256)):
        answer = visitor.raw("GET", f"/ronde/{place.round_id}/{path}.json")
        assert hashlib.sha256(answer.data).hexdigest() == sha256
        assert sha256 in page.text
    assert visitor.raw("GET", f"/ronde/{place.round_id}/regels-3.json").status_code == 404


def test_the_round_shows_its_outcomes_and_what_each_plan_got(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES, budget_cents=700_000)
    hold_evening(
        store,
        place,
        {"Later": [5, 5, 5, 5, 5]},
        name="Tweede avond",
        budget_cents=100_000,
        until=Stage.DIVIDE,
    )
    page = visitor.get(f"/ronde/{place.round_id}")
    amount = euros(divided(store, evening_id).total_cents).replace("\xa0", " ")
    assert f"kreeg {amount}" in page.text
    assert "nee · vroeg" in page.text
    later = next(node for node in page.all("#plannen + .list li") if "Later" in node.text())
    assert "kreeg" not in later.text()
    assert page.one(f"h3 a[href='/avond/{evening_id}/uitslag']")
    assert "Tweede avond" in page.text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_long_names_and_both_languages(
    visitor: Visitor, store: Store, place: Neighbourhood, language: str
) -> None:
    put_plans(store, place, {"Een heel lange naam voor een plan " + "w" * 56: Asked(1)})
    for path in ("/", f"/ronde/{place.round_id}"):
        assert Visitor(visitor.app, language).get(path).one("html").attributes["lang"] == language


def test_a_million_in_the_pot_stays_one_word(visitor: Visitor, store: Store, place: Neighbourhood) -> None:
    with store.writing() as session:
        facts = replace(call(), pot_cents=123_456_789_00)
        session.get_one(Round, place.round_id).pot_cents = facts.pot_cents
    assert "€\xa0123.456.789" in visitor.get("/").html


def test_a_pot_of_which_only_small_change_is_left_leads_to_the_outcome_and_asks_for_no_plan(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    assert not pot_is_divided(pot_cents=100, spent_cents=99)
    assert pot_is_divided(pot_cents=10_000, spent_cents=9_901)
    assert not pot_is_divided(pot_cents=0, spent_cents=0)
    evening_id = hold_evening(store, place, {"Moestuin": [5] * 6}, budget_cents=1_000_000)
    with store.writing() as session:
        facts = session.get_one(Round, place.round_id)
        facts.pot_cents, facts.cap_cents = 1_000_067, 1_000_000
    for path in ("/", f"/ronde/{place.round_id}"):
        page = visitor.get(path)
        assert "De pot is verdeeld. Er ging € 10.000 van € 10.000,67 naar plannen." in page.text
        assert "In de pot zit nog € 0,67. Een plan indienen kan nog tot en met" in page.text
        assert not page.all("main .big-number")
        assert not page.all("main button:not(.quiet)")
        links = [node.attributes["href"] or "" for node in page.all("main a")]
        assert next(link for link in links if not link.startswith("/ronde/") and link != "/") == (
            f"/avond/{evening_id}/uitslag"
        )


def test_where_a_plan_can_still_get_money_comes_before_a_newer_pot_that_is_spent(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    with store.writing() as session:
        manager = place.who(Role.AREA_MANAGER)
        newer = rounds.make_round(
            session, area_id=place.area_id, name="Nieuwe pot", summary="", call=call(), who=manager, now=NOW
        )
        rounds.open_round(
            session, round_id=newer, version=1, majority=Majority.MORE_THAN_HALF, preset=Preset.EQUAL,
            who=manager, now=NOW,
        )  # fmt: skip
    names = [node.text().strip() for node in visitor.get("/").all("main h2 a")]
    assert names == ["Nieuwe pot", "Voorbeeldronde"]
    hold_evening(store, replace(place, round_id=newer), {"Moestuin": [5] * 6}, budget_cents=1_000_000)
    with store.writing() as session:
        facts = session.get_one(Round, newer)
        facts.pot_cents = facts.cap_cents = 1_000_000
    names = [node.text().strip() for node in visitor.get("/").all("main h2 a")]
    assert names == ["Voorbeeldronde", "Nieuwe pot"]


def test_residents_read_how_much_of_the_pot_is_gone(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    hold_evening(store, place, {"Moestuin": [5] * 6}, budget_cents=1_000_000)
    assert "Daarvan is € 10.000 al verdeeld." in visitor.get("/").text
    assert "Daarvan is € 10.000 al verdeeld." in visitor.get(f"/ronde/{place.round_id}").text
