"""People divide the pot on their phones: the newest counts, nothing is seen by others, nothing is lost."""

import json
from datetime import timedelta

import pytest
from flask import Flask

from pb.decide.queries import number_of
from pb.divide.actions import hand_in, propose
from pb.divide.inputs import work_out
from pb.divide.queries import division
from pb.divide.rules import Facts, divide
from pb.evening.actions.joining import check_in
from pb.evening.queries import evening_facts
from pb.evening.rules.floor import Way
from pb.evening.rules.steps import Stage
from pb.evening.tables import Involvement
from pb.people.rules import Role
from pb.store.engine import Store
from pb.store.journal import seat
from support.neighbourhood import NOW
from support.room import Hall, Phone, nothing_changes
from support.together import PLANS, given, plan_at, sends, together_hall
from support.visitor import Page, Visitor

CLOSE = {"step": "own"}


@pytest.fixture
def hall(app: Flask, store: Store) -> Hall:
    """Give a hall of six in which everybody divides the pot; plan 4 got a no."""
    return together_hall(app, store)


def own_page(phone: Phone, status: int = 200) -> Page:
    return phone.get(f"{phone.hall.path}/stoel", status)


def by_form(phone: Phone, typed: dict[int, str], status: int = 200, **more: str) -> Page:
    """Fill in the page as somebody without script does, and send it."""
    fields = {f"plan_{plan_at(phone.hall, at)}": text for at, text in typed.items()}
    return phone.fill(f"{phone.hall.path}/stoel", fields | more, status=status, form="form.own")


def close(host: Visitor, hall: Hall, status: int = 200, **more: str) -> Page:
    host.get(f"{hall.path}/console")
    return host.post(f"{hall.path}/verdelen/sluit", CLOSE | more, status=status)


