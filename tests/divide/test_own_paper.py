"""People divide the pot on paper: forms to print, and typing them with a sum that must fit."""

import json

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.divide.tables import OwnDivision
from pb.evening.actions.ways import everyone_on_the_floor, stand
from pb.evening.rules.floor import FloorNeedsScores, Way
from pb.evening.rules.steps import Stage
from pb.evening.tables import Event, Involvement
from pb.people.rules import Role
from pb.rounds.rules import Preset
from pb.store.engine import Store
from support.neighbourhood import NOW
from support.room import Hall, Phone, nothing_changes, open_hall
from support.together import given, plan_at, sends, settle_with, together_hall
from support.visitor import Page, Visitor


@pytest.fixture
def hall(app: Flask, store: Store) -> Hall:
    """Give a hall of six in which everybody divides the pot; seat 2 is involved in plan 2."""
    made = together_hall(app, store)
    with store.writing() as session:
        item_id = made.now_at().item(2).id
        session.add(Involvement(item_id=item_id, seat_id=made.seat_ids[1], reason="interest"))
    return made


def type_paper(
    typist: Visitor, hall: Hall, number: int, typed: dict[int, str], samen: str, status: int = 200,
    **more: str,
) -> Page:  # fmt: skip
    """Type one seat's paper as it lies on the table."""
    answers = {f"plan_{plan_at(hall, at)}": text for at, text in typed.items()} | {"samen": samen} | more
    where = f"{hall.path}/verdelen/papier?stoel={number}"
    return typist.fill(where, answers, status, form="form[action$='/verdelen/papier']")


def test_a_form_is_typed_and_its_sum_says_whether_it_was_typed_well(hall: Hall, store: Store) -> None:
    host = hall.staff()
    page = host.get(f"{hall.path}/verdelen/papier?stoel=1")
    assert page.title == "Verdeling van stoel 1"
    assert not page.all("#instead")
    with nothing_changes(store):
        wrong = type_paper(host, hall, 1, {1: "2500", 2: "100"}, "2.800", 422)
        told = wrong.one("#samen-fout").text().replace("\u00a0", " ")
        assert "samen € 2.800, maar de bedragen zijn samen € 2.600" in told
        assert wrong.one(f"#plan_{plan_at(hall, 1)}").attributes["value"] == "2500"
        assert type_paper(host, hall, 1, {1: "2500"}, "", 422).one("#samen-fout")
        above = type_paper(host, hall, 1, {2: "5.001"}, "5001", 422)
        assert "hoogstens" in above.one(f"#plan_{plan_at(hall, 2)}-fout").text()
        cents = type_paper(host, hall, 1, {2: "12,50"}, "12,50", 422)
        for field in (f"plan_{plan_at(hall, 2)}", "samen"):
            assert "zonder komma en zonder centen: 1250" in cents.one(f"#{field}-fout").text()
        much = type_paper(host, hall, 1, {1: "10000", 3: "10001"}, "20001", 422)
        assert "meer dan er in de pot zit" in much.one("#samen-fout").text()
    done = type_paper(host, hall, 1, {1: "2500", 2: "100"}, "2.600")
    assert "Het formulier van stoel 1 is bewaard" in done.text
    assert "1 van de 6 mensen" in done.text
    assert given(hall) == {1: ({1: 250_000, 2: 10_000}, "paper")}
    with store.reading() as session:
        kept = session.get_one(OwnDivision, (hall.evening_id, hall.seat_ids[0]))
        assert kept.typed_by == hall.place.staff[Role.FACILITATOR]


def test_a_paper_that_somebody_added_up_wrong_is_kept_as_it_stands_and_that_is_recorded(
    hall: Hall, store: Store
) -> None:
    host = hall.staff()
    assert not host.get(f"{hall.path}/verdelen/papier?stoel=1").all("#added_up_wrong")
    asked = type_paper(host, hall, 1, {1: "2500", 2: "100"}, "2.800", 422)
    assert "fout opgeteld" in asked.one("label[for=added_up_wrong]").text()
    much = type_paper(host, hall, 1, {1: "10000", 3: "10001"}, "9", 422, added_up_wrong="1")
    assert "meer dan er in de pot zit" in much.one("#samen-fout").text()
    done = type_paper(host, hall, 1, {1: "2500", 2: "100"}, "2.800", added_up_wrong="1")
    assert "Het papier was fout opgeteld" in done.text
    # A tick beside a sum that is right says nothing.
    type_paper(host, hall, 3, {1: "500"}, "500", added_up_wrong="1")
    assert given(hall) == {1: ({1: 250_000, 2: 10_000}, "paper"), 3: ({1: 50_000}, "paper")}
    with store.reading() as session:
        events = session.scalars(
            sa.select(Event.facts).where(Event.kind == "own_division").order_by(Event.seq)
        )
        assert [json.loads(facts).get("wrong_sum_cents") for facts in events] == [280_000, None]


