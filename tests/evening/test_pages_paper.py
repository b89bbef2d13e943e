"""Paper counts as much as a phone: two people type it, a third settles, and nobody counts twice."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.decide.queries import count
from pb.evening.actions.planning import involve
from pb.evening.actions.ways import stand
from pb.evening.queries import ballots, paper_progress, paper_waiting, ways_of
from pb.evening.rules.floor import Way
from pb.evening.tables import Event, PaperEntry, Score
from pb.people import actions as people
from pb.people.rules import Role
from pb.people.tables import Account
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.room import Hall, Phone, nothing_changes, open_hall
from support.visitor import Page, Visitor

THIRD = "derde@wijk.example"


@pytest.fixture
def on_paper(hall: Hall) -> Hall:
    """Give an evening whose first plan is open; seats 1 to 3 are on paper, 4 and 5 are not."""
    hall.press()
    hall.come_in(1, 2, 3, 4, 5)
    put(hall, Way.PAPER, 1, 2, 3)
    hall.press(2)
    return hall


def put(hall: Hall, way: Way, *numbers: int) -> None:
    with hall.store.writing() as session:
        for number in numbers:
            stand(
                session, evening_id=hall.evening_id, seat_id=hall.seat_ids[number - 1], way=way,
                who=hall.place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip


def third_person(hall: Hall) -> Visitor:
    """Let a second facilitator of the area log in."""
    with hall.store.writing() as session:
        known = session.scalar(sa.select(Account.id).where(Account.email == THIRD))
        if known is None:
            known = people.add_account(session, email=THIRD, name="Proef derde", now=NOW)
            like = session.scalar(
                sa.select(Account.password_hash).where(Account.email == email_of(Role.FACILITATOR))
            )
            session.get_one(Account, known).password_hash = like
            people.give_role(
                session, account_id=known, role=Role.FACILITATOR, area_id=hall.place.area_id, now=NOW
            )
    return Visitor(hall.app).log_in(THIRD)


def type_form(typist: Visitor, hall: Hall, number: int, *keys: str, status: int = 200, **more: str) -> Page:
    """Type a seat's form: one key per plan, in agenda order."""
    typist.get(f"{hall.path}/papier")
    fields = {f"plan_{item.id}": key for item, key in zip(hall.now_at().items, keys, strict=False)}
    seat = str(hall.seat_ids[number - 1])
    return typist.post(f"{hall.path}/papier", {"stoel": seat, **fields, **more}, status=status)


def scores(hall: Hall) -> dict[int, tuple[int | None, str]]:
    """Give what stands for the first plan, by seat number."""
    with hall.store.reading() as session:
        rows = session.execute(
            sa.select(Score.seat_id, Score.score, Score.way).where(Score.item_id == hall.now_at().items[0].id)
        ).all()
    return {hall.seat_ids.index(seat_id) + 1: (score, way) for seat_id, score, way in rows}


def entries(hall: Hall) -> int:
    with hall.store.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(PaperEntry)) or 0


def waiting(hall: Hall) -> int:
    with hall.store.reading() as session:
        return paper_waiting(session, evening_id=hall.evening_id)


# -- two people --------------------------------------------------------------------------------------------


def test_what_two_people_type_the_same_counts_at_once(on_paper: Hall) -> None:
    first, second = on_paper.staff(), on_paper.staff(Role.AREA_MANAGER)
    assert "Laat iemand anders het formulier ook typen" in type_form(first, on_paper, 1, "4").text
    assert scores(on_paper) == {}
    page = type_form(second, on_paper, 1, "4")
    assert "1 cijfer klopt en telt nu." in page.text
    assert scores(on_paper) == {1: (4, "paper")}
    with on_paper.store.reading() as session:
        events = session.scalars(sa.select(Event.facts).where(Event.kind == "paper_scored")).all()
    item = on_paper.now_at().items[0].id
    assert events == [f'{{"item":{item},"score":4,"seat":{on_paper.seat_ids[0]}}}']