def on_paper(hall: Hall, number: int, euros: dict[int, int], instead_of: int | None = None) -> None:
    with hall.store.writing() as session:
        hand_in(
            session, evening_id=hall.evening_id, seat_id=hall.seat_ids[number - 1], way=Way.PAPER,
            shares={plan_at(hall, at): amount * 100 for at, amount in euros.items()}, instead_of=instead_of,
            who=hall.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip


# -- the page of a seat -------------------------------------------------------------------------------------


def test_the_page_holds_the_plans_with_a_yes_their_limits_and_what_is_left(hall: Hall) -> None:
    page = own_page(Phone(hall, 1))
    assert page.title == "Verdeel zelf de pot"
    rows = page.all("[data-plan]")
    assert [row.attributes["data-limit"] for row in rows] == ["1000000", "500000", "3000000"]
    assert "vroeg € 40.000" in page.text.replace("\u00a0", " ")
    assert "hoogstens € 30.000" in page.text.replace("\u00a0", " ")
    assert "minstens € 2.000 nodig" in page.text.replace("\u00a0", " ")
    assert "Straatfeest" not in page.text
    names = [one.attributes["aria-label"] for one in page.all("[data-by]")]
    for words in ("500 eraf", "100 eraf", "100 erbij", "500 erbij"):
        assert f"Repaircafé: €\u00a0{words}" in names
    assert "Nog te verdelen: € 20.000" in page.text.replace("\u00a0", " ")
    # Without script there are no buttons that do nothing.
    assert all("hidden" in one.attributes for one in page.all(".own-buttons"))
    assert "Stoel 1" in page.html
    assert "hidden" in page.one(".what-code").attributes  # no code yet, so nothing to explain


def test_somebody_without_script_hands_in_changes_and_sees_the_receipt(hall: Hall) -> None:
    phone = Phone(hall, 1)
    page = by_form(phone, {1: "5.000", 2: "€ 2500", 3: ""})
    assert given(hall) == {1: ({1: 500_000, 2: 250_000}, "phone")}
    receipt = page.one("form.own").attributes["data-receipt"] or ""
    assert len(receipt) == 5
    assert f"Ontvangen ✓ {receipt}" in page.text
    assert "je bonnetje" in page.one(".what-code").text()
    assert "hidden" not in page.one(".what-code").attributes
    assert "Nog te verdelen: € 12.500" in page.text.replace("\u00a0", " ")
    assert page.values("form.own")[f"plan_{plan_at(hall, 1)}"] == "5.000"
    again = by_form(phone, {1: "0", 2: "0"})
    assert given(hall) == {1: ({}, "phone")}
    assert again.one("form.own").attributes["data-receipt"] != receipt


WRONG: list[tuple[dict[int, str], int | None, str]] = [
    ({1: "veel", 2: "100"}, 1, "geen bedrag"),
    ({1: "12,50"}, 1, "hele euro’s"),
    ({1: "-5"}, 1, "lager zijn dan 0"),
    ({3: "30.001"}, 3, "hoogstens € 30.000"),
    ({1: "10.000", 2: "5.000", 3: "5.001"}, None, "€ 1 meer dan er in de pot zit"),
]


def test_what_is_wrong_is_said_at_its_field_and_everything_typed_is_still_there(hall: Hall) -> None:
    phone = Phone(hall, 2)
    own_page(phone)
    with nothing_changes(hall.store):
        for typed, at, said in WRONG:
            page = by_form(phone, typed, status=422)
            for place, text in typed.items():
                assert page.one(f"#plan_{plan_at(hall, place)}").attributes["value"] == text
            wrong = f"#plan_{plan_at(hall, at)}-fout" if at else "form.own > .wrong"
            assert said in page.one(wrong).text().replace("\u00a0", " ")
            assert len(page.all("[aria-invalid]")) == (1 if at else 0)
            where = ": kijk bij het rode bedrag." if at else "."
            assert (
                page.one("[data-state]").text()
                == page.one("[data-say]").text()
                == f"Nog niet verstuurd{where}"
            )
            if at:
                assert page.one(f"#plan_{plan_at(hall, at)}").attributes["aria-invalid"] == "true"


def test_a_plan_of_ones_own_has_no_buttons_but_a_reason(hall: Hall) -> None:
    with hall.store.writing() as session:
        item_id = hall.now_at().item(2).id
        session.add(Involvement(item_id=item_id, seat_id=hall.seat_ids[0], reason="interest"))
    phone = Phone(hall, 1)
    page = own_page(phone)
    assert len(page.all("[data-plan]")) == 2
    assert "Repaircafé" in page.text
    assert "Bij dit plan ben je zelf betrokken" in page.text
    answer = sends(phone, 1, {2: 100})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "divide.own-plan")
    assert given(hall) == {}


def test_whoever_left_divides_nothing_until_they_are_back(hall: Hall) -> None:
    phone = Phone(hall, 1)
    hall.leave(1)
    page = own_page(phone)
    assert not page.all("form.own")
    assert "Meld je weer bij de deur" in page.text
    assert sends(phone, 1, {1: 100}).status_code == 403
    hall.come_in(1)
    assert sends(phone, 1, {1: 100}).status_code == 200


# -- messages of a script -----------------------------------------------------------------------------------


def test_the_newest_message_counts_and_the_same_twice_is_one(hall: Hall) -> None:
    phone = Phone(hall, 3)
    first = sends(phone, 1, {1: 500}).get_json()
    assert (first["status"], first["n"]) == ("stored", 1)
    seq = hall.now_at().seq
    assert sends(phone, 1, {1: 500}).get_json() == first
    assert hall.now_at().seq == seq
    assert sends(phone, 4, {1: 1500}).get_json()["n"] == 4
    late = sends(phone, 2, {1: 1000}).get_json()
    assert (late["status"], late["n"]) == ("overtaken", 4)
    assert given(hall) == {3: ({1: 150_000}, "phone")}
    # A change of mind and back is the same amounts: the number goes up, the chain does not grow.
    seq = hall.now_at().seq
    assert sends(phone, 5, {1: 1500}).get_json()["status"] == "stored"
    assert hall.now_at().seq == seq


