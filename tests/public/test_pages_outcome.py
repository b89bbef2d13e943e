"""What everyone can read after an evening: what was computed, what was decided, why this amount."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from pb.decide.rules.panel_decides import Way
from pb.divide.cases import run_case
from pb.divide.recompute.command import main as recompute
from pb.evening.queries.seals import seals
from pb.evening.rules.steps import Stage
from pb.people.actions import add_account
from pb.people.queries import outbox
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import Asked, Verdict, confirm_shown, divided, hold_evening, seat_panel
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.visitor import Page, Visitor

SCORES = {
    "Moestuin": [5, 5, 4, 4, 3, 5],
    "Muziek": [1, 2, 4, 2, 3, 2],
    "Repaircafé": [5, 4, 4, 5, 2, 4],
    "Kunst": [1, 2, 1, 2, 3, 1],
    "Zwemles": [4, None, 4, None, None, None],
}
VERDICTS = {
    "Muziek": Verdict(True, "De jeugd heeft nu niets.", minority_view="Eerst tellen hoeveel jongeren komen."),
    "Repaircafé": Verdict(False, "De bibliotheek begint er zelf mee.", Way.MAJORITY),
}


def held(store: Store, place: Neighbourhood, **changes: object) -> int:
    options: dict[str, object] = {"asked": {"Moestuin": Asked(1_234_567)}, "verdicts": VERDICTS} | changes
    return hold_evening(store, place, SCORES, **options)  # type: ignore[arg-type]


def sheet(page: Page, title: str) -> str:
    """What stands about one plan, white space folded."""
    found = [node for node in page.all("article") if node.css_first("h3").text().strip() == title]
    assert len(found) == 1
    return " ".join(found[0].text(separator=" ").split())


def test_an_outcome_is_for_nobody_until_two_people_stand_for_it(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = held(store, place, until=Stage.DIVIDE)
    visitor.get(f"/avond/{evening_id}/uitslag", status=404)
    assert visitor.raw("GET", f"/avond/{evening_id}/uitslag.json").status_code == 404
    assert "Zo is er beslist" not in visitor.get("/").text
    assert "Zo is er beslist" not in visitor.get(f"/ronde/{place.round_id}").text
    assert "Het panel zei" not in visitor.get(f"/ronde/{place.round_id}/plan/1").text
    with store.writing() as session:
        confirm_shown(session, place, evening_id)
    assert visitor.get(f"/avond/{evening_id}/uitslag").title == "Uitslag: Eerste beslisavond"
    visitor.get("/avond/999/uitslag", status=404)


def test_the_sums_on_the_page_are_those_of_the_division(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = held(store, place, budget_cents=1_700_001)
    division = divided(store, evening_id)
    page = visitor.get(f"/avond/{evening_id}/uitslag")
    cells = [node.text().strip() for node in page.all(".amounts tbody td:last-child")]
    shown = [0 if cell == "nee" else _cents(cell) for cell in cells]
    assert shown == [line.amount_cents for line in division.lines]
    assert sum(shown) == division.total_cents
    totals = [_cents(node.text()) for node in page.all(".amounts tfoot td.num")]
    assert totals == [division.total_cents, division.leftover_cents]
    assert division.total_cents + division.leftover_cents == 1_700_001
    told = [node.text() for node in page.all("article summary strong") if "krijgt €" in node.text()]
    per_plan = [_cents(words) for words in told]
    assert per_plan == [line.amount_cents for line in division.funded]


def test_computed_and_decided_are_told_apart(visitor: Visitor, store: Store, place: Neighbourhood) -> None:
    page = visitor.get(f"/avond/{held(store, place)}/uitslag")
    followed = sheet(page, "Moestuin")
    assert "Volgens de cijfers: ja. 5 van de 6 mensen gaven een 4 of 5." in followed
    assert "Besloten: ja. Het panel volgde de cijfers." in followed
    raised = sheet(page, "Muziek")
    assert "Volgens de cijfers: nee. 1 van de 6 mensen gaf een 4 of 5." in raised
    assert "Besloten: ja. Het panel werd het samen anders eens." in raised
    assert "De reden: De jeugd heeft nu niets." in raised
    assert "De minderheid vond: Eerst tellen hoeveel jongeren komen." in raised
    dropped = sheet(page, "Repaircafé")
    assert "Volgens de cijfers: ja." in dropped
    assert "Besloten: nee. Een meerderheid van het panel besloot anders." in dropped
    assert "De reden: De bibliotheek begint er zelf mee." in dropped
    assert "krijgt geen geld" in dropped


def test_a_no_says_why_and_what_now(visitor: Visitor, store: Store, place: Neighbourhood) -> None:
    page = visitor.get(f"/avond/{held(store, place)}/uitslag")
    for title in ("Repaircafé", "Kunst", "Zwemles"):
        assert "Wat nu? Dit plan mag je veranderen" in sheet(page, title)
        assert "Bezwaar maken kan alleen tegen het officiële besluit" in sheet(page, title)
    assert "Wat nu?" not in sheet(page, "Moestuin")


def test_a_yes_for_which_there_was_no_money_says_so(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    asked = {"Moestuin": Asked(1_000_000), "Muziek": Asked(1_000_000, 900_000)}
    evening_id = held(store, place, asked=asked, budget_cents=1_000_000)
    text = sheet(visitor.get(f"/avond/{evening_id}/uitslag"), "Muziek")
    assert "Besloten: ja." in text
    assert "krijgt geen geld" in text
    assert "in deze ronde is er nu over beslist. Wie het maakte, mag een nieuw plan indienen" in text
    # What staff read of it is the same, and nobody is asked to ask themselves.
    manager = Visitor(visitor.app).log_in(email_of(Role.AREA_MANAGER))
    desk = f"/werk/ronde/{place.round_id}"
    page = manager.get(f"{desk}/plannen")
    tags = [node.text() for node in page.all(".plans .tag")]
    assert [tag.replace("\xa0", " ") for tag in tags] == [
        "krijgt € 10.000", "ja, geen geld", "nee", "nee", "nee",
    ]  # fmt: skip
    link = next(node for node in page.all(".plans a") if node.text() == "Muziek").attributes["href"] or ""
    page = manager.get(link)
    assert "In deze ronde is over dit plan beslist." in page.text
    assert not page.all("form#opnieuw")
    page = manager.post(f"{link}/opnieuw", {"version": "1"}, status=409)
    assert "er is al over beslist" in page.text
    assert "wijkmanager" not in page.one("main").text()


def test_few_scores_are_not_shown_anywhere(visitor: Visitor, store: Store, place: Neighbourhood) -> None:
    evening_id = held(store, place)
    page = visitor.get(f"/avond/{evening_id}/uitslag")
    drawn = {
        node.parent.css_first("h3").text().strip() for node in page.all("details > .histogram") if node.parent
    }
    assert drawn == {"Moestuin", "Muziek", "Repaircafé", "Kunst"}
    assert "Maar 2 van de 6 mensen gaven een cijfer." in sheet(page, "Zwemles")
    proof = json.loads(visitor.raw("GET", f"/avond/{evening_id}/uitslag.json").data)
    counts = {plan["plan"]: plan["hist"] for plan in proof["inputs"]["plans"]}
    assert counts == {
        "1": [0, 0, 1, 2, 3],
        "2": [1, 3, 1, 1, 0],
        "3": [0, 1, 0, 3, 2],
        "4": [3, 2, 1, 0, 0],
        "5": None,
    }


def test_the_whole_explanation_is_there_for_who_wants_it(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    page = visitor.get(f"/avond/{held(store, place)}/uitslag")
    details = page.all("article details")
    assert len(details) == 5
    assert not any("open" in node.attributes for node in details)
    assert "Dit plan vroeg" in details[0].text()
    assert "staat op plaats 1 van 2" in details[0].text()
    printed = visitor.get(page.one("a[href$='?alles=1#waarom']").attributes["href"] or "")
    assert all("open" in node.attributes for node in printed.all("article details"))


def test_who_took_part_is_told_in_numbers_only(visitor: Visitor, store: Store, place: Neighbourhood) -> None:
    seat_panel(store, place, 8)
    page = visitor.get(f"/avond/{held(store, place, present=7)}/uitslag")
    assert "7 van de 8 stoelen waren er. 7 mensen deden mee op een van deze manieren" in page.text
    assert "7 stoelen, allemaal op uitnodiging. Er is niet geloot." in page.text
    assert "Stoel 1" not in page.html
    assert "Proef" not in page.html


def test_the_panels_outcome_is_not_called_the_decision_of_the_municipality(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    page = visitor.get(f"/avond/{held(store, place)}/uitslag")
    assert "De gemeente maakt er per plan nog een officieel besluit van: de beschikking." in page.text


def test_anyone_can_check_the_hashes(visitor: Visitor, store: Store, place: Neighbourhood) -> None:
    evening_id = held(store, place)
    division = divided(store, evening_id)
    page = visitor.get(f"/avond/{evening_id}/uitslag")
    links = {node.attributes["href"] or "" for node in page.all("dl.facts a")}
    assert len(links) == 2
    hashes = set()
    for link in links:
        answer = visitor.raw("GET", link)
        assert answer.content_type == "application/json"
        hashes.add(hashlib.sha256(answer.data).hexdigest())
    assert hashes == {node.text() for node in page.all("dl.facts .code")} - {
        "trekking van 25 november: 4 8 15 16 23 42"
    }
    assert division.sha256 in hashes
    proof = json.loads(visitor.raw("GET", f"/avond/{evening_id}/uitslag.json").data)
    assert sum(proof["result"]["amounts"].values()) == division.total_cents
    assert proof["inputs"]["lot_seed"] in page.text


def test_the_page_promises_what_the_commands_say_and_shows_the_seal(
    visitor: Visitor, store: Store, place: Neighbourhood, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evening_id = held(store, place)
    page = visitor.get(f"/avond/{evening_id}/uitslag")
    code = [" ".join(node.text().split()) for node in page.all(".code")]
    assert "python -m pb recompute uitslag.json" in code
    link = next(node for node in page.all("a[download]") if node.attributes["download"] == "uitslag.json")
    file = tmp_path / "uitslag.json"
    file.write_bytes(visitor.raw("GET", link.attributes["href"] or "").data)
    assert recompute([str(file)]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert last in code
    assert last.startswith("EQUAL. All 5 plans come out the same: EUR ")
    case = json.loads(visitor.raw("GET", f"/avond/{evening_id}/narekenen.json").data)
    found: Any = run_case(case)
    assert found["runs"][0]["result"] == case["runs"][0]["expected"]
    with store.reading() as session:
        end = seals(session, evening_id=evening_id).end
    assert page.one(".seal").text() == end
    assert f"python -m pb verify BESTAND --seal {end}" in page.text


def test_each_plan_has_its_own_page_with_the_whole_explanation(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = held(store, place, asked={"Moestuin": Asked(1_234_567, 600_000)}, budget_cents=1_700_000)
    outcome = visitor.get(f"/avond/{evening_id}/uitslag")
    for line in divided(store, evening_id).lines:
        path = f"/avond/{evening_id}/uitslag/plan/{line.plan.number}"
        assert outcome.one(f".got a[href='{path}']").text() == line.plan.title
        page = visitor.get(path)
        assert page.title == line.plan.title
        assert len(page.all("main ol li")) <= 7
        shown = dict(
            zip(
                (node.text() for node in page.all("dl dt")), (node.text() for node in page.all("dl dd")),
                strict=True,
            )
        )  # fmt: skip
        assert _cents(shown["Gevraagd"]) == line.plan.ask_cents
        if line.decided_yes:
            assert _cents(shown["Berekend"]) == _cents(shown["Besloten"]) == line.amount_cents
        else:
            assert "Besloten: nee." in page.text
            assert "Wat nu? Dit plan mag je veranderen" in page.text
        # The plan's own page says what came of it, and leads here.
        plan = visitor.get(f"/ronde/{place.round_id}/plan/{line.plan.number}")
        assert plan.one("main .notice a").attributes["href"] == path
        assert plan.one("main .notice .tag").text() == ("ja" if line.decided_yes else "nee")
        assert ("krijgt geen geld" in plan.one("main .notice").text()) == (not line.amount_cents)
    moestuin = visitor.get(f"/avond/{evening_id}/uitslag/plan/1").text
    assert "Hadden 2 mensen anders gekozen, dan was het een nee." in moestuin
    assert "Dit plan staat op plaats 1 van 2." in moestuin
    few = visitor.get(f"/avond/{evening_id}/uitslag/plan/5")
    assert not few.all(".histogram")
    assert "Minder dan vijf mensen gaven een cijfer." in few.text
    raised = visitor.get(f"/avond/{evening_id}/uitslag/plan/2").text
    assert "De reden: De jeugd heeft nu niets." in raised
    assert "De minderheid vond: Eerst tellen hoeveel jongeren komen." in raised


def test_the_explanation_is_there_for_programs_too_and_says_of_few_people_only_how_many(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = held(store, place)
    told = json.loads(visitor.raw("GET", f"/avond/{evening_id}/uitleg.json").data)
    lines = {str(line.plan.number): line for line in divided(store, evening_id).lines}
    assert {one["plan"]: one["final"] for one in told["plans"]} == {
        number: line.amount_cents for number, line in lines.items()
    }
    for one in told["plans"]:
        assert [step["code"] for step in one["steps"]] == [step.code for step in lines[one["plan"]].steps]
    steps = {one["plan"]: one["steps"][0] for one in told["plans"]}
    assert {"support", "need", "margin_people"} <= steps["1"].keys()
    assert steps["5"].keys() == {"code", "status", "rule", "scorers", "eligible", "quorum"}


def test_a_plan_has_no_page_of_an_outcome_that_is_not_there(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = held(store, place, until=Stage.DIVIDE)
    for path in ("uitslag/plan/1", "narekenen.json", "uitleg.json"):
        assert visitor.raw("GET", f"/avond/{evening_id}/{path}").status_code == 404
    with store.writing() as session:
        confirm_shown(session, place, evening_id)
    visitor.get(f"/avond/{evening_id}/uitslag/plan/1")
    visitor.get(f"/avond/{evening_id}/uitslag/plan/99", status=404)


def test_an_evening_without_any_money_has_a_page_too(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, {"Kunst": [1, 1, 2, 1, 2]}, budget_cents=1_000_000)
    page = visitor.get(f"/avond/{evening_id}/uitslag")
    assert "0 van de 1 plannen krijgen geld. Samen € 0 van € 10.000." in page.text.replace("\xa0", " ")


def test_the_initiator_is_asked_where_the_money_goes_and_nobody_else(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    with store.writing() as session:
        initiator_id = add_account(session, email="initiatief@post.example", name="", now=NOW)
    evening_id = held(store, place, asked={"Moestuin": Asked(initiator_id=initiator_id)})
    path = f"/avond/{evening_id}/uitslag"
    assert "Jouw plan" not in visitor.get(path).text
    visitor.fill("/inloggen", {"email": "initiatief@post.example"}, form="form#link")
    with store.reading() as session:
        link = re.search(r"http://127\.0\.0\.1:8000(/inloggen/link\?t=\S+)", outbox(session)[0].body)
    assert link
    visitor.fill(link[1], {})
    page = visitor.get(path)
    assert "Jouw plan ‘Moestuin’ krijgt geld." in page.text
    target = page.one(".notice.good a").attributes["href"] or ""
    assert visitor.get(target).title == "Waar mag het geld naartoe?"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_stands_in_both_languages(
    visitor: Visitor, store: Store, place: Neighbourhood, language: str
) -> None:
    evening_id = held(store, place)
    page = Visitor(visitor.app, language).get(f"/avond/{evening_id}/uitslag")
    assert page.one("html").attributes["lang"] == language


def _cents(shown: str) -> int:
    whole, _comma, part = re.sub(r"[^\d,]", "", shown).partition(",")
    return int(whole) * 100 + int(part or 0)