def test_the_second_one_does_not_see_what_the_first_one_typed(on_paper: Hall) -> None:
    type_form(on_paper.staff(), on_paper, 1, "5")
    second = on_paper.staff(Role.AREA_MANAGER)
    page = second.get(f"{on_paper.path}/papier?stoel=1")
    assert page.one("input.key").attributes["value"] == ""
    assert not page.one(".mark-row select").css("option[selected]:not([value=''])")
    told = second.get(f"{on_paper.path}/papier").text
    assert "0 klaar · 1 wacht op de tweede keer · 2 nog niet getypt" in told


def test_one_person_does_not_type_a_form_twice(on_paper: Hall) -> None:
    first = on_paper.staff()
    type_form(first, on_paper, 1, "5")
    with nothing_changes(on_paper.store):
        page = type_form(first, on_paper, 1, "5", status=409)
    assert "Jij hebt plan 1 van stoel 1 al getypt." in page.text
    page = first.get(f"{on_paper.path}/papier?stoel=1")
    assert "Hier valt voor jou niets te typen" in page.text
    assert not page.all("input.key")


def test_a_form_that_two_people_typed_is_done(on_paper: Hall) -> None:
    for typist in (on_paper.staff(), on_paper.staff(Role.AREA_MANAGER)):
        type_form(typist, on_paper, 1, "5")
    third = third_person(on_paper)
    with nothing_changes(on_paper.store):
        assert "al door twee mensen getypt" in type_form(third, on_paper, 1, "5", status=409).text


def test_a_whole_form_of_more_plans_is_typed_at_once_or_not_at_all(on_paper: Hall) -> None:
    on_paper.press(3)
    first = on_paper.staff()
    page = first.get(f"{on_paper.path}/papier?stoel=2")
    assert len(page.all("input.key")) == 2
    with nothing_changes(on_paper.store):
        page = type_form(first, on_paper, 2, "5", "9", status=422)
    assert page.all("input.key")[0].attributes["value"] == "5"
    assert page.all("input.key")[1].attributes["value"] == "9"
    type_form(first, on_paper, 2, "5", "t")
    assert entries(on_paper) == 2


def test_a_plan_may_be_left_for_later_and_typed_by_the_same_person_then(on_paper: Hall) -> None:
    first = on_paper.staff()
    type_form(first, on_paper, 1, "5")
    on_paper.press(3)
    page = first.get(f"{on_paper.path}/papier?stoel=1")
    assert len(page.all("input.key")) == 1
    type_form(first, on_paper, 1, "", "4")
    assert entries(on_paper) == 2


def test_nothing_typed_is_said(on_paper: Hall) -> None:
    typist = on_paper.staff()
    with nothing_changes(on_paper.store):
        assert "nog niets getypt" in type_form(typist, on_paper, 1, "", status=422).text


# -- invalid -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "why"), [("h", "half"), ("T", "two"), ("l", "empty"), ("-", "empty"), ("o", "unreadable")]
)
def test_paper_without_a_figure_that_counts_is_kept_with_its_reason(
    on_paper: Hall, key: str, why: str
) -> None:
    type_form(on_paper.staff(), on_paper, 1, key)
    item = on_paper.now_at().items[0].id
    chosen = {f"waarom_{item}": why}
    page = type_form(on_paper.staff(Role.AREA_MANAGER), on_paper, 1, "", **chosen)
    assert "1 cijfer klopt" in page.text
    assert scores(on_paper) == {}
    with on_paper.store.reading() as session:
        [facts] = session.scalars(sa.select(Event.facts).where(Event.kind == "paper_invalid")).all()
    assert f'"why":"{why}"' in facts


@pytest.mark.parametrize("typed", ["3½", "3,5", "3.5", "half"])
def test_three_and_a_half_is_refused_and_invalid_is_offered(on_paper: Hall, typed: str) -> None:
    typist = on_paper.staff()
    with nothing_changes(on_paper.store):
        page = type_form(typist, on_paper, 1, typed, status=422)
    assert "Een half cijfer telt niet" in page.text
    assert "ongeldig" in page.text
    assert page.one("input.key").attributes["value"] == typed