def test_what_is_no_division_is_refused_and_changes_nothing(hall: Hall) -> None:
    phone = Phone(hall, 3)
    other = plan_at(hall, 4)
    path = f"{hall.path}/mijn-verdeling"
    with nothing_changes(hall.store):
        for n, amount in ((0, 100), (-1, 100), (2**31, 100), ("1", 100), (True, 100), (1.0, 100)):
            assert sends(phone, n, {1: amount}).status_code == 422
        for cents in (50, -100, 100.0, "100", True, None, 3_000_100):
            body = {"n": 1, "shares": {str(plan_at(hall, 3)): cents}}
            assert phone.send_json(path, body).status_code == 422, cents
        for body in ({"n": 1}, {"n": 1, "shares": [1]}, {"n": 1, "shares": {str(other): 100}}):
            assert phone.send_json(path, body).status_code == 422, body
        assert phone.send_json(path, {"n": 1, "shares": {"999999": 100}}).status_code == 404
        assert phone.send_json(path, [1]).status_code == 415
        assert phone.raw("POST", path, data={"n": "1"}).status_code == 415
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert phone.send_json(path, {"n": 1, "shares": {}}, headers=foreign).status_code == 403
        assert sends(phone, 1, {1: 10_000, 2: 5_000, 3: 5_001}).get_json()["code"] == "divide.given-too-much"
    stranger = Visitor(hall.app)
    assert stranger.send_json(path, {"n": 1, "shares": {}}).status_code == 404


def test_paper_and_phone_take_each_others_place_only_when_somebody_says_so(hall: Hall) -> None:
    phone = Phone(hall, 1)
    on_paper(hall, 1, {1: 3000})
    page = own_page(phone)
    assert "Van jouw stoel is een papieren formulier ingetypt" in page.text
    assert page.one("#instead").attributes["value"] == "1"
    refused = sends(phone, 2, {1: 4000})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "divide.already-given")
    assert sends(phone, 2, {1: 4000}, instead=7).status_code == 409
    assert by_form(phone, {1: "4000"}, status=409).one("#instead-fout")
    assert given(hall) == {1: ({1: 300_000}, "paper")}
    assert sends(phone, 2, {1: 4000}, instead=1).get_json()["status"] == "stored"
    assert given(hall) == {1: ({1: 400_000}, "phone")}
    assert not own_page(phone).all("#instead")
    on_paper(hall, 1, {2: 100}, instead_of=2)
    assert by_form(phone, {1: "0", 2: "200"}, instead="3")
    assert given(hall) == {1: ({2: 20_000}, "phone")}


# -- console, screen, closing -------------------------------------------------------------------------------


def test_console_and_screen_count_and_show_nobodys_amounts(hall: Hall) -> None:
    host = hall.staff()
    sends(Phone(hall, 2), 1, {1: 7500, 3: 1250})
    page = host.get(f"{hall.path}/console")
    assert page.title == "Iedereen verdeelt de pot"
    assert "1 van 6 verdeelde de pot" in page.text
    assert "Stoel 1, 3, 4, 5, 6" in page.text
    screen = Visitor(hall.app).get(hall.screen_path())
    assert screen.title == "Verdeel zelf de pot"
    assert "1 van 6 verdeelde de pot" in screen.text
    assert "Straatfeest" not in screen.text
    assert screen.all(".qr-box")
    for one in (page, screen):
        assert "7.500" not in one.html
        assert "1.250" not in one.html
    seq = hall.now_at().seq
    sends(Phone(hall, 4), 1, {})
    assert hall.now_at().seq > seq
    assert "2 van 6 verdeelden de pot" in host.get(f"{hall.path}/console").text


