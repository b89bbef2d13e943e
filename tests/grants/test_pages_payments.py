"""What finance sees of an evening, what an initiator fills in, and what nobody else sees."""

import re

import pytest

from pb.core.money import euros
from pb.evening.rules.steps import Stage
from pb.grants.tables import Payee
from pb.people.actions import add_account, give_role
from pb.people.queries import outbox
from pb.people.rules import Role
from pb.people.tables import Account
from pb.store.engine import Store
from support.evenings import Asked, divided, hold_evening
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.visitor import Page, Visitor

IBAN = "NL91 ABNA 0417 1643 00"
SCORES = {"Moestuin": [5, 5, 4, 4, 3], "Muziek": [5, 4, 4, 2, 4], "Bankje": [1, 2, 2, 1, 5]}
ANSWERS = {"kind": "stichting", "holder_name": "Stichting Café Één", "iban": IBAN, "kvk_number": "01234567"}


@pytest.fixture
def finance(visitor: Visitor, place: Neighbourhood) -> Visitor:
    return visitor.log_in(email_of(Role.FINANCE))


def as_role(finance: Visitor, role: Role, area: str = "wijk") -> Visitor:
    return Visitor(finance.app).log_in(email_of(role, area))


def list_path(evening_id: int) -> str:
    return f"/werk/avond/{evening_id}/betaallijst"


def payee_path(store: Store, evening_id: int, title: str) -> str:
    plan = next(line.plan for line in divided(store, evening_id).lines if line.plan.title == title)
    return f"{list_path(evening_id)}/{plan.id}"


def rows(page: Page) -> list[str]:
    return [" ".join(row.text(separator=" ").split()) for row in page.all("tbody tr")]


def test_before_an_evening_the_page_says_what_comes_first(finance: Visitor, place: Neighbourhood) -> None:
    page = finance.get(f"/werk/ronde/{place.round_id}/uitbetalen")
    assert "Er is nog niets om uit te betalen." in page.text
    assert "Eerst is er een beslisavond." in page.text


