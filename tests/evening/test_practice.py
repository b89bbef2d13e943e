"""A practice evening: everything works as on a real one, and nothing of it counts, is seen or is paid."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.divide.queries import division
from pb.evening.actions.practising import PLANS, SEATS, practise
from pb.evening.queries import claimed_cents, evening_facts, practice_evenings
from pb.evening.rules.seal import PracticeOnly
from pb.evening.rules.steps import NotOpenYet, Stage
from pb.evening.tables import Evening, Event
from pb.grants.actions import make_batch
from pb.grants.queries import evenings_with_money, money_cents, payment_order
from pb.panel.queries import persons, seats
from pb.people.rules import Role
from pb.people.tables import Message
from pb.plans.tables import Plan
from pb.rounds import actions as rounds
from pb.rounds.queries import current_rules, published_rounds, round_facts, rounds_in
from pb.rounds.rules import Majority, Preset
from pb.rounds.tables import Round
from pb.store.engine import Store
from support.evenings import hold_evening
from support.neighbourhood import NOW, Neighbourhood, call, email_of, settle
from support.panel import key_of
from support.room import Hall, Phone, nothing_changes, open_hall
from support.visitor import Page, Visitor


def make(store: Store, place: Neighbourhood, app: Flask, minutes: int = 0) -> Hall:
    """Make a practice evening, as a hall."""
    with store.writing() as session:
        evening_id = practise(
            session, round_id=place.round_id, card_key=key_of(app), who=place.who(Role.FACILITATOR),
            now=NOW + timedelta(minutes=minutes),
        )  # fmt: skip
        at = evening_facts(session, evening_id=evening_id)
        seat_ids = tuple(seat.id for seat in seats(session, round_id=at.round_id))
    where = Neighbourhood(place.area_id, place.other_area_id, at.round_id, place.staff)
    plan_ids = tuple(item.plan.id for item in at.items)
    return Hall(app, store, where, evening_id, plan_ids, seat_ids)


def hold(hall: Hall) -> None:
    """Hold the practice evening to its end: everybody gives every plan a five."""
    hall.press()
    hall.come_in(*range(1, SEATS + 1))
    for _plan in PLANS:
        hall.press(2)
        for number in range(1, SEATS + 1):
            Phone(hall, number).tap(5)
        hall.press()
    hall.press()
    hall.follow_scores()
    hall.divide()
    hall.confirm()


@pytest.fixture
def practice(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    return make(store, place, app)


def test_it_has_the_same_rules_made_up_plans_and_made_up_people(
    practice: Hall, store: Store, place: Neighbourhood
) -> None:
    at = practice.now_at()
    assert at.practice
    assert at.stage is Stage.PREPARED
    assert [item.plan.title for item in at.items] == [plan.title for plan in PLANS]
    assert any(item.plan.film for item in at.items)
    assert all("verzonnen" in item.plan.want for item in at.items)
    with store.reading() as session:
        real, made = round_facts(session, round_id=place.round_id), round_facts(session, round_id=at.round_id)
        assert made.name == f"Proefavond · {real.name}"
        assert made.area_id == real.area_id
        rules = [current_rules(session, round_id=each.id) for each in (real, made)]
        assert rules[0]
        assert rules[1]
        assert rules[0].sha256 == rules[1].sha256
        assert rules[0].rules == rules[1].rules
        known = persons(session, round_id=made.id)
        assert len(seats(session, round_id=made.id)) == SEATS == 12
        assert {one.known_as for one in known.values()} == {f"Oefenbewoner {n}" for n in range(1, SEATS + 1)}
        assert not any(one.email or one.phone for one in known.values())
    assert all(item.plan.ask_cents <= real.cap_cents for item in at.items)
    assert at.budget_cents < sum(item.plan.ask_cents for item in at.items)


def test_a_whole_practice_evening_leaves_no_trace_where_everyone_looks(
    practice: Hall, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    with store.reading() as session:
        claimed = claimed_cents(session, round_id=place.round_id)
    home, round_page = visitor.get("/").text, visitor.get(f"/ronde/{place.round_id}").text
    hold(practice)
    with store.reading() as session:
        found = division(session, evening_id=practice.evening_id)
        assert found is not None
        assert found.confirmed_at is not None
        assert found.total_cents > 0
        assert claimed_cents(session, round_id=place.round_id) == claimed == 0
        assert [one.id for one in published_rounds(session)] == [place.round_id]
        assert [one.id for one in rounds_in(session, area_ids=None)] == [place.round_id]
        assert not session.scalar(sa.select(sa.func.count()).select_from(Message))
        assert not money_cents(session, plan_id=practice.plan_ids[0])
    assert visitor.get("/").text == home
    assert visitor.get(f"/ronde/{place.round_id}").text == round_page
    at = practice.now_at()
    for path in (
        f"/avond/{at.id}/uitslag", f"/avond/{at.id}/uitslag.json", f"/ronde/{at.round_id}",
        f"/ronde/{at.round_id}/regels.json", f"/ronde/{at.round_id}/regels-1.json",
        f"/ronde/{at.round_id}/plan/1",
    ):  # fmt: skip
        visitor.get(path, status=404)


def test_nothing_is_paid_after_practising(practice: Hall, store: Store, place: Neighbourhood) -> None:
    hold(practice)
    with nothing_changes(store):
        with pytest.raises(PracticeOnly), store.writing() as session:
            make_batch(session, evening_id=practice.evening_id, who=place.who(Role.FINANCE), now=NOW)
        with store.reading() as session, pytest.raises(PracticeOnly):
            payment_order(session, evening_id=practice.evening_id)
        with store.reading() as session, pytest.raises(PracticeOnly):
            evenings_with_money(session, round_id=practice.place.round_id)
    finance = Visitor(practice.app).log_in(email_of(Role.FINANCE))
    for path in (
        f"/werk/avond/{practice.evening_id}/betaallijst", f"/werk/ronde/{practice.place.round_id}/uitbetalen",
    ):  # fmt: skip
        assert "Dit is een proefavond" in finance.get(path, status=403).text


def test_a_real_evening_beside_it_is_public_and_paid_as_ever(
    practice: Hall, store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    practice.press()
    # A practice evening does not keep the doors of the real one shut, nor the other way round.
    real = hold_evening(store, place, {"Moestuin": [5] * 6}, budget_cents=7_500_000)
    hold_rest = practice.now_at()
    assert hold_rest.stage is Stage.DOORS
    assert "Moestuin" in visitor.get(f"/avond/{real}/uitslag").text
    with store.reading() as session:
        assert payment_order(session, evening_id=real).payments


def test_the_initiator_of_a_plan_in_a_practice_round_gets_no_mail(
    practice: Hall, store: Store, place: Neighbourhood
) -> None:
    with store.writing() as session:
        session.get_one(Plan, practice.plan_ids[0]).claim_email = "iemand@post.example"
    practice.press()
    practice.come_in(*range(1, SEATS + 1))
    practice.press(10)
    practice.follow_scores()
    practice.divide()
    practice.agree()
    page = practice.staff(Role.OFFICER).fill(f"{practice.path}/bevestig", {}, form="main form")
    assert page.answer.request.path == f"{practice.path}/bevestig"
    assert "De uitslag staat vast" in page.text
    with store.reading() as session:
        assert evening_facts(session, evening_id=practice.evening_id).stage is Stage.DONE
        assert not session.scalar(sa.select(sa.func.count()).select_from(Message))


@pytest.mark.parametrize(
    ("pot_cents", "cap_cents"),
    [(1, 1), (100, 100), (7_500_000, 3_000_000), (10**10, 10**10), (500_000, 300_000)],
)
def test_whatever_the_pot_is_there_is_something_to_practise_with(
    app: Flask, store: Store, pot_cents: int, cap_cents: int
) -> None:
    place = settle(store, open_round=False)
    who = place.who(Role.AREA_MANAGER)
    with store.writing() as session:
        rounds.change_round(
            session, round_id=place.round_id, version=1, name="n" * 120, summary="",
            call=call(pot_cents=pot_cents, cap_cents=cap_cents), who=who, now=NOW,
        )  # fmt: skip
        rounds.open_round(
            session, round_id=place.round_id, version=2, majority=Majority.TWO_THIRDS,
            preset=Preset.TOP_DOWN, who=who, now=NOW,
        )  # fmt: skip
    at = make(store, place, app).now_at()
    assert 0 < at.budget_cents <= pot_cents
    assert all(0 < item.plan.ask_cents <= cap_cents for item in at.items)
    assert all(0 <= item.plan.least_cents <= item.plan.ask_cents for item in at.items)


def test_two_presses_on_the_button_are_one_and_later_there_can_be_more(
    practice: Hall, app: Flask, store: Store, place: Neighbourhood
) -> None:
    assert make(store, place, app).evening_id == practice.evening_id
    made = [make(store, place, app, minutes).evening_id for minutes in range(1, 8)]
    assert len(set(made)) == 7
    with store.reading() as session:
        shown = [one.id for one in practice_evenings(session, area_id=place.area_id)]
        assert shown == made[:-6:-1]
        assert not practice_evenings(session, area_id=place.other_area_id)


def test_nobody_practises_before_the_rules_are_frozen_nor_inside_a_practice(
    app: Flask, store: Store, practice: Hall
) -> None:
    with store.writing() as session:
        row = session.get_one(Round, practice.place.round_id)
        columns = {c.key: getattr(row, c.key) for c in Round.__table__.columns if c.key != "id"}
        draft = Round(**(columns | {"practice": False, "state": "draft"}))
        session.add(draft)
        session.flush()
        draft_id = draft.id
    who = practice.place.who(Role.AREA_MANAGER)
    with nothing_changes(store):
        for round_id, refusal in ((draft_id, NotOpenYet), (practice.place.round_id, PracticeOnly)):
            with pytest.raises(refusal), store.writing() as session:
                practise(session, round_id=round_id, card_key=key_of(app), who=who, now=NOW)


# -- on the page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.AREA_MANAGER])
def test_one_button_makes_it_and_the_list_shows_it_apart(
    app: Flask, store: Store, place: Neighbourhood, role: Role
) -> None:
    host = Visitor(app).log_in(email_of(role))
    where = f"/werk/ronde/{place.round_id}/avonden"
    hub = host.fill(where, {}, form="form[action$='/avond/oefenen']")
    assert hub.title == "Proefavond"
    assert "De proefavond staat klaar" in hub.text
    page = host.get(where)
    assert "Er is nog geen avond." in page.text
    assert page.one(".list h3 a").text() == "Proefavond"
    assert not host.get("/werk").all("a[href='/werk/ronde/2']")
    inside = host.get("/werk/ronde/2/avonden")
    assert not inside.all("form[action$='/avond/oefenen']")
    assert "Uitbetalen" not in inside.text


def _marked(page: Page) -> bool:
    links = [node.attributes["href"] or "" for node in page.all("link[rel=stylesheet]")]
    lines = page.all("body > .practice-line")
    return (
        len(lines) == 1 and "PROEFAVOND" in lines[0].text() and any("practice.css" in each for each in links)
    )


def test_every_page_of_a_practice_says_that_it_is_one_and_no_page_of_a_real_evening_does(
    practice: Hall, store: Store, place: Neighbourhood
) -> None:
    real = open_hall(practice.app, store, place)
    for hall, marked in ((practice, True), (real, False)):
        manager = hall.staff(Role.AREA_MANAGER)
        hall.press()
        hall.come_in(1, 2)
        screen = Visitor(hall.app)
        round_id, round_path = hall.place.round_id, f"/werk/ronde/{hall.place.round_id}"
        pages = [
            manager.get(path)
            for path in (
                hall.path, f"{hall.path}/draaiboek", f"{hall.path}/console", f"{hall.path}/deur",
                round_path, f"{round_path}/plannen", f"{round_path}/panel", f"{round_path}/avonden",
                f"{round_path}/panel/kaarten",
            )
        ]  # fmt: skip
        pages += [screen.get(hall.screen_path()), Phone(hall, 1).get(f"{hall.path}/stoel")]
        assert [page.path for page in pages if _marked(page) != marked] == [], round_id


def test_a_practice_goes_the_whole_way_on_the_pages(practice: Hall) -> None:
    hold(practice)
    manager = practice.staff(Role.AREA_MANAGER)
    page = manager.get(practice.path)
    assert "De proefavond is klaar. Niets hiervan telt." in page.text
    assert not [node for node in page.all("a") if "/uitslag" in (node.attributes.get("href") or "")]
    page = manager.get(f"{practice.path}/console")
    assert not [node for node in page.all("a") if "/uitslag" in (node.attributes.get("href") or "")]
    assert "Bevestigd door" in manager.get(f"{practice.path}/bevestig").text


def test_residents_cannot_put_a_plan_in_a_practice_round(practice: Hall, visitor: Visitor) -> None:
    with nothing_changes(practice.store):
        visitor.post(f"/ronde/{practice.place.round_id}/plan-maken", {}, status=404)


def test_the_chain_of_a_practice_names_nobody_either(practice: Hall, store: Store) -> None:
    with store.reading() as session:
        rows: list[Any] = list(session.scalars(sa.select(Event).order_by(Event.seq)))
        assert [row.kind for row in rows] == ["planned"]
        assert set(json.loads(rows[0].facts)) == {"plans", "budget_cents", "lot_seed", "rules_sha256"}
        assert session.scalar(sa.select(sa.func.count()).select_from(Evening)) == 1
