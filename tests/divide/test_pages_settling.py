"""On the console: change an amount, say what the panel says; nothing that was typed is lost."""

import pytest
from flask import Flask

from pb.decide.rules.panel_decides import Way
from pb.divide.rules.explaining import Code, Step
from pb.minutes.said import bare, said
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood
from support.room import Hall, Phone, nothing_changes, open_hall
from support.visitor import Page, Visitor

REASON = "Zij hebben al een kas. <b>Dat scheelt.</b>"


@pytest.fixture
def divided(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening of two plans, 10,000 each from a pot of 16,000: 8,000 each."""
    return open_hall(app, store, place, moment="divide", budget_cents=1_600_000)


def console(hall: Hall) -> str:
    return f"{hall.path}/console"


def change(position: int) -> str:
    return f"form[action$='/bedrag/{position}']"


def typed(position: int, amount: str, reason: str) -> dict[str, str]:
    return {f"plan-{position}-amount_cents": amount, f"plan-{position}-reason": reason}


def line_of(page: Page, position: int) -> str:
    """Read what stands in the list at a plan, without its form."""
    for line in page.all(".amount-list > li"):
        number = line.css_first("b")
        if number is not None and number.text() == str(position):
            return " ".join(part.text() for part in line.css(".of, .sum, .changed")).replace("\u00a0", " ")
    raise AssertionError(position)


def test_an_amount_is_changed_and_taken_back_on_the_console(divided: Hall) -> None:
    host = divided.staff()
    page = host.get(console(divided))
    assert "Hoogstens € 10.000. Nul mag ook." in page.text.replace("\u00a0", " ")
    assert "8.000" in line_of(page, 1)
    page = host.fill(console(divided), typed(1, "9.000", REASON), form=change(1))
    assert line_of(page, 1).endswith(f"berekend € 8.000 → besloten € 9.000: {REASON}")
    assert "berekend € 8.000 → besloten € 7.000, doordat een ander plan" in line_of(page, 2)
    seen = Phone(divided, 1).get(f"{divided.path}/stoel").text.replace("\u00a0", " ")
    assert "berekend € 8.000, besloten € 9.000" in seen
    screen = Visitor(divided.app).get(divided.screen_path()).text.replace("\u00a0", " ")
    assert "Plan 1 veranderd: berekend € 8.000, besloten € 9.000." in screen
    assert "Daardoor veranderde ook 1 ander plan." in screen
    assert "Daardoor veranderde ook 1 ander plan. Zeg dat in de zaal." in page.text.replace("\u00a0", " ")
    page = host.fill(console(divided), {}, form="form[action$='/bedrag/1/terug']")
    assert "berekend" not in line_of(page, 1)
    assert not page.all(".changed, form[action$='/terug']")


@pytest.mark.parametrize(
    ("amount", "reason", "field", "told"),
    [
        ("", "", "amount_cents", "Vul het nieuwe bedrag in"),
        ("9.000", "", "reason", "waarom het panel dit bedrag verandert"),
        ("9.000", "--- 1", "reason", "waarom het panel dit bedrag verandert"),
        ("10.000,01", "Meer.", "amount_cents", "hoogstens"),
        ("-5", "Min.", "amount_cents", ""),
        ("veel", "Veel.", "amount_cents", ""),
        ("9" * 40, "Veel.", "amount_cents", ""),
        ("9.000", "x" * 1001, "reason", ""),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(
    divided: Hall, amount: str, reason: str, field: str, told: str
) -> None:
    host = divided.staff()
    with nothing_changes(divided.store):
        page = host.fill(console(divided), typed(1, amount, reason), form=change(1), status=422)
    held = page.values(change(1))
    assert (held["plan-1-amount_cents"], held["plan-1-reason"].strip()) == (amount, reason)
    wrong = page.one(f"#plan-1-{field}-fout").text()
    assert told in wrong
    assert len(wrong) > len("Fout: ")
    assert "open" in page.one("#verander-1").attributes
    assert page.values(change(2))["plan-2-reason"].strip() == ""


def test_everything_that_is_wrong_with_a_change_is_said_at_once(divided: Hall) -> None:
    host = divided.staff()
    for amount, told in (("10.000,01", "hoogstens"), ("veel", ""), ("", "Vul het nieuwe bedrag in")):
        with nothing_changes(divided.store):
            page = host.fill(console(divided), typed(1, amount, " "), form=change(1), status=422)
        assert told in page.one("#plan-1-amount_cents-fout").text()
        assert "waarom het panel" in page.one("#plan-1-reason-fout").text()


def test_who_is_too_late_sees_the_console_as_it_is_now_with_what_was_typed(divided: Hall) -> None:
    host, manager = divided.staff(), divided.staff(Role.AREA_MANAGER)
    late = host.get(console(divided))
    held = late.values(change(2)) | typed(2, "5.000", REASON)
    agreeing, restoring = late.values("form.next"), {"getoond": divided.shown_sha256()}
    manager.fill(console(divided), typed(1, "9.000", "Eerder begonnen."), form=change(1))
    with nothing_changes(divided.store):
        page = host.post(f"{divided.path}/bedrag/2", held, status=409)
        assert "De verdeling is intussen veranderd" in page.text
        assert "9.000" in line_of(page, 1)
        assert page.values(change(2))["plan-2-reason"].strip() == REASON
        again = page.values(change(2))
        for path, answers in (("akkoord", agreeing), ("bedrag/1/terug", restoring)):
            page = host.post(f"{divided.path}/{path}", answers, status=409)
            assert "De verdeling is intussen veranderd" in page.text
            assert page.one("form.next")
    # What stands there now can be sent as it is: it is about the division as it is now.
    page = host.post(f"{divided.path}/bedrag/2", again)
    assert "besloten € 5.000" in line_of(page, 2)


def test_what_the_panel_says_is_recorded_and_shown_everywhere(divided: Hall) -> None:
    host = divided.staff()
    page = host.get(console(divided))
    assert page.one("form.next button").text(strip=True).endswith("het panel is het eens")
    assert [one.attributes["value"] for one in page.all("[name=way][type=radio]")] == ["majority", "rule"]
    with nothing_changes(divided.store):
        for answers, told in (
            ({"way": "majority"}, "Tel hoeveel mensen"),
            ({"way": "majority", "in_favour": "3", "against": "3"}, "Tel hoeveel mensen"),
            ({"way": "majority", "in_favour": "60", "against": "3"}, "Er zijn 6 mensen binnen"),
            ({"way": "majority", "in_favour": "veel", "against": "3"}, "heel getal"),
            ({"way": "iets"}, "Kies een van de mogelijkheden"),
        ):
            page = host.fill(console(divided), answers, form=".other-word form", status=422)
            assert told in page.text
            held = page.values(".other-word form")
            assert all(held.get(name, "") == value for name, value in answers.items() if value != "iets")
            assert "open" in page.one(".other-word").attributes
    host.fill(
        console(divided), {"way": "majority", "in_favour": "4", "against": "2"}, form=".other-word form"
    )  # fmt: skip
    words = "De meeste mensen zijn voor deze verdeling: 4 voor, 2 tegen."
    phone, stranger = Phone(divided, 1), Visitor(divided.app)
    places = (
        host.get(console(divided)), stranger.get(divided.screen_path()), phone.get(f"{divided.path}/stoel"),
        divided.staff(Role.OFFICER).get(f"{divided.path}/bevestig"), host.get(f"{divided.path}/verslag"),
    )  # fmt: skip
    for page in places:
        assert words in page.text, page.path
    assert places[0].one("p.next a").attributes["href"] == f"{divided.path}/bevestig"
    page = host.fill(console(divided), {"way": "consensus"}, form=".other-word form")
    assert "Het panel is het eens met deze verdeling." in page.text


def test_with_a_changed_amount_the_rule_alone_cannot_stand(divided: Hall) -> None:
    host = divided.staff()
    held = host.get(console(divided)).values(".other-word form") | {"way": "rule"}
    divided.amend(1, 900_000)
    with nothing_changes(divided.store):
        page = host.post(f"{divided.path}/akkoord", held | {"getoond": divided.shown_sha256()}, status=409)
    assert "Er zijn bedragen veranderd" in page.one("#way-fout").text()
    assert page.values(".other-word form")["way"] == "rule"
    assert not host.get(console(divided)).all("#way-rule")


def test_the_page_to_confirm_waits_for_the_panel_and_says_who_changed_what(divided: Hall) -> None:
    officer, path = divided.staff(Role.OFFICER), f"{divided.path}/bevestig"
    divided.amend(1, 900_000, REASON, by=Role.AREA_MANAGER)
    page = officer.get(path)
    assert "nog niets over deze verdeling gezegd" in page.text
    assert not page.all("main form")
    with nothing_changes(divided.store):
        held = {"getoond": divided.shown_sha256()}
        assert "nog niets over deze verdeling gezegd" in officer.post(path, held, status=409).text
    divided.agree(way=Way.MAJORITY, in_favour=5, against=1)
    page = officer.get(path)
    for told in (
        REASON,
        "5 voor, 1 tegen",
        "Plan 1 veranderd door Proef area_manager",
        "Berekend",
        "Besloten",
    ):
        assert told in page.text, told
    manager = divided.staff(Role.AREA_MANAGER)
    assert "er een bedrag in veranderd" in manager.get(path).text
    assert not manager.get(path).all("main form")
    with nothing_changes(divided.store):
        page = manager.post(path, {"getoond": divided.shown_sha256()}, status=403)
        assert "Iemand anders bevestigt hem" in page.text
    page = officer.get(path)
    held = page.values("main form")
    divided.amend(2, 100_000)
    with nothing_changes(divided.store):
        page = officer.post(path, held, status=409)
        assert "een andere dan op jouw scherm" in page.text
        assert not page.all("main form")


def test_once_it_stands_the_console_offers_no_change_and_refuses_one(divided: Hall) -> None:
    host = divided.staff()
    held = host.get(console(divided)).values(change(1)) | typed(1, "9.000", REASON)
    divided.confirm()
    assert not host.get(console(divided)).all(".change, .other-word, form.next")
    with nothing_changes(divided.store):
        for what in ("bedrag/1", "bedrag/1/terug", "akkoord"):
            page = host.post(f"{divided.path}/{what}", held | {"way": "rule"}, status=409)
            assert "al bevestigd" in page.text
            assert page.one("h1").text() == "De uitslag staat vast"


def test_strangers_and_other_staff_change_nothing(divided: Hall) -> None:
    held = {"getoond": divided.shown_sha256(), "way": "consensus", **typed(1, "9.000", REASON)}
    host, other = divided.staff(), divided.staff(Role.FACILITATOR, "andere-wijk")
    colleagues = [divided.staff(role) for role in (Role.OFFICER, Role.COACH, Role.FINANCE)]
    with nothing_changes(divided.store):
        for what in ("bedrag/1", "bedrag/1/terug", "akkoord"):
            assert Visitor(divided.app).post(f"{divided.path}/{what}", held).title == "Inloggen"
            for colleague in colleagues:
                colleague.post(f"{divided.path}/{what}", held, status=403)
            other.post(f"{divided.path}/{what}", held, status=404)
        for position in (0, 3, 10**12):
            held = {"getoond": divided.shown_sha256(), **typed(position, "9.000", REASON)}
            host.post(f"{divided.path}/bedrag/{position}", held, status=404)
            host.post(f"{divided.path}/bedrag/{position}/terug", held, status=404)


def test_what_did_not_fit_before_the_panel_changed_an_amount_is_told_as_before(app: Flask) -> None:
    steps = [Step(Code.AFTER_STOP, {})]
    with app.test_request_context():
        before, plain = (bare(said("divide/_why.html", "why", steps, changed)) for changed in (True, False))
    assert before == f"Zo was het in de berekening, voordat het panel een bedrag veranderde. {plain}"
