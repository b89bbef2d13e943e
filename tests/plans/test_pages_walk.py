"""A resident makes a plan on a phone: one question a page, saved at every step, nothing lost."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.people.rules import Role
from pb.plans.queries import WholePlan, whole
from pb.plans.tables import Plan
from pb.rounds.tables import Round
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood, email_of
from support.visitor import Visitor


def close(store: Store, round_id: int) -> None:
    """Let the last day be long ago."""
    with store.writing() as session:
        session.get_one(Round, round_id).plans_close_on = date(2026, 1, 2)


def rows(store: Store) -> list[WholePlan]:
    with store.reading() as session:
        return [whole(row) for row in session.scalars(sa.select(Plan).order_by(Plan.id))]


def test_a_resident_makes_a_plan_and_hands_it_in_after_confirming_an_address(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    page = resident.begin(place.round_id)
    assert page.title == "Wat wil je?"
    assert [resident.answer(step).title for step in (1, 2, 3)] == [
        "Wat kun je zelf?", "Wat heb je nodig?", "Heb je een film?",
    ]  # fmt: skip
    page = resident.answer(4)
    assert page.title == "Klopt alles?"
    assert "Moestuin op het plein" in page.text
    assert "€\u00a02.500" in page.html
    page = resident.fill(f"{resident.plan}/stap/5", {"email": "bewoner@post.example"}, form="form#adres")
    assert page.title == "Kijk in je mail"
    page = resident.open_link("bewoner@post.example")
    assert page.answer.request.path == f"{resident.plan}/stap/5"
    page = resident.hand_in()
    assert page.answer.request.path == "/mijn-plannen"
    assert "ingediend, wordt nagekeken" in page.text
    plan = rows(store)[0]
    assert (plan.number, plan.state, plan.ask_cents, plan.least_cents) == (1, "submitted", 250_000, 100_000)
    assert plan.claim_email is None
    assert plan.initiator_id is not None


def test_every_step_is_saved_and_found_back(resident: Any, place: Neighbourhood) -> None:
    resident.walk(place.round_id)
    assert resident.get(f"{resident.plan}/stap/1").values("form#vraag")["want"] == (
        "Samen groente telen.\nVoor de hele buurt."
    )
    held = resident.get(f"{resident.plan}/stap/3").values("form#vraag")
    assert (held["ask_cents"], held["least_cents"], held["applicant_kind"]) == ("2500", "1000", "group")
    assert "watch?v=dQw4w9WgXcQ" in resident.get(f"{resident.plan}/stap/4").values("form#vraag")["film"]
    assert "Moestuin op het plein" in resident.get("/mijn-plannen").text


def test_who_mends_one_answer_comes_back_to_the_last_page(resident: Any, place: Neighbourhood) -> None:
    resident.walk(place.round_id)
    page = resident.fill(
        f"{resident.plan}/stap/1?terug=klopt", {"title": "Kas op het plein"}, form="form#vraag"
    )
    assert page.title == "Klopt alles?"
    assert "Kas op het plein" in page.text


def test_two_presses_on_make_a_plan_make_one(resident: Any, place: Neighbourhood, store: Store) -> None:
    first = resident.begin(place.round_id).answer.request.path
    assert resident.begin(place.round_id).answer.request.path == first
    assert len(rows(store)) == 1


def test_two_presses_at_once_make_one_plan_although_the_cookie_of_the_first_came_too_late(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    resident.get("/inloggen")
    before = resident.browser.get_cookie("pb").value
    resident.begin(place.round_id)
    resident.browser.set_cookie("pb", before)
    resident.begin(place.round_id)
    assert len(rows(store)) == 1
    assert resident.get(f"{resident.plan}/stap/1").title == "Wat wil je?"


def test_a_second_plan_begins_once_the_first_holds_something(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    resident.begin(place.round_id)
    resident.answer(1)
    resident.begin(place.round_id)
    assert [plan.number for plan in rows(store)] == [1, 2]


def test_a_browser_holds_at_most_twenty_drafts(resident: Any, place: Neighbourhood, store: Store) -> None:
    for _ in range(20):
        resident.begin(place.round_id)
        resident.answer(1)
    page = resident.post(f"/ronde/{place.round_id}/plan-maken", status=409)
    assert "al 20 plannen" in page.text
    resident.post(f"{resident.plan}/intrekken")
    resident.begin(place.round_id)
    assert len(rows(store)) == 21


def test_two_presses_on_hand_in_make_one_plan_and_one_receipt(initiator: Any, store: Store) -> None:
    held = {"csrf_token": initiator.token}
    page = initiator.post(f"{initiator.plan}/indienen", held)
    assert page.answer.request.path == "/mijn-plannen"
    assert [plan.state for plan in rows(store)] == ["submitted"]
    admin = Visitor(initiator.app).log_in(email_of(Role.ADMIN))
    assert admin.get("/beheer/outbox").text.count("We hebben je plan ontvangen") == 1


def test_back_after_handing_in_leads_to_the_own_plans(initiator: Any) -> None:
    assert initiator.get(f"{initiator.plan}/stap/5").answer.request.path == "/mijn-plannen"
    assert initiator.get(f"{initiator.plan}/stap/1").answer.request.path == "/mijn-plannen"


def test_who_logs_in_with_the_named_address_becomes_the_initiator_and_the_browser_is_out(
    resident: Any, app: Flask, place: Neighbourhood
) -> None:
    resident.walk(place.round_id)
    resident.fill(f"{resident.plan}/stap/5", {"email": "bewoner@post.example"}, form="form#adres")
    other = type(resident)(app)
    other.plan = resident.plan
    page = other.open_link("bewoner@post.example")
    assert page.title == "Klopt alles?"
    assert page.all("form#indienen")
    resident.get(f"{resident.plan}/stap/5", status=404)
    assert "Moestuin" not in resident.get("/mijn-plannen").text


def test_an_address_that_nobody_named_gets_no_plan(resident: Any, app: Flask, place: Neighbourhood) -> None:
    resident.walk(place.round_id)
    resident.fill(f"{resident.plan}/stap/5", {"email": "bewoner@post.example"}, form="form#adres")
    stranger = type(resident)(app)
    stranger.fill("/inloggen", {"email": "iemand@post.example"}, form="form#link")
    page = stranger.open_link("iemand@post.example")
    assert "Moestuin" not in page.text
    stranger.get(f"{resident.plan}/stap/5", status=404)
    stranger.post(f"{resident.plan}/indienen", status=404)


def test_somebody_else_on_the_same_computer_does_not_take_a_plan_that_names_another(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    resident.walk(place.round_id)
    resident.fill(f"{resident.plan}/stap/5", {"email": "bewoner@post.example"}, form="form#adres")
    resident.fill("/inloggen", {"email": "volgende@post.example"}, form="form#link")
    resident.open_link("volgende@post.example")
    assert rows(store)[0].initiator_id is None


def test_a_draft_begun_while_logged_in_is_ones_own_at_once(
    app: Flask, resident: Any, place: Neighbourhood
) -> None:
    resident.fill("/inloggen", {"email": "bewoner@post.example"}, form="form#link")
    resident.open_link("bewoner@post.example")
    resident.walk(place.round_id)
    other = type(resident)(app)
    other.fill("/inloggen", {"email": "bewoner@post.example"}, form="form#link")
    assert "Moestuin op het plein" in other.open_link("bewoner@post.example").text


def test_later_saves_what_was_typed_also_without_a_name(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    resident.begin(place.round_id)
    page = resident.fill(
        f"{resident.plan}/stap/1", {"want": "Iets met bloemen", "later": "1"}, form="form#vraag"
    )
    assert page.title == "Later verdergaan"
    assert rows(store)[0].want == "Iets met bloemen"
    page = resident.post(page.answer.request.full_path, {"email": "bewoner@post.example"})
    assert page.title == "Kijk in je mail"
    assert resident.open_link("bewoner@post.example").answer.request.path == f"{resident.plan}/stap/1"


def test_a_plan_without_a_film_needs_words_and_one_with_a_film_does_not(
    resident: Any, place: Neighbourhood
) -> None:
    resident.begin(place.round_id)
    resident.answer(1, want="")
    resident.answer(2, can_do="")
    resident.answer(3)
    page = resident.answer(4, film="")
    assert "Er ontbreekt nog iets" in page.text
    assert not page.all("form#adres, form#indienen")
    page = resident.answer(4)
    assert "Er ontbreekt nog iets" not in page.text
    assert page.all("form#adres")


def test_an_incomplete_plan_is_not_handed_in(resident: Any, place: Neighbourhood, store: Store) -> None:
    resident.fill("/inloggen", {"email": "bewoner@post.example"}, form="form#link")
    resident.open_link("bewoner@post.example")
    resident.begin(place.round_id)
    resident.answer(1)
    page = resident.post(f"{resident.plan}/indienen", status=422)
    assert "nog niet compleet" in page.text
    assert rows(store)[0].state == "draft"


def test_without_a_confirmed_address_a_plan_is_not_handed_in(resident: Any, place: Neighbourhood) -> None:
    resident.walk(place.round_id)
    page = resident.post(f"{resident.plan}/indienen", status=409)
    assert "e-mailadres nodig" in page.text


def test_no_least_amount_means_that_every_amount_helps(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    resident.begin(place.round_id)
    resident.answer(1)
    resident.answer(3, least_cents="")
    assert rows(store)[0].least_cents == 0
    assert "elk bedrag helpt" in resident.get(f"{resident.plan}/stap/5").text


def test_asking_more_than_the_cap_is_allowed_and_told(resident: Any, place: Neighbourhood) -> None:
    resident.begin(place.round_id)
    resident.answer(1)
    page = resident.answer(3, ask_cents="40.000")
    assert "Je vraagt € 40.000. Dat mag" in page.text.replace("\u00a0", " ")
    assert "hoogstens € 30.000" in resident.get(f"{resident.plan}/stap/5").text.replace("\u00a0", " ")


def test_a_number_that_may_be_a_bsn_is_told_before_handing_in(resident: Any, place: Neighbourhood) -> None:
    resident.walk(place.round_id)
    resident.answer(2, can_do="Mijn nummer is 111222333.")
    assert "burgerservicenummer" in resident.get(f"{resident.plan}/stap/5").text


def test_what_another_device_changed_is_shown_beside_what_was_typed(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    resident.walk(place.round_id)
    path = f"{resident.plan}/stap/1"
    tab = resident.get(path).values("form#vraag")
    resident.answer(1, title="Naam van de tablet")
    page = resident.post(path, tab | {"title": "Naam van de telefoon"}, status=409)
    assert "Naam van de tablet" in page.one("#nu-title").text()
    assert page.values("form#vraag")["title"] == "Naam van de telefoon"
    assert rows(store)[0].title == "Naam van de tablet"
    resident.post(path, page.values("form#vraag"))
    assert rows(store)[0].title == "Naam van de telefoon"


def test_two_devices_may_answer_two_questions_at_once(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    resident.walk(place.round_id)
    tab = resident.get(f"{resident.plan}/stap/2").values("form#vraag")
    resident.answer(1, title="Andere naam")
    resident.post(f"{resident.plan}/stap/2", tab | {"can_do": "Ander antwoord"})
    assert (rows(store)[0].title, rows(store)[0].can_do) == ("Andere naam", "Ander antwoord")


def test_the_same_answer_sent_twice_is_no_conflict(resident: Any, place: Neighbourhood) -> None:
    resident.begin(place.round_id)
    held = resident.get(f"{resident.plan}/stap/1").values("form#vraag") | {"title": "Een naam"}
    resident.post(f"{resident.plan}/stap/1", held)
    resident.post(f"{resident.plan}/stap/1", held)


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_after_the_last_day_nothing_changes_and_what_was_typed_stays(
    resident: Any, place: Neighbourhood, store: Store, step: int
) -> None:
    resident.begin(place.round_id)
    resident.answer(1, title="Eerste naam")
    close(store, place.round_id)
    page = resident.answer(step, status=409)
    assert "Dat is nu voorbij" in page.text
    assert (rows(store)[0].title, rows(store)[0].version) == ("Eerste naam", 2)
    typed = page.values("form#vraag")
    assert any("Moestuin" in str(value) for value in typed.values()) or step > 1


def test_after_the_last_day_no_plan_is_begun_handed_in_or_withdrawn(
    initiator: Any, place: Neighbourhood, store: Store
) -> None:
    close(store, place.round_id)
    initiator.post(f"/ronde/{place.round_id}/plan-maken", status=409)
    for move in ("terugnemen", "intrekken"):
        assert "Dat is nu voorbij" in initiator.post(f"{initiator.plan}/{move}", status=409).text
    page = initiator.get("/mijn-plannen")
    assert not page.all("main form")
    assert rows(store)[0].state == "submitted"


def test_answers_to_a_plan_that_was_handed_in_in_another_tab_are_not_lost(
    resident: Any, place: Neighbourhood, store: Store
) -> None:
    resident.walk(place.round_id)
    tab = resident.get(f"{resident.plan}/stap/1").values("form#vraag")
    resident.confirm("bewoner@post.example")
    resident.hand_in()
    # Logging in made the other tab's form old; it can be sent once more.
    path = f"{resident.plan}/stap/1"
    again = resident.post(path, tab | {"want": "Nog een idee"}, status=403)
    page = resident.post(path, again.values(f"form[action='{path}']"), status=409)
    assert page.values("form#vraag")["want"] == "Nog een idee"
    assert rows(store)[0].want == "Samen groente telen.\nVoor de hele buurt."


def test_a_plan_that_was_handed_in_is_taken_back_changed_and_handed_in_again(
    initiator: Any, store: Store
) -> None:
    page = initiator.post(f"{initiator.plan}/terugnemen")
    assert page.title == "Klopt alles?"
    initiator.answer(1, title="Betere naam")
    initiator.hand_in()
    assert (rows(store)[0].state, rows(store)[0].title) == ("submitted", "Betere naam")


def test_a_withdrawn_plan_can_be_put_back(initiator: Any, store: Store) -> None:
    page = initiator.post(f"{initiator.plan}/intrekken")
    assert "ingetrokken" in page.text
    initiator.post(f"{initiator.plan}/terugzetten")
    assert rows(store)[0].state == "draft"


@pytest.mark.parametrize("move", ["terugnemen", "aanpassen", "intrekken", "terugzetten", "indienen"])
def test_a_strangers_plan_does_not_exist(initiator: Any, visitor: Visitor, move: str) -> None:
    visitor.get(f"{initiator.plan}/stap/1", status=404)
    visitor.get("/plan/999999/stap/1", status=404)
    visitor.post(f"{initiator.plan}/{move}", status=404)
    visitor.get(f"{initiator.plan}/later", status=404)


def test_an_area_manager_does_not_walk_through_a_residents_plan(initiator: Any, manager: Visitor) -> None:
    manager.get(f"{initiator.plan}/stap/1", status=404)
    manager.post(f"{initiator.plan}/intrekken", status=404)


@pytest.mark.parametrize("number", ["0", "6", "99", "-1", "een"])
def test_there_are_five_pages(resident: Any, place: Neighbourhood, number: str) -> None:
    resident.begin(place.round_id)
    resident.get(f"{resident.plan}/stap/{number}", status=404)


def test_a_round_that_is_not_open_takes_no_plans(resident: Any, place: Neighbourhood, store: Store) -> None:
    with store.writing() as session:
        session.get_one(Round, place.round_id).state = "draft"
    resident.post(f"/ronde/{place.round_id}/plan-maken", status=404)
    resident.post("/ronde/999999/plan-maken", status=404)


def test_without_a_plan_the_page_says_where_to_begin(visitor: Visitor, place: Neighbourhood) -> None:
    assert "zodra je er een begint" in visitor.get("/mijn-plannen").text