@pytest.mark.parametrize("typed", ["0", "6", "-1", "45", "٣", "３", "true", "x", "\u202e4", "5" * 5000])
def test_only_one_to_five_are_typed(on_paper: Hall, typed: str) -> None:
    typist = on_paper.staff()
    with nothing_changes(on_paper.store):
        page = type_form(typist, on_paper, 1, typed, status=422)
    assert "1 tot en met 5" in page.text


def test_a_figure_with_a_reason_why_there_is_none_is_refused(on_paper: Hall) -> None:
    typist = on_paper.staff()
    item = on_paper.now_at().items[0].id
    with nothing_changes(on_paper.store):
        page = type_form(typist, on_paper, 1, "4", status=422, **{f"waarom_{item}": "two"})
        assert "Kies een van de twee" in page.text
        type_form(typist, on_paper, 1, "", status=422, **{f"waarom_{item}": "geen zin"})


# -- differences -------------------------------------------------------------------------------------------


def differ(hall: Hall) -> None:
    type_form(hall.staff(), hall, 1, "3")
    page = type_form(hall.staff(Role.AREA_MANAGER), hall, 1, "h")
    assert "1 cijfer is anders dan de eerste keer" in page.text


def settle(third: Visitor, hall: Hall, figure: str, status: int = 200, **more: str) -> Page:
    third.get(f"{hall.path}/papier")
    return third.post(
        f"{hall.path}/papier/verschil",
        {
            "item": str(hall.now_at().items[0].id), "seat": str(hall.seat_ids[0]), "cijfer": figure, **more,
        },
        status=status,
    )  # fmt: skip


def test_a_difference_is_shown_with_both_and_a_third_person_settles_it(on_paper: Hall) -> None:
    differ(on_paper)
    assert scores(on_paper) == {}
    third = third_person(on_paper)
    page = third.get(f"{on_paper.path}/papier")
    assert "1 verschil" in page.text
    assert "Eerst: 3 · daarna: een half cijfer" in page.text
    page = third.fill(f"{on_paper.path}/papier", {"cijfer": "3"}, form="form.settle")
    assert "opgelost" in page.text
    assert scores(on_paper) == {1: (3, "paper")}
    with nothing_changes(on_paper.store):
        settle(third, on_paper, "5", status=409)


def test_neither_of_the_two_settles_their_own_difference(on_paper: Hall) -> None:
    differ(on_paper)
    for role in (Role.FACILITATOR, Role.AREA_MANAGER):
        typist = on_paper.staff(role)
        page = typist.get(f"{on_paper.path}/papier")
        assert "Iemand anders beslist" in page.text
        assert not page.all("form.settle")
        with nothing_changes(on_paper.store):
            settle(typist, on_paper, "3", status=403)


def test_with_only_two_accounts_the_page_says_who_may_be_the_third(on_paper: Hall) -> None:
    differ(on_paper)
    with on_paper.store.writing() as session:
        account = session.get_one(Account, on_paper.place.who(Role.OFFICER).id)
        account.disabled_at = NOW
    text = on_paper.staff().get(f"{on_paper.path}/papier").text
    assert "maar twee mensen" in text
    assert "Een wijkmanager, gespreksleider of tekenbevoegde van deze wijk mag de derde zijn" in text
    assert "maar twee mensen" not in third_person(on_paper).get(f"{on_paper.path}/papier").text


@pytest.mark.parametrize("figure", ["", "6", "3½"])
def test_the_third_person_types_a_figure_or_a_reason_too(on_paper: Hall, figure: str) -> None:
    differ(on_paper)
    third = third_person(on_paper)
    with nothing_changes(on_paper.store):
        page = settle(third, on_paper, figure, status=422)
    assert page.all(".settle .wrong")
    settle(third, on_paper, "", waarom="unreadable")
    assert (scores(on_paper), waiting(on_paper)) == ({}, 0)