def test_closing_asks_first_while_somebody_divided_nothing_and_with_nobody_it_cannot_be(hall: Hall) -> None:
    host = hall.staff()
    page = close(host, hall, 409)
    assert "Nog niemand heeft de pot verdeeld" in page.one(".press .ask-first").text()
    for number in (1, 2, 3, 4):
        sends(Phone(hall, number), 1, {2: 4000})
    asked = close(host, hall)
    assert "Nog 2 mensen verdeelden niets. Toch sluiten? Het gaat om stoel 5, 6." in asked.text
    sends(Phone(hall, 5), 1, {})
    asked = close(host, hall)
    assert "Nog 1 persoon verdeelde niets. Toch sluiten? Het gaat om stoel 6." in asked.text
    assert asked.one("#volgende [name=seen]").attributes["value"] == "1"
    assert not asked.all("[data-key=n]")
    with hall.store.reading() as session:
        assert division(session, evening_id=hall.evening_id) is None
    assert "Zo wordt het geld verdeeld" in close(host, hall, seen="1").text
    # A second press, or one that comes late, changes nothing.
    with nothing_changes(hall.store):
        close(host, hall, seen="1")


def test_the_amounts_are_the_trimmed_mean_of_what_people_gave(hall: Hall) -> None:
    gifts = {1: {1: 5000, 2: 2000, 3: 9000}, 2: {1: 1000, 3: 19000}, 3: {2: 5000}, 4: {1: 10000}, 5: {}}
    for number, euros in gifts.items():
        sends(Phone(hall, number), 1, euros)
    on_paper(hall, 6, {1: 2000, 2: 2000, 3: 2000})
    gifts[6] = {1: 2000, 2: 2000, 3: 2000}
    close(hall.staff(), hall)
    with hall.store.reading() as session:
        found = division(session, evening_id=hall.evening_id)
        evening = evening_facts(session, evening_id=hall.evening_id)
        worked = work_out(session, evening, [])
    assert found is not None
    proposals = {
        str(number): {number_of(evening.item(at)): euros * 100 for at, euros in given_by.items()}
        for number, given_by in gifts.items()
    }
    alone = divide(
        worked.decisions.ranking, worked.plans, worked.config, budget_cents=evening.budget_cents,
        cap_cents=worked.cap_cents, facts=Facts(stats={}, proposals=proposals),
    )  # fmt: skip
    assert {str(line.plan.number): line.amount_cents for line in found.funded} == {
        plan: cents for plan, cents in alone.amounts.items() if cents
    }
    published = found.inputs["proposals"]
    assert published[number_of(evening.item(1))] == [0, 0, 100_000, 200_000, 500_000, 1_000_000]


def test_after_closing_the_phone_shows_its_own_beside_what_came_of_it_and_to_nobody_else(hall: Hall) -> None:
    phones = {number: Phone(hall, number) for number in (1, 2, 6)}
    sends(phones[1], 1, {1: 5100, 2: 2200})
    sends(phones[2], 1, {3: 9000})
    stale = own_page(phones[2])
    host = hall.staff()
    close(host, hall, seen="1")
    answer = sends(phones[1], 2, {1: 100})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "divide.own-closed")
    late = phones[2].post(f"{hall.path}/mijn-verdeling-formulier", stale.values("form.own"), status=409)
    assert "Zelf verdelen kan nu niet meer" in late.text
    page = own_page(phones[1])
    rows = {
        row.css_first("th").text(): row.css("td")[0].text()
        for row in page.all("[data-own-after] tbody tr, [data-own-after] tfoot tr")
    }
    assert rows["Moestuin op het plein"] == "€\u00a05.100"
    assert rows["Zwemles voor moeders"] == "€\u00a00"
    assert rows["Over"] == "€\u00a012.700"
    assert json.loads(page.one("[data-own-after]").attributes["data-given"] or "") == {
        str(plan_at(hall, 1)): 510_000, str(plan_at(hall, 2)): 220_000
    }  # fmt: skip
    assert "Je gaf zelf geen bedragen" in own_page(phones[6]).text
    hall.confirm()
    assert "Wat jij gaf" in own_page(phones[1]).text
    for visitor, path in (
        (host, f"{hall.path}/console"), (Visitor(hall.app), hall.screen_path()),
        (phones[6], f"{hall.path}/stoel"), (hall.staff(Role.OFFICER), f"{hall.path}/bevestig"),
        (Visitor(hall.app), f"/uitslag/{hall.evening_id}"),
    ):  # fmt: skip
        html = visitor.raw("GET", path).get_data(as_text=True)
        assert "5.100" not in html, path


