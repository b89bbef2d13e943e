"""A room divides the pot itself: on phones, one of them without a network, without script, and on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pb.decide.queries import number_of
from pb.divide.inputs import work_out
from pb.divide.queries import division
from pb.divide.rules import Facts, divide
from pb.evening.actions.joining import sit_down
from pb.evening.queries import evening_facts
from pb.panel.queries import seats
from pb.people.rules import Role
from pb.rounds.rules import Preset
from pb.store.engine import Store
from support.neighbourhood import NOW, PASSWORD, email_of
from support.person import Person
from support.server import serving
from support.together import hold_together, settle_with
from support.wire import Wire, wire_to

pytestmark = pytest.mark.browser
CARD_KEY = "k" * 40
SOON = 10_000
AT_HAND = """async () => {
    if (!navigator.serviceWorker.controller) return false;
    const kept = await caches.open("beslisavond-seat");
    const paths = (await kept.keys()).map((one) => new URL(one.url).pathname);
    return ["/stoel", "/phone.js", "/own.js", "/live.js", "/own.css"]
        .every((end) => paths.some((path) => path.endsWith(end)));
}"""


def test_a_room_divides_the_pot_and_nothing_that_anybody_gave_is_lost(
    chromium: Browser, store: Store, database_url: str, tmp_path: Path
) -> None:
    place = settle_with(store, Preset.TOGETHER)
    evening_id = hold_together(store, place, card_key=CARD_KEY.encode())
    path = f"/avond/{evening_id}"

    def sits(context: BrowserContext, number: int, base_url: str) -> None:
        with store.writing() as session:
            seat = seats(session, round_id=place.round_id)[number - 1]
            secret = sit_down(session, evening_id=evening_id, seat_id=seat.id, now=NOW)
        context.add_cookies([{"name": "seat", "value": secret, "url": base_url}])

    def phone(number: int, base_url: str, *, script: bool = True, worker: bool = False) -> Person:
        person = Person(chromium, base_url, script=script, checks=False)
        person.context.set_default_timeout(SOON)
        if not worker:
            person.context.add_init_script("delete Navigator.prototype.serviceWorker")
        sits(person.context, number, base_url)
        return person.go(f"{path}/stoel")

    with serving(database_url, tmp_path, PB_CARD_KEY=CARD_KEY) as base_url, wire_to(base_url) as wire:
        host = Person(chromium, base_url, size={"width": 1280, "height": 800}, checks=False)
        host.log_in(email_of(Role.FACILITATOR), PASSWORD).go(f"{path}/console")
        host.reads("0 van 6 verdeelden de pot")

        with_buttons(phone(1, base_url))
        second = without_a_network(phone(2, wire.base_url, worker=True), wire)
        third = with_nonsense(phone(3, base_url))
        fourth = phone(4, base_url, script=False)
        fourth.page.locator("#plan_2").fill("1.250")
        fourth.press("Stuur in").reads("Ontvangen ✓")
        host.reads("4 van 6 verdeelden de pot")
        fifth = phone(5, base_url)
        on_paper(host, path)
        in_place_of_paper(fifth.page)

        # What comes after the closing is told so, and what came before counts.
        wire.cut()
        plus(second.page, "Zwemles voor moeders", 1)
        says(second.page, "Nog niet verstuurd")
        host.go(f"{path}/console").reads("5 van 6 verdeelden de pot").press("sluit en reken uit")
        host.press("Toch sluiten")
        host.reads("Zo wordt het geld verdeeld")
        wire.mend()
        says(second.page, "Je laatste verandering kwam te laat")
        assert gave(second.page) == ["€ 0", "€ 1.500", "€ 500"]
        says(third.page, "Wat jij gaf")
        assert gave(third.page) == ["€ 10.000", "€ 0", "€ 2.500"]
        check(second)
        fourth.press("Ververs deze pagina").reads("Wat jij gaf")

    gifts = [
        (500_000, 50_000, 0),
        (0, 150_000, 50_000),
        (1_000_000, 0, 250_000),
        (0, 125_000, 0),
        (0, 0, 900_000),
    ]
    with store.reading() as session:
        evening = evening_facts(session, evening_id=evening_id)
        found = division(session, evening_id=evening_id)
        worked = work_out(session, evening, [])
    assert found is not None
    numbers = [number_of(item) for item in evening.items[:3]]
    alone = divide(
        worked.decisions.ranking, worked.plans, worked.config, budget_cents=evening.budget_cents,
        cap_cents=worked.cap_cents,
        facts=Facts(
            stats={},
            proposals={str(n): dict(zip(numbers, cents, strict=True)) for n, cents in enumerate(gifts)},
        ),
    )  # fmt: skip
    assert {str(line.plan.number): line.amount_cents for line in found.lines if line.decided_yes} == dict(
        alone.amounts
    )


def with_buttons(person: Person) -> None:
    page = person.page
    plus(page, "Moestuin op het plein", 11)
    minus(page, "Moestuin op het plein", 1)
    plus(page, "Repaircafé", 1)
    assert left(page) == "€ 14.500"
    says(page, "Ontvangen ✓")
    assert page.locator("[data-part]").first.get_attribute("width") == "250"
    expect(page.locator("[data-say]")).to_contain_text("Repaircafé: € 500. Nog te verdelen: € 14.500.")
    check(person)


def without_a_network(person: Person, wire: Wire) -> Person:
    page = person.page
    for _try in range(SOON // 100):
        if page.evaluate(AT_HAND):
            break
        page.wait_for_timeout(100)
    plus(page, "Repaircafé", 2)
    says(page, "Ontvangen ✓")
    wire.cut()
    page.reload()
    # The page that was kept is older than what was received; the phone knows better.
    says(page, "Ontvangen ✓")
    assert (left(page), page.locator("#plan_2").input_value()) == ("€ 19.000", "1.000")
    plus(page, "Repaircafé", 1)
    plus(page, "Zwemles voor moeders", 1)
    says(page, "Nog niet verstuurd")
    page.reload()
    says(page, "Nog niet verstuurd")
    assert left(page) == "€ 18.000"
    wire.mend()
    says(page, "Ontvangen ✓")
    assert page.locator("#plan_2").input_value() == "1.500"
    return person


def with_nonsense(person: Person) -> Person:
    page = person.page
    typed(page, 1, "10.000")
    assert page.locator("[data-plan='1'] [data-by='1']").get_attribute("aria-disabled") == "true"
    typed(page, 3, "2500")
    says(page, "Ontvangen ✓")
    for text, told in (
        ("veel", "Typ een heel bedrag"), ("12,50", "Typ een heel bedrag"), ("-1", "Typ een heel bedrag"),
        ("30.001", "hoogstens € 30.000"), ("10.001", "Voor dit plan is er nog € 10.000"),
    ):  # fmt: skip
        typed(page, 3, text)
        expect(page.locator("#plan_3-fout")).to_contain_text(told)
        expect(page.locator("#plan_3-fout")).to_contain_text("telt € 2.500")
        assert left(page) == "€ 7.500"
        assert page.locator("#plan_3").input_value() == text
    check(person)
    return person


def on_paper(host: Person, path: str) -> None:
    host.go(f"{path}/verdelen/formulieren?van=5&tot=5").reads("1 formulier")
    check(host)
    host.go(f"{path}/verdelen/papier").type("Stoelnummer", "5").press("Typ dit formulier")
    host.page.locator("#plan_3").fill("9000")
    host.page.locator("#samen").fill("900")
    host.press("Bewaar dit formulier").reads("de bedragen zijn samen € 9.000")
    check(host)
    host.page.locator("#samen").fill("9.000")
    host.press("Bewaar dit formulier").reads("Het formulier van stoel 5 is bewaard")


def check(person: Person) -> None:
    """See whether the page as it is now is for everybody."""
    person.checks = True
    person.look()
    person.checks = False


def in_place_of_paper(page: Page) -> None:
    plus(page, "Repaircafé", 1)
    says(page, "Van jouw stoel is een papieren formulier ingetypt")
    says(page, "Zet eerst het vinkje")
    # What was typed from paper does not count for this phone until its holder says so.
    plus(page, "Zwemles voor moeders", 18)
    page.get_by_label("komt in de plaats van het papier").check()
    says(page, "Ontvangen ✓")
    expect(page.locator("[data-ask]")).to_have_count(0)
    assert left(page) == "€ 10.500"


def plus(page: Page, title: str, times: int) -> None:
    press(page, f"{title}: €\u00a0500 erbij", times)


def minus(page: Page, title: str, times: int) -> None:
    press(page, f"{title}: €\u00a0500 eraf", times)


def press(page: Page, name: str, times: int) -> None:
    for _ in range(times):
        page.get_by_role("button", name=name).click()


def typed(page: Page, plan: int, text: str) -> None:
    page.locator(f"#plan_{plan}").fill(text)
    page.locator(f"#plan_{plan}").blur()


def left(page: Page) -> str:
    return page.locator("[data-rest]").inner_text().replace("\u00a0", " ")


def says(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words, timeout=SOON)


def gave(page: Page) -> list[str]:
    """Give what stands in the table of this phone, plan 1 first."""
    rows = page.locator("[data-own-after] tbody tr")
    found = {row.locator("th").inner_text(): row.locator("td").first.inner_text() for row in rows.all()}
    return [
        found[title].replace("\u00a0", " ")
        for title in ("Moestuin op het plein", "Repaircafé", "Zwemles voor moeders")
    ]