@pytest.mark.parametrize("what", [{"item": "x"}, {"seat": ""}, {"item": "999999"}, {"seat": "9" * 40}])
def test_a_difference_that_is_not_there_is_not_settled(on_paper: Hall, what: dict[str, str]) -> None:
    third = third_person(on_paper)
    third.get(f"{on_paper.path}/papier")
    sent = {"item": "1", "seat": "1", "cijfer": "3"} | what
    with nothing_changes(on_paper.store):
        third.post(f"{on_paper.path}/papier/verschil", sent, status=404)


# -- whose paper -------------------------------------------------------------------------------------------


def test_a_seat_on_a_phone_is_put_on_paper_first_and_its_score_for_the_open_plan_goes(on_paper: Hall) -> None:
    phone = Phone(on_paper, 4)
    phone.tap(5)
    typist = on_paper.staff()
    with nothing_changes(on_paper.store):
        page = type_form(typist, on_paper, 4, "2", status=409)
    assert "Stoel 4 staat niet op papier" in page.text
    assert "Deze stoel gaf al een cijfer met de telefoon." in page.text
    page = typist.fill(f"{on_paper.path}/papier?stoel=4", {})
    assert page.title == "Formulier van stoel 4"
    assert scores(on_paper) == {4: (None, "phone")}
    version = on_paper.now_at().version
    for one in (typist, on_paper.staff(Role.AREA_MANAGER)):
        type_form(one, on_paper, 4, "2")
    assert scores(on_paper) == {4: (2, "paper")}
    # The phone of this seat follows what counts now; for a seat without a phone nobody has to look anew.
    assert on_paper.now_at().version == version + 1
    assert phone.tap(5).status_code == 409


def test_paper_for_a_closed_plan_that_was_scored_by_phone_is_refused(on_paper: Hall) -> None:
    Phone(on_paper, 4).tap(5)
    on_paper.press()
    put(on_paper, Way.PAPER, 4)
    typist = on_paper.staff()
    with nothing_changes(on_paper.store):
        page = type_form(typist, on_paper, 4, "2", status=409)
    assert "Stoel 4 gaf plan 1 al een cijfer met de telefoon" in page.text
    assert scores(on_paper) == {4: (5, "phone")}


def test_whoever_stood_on_the_floor_at_a_closed_plan_has_no_paper_for_it(on_paper: Hall) -> None:
    put(on_paper, Way.FLOOR, 4)
    on_paper.press()
    put(on_paper, Way.PAPER, 4)
    typist = on_paper.staff()
    with nothing_changes(on_paper.store):
        assert "stond bij plan 1 op de vloer" in type_form(typist, on_paper, 4, "2", status=409).text