def test_how_many_divided_and_what_a_minimum_lifted_is_said_wherever_the_amounts_stand(hall: Hall) -> None:
    hall.leave(6)
    for number in range(1, 6):
        sends(Phone(hall, number), 1, {1: 5000, 2: 100} if number < 5 else {1: 5000})
    host, officer = hall.staff(), hall.staff(Role.OFFICER)
    close(host, hall)
    # Whoever comes back or goes home later was no part of it.
    hall.come_in(6)
    with hall.store.writing() as session:
        check_in(
            session, evening_id=hall.evening_id, seat_id=hall.seat_ids[0], inside=False,
            who=hall.place.who(Role.FACILITATOR), now=NOW + timedelta(minutes=1),
        )  # fmt: skip
    with hall.store.reading() as session:
        found = division(session, evening_id=hall.evening_id)
    assert found is not None
    assert found.divided is not None
    lifted = "Mensen gaven samen € 80; het plan krijgt zijn minimum, omdat het anders niet kan."
    console, screen = f"{hall.path}/console", hall.screen_path()
    hall.agree()
    pages = [
        (host, console, lifted), (Visitor(hall.app), screen, "minimum"),
        (officer, f"{hall.path}/bevestig", lifted),
        (host, f"{hall.path}/verslag", lifted),
    ]  # fmt: skip
    hall.confirm_shown()
    pages.append((Visitor(hall.app), f"{hall.path}/uitslag", lifted))
    for visitor, path, told in pages:
        text = visitor.get(path).text.replace("\u00a0", " ")
        assert f"{found.divided.people} van de {found.divided.of} mensen verdeelden de pot." in text, path
        assert told in text, path
    assert found.divided.people == 5


def test_after_a_changed_amount_a_phone_tells_computed_and_decided_apart(hall: Hall) -> None:
    phones = [Phone(hall, number) for number in range(1, 7)]
    for phone in phones[:5]:
        sends(phone, 1, {1: 5000, 2: 3000})
    close(hall.staff(), hall, seen="1")
    hall.amend(1, 600_000)
    page = own_page(phones[0])
    assert "wat er samen uitkwam" not in page.text
    table = page.one("[data-own-after] table").text().replace("\u00a0", " ")
    assert "Besloten" in table
    assert "€ 6.000berekend € 5.000" in table
    assert "Daarna veranderde het panel een bedrag" in own_page(phones[5]).text


def test_no_amounts_are_published_when_few_gave_for_one_of_the_plans(hall: Hall) -> None:
    with hall.store.writing() as session:
        item_id = hall.now_at().item(2).id
        for seat_id in hall.seat_ids[:2]:
            session.add(Involvement(item_id=item_id, seat_id=seat_id, reason="interest"))
    for number in range(1, 7):
        sends(Phone(hall, number), 1, {1: 5000, 2: 100} if number > 2 else {1: 5000})
    close(hall.staff(), hall)
    with hall.store.reading() as session:
        found = division(session, evening_id=hall.evening_id)
    assert found is not None
    assert found.inputs["proposals"] is None
    hall.confirm()
    page = Visitor(hall.app).get(f"{hall.path}/uitslag")
    assert "Wat zij gaven, staat daarom niet in het bestand" in page.text
    assert "Mensen gaven samen minder; het plan krijgt zijn minimum" in page.text
    assert "Mensen gaven samen €" not in page.text