def test_the_round_shows_each_evening_with_its_total(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    first = hold_evening(store, place, SCORES, budget_cents=1_500_001)
    hold_evening(store, place, {"Later plan": [5, 5, 5, 5, 5]}, name="Tweede avond", until=Stage.DIVIDE)
    page = finance.get(f"/werk/ronde/{place.round_id}/uitbetalen")
    total = euros(divided(store, first).total_cents).replace("\xa0", " ")
    assert f"Besloten tot nu toe: {total} van € 75.000." in page.text
    assert "bij 2 plannen ontbreken gegevens" in page.text
    assert "wacht op bevestiging" in page.text
    assert page.one(f"a[href='{list_path(first)}']")


@pytest.mark.parametrize("role", [Role.OFFICER, Role.FACILITATOR])
def test_who_does_not_pay_sees_the_totals_and_no_account_numbers(
    finance: Visitor, store: Store, place: Neighbourhood, role: Role
) -> None:
    evening_id = hold_evening(store, place, SCORES)
    other = as_role(finance, role)
    page = other.get(f"/werk/ronde/{place.round_id}/uitbetalen")
    assert euros(divided(store, evening_id).total_cents) in page.html
    assert not page.all(f"a[href='{list_path(evening_id)}']")
    other.get(list_path(evening_id), status=403)


@pytest.mark.parametrize("role", [Role.COACH, Role.RESEARCHER, Role.ADMIN])
def test_others_do_not_come_in(finance: Visitor, place: Neighbourhood, role: Role) -> None:
    as_role(finance, role).get(f"/werk/ronde/{place.round_id}/uitbetalen", status=403)


def test_finance_of_another_area_learns_nothing(finance: Visitor, store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(store, place, SCORES)
    other = as_role(finance, Role.FINANCE, "andere-wijk")
    for path in (
        f"/werk/ronde/{place.round_id}/uitbetalen",
        list_path(evening_id),
        payee_path(store, evening_id, "Muziek"),
    ):
        other.get(path, status=404)
    other.post(list_path(evening_id), status=404)


def test_the_list_shows_the_total_twice_and_warns_about_what_is_missing(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES, asked={"Muziek": Asked(333_333)}, budget_cents=900_001)
    total = euros(divided(store, evening_id).total_cents)
    page = finance.get(list_path(evening_id))
    assert "Betaal pas als de beschikking is getekend." in page.text
    assert "Bij 2 van de 2 plannen ontbreken de betaalgegevens." in page.text
    assert rows(page) == [
        f"Samen op deze lijst {total}".replace("\xa0", " "),
        f"Besloten door het panel klopt ✓ {total}".replace("\xa0", " "),
    ]
    assert "Bankje" not in page.text


def test_finance_sees_no_scores(finance: Visitor, store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(store, place, SCORES)
    for path in (f"/werk/ronde/{place.round_id}/uitbetalen", list_path(evening_id)):
        page = finance.get(path)
        assert not page.all(".histogram")
        assert "cijfer" not in page.text
        assert "gaven een" not in page.text


def test_there_is_no_list_before_the_division_is_confirmed(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES, until=Stage.DIVIDE)
    page = finance.get(list_path(evening_id), status=409)
    assert "staat nog niet vast" in page.text
    finance.post(list_path(evening_id), status=409)


def test_the_area_manager_fills_in_what_came_on_paper(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES)
    manager = as_role(finance, Role.AREA_MANAGER)
    page = manager.fill(payee_path(store, evening_id, "Muziek"), ANSWERS)
    assert page.answer.request.path == list_path(evening_id)
    assert "Stichting Café Één" in page.text
    assert IBAN in page.text
    assert "Bij 1 van de 2 plannen" in page.text
    assert not page.all("main form")
    seen = manager.get(payee_path(store, evening_id, "Muziek"))
    assert "Stichting Cafe Een" in seen.text
    assert not seen.all("main form")


def test_what_was_typed_stays_when_something_is_wrong(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES)
    wrong = ANSWERS | {"iban": "NL91 ABNA 0417 1643 01", "holder_name": "=cmd|' /C calc'!A0"}
    page = finance.fill(payee_path(store, evening_id, "Muziek"), wrong, status=422)
    assert page.values()["iban"] == wrong["iban"]
    assert page.values()["holder_name"] == wrong["holder_name"]
    page = finance.fill(payee_path(store, evening_id, "Muziek"), {"kind": "stichting"}, status=422)
    assert "Vul het rekeningnummer in." in page.text


def test_a_person_with_a_number_of_the_chamber_is_told_at_the_field(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES)
    page = finance.fill(
        payee_path(store, evening_id, "Muziek"), ANSWERS | {"kind": "natuurlijk_persoon"}, status=422
    )
    assert "Een persoon heeft geen KvK-nummer." in page.one("#kvk_number-fout").text()


def test_a_change_takes_two_people(finance: Visitor, store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(store, place, SCORES)
    path = payee_path(store, evening_id, "Muziek")
    finance.fill(path, ANSWERS)
    page = finance.get(path)
    assert "iemand anders dan wie het invulde" in page.text
    refused = finance.post(path, ANSWERS | {"iban": "NL20INGB0001234567", "version": "1"}, status=403)
    assert "een collega van financiën" in refused.text
    with store.writing() as session:
        second = add_account(session, email="financien-2@wijk.example", name="Tweede", now=NOW)
        give_role(session, account_id=second, role=Role.FINANCE, area_id=place.area_id, now=NOW)
        session.get_one(Account, second).password_hash = session.get_one(
            Account, place.staff[Role.FINANCE]
        ).password_hash
    colleague = Visitor(finance.app).log_in("financien-2@wijk.example")
    form = colleague.get(path)
    assert form.values()["iban"] == form.values()["holder_name"] == ""
    changed = colleague.fill(path, ANSWERS | {"iban": "NL20INGB0001234567"})
    assert "rekening veranderd" in changed.text
    refused = colleague.post(list_path(evening_id), status=403)
    assert "maakt een collega van financiën de betaallijst" in refused.text


def test_a_plan_without_money_or_of_another_evening_has_no_form(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES, budget_cents=3_000_000)
    other = hold_evening(
        store, place, {"Later plan": [5, 5, 5, 5, 5]}, name="Tweede avond", budget_cents=1_000_000
    )
    finance.get(payee_path(store, evening_id, "Bankje"), status=404)
    later = payee_path(store, other, "Later plan").rpartition("/")[2]
    finance.get(f"{list_path(evening_id)}/{later}", status=404)


def test_one_account_in_two_names_is_asked_about_at_both_plans_and_at_the_list_and_never_refused(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES)
    garden, music = (payee_path(store, evening_id, title) for title in ("Moestuin", "Muziek"))
    manager = as_role(finance, Role.AREA_MANAGER)
    for path in (garden, music):
        manager.fill(path, ANSWERS, form="main form")
    asked = "op een andere naam. Klopt dat?"
    assert asked not in finance.get(list_path(evening_id)).text
    assert "Moestuin’ (Voorbeeldronde), op dezelfde naam." in finance.get(music).text
    with store.writing() as session:
        session.get_one(Payee, int(music.rpartition("/")[2])).holder_name = "Iemand anders"
    for who in (finance, manager):
        for path, other in ((garden, "Muziek"), (music, "Moestuin")):
            text = who.get(path).text
            assert f"Dit rekeningnummer staat ook bij plan ‘{other}’ (Voorbeeldronde) {asked}" in text
        listed = who.get(list_path(evening_id)).text
        assert listed.count(f"(Voorbeeldronde) {asked}") == 2
        assert "Bij 2 plannen staat een rekeningnummer dat ook bij een ander plan staat" in listed
    assert (
        as_role(finance, Role.FINANCE)
        .fill(list_path(evening_id), {}, form="main form")
        .all("a[href$='.xlsx']")
    )


def test_finance_makes_the_list_once_and_downloads_it(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES)
    page = finance.fill(list_path(evening_id), {}, form="main form")
    links = [node.attributes["href"] or "" for node in page.all("main a.button")]
    assert [link.rpartition(".")[2] for link in links] == ["xlsx", "csv"]
    finance.post(list_path(evening_id))
    assert [
        node.attributes["href"] for node in finance.get(list_path(evening_id)).all("main a.button")
    ] == links
    first, second = (finance.raw("GET", links[0]).data for _time in range(2))
    assert first == second
    assert first[:2] == b"PK"
    answer = finance.raw("GET", links[1])
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert (
        answer.headers["Content-Disposition"]
        == f'attachment; filename="betaallijst-L{links[1].rpartition("-")[2]}"'
    )
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_list_that_no_longer_holds_is_not_given(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(store, place, SCORES)
    page = finance.fill(list_path(evening_id), {}, form="main form")
    link = page.all("main a.button")[0].attributes["href"] or ""
    finance.fill(payee_path(store, evening_id, "Muziek"), ANSWERS)
    page = finance.get(list_path(evening_id))
    assert "De gegevens zijn veranderd sinds de vorige lijst." in page.text
    assert "Geldt niet meer." in page.text
    finance.get(link, status=409)
    finance.get(link.replace("lijst-", "lijst-9"), status=404)


def test_only_finance_downloads(finance: Visitor, store: Store, place: Neighbourhood) -> None:
    evening_id = hold_evening(store, place, SCORES)
    page = finance.fill(list_path(evening_id), {}, form="main form")
    link = page.all("main a.button")[0].attributes["href"] or ""
    manager = as_role(finance, Role.AREA_MANAGER)
    manager.get(link, status=403)
    manager.post(list_path(evening_id), status=403)
    assert Visitor(finance.app).get(link).title == "Inloggen"


def initiator(store: Store, place: Neighbourhood, finance: Visitor) -> tuple[int, Visitor]:
    """Make an account of an initiator, and a browser that is not logged in yet."""
    with store.writing() as session:
        account_id = add_account(session, email="initiatief@post.example", name="", now=NOW)
    return account_id, Visitor(finance.app)


def log_in_by_link(store: Store, own: Visitor) -> None:
    own.fill("/inloggen", {"email": "initiatief@post.example"}, form="form#link")
    with store.reading() as session:
        link = re.search(r"http://127\.0\.0\.1:8000(/inloggen/link\?t=\S+)", outbox(session)[0].body)
    assert link
    own.fill(link[1], {})


def test_an_initiator_fills_in_where_the_money_goes_and_cannot_change_it(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    account_id, own = initiator(store, place, finance)
    evening_id = hold_evening(store, place, SCORES, asked={"Muziek": Asked(initiator_id=account_id)})
    plan_id = payee_path(store, evening_id, "Muziek").rpartition("/")[2]
    other_id = payee_path(store, evening_id, "Moestuin").rpartition("/")[2]
    path = f"/plan/{plan_id}/betaalgegevens"
    assert own.get(path).title == "Inloggen"
    log_in_by_link(store, own)
    mine = own.get("/mijn-plannen")
    assert "Het panel gaf je plan €" in mine.text
    assert mine.one(f"#plan-{plan_id} .actions a[href='{path}']")
    assert "intrekken" not in mine.text
    page = own.fill(path, ANSWERS | {"kind": "natuurlijk_persoon", "kvk_number": ""})
    assert page.answer.request.path == path
    assert IBAN in page.text
    assert not page.all("main form")
    refused = own.post(path, ANSWERS | {"iban": "NL20INGB0001234567", "version": "1"}, status=403)
    assert "Alleen financiën" in refused.text
    own.get(f"/plan/{other_id}/betaalgegevens", status=404)
    own.get("/plan/99999/betaalgegevens", status=404)
    finance.get(path, status=404)
    assert "Stichting Café Één" in finance.get(list_path(evening_id)).text


def test_an_initiator_without_money_is_asked_nothing(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    account_id, own = initiator(store, place, finance)
    evening_id = hold_evening(
        store, place, SCORES, asked={"Bankje": Asked(initiator_id=account_id)}, until=Stage.DIVIDE
    )
    log_in_by_link(store, own)
    waits = own.get("/mijn-plannen").text
    assert "Het panel beslist over je plan op een beslisavond." in waits
    assert "intrekken" not in waits
    for title in ("Bankje", "Moestuin"):
        plan_id = payee_path(store, evening_id, title).rpartition("/")[2]
        own.get(f"/plan/{plan_id}/betaalgegevens", status=404)


def test_the_pages_speak_english(place: Neighbourhood, finance: Visitor, store: Store) -> None:
    evening_id = hold_evening(store, place, SCORES)
    english = Visitor(finance.app, "en").log_in(email_of(Role.FINANCE))
    for path in (list_path(evening_id), payee_path(store, evening_id, "Muziek")):
        assert english.get(path).one("html").attributes["lang"] == "en"


def test_a_form_that_was_open_in_two_windows_keeps_what_was_typed_and_says_what_happened(
    finance: Visitor, store: Store, place: Neighbourhood
) -> None:
    path = payee_path(store, hold_evening(store, place, SCORES), "Moestuin")
    manager = as_role(finance, Role.AREA_MANAGER)
    manager.post(path, ANSWERS | {"version": "0"})
    later = ANSWERS | {"holder_name": "Stichting Tweede Venster", "version": "0"}
    for who in (manager, finance):
        page = who.post(path, later, status=409)
        assert "of jij deed dat zelf in een ander venster" in page.text
        assert page.values("form:has(#iban)")["holder_name"] == "Stichting Tweede Venster"
        assert "Stichting Café Één" in page.text
    assert "Alleen financiën" in manager.post(path, later, status=409).text
    # Finance looked at what stands there now, and sends the same form once more.
    again = page.values("form:has(#iban)")
    finance.post(path, {name: str(value) for name, value in again.items() if name != "csrf_token"})
    assert "Stichting Tweede Venster" in finance.get(path).text
    # Whoever may not change it, and saw what is there, is refused as ever.
    manager.post(path, ANSWERS | {"version": "2"}, status=403)
