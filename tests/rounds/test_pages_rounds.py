"""The area manager makes a round, changes it while it is a draft, and opens it; then its rules are frozen."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.core.errors import Broken
from pb.divide.rules import PRESETS
from pb.people.rules import Role
from pb.rounds.actions import change_rules, open_round
from pb.rounds.queries import current_rules, rule_versions
from pb.rounds.rules import ChangedMeanwhile, Majority, NotDraft, Preset, ReasonMissing, rules_for
from pb.rounds.tables import Round
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood, call, email_of
from support.room import nothing_changes
from support.today import today
from support.visitor import Page, Visitor

CLOSES = today(30).strftime("%d-%m-%Y")
ANSWERS = {
    "name": "Nieuwe ronde", "summary": "Voor de buurt.", "pot_cents": "300.000", "cap_cents": "30.000",
    "plans_open_on": "01-01-2026", "plans_close_on": CLOSES, "residents_decide": "Welke plannen.",
    "residents_do_not_decide": "De pot.",
}  # fmt: skip

RULE_IN_WORDS = {
    "equal": "De pot wordt gelijk verdeeld: elk plan krijgt hetzelfde bedrag",
    "prop_request": "Elk plan krijgt hetzelfde deel van wat het vroeg.",
    "greedy_full": "dan het volgende, tot de pot leeg is.",
    "trimmed_mean_proposals": "Iedereen van het panel verdeelt zelf de pot over de plannen met een ja.",
    "mes": "Een plan krijgt alles wat het vroeg, of niets.",
}


@pytest.fixture
def manager(visitor: Visitor, place: Neighbourhood) -> Visitor:
    return visitor.log_in(email_of(Role.AREA_MANAGER))


def make(manager: Visitor, status: int = 200, **changes: Any) -> Page:
    return manager.fill("/werk/ronde/nieuw", ANSWERS | changes, status=status, form="main form")


def round_id_of(page: Page) -> int:
    found = re.search(r"/werk/ronde/(\d+)", page.answer.request.path)
    assert found
    return int(found[1])


def test_a_round_is_a_draft_that_only_staff_see_until_it_opens(
    manager: Visitor, app: Flask, store: Store
) -> None:
    page = make(manager)
    round_id = round_id_of(page)
    resident = Visitor(app)
    resident.get(f"/ronde/{round_id}", status=404)
    assert "Nieuwe ronde" not in resident.get("/").text
    page = manager.fill(f"/werk/ronde/{round_id}", {}, form=f"form[action='/werk/ronde/{round_id}/openen']")
    assert "De regels liggen vast" in page.text
    assert "Nieuwe ronde" in resident.get(f"/ronde/{round_id}").text
    with store.reading() as session:
        frozen = current_rules(session, round_id=round_id)
    assert frozen is not None
    assert frozen.sha256 in manager.get(f"/werk/ronde/{round_id}").html


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "naam"),
        ({"name": "x" * 121}, "120"),
        ({"pot_cents": "0"}, "€"),
        ({"pot_cents": "veel"}, ""),
        ({"pot_cents": "-5"}, ""),
        ({"cap_cents": "300.000,01"}, "300.000"),
        ({"cap_cents": "30,000"}, ""),
        ({"plans_open_on": "31-02-2026"}, ""),
        ({"plans_close_on": "01-01-2020"}, ""),
        ({"residents_decide": " "}, "beslissen"),
        ({"name": "a\u202eb"}, ""),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    manager: Visitor, store: Store, changes: dict[str, str], words: str
) -> None:
    with nothing_changes(store):
        page = make(manager, status=422, **changes)
    assert words in " ".join(node.text() for node in page.all(".wrong"))
    assert page.all(".wrong")
    held = page.values("main form")
    assert held["summary"] == "Voor de buurt."
    for name, typed in changes.items():
        if name != "residents_decide":
            assert held[name].strip() == typed.strip()


def test_a_manager_makes_no_round_in_another_area(
    manager: Visitor, place: Neighbourhood, store: Store
) -> None:
    with nothing_changes(store):
        make(manager, status=422, area_id=str(place.other_area_id))


def test_a_draft_changes_and_an_old_page_does_not_write_over_it(manager: Visitor, store: Store) -> None:
    round_id = round_id_of(make(manager))
    path = f"/werk/ronde/{round_id}/veranderen"
    old = manager.get(path).values("main form")
    manager.fill(path, {"name": "Andere naam"}, form="main form")
    with nothing_changes(store):
        page = manager.post(path, old | {"name": "Te laat"}, status=409)
    assert "Te laat" not in manager.get(f"/werk/ronde/{round_id}").text
    assert page.text


def test_an_open_round_does_not_change_any_more(manager: Visitor, place: Neighbourhood, store: Store) -> None:
    path = f"/werk/ronde/{place.round_id}/veranderen"
    held = manager.get(path).values("main form")
    with nothing_changes(store):
        manager.post(path, held | {"pot_cents": "1.000.000"}, status=409)
        manager.post(
            f"/werk/ronde/{place.round_id}/openen",
            {"version": "1", "majority": "1/2", "preset": "equal"},
            status=409,
        )


def test_opening_twice_freezes_once(store: Store, place: Neighbourhood) -> None:
    again: dict[str, Any] = {
        "majority": Majority.TWO_THIRDS,
        "preset": Preset.EQUAL,
        "who": place.who(Role.AREA_MANAGER),
    }
    with nothing_changes(store), pytest.raises(NotDraft), store.writing() as session:
        open_round(session, round_id=place.round_id, version=2, now=NOW, **again)
    with store.writing() as session:
        session.get_one(Round, place.round_id).state = "draft"
    with nothing_changes(store), pytest.raises(ChangedMeanwhile), store.writing() as session:
        open_round(session, round_id=place.round_id, version=1, now=NOW, **again)


def test_new_rules_are_a_new_version_with_a_reason_and_the_old_stay_to_read(
    manager: Visitor, place: Neighbourhood, store: Store, app: Flask
) -> None:
    path = f"/werk/ronde/{place.round_id}/regels"
    with nothing_changes(store):
        manager.fill(path, {"reason": " "}, status=422, form="main form")
        manager.fill(path, {"reason": "Zo.", "majority": "3/4"}, status=422, form="main form")
        manager.fill(path, {"reason": "Zo.", "preset": "naar believen"}, status=422, form="main form")
    manager.fill(path, {"reason": "Het panel vroeg erom.", "majority": "2/3"}, form="main form")
    with store.reading() as session:
        versions = rule_versions(session, round_id=place.round_id)
    assert [version.version for version in versions] == [2, 1]
    assert versions[0].rules["decide"]["threshold"] == "2/3"
    assert versions[1].rules["decide"]["threshold"] == "1/2"
    assert "Het panel vroeg erom." in Visitor(app).get(f"/ronde/{place.round_id}").html


def test_a_round_chooses_one_of_five_ways_to_divide_and_that_one_freezes(
    manager: Visitor, store: Store, app: Flask
) -> None:
    names = {
        "equal": "Gelijk vullen", "prop_request": "Zelfde percentage", "mes": "Ieder een eigen deel",
        "greedy_full": "Van boven naar beneden", "trimmed_mean_proposals": "Samen verdelen",
    }  # fmt: skip
    for preset in Preset:
        page = make(manager, name=f"Ronde {preset.value}")
        round_id = round_id_of(page)
        offered = {node.attributes["value"]: node for node in page.all("input[name=preset]")}
        assert list(offered) == [one.value for one in Preset]
        assert [one for one, node in offered.items() if "checked" in node.attributes] == ["equal"]
        # Only the way for experts is behind a door, and that door is closed until it was chosen.
        behind = page.all("fieldset#preset details input[name=preset]")
        assert [node.attributes["value"] for node in behind] == ["mes"]
        assert "open" not in page.one("fieldset#preset details").attributes
        assert "op papier" in page.one("fieldset#preset details").text()
        for node in page.all("fieldset#preset .offer"):
            assert node.css_first("svg.way-small"), "a way without its picture"
            assert len(node.css("dt")) >= 2, "a way without what it does well and what it costs"
        said = {node.css_first("strong").text() for node in page.all("fieldset#preset label")}
        assert said == set(names.values())
        assert "Iedereen op de avond verdeelt zelf euro’s." in page.text
        page = manager.fill(
            f"/werk/ronde/{round_id}", {"preset": preset.value},
            form=f"form[action='/werk/ronde/{round_id}/openen']",
        )  # fmt: skip
        assert "De regels liggen vast" in page.text
        with store.reading() as session:
            frozen = current_rules(session, round_id=round_id)
        assert frozen is not None
        assert frozen.rules["divide"]["rule"] == preset.value
        changing = manager.get(f"/werk/ronde/{round_id}/regels")
        assert changing.values("main form")["preset"] == preset.value
        assert ("open" in changing.one("fieldset#preset details").attributes) is (preset.value == "mes")
        public = Visitor(app).get(f"/ronde/{round_id}")
        assert RULE_IN_WORDS[preset.value] in public.text
        assert public.one("main a[href='/verdelen']")


@pytest.mark.parametrize("preset", Preset)
def test_the_rules_in_words_are_points_that_the_minutes_can_quote(house: Flask, preset: Preset) -> None:
    rules = rules_for(call(), majority=Majority.TWO_THIRDS, preset=preset)
    with house.test_request_context():
        words = str(house.jinja_env.get_template("rounds/_rules.html").module.in_words(rules))
    assert words.count("<li>") == words.count("</li>") == (8 if rules["divide"]["rest_offer"] else 7)
    assert "<a" not in words
    assert RULE_IN_WORDS[preset.value] in words


def test_the_rules_in_words_tell_the_settings_that_froze(house: Flask) -> None:
    def told(preset: Preset, **changes: object) -> str:
        rules = rules_for(call(), majority=Majority.MORE_THAN_HALF, preset=preset)
        rules |= {"divide": rules["divide"] | changes}  # type: ignore[operator]
        with house.test_request_context():
            return str(house.jinja_env.get_template("rounds/_rules.html").module.in_words(rules))

    half, rest = "krijgt minstens de helft van wat het vroeg", "Is er aan het eind geld over?"
    for preset in (Preset.EQUAL, Preset.SAME_PERCENTAGE):
        assert half in told(preset)
        assert rest in told(preset)
        assert half not in told(preset, guarantee="0/1")
        assert rest not in told(preset, rest_offer=False)
    for preset in (Preset.TOP_DOWN, Preset.TOGETHER, Preset.EQUAL_SHARES):
        assert half not in told(preset)
        assert rest not in told(preset)
    # Of nine amounts none is left out, of ten to nineteen one on each side.
    together = told(Preset.TOGETHER)
    assert "van 10 tot en met 19 mensen is dat één bedrag aan elke kant" in together
    assert "Bij minder dan tien mensen telt elk bedrag." in together
    trim = PRESETS[Preset.TOGETHER].trim
    assert [int(people * trim) for people in (5, 9, 10, 19, 20)] == [0, 0, 1, 1, 2]


def test_the_form_shows_what_each_way_does_to_made_up_plans(manager: Visitor) -> None:
    page = make(manager)
    tables = page.all("table.ways-table")
    assert len(tables) == 3
    for table in tables:
        rows = [[cell.text(strip=True) for cell in row.css("td")][1:] for row in table.css("tbody tr")]
        columns = list(zip(*rows, strict=True))
        assert len(set(columns)) == len(columns) == len(Preset)
    assert [("open" in node.attributes) for node in page.all("details.one-pot")] == [False, True, False]
    # Changing the pot loses nothing of the choice: it is no form, and no other page.
    assert not page.all("details.one-pot form, details.one-pot a")
    mistake = manager.post(
        f"{page.answer.request.path}/openen", {"preset": "mes", "majority": "3/4"}, status=422
    )
    assert "checked" in mistake.one("input[value=mes]").attributes
    assert "open" in mistake.one("fieldset#preset details").attributes


@pytest.mark.parametrize(
    ("reason", "opened", "refusal"), [(" ", True, ReasonMissing), ("Zo.", False, NotDraft)]
)
def test_rules_change_only_after_opening_and_with_a_reason(
    store: Store, place: Neighbourhood, reason: str, opened: bool, refusal: type[Broken]
) -> None:
    round_id = place.round_id
    if not opened:
        with store.writing() as session:
            row = session.get_one(Round, round_id)
            columns = {c.key: getattr(row, c.key) for c in Round.__table__.columns if c.key != "id"}
            made = Round(**(columns | {"state": "draft"}))
            session.add(made)
            session.flush()
            round_id = made.id
    with nothing_changes(store), pytest.raises(refusal), store.writing() as session:
        change_rules(
            session, round_id=round_id, majority=Majority.TWO_THIRDS, preset=Preset.EQUAL, reason=reason,
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip


def test_the_desk_shows_only_rounds_of_the_own_area(app: Flask, place: Neighbourhood, store: Store) -> None:
    here = Visitor(app).log_in(email_of(Role.COACH)).get("/werk")
    there = Visitor(app).log_in(email_of(Role.COACH, "andere-wijk")).get("/werk")
    assert "Voorbeeldronde" in here.text
    assert "Voorbeeldronde" not in there.text
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Round)) == 1
