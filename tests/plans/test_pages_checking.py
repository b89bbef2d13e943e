"""The area manager checks plans, says why not, and types in what came on paper."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.people.rules import Role
from pb.plans.tables import Plan
from pb.rounds.tables import Round
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood, email_of
from support.visitor import Visitor


def state(store: Store, plan_id: int) -> str | None:
    with store.reading() as session:
        return session.scalar(sa.select(Plan.state).where(Plan.id == plan_id))


def mails(app: Flask) -> str:
    return Visitor(app).log_in(email_of(Role.ADMIN)).get("/beheer/outbox").text


def desk(place: Neighbourhood, plan: Any = None) -> str:
    base = f"/werk/ronde/{place.round_id}"
    return f"{base}/plannen" if plan is None else f"{base}/plan/{plan.plan_id}"


def test_the_list_shows_states_amounts_and_what_is_missing(
    initiator: Any, resident: Any, manager: Visitor, place: Neighbourhood
) -> None:
    resident.begin(place.round_id)
    resident.answer(1, title="Nog niet af", want="")
    untouched = type(resident)(resident.app)
    untouched.begin(place.round_id)
    page = manager.get(desk(place))
    assert "Eén plan wacht op je antwoord" in page.text
    assert [item.css_first("h2").text().split()[0] for item in page.all(".plans > li")] == ["1", "2"]
    assert "€ 2.500" in page.text.replace("\u00a0", " ")
    assert (
        "Mist nog: wat je wilt, wat je zelf kunt, waar het geld voor is, het bedrag, wie het aanvraagt"
        in page.text
    )


def test_who_does_not_help_residents_sees_no_drafts(resident: Any, app: Flask, place: Neighbourhood) -> None:
    resident.begin(place.round_id)
    resident.answer(1)
    page = Visitor(app).log_in(email_of(Role.FINANCE)).get(desk(place))
    assert "Moestuin" not in page.text


def test_a_draft_is_its_makers_own_until_it_is_handed_in(
    resident: Any, manager: Visitor, place: Neighbourhood
) -> None:
    resident.begin(place.round_id)
    resident.answer(1)
    page = manager.get(desk(place))
    assert "Moestuin" in page.text
    assert not page.all(".plans a")
    manager.get(desk(place, resident), status=404)
    manager.post(f"{desk(place, resident)}/klaar", {"version": "2"}, status=404)


def test_a_plan_that_is_ready_is_for_everyone_and_its_maker_gets_a_mail(
    initiator: Any, manager: Visitor, visitor: Visitor, place: Neighbourhood, store: Store
) -> None:
    public = f"/ronde/{place.round_id}/plan/1"
    visitor.get(public, status=404)
    page = manager.get(desk(place, initiator))
    assert "bewoner@post.example" in page.text
    manager.fill(desk(place, initiator), {}, form="form#klaar")
    assert state(store, initiator.plan_id) == "ready"
    page = visitor.get(public)
    assert page.title == "Moestuin op het plein"
    assert "bewoner@post.example" not in page.html
    text = mails(initiator.app)
    assert "Je plan is klaar voor de beslisavond: Moestuin op het plein" in text
    assert f"http://127.0.0.1:8000{public}" in text
    assert "klaar voor de avond" in initiator.get("/mijn-plannen").text


@pytest.mark.parametrize(
    ("reason", "alternative", "field"),
    [
        ("", "Vraag het bij het sportfonds.", "reason"),
        ("Te duur.", "", "alternative"),
        ("...", "123", "reason"),
        ("x" * 1001, "Iets anders.", "reason"),
        ("Te duur.", "\u202e", "alternative"),
    ],
)
def test_a_no_has_a_reason_and_an_alternative(
    initiator: Any,
    manager: Visitor,
    place: Neighbourhood,
    store: Store,
    reason: str,
    alternative: str,
    field: str,
) -> None:
    answers = {"reason": reason, "alternative": alternative}
    page = manager.fill(desk(place, initiator), answers, status=422, form="form#niet")
    assert page.one(f"#{field}-fout")
    held = page.values("form#niet")
    assert (held["reason"], held["alternative"]) == (reason, alternative)
    assert "open" in page.one("details").attributes
    assert state(store, initiator.plan_id) == "submitted"


def test_a_declined_plan_shows_why_and_what_else_and_can_be_mended(
    initiator: Any, manager: Visitor, place: Neighbourhood, store: Store
) -> None:
    answers = {"reason": "De grond is niet van de gemeente.", "alternative": "Vraag het plein ernaast."}
    manager.fill(desk(place, initiator), answers, form="form#niet")
    text = mails(initiator.app)
    assert "De grond is niet van de gemeente." in text
    assert "Vraag het plein ernaast." in text
    page = initiator.get("/mijn-plannen")
    assert "De grond is niet van de gemeente." in page.text
    assert "Vraag het plein ernaast." in page.text
    page = initiator.post(f"{initiator.plan}/aanpassen")
    assert "Vraag het plein ernaast." in page.text
    initiator.answer(1, title="Moestuin op het andere plein")
    initiator.hand_in()
    assert state(store, initiator.plan_id) == "submitted"


def test_an_answer_can_be_looked_at_again(
    initiator: Any, manager: Visitor, place: Neighbourhood, store: Store
) -> None:
    answers = {"reason": "Te duur.", "alternative": "Maak het kleiner."}
    manager.fill(desk(place, initiator), answers, form="form#niet")
    manager.fill(desk(place, initiator), {}, form="form#opnieuw")
    assert state(store, initiator.plan_id) == "submitted"
    manager.fill(desk(place, initiator), {}, form="form#klaar")
    manager.fill(desk(place, initiator), {}, form="form#opnieuw")
    assert state(store, initiator.plan_id) == "submitted"


def test_only_the_plan_that_was_read_becomes_ready(
    initiator: Any, manager: Visitor, place: Neighbourhood, store: Store
) -> None:
    read = manager.get(desk(place, initiator)).values("form#klaar")
    initiator.post(f"{initiator.plan}/terugnemen")
    initiator.answer(1, title="Heel iets anders")
    initiator.hand_in()
    page = manager.post(f"{desk(place, initiator)}/klaar", read, status=409)
    assert "intussen veranderd" in page.text
    assert state(store, initiator.plan_id) == "submitted"
    assert "is klaar voor de beslisavond" not in mails(initiator.app)


def test_an_explanation_stays_when_the_plan_changed_under_it(
    initiator: Any, manager: Visitor, place: Neighbourhood, store: Store
) -> None:
    read = manager.get(desk(place, initiator)).values("form#niet")
    initiator.post(f"{initiator.plan}/terugnemen")
    initiator.answer(1, title="Heel iets anders")
    initiator.hand_in()
    typed = read | {"reason": "Te duur.", "alternative": "Maak het kleiner."}
    page = manager.post(f"{desk(place, initiator)}/niet", typed, status=409)
    held = page.values("form#niet")
    assert (held["reason"], held["alternative"]) == ("Te duur.", "Maak het kleiner.")
    assert state(store, initiator.plan_id) == "submitted"
    manager.post(f"{desk(place, initiator)}/niet", held)
    assert state(store, initiator.plan_id) == "declined"


@pytest.mark.parametrize("version", ["", "0", "x", "9" * 30, "-1"])
def test_an_answer_without_the_version_that_was_read_is_refused(
    initiator: Any, manager: Visitor, place: Neighbourhood, store: Store, version: str
) -> None:
    manager.post(f"{desk(place, initiator)}/klaar", {"version": version}, status=409)
    assert state(store, initiator.plan_id) == "submitted"


@pytest.mark.parametrize("move", ["klaar", "niet", "opnieuw"])
def test_only_the_area_manager_of_this_area_decides(
    initiator: Any, app: Flask, place: Neighbourhood, store: Store, move: str
) -> None:
    path = f"{desk(place, initiator)}/{move}"
    data = {"version": "6", "reason": "Nee.", "alternative": "Ja."}
    for role in (Role.COACH, Role.FACILITATOR, Role.FINANCE):
        Visitor(app).log_in(email_of(role)).post(path, data, status=403)
    Visitor(app).log_in(email_of(Role.AREA_MANAGER, "andere-wijk")).post(path, data, status=404)
    assert Visitor(app).post(path, data).title == "Inloggen"
    assert state(store, initiator.plan_id) == "submitted"


def test_a_plan_is_found_only_in_its_own_round(
    initiator: Any, manager: Visitor, place: Neighbourhood
) -> None:
    manager.get(f"/werk/ronde/{place.round_id + 1}/plan/{initiator.plan_id}", status=404)
    manager.get(f"/werk/ronde/{place.round_id}/plan/999999", status=404)


def test_a_researcher_reads_no_addresses(initiator: Any, app: Flask, place: Neighbourhood) -> None:
    researcher = Visitor(app).log_in(email_of(Role.RESEARCHER))
    assert "bewoner@post.example" not in researcher.get(desk(place)).html
    researcher.get(desk(place, initiator), status=403)
    facilitator = Visitor(app).log_in(email_of(Role.FACILITATOR))
    assert "bewoner@post.example" not in facilitator.get(desk(place, initiator)).html


@pytest.fixture
def typist(resident: Any) -> Any:
    """Give the area manager, at the same walk as a resident."""
    return resident.log_in(email_of(Role.AREA_MANAGER))


def type_in(typist: Any, place: Neighbourhood, email: str = "") -> None:
    page = typist.fill(f"/werk/ronde/{place.round_id}/plan-op-papier", {"email": email})
    assert "op papier kwam" in page.text
    typist.plan = page.answer.request.path.removesuffix("/stap/1")
    for step in (1, 2, 3, 4):
        typist.answer(step)


def test_a_plan_on_paper_is_typed_in_without_any_address(
    typist: Any, place: Neighbourhood, store: Store
) -> None:
    type_in(typist, place)
    page = typist.hand_in()
    assert page.answer.request.path == desk(place, typist)
    typist.fill(desk(place, typist), {}, form="form#klaar")
    assert state(store, typist.plan_id) == "ready"


def test_a_plan_on_paper_becomes_its_initiators_when_they_log_in(
    typist: Any, app: Flask, place: Neighbourhood, store: Store
) -> None:
    type_in(typist, place, "oma@post.example")
    typist.hand_in()
    grandmother = type(typist)(app)
    grandmother.fill("/inloggen", {"email": "oma@post.example"}, form="form#link")
    assert "Moestuin op het plein" in grandmother.open_link("oma@post.example").text
    typist.fill(desk(place, typist), {}, form="form#klaar")
    assert "oma@post.example" in mails(app)


def test_a_plan_that_was_on_paper_in_time_may_be_typed_in_later(
    typist: Any, place: Neighbourhood, store: Store
) -> None:
    with store.writing() as session:
        session.get_one(Round, place.round_id).plans_close_on = date(2026, 1, 2)
    type_in(typist, place)
    typist.hand_in()
    assert state(store, typist.plan_id) == "submitted"


def test_only_the_area_manager_types_in_plans(app: Flask, place: Neighbourhood) -> None:
    path = f"/werk/ronde/{place.round_id}/plan-op-papier"
    Visitor(app).log_in(email_of(Role.COACH)).get(path, status=403)
    Visitor(app).log_in(email_of(Role.AREA_MANAGER, "andere-wijk")).get(path, status=404)


def test_a_paper_plan_of_another_area_does_not_exist(typist: Any, app: Flask, place: Neighbourhood) -> None:
    type_in(typist, place)
    Visitor(app).log_in(email_of(Role.AREA_MANAGER, "andere-wijk")).get(f"{typist.plan}/stap/1", status=404)


def test_before_any_plan_the_list_says_so(manager: Visitor, place: Neighbourhood) -> None:
    assert "Er is nog geen plan" in manager.get(desk(place)).text
