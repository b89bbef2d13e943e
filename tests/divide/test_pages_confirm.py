"""Dividing and confirming on the pages: who sees it, who may press, and what they read when they may not."""

import pytest
from flask import Flask

from pb.decide.actions import record_decision
from pb.decide.queries import item_decisions
from pb.decide.rules.panel_decides import Way
from pb.evening.queries import evening_facts
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.room import Hall, nothing_changes, open_hall
from support.visitor import Visitor


@pytest.fixture
def divided(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening whose division the facilitator let compute."""
    return open_hall(app, store, place, moment="divide")


def confirm_path(hall: Hall) -> str:
    return f"{hall.path}/bevestig"


def test_a_second_person_reads_the_division_and_confirms_it(divided: Hall) -> None:
    officer = divided.staff(Role.OFFICER)
    divided.agree()
    page = officer.get(confirm_path(divided))
    assert divided.shown_sha256() in page.text
    assert "Proef facilitator" in page.text
    assert "Moestuin op het plein" in page.text
    page = officer.fill(confirm_path(divided), {}, form="main form")
    assert divided.moment() == "done"
    assert "Bevestigd door Proef officer" in officer.get(confirm_path(divided)).text


def test_who_let_it_compute_has_no_button_and_no_way_around_it(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, moment="all decided")
    hall.divide(by=Role.AREA_MANAGER)
    hall.agree()
    manager = hall.staff(Role.AREA_MANAGER)
    page = manager.get(confirm_path(hall))
    assert "Daarom bevestigt iemand anders hem" in page.text
    assert not page.all("main form")
    with nothing_changes(store):
        page = manager.post(confirm_path(hall), {"getoond": hall.shown_sha256()}, status=403)
        assert "Iemand anders bevestigt hem" in page.text
    # A host who may look but not confirm gets no button that would be refused.
    host = hall.staff(Role.FACILITATOR)
    assert not host.get(confirm_path(hall)).all("main form")
    with nothing_changes(store):
        host.post(confirm_path(hall), {"getoond": hall.shown_sha256()}, status=403)


def test_a_division_waits_on_the_desk_of_whoever_may_confirm_it_and_of_nobody_else(divided: Hall) -> None:
    waits = "Er wacht een verdeling op jou"
    confirmers = [divided.staff(role) for role in (Role.OFFICER, Role.AREA_MANAGER)]
    host = divided.staff()
    assert not any(waits in one.get("/werk").text for one in confirmers)
    assert "wacht op een tweede persoon" not in host.get(divided.path).text
    divided.agree()
    for one in confirmers:
        page = one.get("/werk")
        assert waits in page.text
        assert page.one(f".notice a[href='{confirm_path(divided)}']")
        one.get(confirm_path(divided))
    assert "wacht op een tweede persoon" in host.get(divided.path).text
    others = [divided.staff(role, "andere-wijk") for role in (Role.OFFICER, Role.AREA_MANAGER)]
    colleagues = [divided.staff(role) for role in (Role.FACILITATOR, Role.COACH, Role.FINANCE, Role.ADMIN)]
    assert not any(waits in one.get("/werk").text for one in (*others, *colleagues))
    # Whoever changed an amount is no second person; the agreement is asked again.
    divided.amend(1, 500_000, by=Role.AREA_MANAGER)
    assert not any(waits in one.get("/werk").text for one in confirmers)
    divided.agree()
    assert [waits in one.get("/werk").text for one in confirmers] == [True, False]
    divided.confirm_shown()
    assert not any(waits in one.get("/werk").text for one in confirmers)


def test_the_second_person_reads_why_the_panel_decided_and_what_the_minority_thought(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, moment="decide")
    view, reason = "Eerst weten wie de sleutel heeft.", "Veel mensen komen er al."
    for position, said in ((1, ("", view)), (2, (reason, ""))):
        with store.writing() as session:
            one = item_decisions(session, evening=evening_facts(session, evening_id=hall.evening_id))[
                position - 1
            ]
            record_decision(
                session, evening_id=hall.evening_id, position=position, yes=one.computed_yes,
                way=Way.MAJORITY, reason=said[0], minority_view=said[1], who=place.who(Role.FACILITATOR),
                now=NOW,
            )  # fmt: skip
    hall.divide()
    hall.agree()
    text = hall.staff(Role.OFFICER).get(confirm_path(hall)).text
    assert f"De minderheid vond: {view}" in text
    assert f"Reden van het panel: {reason}" in text


def test_nobody_confirms_another_division_than_the_one_shown(divided: Hall) -> None:
    officer = divided.staff(Role.OFFICER)
    with nothing_changes(divided.store):
        for shown in ("", "0" * 64, "x", "\0", "é" * 64, "A" * 5000):
            page = officer.post(confirm_path(divided), {"getoond": shown}, status=409)
            assert "een andere dan op jouw scherm" in page.text


def test_confirming_twice_says_that_it_is_done(divided: Hall) -> None:
    officer = divided.staff(Role.OFFICER)
    divided.agree()
    held = officer.get(confirm_path(divided)).values("main form")
    divided.confirm(Role.AREA_MANAGER)
    with nothing_changes(divided.store):
        assert "al bevestigd" in officer.post(confirm_path(divided), held, status=409).text


def test_strangers_and_other_areas_do_not_reach_the_money(divided: Hall) -> None:
    held = {"getoond": divided.shown_sha256()}
    stranger = Visitor(divided.app)
    others = [divided.staff(role, "andere-wijk") for role in (Role.OFFICER, Role.AREA_MANAGER)]
    colleagues = [divided.staff(role) for role in (Role.COACH, Role.FINANCE, Role.RESEARCHER, Role.ADMIN)]
    with nothing_changes(divided.store):
        assert stranger.get(confirm_path(divided)).title == "Inloggen"
        assert stranger.post(confirm_path(divided), held).title == "Inloggen"
        for other in others:
            other.get(confirm_path(divided), status=404)
            other.post(confirm_path(divided), held, status=404)
            other.post(f"{divided.path}/verdeel", status=404)
        for colleague in colleagues:
            colleague.get(confirm_path(divided), status=403)
            colleague.post(confirm_path(divided), held, status=403)
            colleague.post(f"{divided.path}/verdeel", status=403)


def test_before_dividing_there_is_no_page_to_confirm_on(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, moment="decide")
    host, officer = hall.staff(), hall.staff(Role.OFFICER)
    with nothing_changes(store):
        officer.get(confirm_path(hall), status=404)
        assert "nog geen verdeling" in officer.post(confirm_path(hall), status=409).text
        assert "Nog niet elk plan" in host.post(f"{hall.path}/verdeel", status=409).text


def test_pressing_to_divide_twice_is_one_press(divided: Hall) -> None:
    host = divided.staff()
    with nothing_changes(divided.store):
        assert host.post(f"{divided.path}/verdeel").title == "Zo wordt het geld verdeeld"


def test_the_phone_says_that_it_is_not_sure_until_it_is(divided: Hall) -> None:
    from support.room import Phone

    phone = Phone(divided, 1)
    assert "Nog niet zeker: het panel praat er nog over" in phone.get(f"{divided.path}/stoel").text
    divided.agree()
    assert "Nog niet zeker: een tweede persoon" in phone.get(f"{divided.path}/stoel").text
    divided.confirm()
    page = phone.get(f"{divided.path}/stoel")
    assert page.title == "De uitslag"
    assert "Nog niet zeker" not in page.text


def test_who_decided_otherwise_than_the_scores_does_not_confirm_the_money(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, moment="decide")
    host, manager, officer = hall.staff(), hall.staff(Role.AREA_MANAGER), hall.staff(Role.OFFICER)
    warned = "Wie anders beslist dan de cijfers, kan de verdeling straks niet bevestigen."
    assert warned in manager.get(f"{hall.path}/console").text
    assert warned not in host.get(f"{hall.path}/console").text
    answers = {"yes": "nee", "way": "consensus", "reason": "Het kan niet.", "minority_view": ""}
    manager.post(f"{hall.path}/beslis/1", answers)
    manager.post(f"{hall.path}/beslis/2", {"yes": "ja", "way": "rule"})
    hall.divide()
    hall.agree()
    held = {"getoond": hall.shown_sha256()}
    page = manager.get(confirm_path(hall))
    assert "of anders beslist dan de cijfers" in page.text
    assert not page.all("input[name=getoond]")
    assert "anders beslist dan de cijfers" in manager.post(confirm_path(hall), held, status=403).text
    officer.post(confirm_path(hall), held)
    assert hall.moment() == "done"


def test_who_records_what_the_scores_say_may_confirm(app: Flask, store: Store, place: Neighbourhood) -> None:
    hall = open_hall(app, store, place, moment="decide")
    manager = hall.staff(Role.AREA_MANAGER)
    for _plan in (1, 2):
        manager.fill(f"{hall.path}/console", {}, form="form.next")
    hall.divide()
    hall.agree()
    manager.post(confirm_path(hall), {"getoond": hall.shown_sha256()})
    assert hall.moment() == "done"