def test_where_the_rule_needs_nobodys_division_nobody_is_asked(app: Flask, store: Store) -> None:
    hall = together_hall(app, store, until=Stage.DECIDE)
    phone = Phone(hall, 1)
    assert sends(phone, 1, {1: 100}).status_code == 409
    assert "Verdeel zelf" not in own_page(phone).text


def test_whoever_handed_in_and_went_home_still_counts(hall: Hall) -> None:
    sends(Phone(hall, 1), 1, {1: 1000})
    with hall.store.writing() as session:
        check_in(
            session, evening_id=hall.evening_id, seat_id=hall.seat_ids[0], inside=False,
            who=hall.place.who(Role.FACILITATOR), now=NOW + timedelta(minutes=1),
        )  # fmt: skip
        with pytest.raises(Exception, match="not-checked-in"):
            hand_in(
                session, evening_id=hall.evening_id, seat_id=hall.seat_ids[0], shares={},
                who=seat(hall.seat_ids[0]), now=NOW,
            )  # fmt: skip
    page = hall.staff().get(f"{hall.path}/console")
    assert "0 van 5 verdeelden de pot" in page.text
    assert "1 persoon verdeelde en ging naar huis" in page.text
    assert "Nog 5 mensen verdeelden niets. Toch sluiten?" in close(hall.staff(), hall).text
    with hall.store.writing() as session:
        propose(
            session, evening_id=hall.evening_id, close_own=True, who=hall.place.who(Role.FACILITATOR), now=NOW
        )
    with hall.store.reading() as session:
        found = division(session, evening_id=hall.evening_id)
    assert found is not None
    assert found.total_cents > 0
    assert PLANS


# -- the countdown ------------------------------------------------------------------------------------------


def test_the_room_counts_down_before_dividing_closes_as_it_does_for_a_plan(hall: Hall) -> None:
    host, phone, other = hall.staff(), Phone(hall, 1), Visitor(hall.app)
    screen = hall.screen_path()
    console = host.get(f"{hall.path}/console")
    assert not console.all("#start-aftellen")  # nobody gave anything: there is nothing to close
    host.post(f"{hall.path}/aftellen", {"doe": "start", "version": str(hall.now_at().version)}, status=409)
    sends(phone, 1, {1: 100})
    host.get(f"{hall.path}/console")
    start = {"doe": "start", "version": str(hall.now_at().version)}
    console = host.post(f"{hall.path}/aftellen", start)
    assert hall.now_at().countdown_until is not None
    assert console.one(".count-down [data-until]").attributes["data-press"] == "0"
    assert console.one("#volgende [name=seen]").attributes["value"] == "1"
    assert "Sluit het verdelen nu" in console.one("#volgende-knop").text()
    assert "Het verdelen gaat bijna dicht" in other.get(screen).text
    assert "Het verdelen sluit zo." in own_page(phone).text
    sends(phone, 2, {1: 200})
    assert given(hall)[1][0] == {1: 20_000}

    host.get(f"{hall.path}/console")
    console = host.post(f"{hall.path}/aftellen", {"doe": "stop"})
    assert hall.now_at().countdown_until is None
    assert console.all("#start-aftellen")
    assert "sluit zo" not in own_page(phone).text
    assert not other.get(screen).all(".count-down")

    host.post(f"{hall.path}/aftellen", {"doe": "start", "version": str(hall.now_at().version)})
    done = close(host, hall, seen="1")
    assert "Zo wordt het geld verdeeld" in done.text
    assert hall.now_at().countdown_until is None
    host.post(f"{hall.path}/aftellen", {"doe": "start", "version": str(hall.now_at().version)}, status=409)