def test_a_seat_that_is_involved_has_no_paper_for_that_plan(hall: Hall) -> None:
    hall.press()
    hall.come_in(1, 2)
    put(hall, Way.PAPER, 1)
    with hall.store.writing() as session:
        involve(
            session, evening_id=hall.evening_id, position=1, seat_id=hall.seat_ids[0], involved=True,
            who=hall.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip
    hall.press(2)
    typist = hall.staff()
    with nothing_changes(hall.store):
        assert "zelf betrokken bij plan 1" in type_form(typist, hall, 1, "5", status=409).text
    assert "zelf betrokken" in typist.get(f"{hall.path}/papier/formulieren?van=1&tot=1").text
    with hall.store.reading() as session:
        assert [one.forms for one in paper_progress(session, evening_id=hall.evening_id)] == [0]


def test_paper_of_somebody_who_is_not_in_is_refused(on_paper: Hall) -> None:
    typist = on_paper.staff()
    with nothing_changes(on_paper.store):
        type_form(typist, on_paper, 6, "5", status=403)
        page = typist.get(f"{on_paper.path}/papier?stoel=6")
        assert "bij de deur" in page.text
    on_paper.press()
    on_paper.come_in(6)
    put(on_paper, Way.PAPER, 6)
    with nothing_changes(on_paper.store):
        assert "niet binnen toen plan 1 open was" in type_form(typist, on_paper, 6, "5", status=409).text


@pytest.mark.parametrize("number", ["", "x", "77", "0", "9" * 20, "-1", "٣"])
def test_a_seat_number_that_is_not_there_is_said_at_the_field(on_paper: Hall, number: str) -> None:
    page = on_paper.staff().get(f"{on_paper.path}/papier?stoel={number}", status=422)
    assert page.all("#stoel-fout")


@pytest.mark.parametrize("seat", ["", "x", "999999", "9" * 40])
def test_a_form_of_no_seat_is_not_found(on_paper: Hall, seat: str) -> None:
    typist = on_paper.staff()
    typist.get(f"{on_paper.path}/papier")
    with nothing_changes(on_paper.store):
        typist.post(f"{on_paper.path}/papier", {"stoel": seat}, status=404)
        typist.post(f"{on_paper.path}/papier/zet", {"stoel": seat}, status=404)


def test_who_changes_from_paper_to_a_phone_types_nothing_twice(on_paper: Hall) -> None:
    first, second = on_paper.staff(), on_paper.staff(Role.AREA_MANAGER)
    for typist in (first, second):
        type_form(typist, on_paper, 1, "4")
    put(on_paper, Way.PHONE, 1)
    assert Phone(on_paper, 1).tap(2).status_code == 200
    assert scores(on_paper) == {1: (2, "phone")}
    put(on_paper, Way.PAPER, 1)
    assert (scores(on_paper), entries(on_paper)) == ({1: (None, "phone")}, 0)
    for typist in (first, second):
        type_form(typist, on_paper, 1, "5")
    assert scores(on_paper) == {1: (5, "paper")}


# -- after closing -----------------------------------------------------------------------------------------


def test_paper_is_typed_after_closing_until_deciding_begins(on_paper: Hall) -> None:
    first, second = on_paper.staff(), on_paper.staff(Role.AREA_MANAGER)
    on_paper.press()
    assert waiting(on_paper) == 3
    type_form(first, on_paper, 1, "4")
    type_form(second, on_paper, 1, "4")
    assert (scores(on_paper), waiting(on_paper)) == ({1: (4, "paper")}, 2)
    type_form(first, on_paper, 2, "4")
    type_form(second, on_paper, 2, "5")
    assert waiting(on_paper) == 2
    with on_paper.store.reading() as session:
        [found] = ballots(session, evening_id=on_paper.evening_id)
        split = ways_of(session, evening_id=on_paper.evening_id)
    assert dict(found.scores) == {on_paper.seat_ids[0]: 4}
    assert split[on_paper.now_at().items[0].id].paper.counts == (0, 0, 0, 1, 0)
    on_paper.press(4)
    assert on_paper.now_at().stage.value == "decide"
    with nothing_changes(on_paper.store):
        page = type_form(first, on_paper, 3, "5", status=409)
        assert "Het beslissen is begonnen" in page.text


def test_a_difference_is_not_settled_once_deciding_began(on_paper: Hall) -> None:
    differ(on_paper)
    third = third_person(on_paper)
    on_paper.press(5)
    with nothing_changes(on_paper.store):
        page = settle(third, on_paper, "5", status=409)
    assert "Het beslissen is begonnen" in page.text


def test_whoever_left_the_form_on_the_table_and_went_home_counts(on_paper: Hall) -> None:
    on_paper.leave(3)
    on_paper.press()
    assert on_paper.now_at().items[0].may_score == 4
    for typist in (on_paper.staff(), on_paper.staff(Role.AREA_MANAGER)):
        type_form(typist, on_paper, 3, "5")
    assert on_paper.now_at().items[0].may_score == 5
    on_paper.press(4)
    with on_paper.store.reading() as session:
        outcome = count(session, evening=on_paper.now_at()).decisions.outcomes["1"]
    assert (outcome.eligible, outcome.hist) == (5, (0, 0, 0, 0, 1))


def test_a_loan_phone_at_the_next_plan_leaves_the_paper_of_the_last_one(on_paper: Hall) -> None:
    on_paper.press()
    put(on_paper, Way.PHONE, 1)
    for typist in (on_paper.staff(), on_paper.staff(Role.AREA_MANAGER)):
        type_form(typist, on_paper, 1, "3")
    assert scores(on_paper) == {1: (3, "paper")}


def test_progress_tells_forms_typed_once_and_twice(on_paper: Hall) -> None:
    first, second = on_paper.staff(), on_paper.staff(Role.AREA_MANAGER)
    for number in (1, 2):
        type_form(first, on_paper, number, "4")
    type_form(second, on_paper, 1, "4")
    told = first.get(f"{on_paper.path}/papier").text
    assert "1 klaar · 1 wacht op de tweede keer · 1 nog niet getypt" in told
    with on_paper.store.reading() as session:
        [plan] = paper_progress(session, evening_id=on_paper.evening_id)
    assert (plan.forms, plan.once, plan.twice, plan.settled, plan.waiting, plan.differ) == (3, 2, 1, 1, 2, 0)


# -- the forms ---------------------------------------------------------------------------------------------


def test_a_form_has_a_number_and_five_boxes_for_each_plan_and_no_name(on_paper: Hall) -> None:
    page = on_paper.staff().get(f"{on_paper.path}/papier/formulieren")
    forms = page.all("table.form")
    assert len(forms) == 6
    assert [form.css_first(".form-head b").text() for form in forms] == [str(n) for n in range(1, 7)]
    for form in forms:
        assert len(form.css(".boxes")) == 2
        assert [box.text(separator=" ").split()[0] for box in form.css(".boxes")[0].css("li")] == list(
            "12345"
        )
        assert len(form.css(".boxes li .face")) == len(form.css(".boxes li .band")) == 10
        assert "Moestuin op het plein" in form.text()
    assert "Stoel 1 " not in "".join(form.text() for form in forms)
    assert "proef" not in page.one("main").text().lower()


def test_forms_are_printed_for_some_seats_or_for_whoever_uses_no_phone(on_paper: Hall) -> None:
    staff = on_paper.staff()

    def numbers(asked: str, status: int = 200) -> list[Any]:
        page = staff.get(f"{on_paper.path}/papier/formulieren?{asked}", status=status)
        return [form.text() for form in page.all(".form-head b")]

    assert numbers("van=2&tot=4") == ["2", "3", "4"]
    assert numbers("van=5") == ["5", "6"]
    # 1 to 3 are on paper; 4 and 5 are in, without a phone; 6 did not come in yet.
    assert numbers("wie=zonder") == ["1", "2", "3", "4", "5"]
    assert numbers("wie=zonder&van=3&tot=9") == ["3", "4", "5"]
    assert len(numbers("")) == 6  # nobody has a phone: a form for every seat
    Phone(on_paper, 4)
    put(on_paper, Way.FLOOR, 5)
    assert numbers("") == numbers("wie=zonder") == ["1", "2", "3"]
    assert len(numbers("wie=alle")) == 6
    page = staff.get(f"{on_paper.path}/papier/formulieren")
    assert "checked" in page.one("#wie-zonder").attributes
    assert "Alleen wie geen telefoon gebruikt (3)" in page.text
    assert numbers("van=90") == []
    assert numbers("van=x", 422) == []


def test_a_long_agenda_is_printed_on_a_larger_sheet(app: Flask, store: Store, place: Neighbourhood) -> None:
    titles = tuple(f"Plan {number} met een naam" for number in range(1, 10))
    hall = open_hall(app, store, place, plans=9, titles=titles, budget_cents=7_000_000)
    staff = hall.staff()
    assert staff.get(f"{hall.path}/papier/formulieren").all("body.a4")


def test_paper_is_for_staff_of_this_area(on_paper: Hall) -> None:
    for path in ("papier", "papier/formulieren", "vloer"):
        on_paper.staff(area="andere-wijk").get(f"{on_paper.path}/{path}", status=404)
        on_paper.staff(Role.ADMIN).get(f"{on_paper.path}/{path}", status=403)