def test_what_is_already_there_is_said_without_amounts_and_replaced_only_with_a_tick(hall: Hall) -> None:
    host = hall.staff()
    phone = Phone(hall, 1)
    sends(phone, 1, {1: 7350})
    page = host.get(f"{hall.path}/verdelen/papier?stoel=1")
    assert "Deze stoel verdeelde de pot al met een telefoon" in page.text
    assert "7.350" not in page.html
    asked = type_paper(host, hall, 1, {1: "100"}, "100", 409)
    assert "Zet een vinkje" in asked.one("#instead-fout").text()
    # Meanwhile the phone changed its mind: the tick was for what was there before.
    seen = asked.one("#instead").attributes["value"] or ""
    sends(phone, 2, {1: 7400})
    assert type_paper(host, hall, 1, {1: "100"}, "100", 409, instead=seen).one("#instead-fout")
    assert given(hall)[1] == ({1: 740_000}, "phone")
    seen = host.get(f"{hall.path}/verdelen/papier?stoel=1").one("#instead").attributes["value"] or ""
    type_paper(host, hall, 1, {1: "100"}, "100", instead=seen)
    assert given(hall)[1] == ({1: 10_000}, "paper")
    again = host.get(f"{hall.path}/verdelen/papier?stoel=1")
    assert "Voor deze stoel is al een formulier ingetypt" in again.text
    assert type_paper(host, hall, 1, {1: "200"}, "200", 409).one("#instead-fout")


def test_only_who_is_there_and_what_is_not_ones_own_plan(hall: Hall, store: Store) -> None:
    host = hall.staff()
    page = host.get(f"{hall.path}/verdelen/papier?stoel=2")
    assert not page.all(f"#plan_{plan_at(hall, 2)}")
    assert "Repaircafé: hier is deze persoon zelf bij betrokken" in page.text
    hall.leave(3)
    assert "niet in de zaal" in host.get(f"{hall.path}/verdelen/papier?stoel=3").text
    with nothing_changes(store):
        refused = host.post(f"{hall.path}/verdelen/papier", {"stoel": "3", "samen": "0"}, status=403)
        assert "niet in de zaal" in refused.text
        own = {"stoel": "2", f"plan_{plan_at(hall, 2)}": "5", "samen": "5"}
        host.post(f"{hall.path}/verdelen/papier", own, status=422)
    for number in ("99", "vier", ""):
        page = host.get(f"{hall.path}/verdelen/papier?stoel={number}", 422)
        assert page.one("#stoel-fout")
    sends(Phone(hall, 1), 1, {1: 100})
    host.post(f"{hall.path}/verdelen/sluit", {"seen": "1"})
    assert "al uitgerekend" in host.get(f"{hall.path}/verdelen/papier?stoel=1").text
    assert "al uitgerekend" in host.get(f"{hall.path}/verdelen/papier").text


def test_a_form_per_seat_with_boxes_and_its_own_plan_crossed_out(hall: Hall) -> None:
    host = hall.staff()
    page = host.get(f"{hall.path}/verdelen/formulieren")
    forms = page.all("table.own-form")
    assert [form.css_first(".form-head b").text() for form in forms] == ["1", "2", "3", "4", "5", "6"]
    assert [len(form.css("tbody .box > span")) for form in forms] == [3, 2, 3, 3, 3, 3]
    assert forms[1].css_first(".form-plan.out").text().split(maxsplit=1)[1] == "Repaircafé"
    text = forms[0].text(separator=" ").replace("\u00a0", " ")
    for words in ("Verdeel € 20.000", "hoogstens € 30.000", "Samen", "€ 20.000 min"):
        assert words in " ".join(text.split())
    assert "Straatfeest" not in text
    assert len(host.get(f"{hall.path}/verdelen/formulieren?van=2&tot=4").all("table.own-form")) == 3
    # Everybody in this hall has a phone.
    assert not host.get(f"{hall.path}/verdelen/formulieren?wie=zonder").all("table.own-form")
    host.get(f"{hall.path}/verdelen/formulieren?van=x", 422)


def test_before_everything_is_decided_every_plan_stands_on_the_form(app: Flask, store: Store) -> None:
    hall = together_hall(app, store, until=Stage.DOORS)
    host = hall.staff()
    page = host.get(f"{hall.path}/verdelen/formulieren")
    assert "Straatfeest" in page.all("table.own-form")[0].text()
    assert "Nog niet alles is beslist" in page.text
    assert "Typen kan zodra" in host.get(f"{hall.path}/verdelen/papier").text


def test_a_round_with_another_rule_needs_no_such_forms(app: Flask, store: Store) -> None:
    hall = open_hall(app, store, settle_with(store, Preset.EQUAL))
    host = hall.staff()
    assert "zijn niet nodig" in host.get(f"{hall.path}/verdelen/formulieren").text
    assert "verdelen mensen de pot niet zelf" in host.get(f"{hall.path}/verdelen/papier").text
    assert "verdelen mensen de pot niet zelf" in host.get(f"{hall.path}/verdelen/papier?stoel=1").text


def test_where_everyones_own_figures_divide_nobody_stands_on_the_floor(app: Flask, store: Store) -> None:
    hall = open_hall(app, store, settle_with(store, Preset.EQUAL_SHARES))
    hall.press()
    hall.come_in(1, 2)
    here = {"evening_id": hall.evening_id, "who": hall.place.who(Role.FACILITATOR), "now": NOW}
    with store.writing() as session:
        with pytest.raises(FloorNeedsScores):
            stand(session, seat_id=hall.seat_ids[0], way=Way.FLOOR, **here)
        with pytest.raises(FloorNeedsScores):
            everyone_on_the_floor(session, only_without_phone=True, sure=True, **here)
        stand(session, seat_id=hall.seat_ids[1], way=Way.PAPER, **here)
    host = hall.staff()
    host.get(f"{hall.path}/deur")
    with nothing_changes(store):
        page = host.post(f"{hall.path}/deur/vloer", {"wie": "iedereen", "zeker": "ja"}, status=409)
        assert "het cijfer van elke persoon apart" in page.text
        page = host.post(f"{hall.path}/deur/staat", {"staat": f"{hall.seat_ids[0]}:floor"}, status=409)
        assert "de tablet of papier" in page.text
