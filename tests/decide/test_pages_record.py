"""Deciding on the console: one press for what the scores say, a form for anything else."""

from typing import Any

import pytest
from flask import Flask

from pb.decide.queries import ItemDecision, item_decisions
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood
from support.room import Hall, Phone, nothing_changes, open_hall
from support.visitor import Visitor


@pytest.fixture
def deciding(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening that decides: the scores say yes to plan 1 and no to plan 2."""
    hall = open_hall(app, store, place)
    hall.bring_to("open 1", scores=(5, 4, 4, 2, 5))
    hall.bring_to("open 2", scores=(1, 1, 2, 5, 5))
    hall.bring_to("decide")
    return hall


def test_the_console_decides_plan_by_plan_and_then_goes_on_to_dividing(deciding: Hall) -> None:
    host, console = deciding.staff(), f"{deciding.path}/console"
    page = host.get(console)
    assert page.title == "Moestuin op het plein"
    assert "volgens de cijfers: ja" in page.text
    page = host.fill(console, {}, form="form.next")
    assert page.title == "Repaircafé"
    assert "volgens de cijfers: nee" in page.text
    page = host.fill(console, {}, form="form.next")
    assert page.title == "Alles is beslist"
    page = host.fill(console, {}, form="form.next")
    assert page.title == "Zo wordt het geld verdeeld"
    assert deciding.moment() == "divide"


def test_a_decision_without_what_it_needs_is_told_at_the_field_and_keeps_what_was_typed(
    deciding: Hall,
) -> None:
    host = deciding.staff()
    refusals = [
        ({"yes": "ja", "way": "rule", "reason": "Daarom."}, "Kies hoe dat is beslist"),
        ({"yes": "ja", "way": "consensus", "reason": " "}, "op waarom"),
        ({"yes": "misschien", "way": "consensus", "reason": "Daarom."}, "Kies een van de mogelijkheden"),
        ({"yes": "ja", "way": "loten", "reason": "Daarom."}, "Kies een van de mogelijkheden"),
        ({"yes": "ja", "way": "consensus", "reason": "x" * 1001}, "1000"),
    ]
    with nothing_changes(deciding.store):
        for answers, words in refusals:
            page = host.post(
                f"{deciding.path}/beslis/2", {"minority_view": "Het is <te> luid."} | answers, status=422
            )
            told = " ".join(node.text() for node in page.all(".wrong"))
            assert words in told.replace("1.000", "1000")
            assert page.title == "Repaircafé"
            form = page.one("details form")
            assert (form.attributes["action"] or "").endswith("/beslis/2")
            assert form.css("textarea[name=minority_view]")[0].text().strip() == "Het is <te> luid."


def test_a_reason_of_the_panel_is_shown_as_text_and_runs_nothing(deciding: Hall) -> None:
    host = deciding.staff()
    answers: dict[str, Any] = {
        "yes": "ja",
        "way": "consensus",
        "reason": "<script>alert(1)</script>{{7*7}}",
        "minority_view": "'\"><svg onload=x>",
    }
    host.post(f"{deciding.path}/beslis/2", answers)
    page = host.get(f"{deciding.path}/console?plan=2")
    assert "<script>alert" not in page.html
    assert "49" not in page.text


def test_a_decision_can_be_looked_up_again_and_changed(deciding: Hall) -> None:
    host = deciding.staff()
    host.post(f"{deciding.path}/beslis/1", {"yes": "ja", "way": "rule"})
    page = host.get(f"{deciding.path}/console?plan=1")
    assert page.title == "Moestuin op het plein"
    host.post(
        f"{deciding.path}/beslis/1",
        {"yes": "nee", "way": "majority", "reason": "Na praten.", "minority_view": "Te <b>duur</b>."},
    )
    assert "nee" in host.get(f"{deciding.path}/console").one("details .tag.no").text()
    page = host.get(f"{deciding.path}/console?plan=1")
    assert page.one(".stored").text() == "Vastgelegd: nee. Met een meerderheid, na praten."
    held = page.values("form.other")
    assert (held["yes"], held["way"], held["reason"], held["minority_view"]) == (
        "nee", "majority", "Na praten.", "Te <b>duur</b>.",
    )  # fmt: skip
    assert not page.all("[name=no_minority_view][checked]")
    # The big button leaves what was recorded as it is.
    assert not page.all("form.next")
    with nothing_changes(deciding.store):
        host.fill(f"{deciding.path}/console?plan=1", {}, form="form.other")


def test_what_the_scores_say_is_chosen_beforehand_and_how_it_was_decided_is_not(deciding: Hall) -> None:
    host = deciding.staff()
    page = host.get(f"{deciding.path}/console")
    assert page.one("details:has(form.other) > summary").text().strip() == "Anders, of met een meerderheid"
    assert [one.attributes["value"] for one in page.all("form.other [checked]")] == ["ja"]
    host.fill(f"{deciding.path}/console", {}, form="form.next")
    page = host.get(f"{deciding.path}/console")
    assert [one.attributes["value"] for one in page.all("form.other [checked]")] == ["nee"]
    with nothing_changes(deciding.store):
        page = host.fill(f"{deciding.path}/console", {}, form="form.other", status=422)
    assert "Kies een van de mogelijkheden" in page.one(".wrong").text()


def test_a_majority_says_what_the_minority_thinks_or_that_it_had_no_view(deciding: Hall) -> None:
    host, path = deciding.staff(), f"{deciding.path}/beslis/1"
    by_majority = {"yes": "ja", "way": "majority"}
    with nothing_changes(deciding.store):
        for view in ("", " ", "..."):
            page = host.post(path, by_majority | {"minority_view": view}, status=422)
            assert "wat de minderheid vindt" in page.one(".wrong").text()
    host.post(path, by_majority | {"no_minority_view": "y"})
    page = host.get(f"{deciding.path}/console?plan=1")
    assert page.all("[name=no_minority_view][checked]")
    host.post(path, by_majority | {"minority_view": "Liever op het andere plein.", "no_minority_view": "y"})
    page = host.get(f"{deciding.path}/console?plan=1")
    assert not page.all("[name=no_minority_view][checked]")
    assert page.values("form.other")["minority_view"] == "Liever op het andere plein."


def test_a_plan_in_the_address_that_is_not_there_shows_the_first_that_is_open(deciding: Hall) -> None:
    host = deciding.staff()
    for plan in ("0", "99", "x", "-1", "9" * 100, "%00"):
        assert host.get(f"{deciding.path}/console?plan={plan}").title == "Moestuin op het plein"


def test_a_plan_that_is_not_on_the_agenda_cannot_be_decided(deciding: Hall) -> None:
    host = deciding.staff(Role.AREA_MANAGER)
    with nothing_changes(deciding.store):
        for position in ("0", "3", "99999999999999999999999"):
            host.post(f"{deciding.path}/beslis/{position}", {"yes": "ja", "way": "rule"}, status=404)


def test_before_and_after_deciding_the_page_says_where_the_evening_is(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, moment="closed 2")
    host = hall.staff()
    for moment in ("closed 2", "divide"):
        hall.bring_to(moment)
        with nothing_changes(store):
            page = host.post(f"{hall.path}/beslis/1", {"yes": "ja", "way": "rule"}, status=409)
        assert "niet bij het beslissen" in page.text


def test_the_room_sees_what_is_decided_and_no_money(deciding: Hall) -> None:
    screen, path = Visitor(deciding.app), deciding.screen_path()
    page = screen.get(path)
    assert page.title == "Moestuin op het plein"
    assert page.all("figure.histogram")
    assert not page.all(".latest")
    deciding.staff().fill(f"{deciding.path}/console", {}, form="form.next")
    page = screen.get(path)
    assert page.title == "Repaircafé"
    assert page.one(".latest").text() == "Plan 1: ja Moestuin op het plein"
    deciding.follow_scores()
    page = screen.get(path)
    assert page.title == "Alles is beslist"
    assert "€" not in page.html
    assert not page.all("a[href*='plan=']")


def test_two_hosts_who_decide_the_same_plan_in_two_ways_do_not_overwrite_each_other_unseen(
    deciding: Hall,
) -> None:
    first, second = deciding.staff(), deciding.staff(Role.AREA_MANAGER)
    seen_by_second = second.get(f"{deciding.path}/console").values("form.next")
    other_window = first.get(f"{deciding.path}/console").values("form.next")
    first.fill(
        f"{deciding.path}/console",
        {"yes": "nee", "way": "consensus", "reason": "Samen besloten."},
        form="details form",
    )
    with nothing_changes(deciding.store):
        page = second.post(f"{deciding.path}/beslis/1", seen_by_second, status=409)
    assert page.title == "Moestuin op het plein"
    assert "Iemand anders heeft over dit plan net iets vastgelegd" in page.one(".wrong").text()
    # Somebody who did it in another window of their own is not told of somebody else.
    own = first.post(f"{deciding.path}/beslis/1", other_window, status=409)
    assert "In een ander venster heb je over dit plan net iets" in own.one(".wrong").text()
    # Who has read that may still change it.
    assert "Vastgelegd: nee." in page.one(".stored").text()
    second.post(f"{deciding.path}/beslis/1", page.values("form.other"))
    assert "ja" in second.get(f"{deciding.path}/console").one("details .tag.yes").text()


# -- plans that only the lot can part ------------------------------------------------------------


@pytest.fixture
def tied(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening on which three plans stand exactly equal and the pot carries one; a fourth got a no."""
    hall = open_hall(app, store, place, plans=4, budget_cents=800_000)
    hall.bring_to("doors")
    for scores in ((5, 4, 4, 2, 5), (1, 1, 1, 1, 5), (5, 5, 4, 4, 2), (2, 4, 5, 4, 5)):
        hall.press(2)
        for number, score in enumerate(scores, start=1):
            Phone(hall, number).tap(score)
        hall.press()
    hall.press()
    return hall


def test_plans_that_stand_exactly_equal_are_named_before_the_lot_is_used_and_without_money(
    tied: Hall,
) -> None:
    host, console = tied.staff(), f"{tied.path}/console"
    screen, path = Visitor(tied.app), tied.screen_path()
    assert "precies gelijk" not in host.get(console).text
    tied.follow_scores()
    told = (
        "Plan 1, plan 3 en plan 4 staan precies gelijk. "
        "Is er te weinig geld, dan beslist het lot (3-5-1-6-2) wie eerst komt."
    )
    for page in (host.get(console), screen.get(path)):
        assert page.title == "Alles is beslist"
        assert told in page.text
        assert "€" not in page.html
    # A yes of the panel to a plan with other scores makes no tie; a no takes a plan out of it.
    host.post(f"{tied.path}/beslis/4", {"yes": "nee", "way": "consensus", "reason": "Liever niet."})
    host.post(f"{tied.path}/beslis/2", {"yes": "ja", "way": "consensus", "reason": "Toch wel."})
    assert "Plan 1 en plan 3 staan precies gelijk." in host.get(console).text
    host.post(f"{tied.path}/beslis/3", {"yes": "nee", "way": "consensus", "reason": "Liever niet."})
    assert "precies gelijk" not in host.get(console).text


@pytest.fixture
def tied_without_scarcity(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening on which two plans stand exactly equal, and the pot carries half of what each asks."""
    hall = open_hall(app, store, place, budget_cents=1_000_000)
    hall.bring_to("decide")
    return hall


def test_plans_that_stand_equal_make_no_alarm_while_the_pot_carries_them_all(
    tied_without_scarcity: Hall,
) -> None:
    hall = tied_without_scarcity
    hall.follow_scores()
    host = hall.staff()
    for page in (host.get(f"{hall.path}/console"), Visitor(hall.app).get(hall.screen_path())):
        assert page.title == "Alles is beslist"
        assert "precies gelijk" not in page.text
    with nothing_changes(hall.store):
        host.post(f"{hall.path}/beslis/1/opnieuw")


def test_the_meeting_may_score_plans_that_stand_equal_again_and_decides_anew(tied: Hall) -> None:
    first, second, console = tied.staff(), tied.staff(Role.AREA_MANAGER), f"{tied.path}/console"
    tied.follow_scores()
    page = first.fill(console, {}, form=".tied form")
    assert page.title == "Plan 1 opnieuw openen"
    with nothing_changes(tied.store):
        first.post(f"{tied.path}/beslis/3/opnieuw")
    assert {one.item.position for one in open_ones(tied)} == {1, 3, 4}
    first.fill(f"{tied.path}/heropen/1", {"reason": "Ze staan gelijk."}, form="main form")
    second.fill(console, {"doe": "ja"}, form=".asked form")
    assert tied.moment() == "open 1"
    Phone(tied, 6).tap(1)
    tied.press(2)
    tied.follow_scores()
    assert "Plan 3 en plan 4 staan precies gelijk." in first.get(console).text
    tied.divide()
    with nothing_changes(tied.store):
        first.post(f"{tied.path}/beslis/3/opnieuw", status=409)


def test_a_plan_that_nothing_is_equal_to_keeps_its_decision(tied: Hall) -> None:
    tied.follow_scores()
    host = tied.staff()
    host.get(f"{tied.path}/console")
    with nothing_changes(tied.store):
        assert host.post(f"{tied.path}/beslis/2/opnieuw").title == "Alles is beslist"
        for position in ("0", "5", "99999999999999999999999"):
            host.post(f"{tied.path}/beslis/{position}/opnieuw", status=404)


def open_ones(hall: Hall) -> list[ItemDecision]:
    with hall.store.reading() as session:
        return [one for one in item_decisions(session, evening=hall.now_at()) if one.recorded is None]
