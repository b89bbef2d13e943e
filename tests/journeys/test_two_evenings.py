"""The same evening twice: once all on phones with wifi that comes and goes, once with no phone at all.

`make drill` holds it with forty people on PostgreSQL; PB_PEOPLE=40 does the same in a test run.
"""

import os
import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pb.decide.queries import count
from pb.divide.queries import division
from pb.evening.actions.planning import plan_evening
from pb.evening.queries import chain, evening_facts
from pb.evening.rules.chain import check_chain
from pb.migrate import migrate
from pb.panel.queries import card
from pb.panel.rules.cards import card_code, card_token, token_text
from pb.people.rules import Role
from pb.store.engine import Store
from support.databases import create
from support.evenings import HELD_ON, LOT_SEED, Asked, put_plans, seat_panel
from support.neighbourhood import NOW, PASSWORD, Neighbourhood, email_of, settle
from support.person import PHONE, Person
from support.server import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CARD_KEY = "k" * 40
# As many as a full room in the drill; fewer in each test run, for forty browsers are heavy.
PEOPLE = int(os.environ.get("PB_PEOPLE", "8"))
FLOOR = range(1, PEOPLE * 5 // 8 + 1)
PAPER = range(FLOOR.stop, PEOPLE * 7 // 8 + 1)
TABLET = range(PAPER.stop, PEOPLE + 1)
DESK = {"width": 1280, "height": 900}
PLANS = {
    "Moestuin op het plein": Asked(ask_cents=1_200_000, least_cents=600_000),
    "Repaircafé": Asked(ask_cents=480_000, least_cents=200_000),
}
# Where everybody stands in the end: seat 1 first. The first plan wins, the second loses.
STANDS: dict[str, tuple[int, ...]] = {
    title: tuple(random.Random(seed).choices((1, 2, 3, 4, 5), weights, k=PEOPLE))
    for title, seed, weights in (
        ("Moestuin op het plein", 1, (1, 2, 3, 7, 8)),
        ("Repaircafé", 2, (7, 6, 3, 2, 1)),
    )
}


@dataclass(frozen=True)
class Held:
    """What came of an evening: per plan its histogram and verdict, and the amounts."""

    verdicts: tuple[tuple[str, tuple[int, ...], str], ...]
    amounts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Room:
    """An evening that is served, ready for its doors."""

    base_url: str
    store: Store
    place: Neighbourhood
    evening_id: int
    seat_ids: tuple[int, ...]

    def token(self, number: int) -> str:
        return token_text(card_token(CARD_KEY.encode(), self.seat_ids[number - 1], self._serial(number)))

    def code(self, number: int) -> str:
        return card_code(CARD_KEY.encode(), self.seat_ids[number - 1], self._serial(number))

    def _serial(self, number: int) -> int:
        with self.store.reading() as session:
            return card(session, round_id=self.place.round_id, seat_id=self.seat_ids[number - 1]).serial

    def came_of_it(self) -> Held:
        """Read what was decided and divided, and see that the chain is whole."""
        with self.store.reading() as session:
            evening = evening_facts(session, evening_id=self.evening_id)
            counted = count(session, evening=evening)
            found = division(session, evening_id=self.evening_id)
            assert check_chain(chain(session, evening_id=self.evening_id)) == evening.head
        assert found is not None
        titles = {str(item.plan.number): item.plan.title for item in evening.items}
        return Held(
            tuple(
                (titles[plan], tuple(outcome.hist), outcome.status.value)
                for plan, outcome in sorted(counted.decisions.outcomes.items())
            ),
            tuple((line.plan.title, line.amount_cents) for line in found.lines),
        )


@contextmanager
def prepared(store: Store, folder: Path) -> Iterator[Room]:
    """Serve an evening of two plans for forty seats."""
    place = settle(store)
    seat_ids = tuple(seat_panel(store, place, PEOPLE, card_key=CARD_KEY.encode()))
    plans = put_plans(store, place, PLANS)
    with store.writing() as session:
        evening_id = plan_evening(
            session, round_id=place.round_id, name="Beslisavond", held_on=HELD_ON, place="Buurthuis",
            budget_cents=2_500_000, lot_seed=LOT_SEED, plan_ids=list(plans.values()),
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    url = store.engine.url.render_as_string(hide_password=False)
    with serving(url, folder, PB_CARD_KEY=CARD_KEY) as base_url:
        yield Room(base_url, store, place, evening_id, seat_ids)


def host_of(chromium: Browser, room: Room) -> Person:
    """Sit down at the console, and open the doors."""
    host = Person(chromium, room.base_url, size=DESK, checks=False)
    host.log_in(email_of(Role.FACILITATOR), PASSWORD).go(f"/avond/{room.evening_id}/console")
    return host.press("Volgende").reads("De deuren zijn open")


def finish(host: Person, chromium: Browser, room: Room) -> Held:
    """Decide as the scores say, divide, and let a second person confirm."""
    host.press("Volgende")
    for _plan in PLANS:
        host.press("Volgende")
    host.press("Volgende")
    host.press("het panel is het eens").reads("Het panel is het eens met deze verdeling")
    second = Person(chromium, room.base_url, checks=False).log_in(email_of(Role.AREA_MANAGER), PASSWORD)
    second.go(f"/avond/{room.evening_id}").press("Bekijk en bevestig de verdeling").press("Ik bevestig")
    return room.came_of_it()


class Wifi:
    """Wifi that goes away and comes back, for one phone after another, from a seed."""

    def __init__(self, pages: list[Page], seed: int) -> None:
        self.pages = pages
        self.chance = random.Random(seed)
        self.gone: set[int] = set()

    def cut(self, number: int, chance: float = 0.5) -> None:
        if self.chance.random() < chance:
            self.pages[number].context.set_offline(True)
            self.gone.add(number)

    def mend(self, number: int) -> None:
        if number in self.gone:
            self.pages[number].context.set_offline(False)
            self.gone.discard(number)


def sit_down(chromium: Browser, room: Room) -> list[Page]:
    """Give everybody a phone, and scan everybody's card."""
    pages = []
    for number in range(1, PEOPLE + 1):
        page = chromium.new_context(viewport=PHONE, locale="nl-NL", reduced_motion="reduce").new_page()
        page.goto(f"{room.base_url}/kaart#{room.token(number)}")
        page.get_by_role("button", name="Ja, dat klopt").click()
        page.wait_for_url("**/stoel")
        pages.append(page)
    return pages


def tap(page: Page, score: int) -> None:
    page.locator(f"button.figure[value='{score}']").click()


def play_on_phones(pages: list[Page], stands: Sequence[int], wifi: Wifi) -> None:
    """Everybody stands somewhere, moves, and ends where they end; half of the taps are made without wifi."""
    for number, page in enumerate(pages):
        page.wait_for_selector("form.figures", timeout=20_000)
        wifi.cut(number)
        tap(page, wifi.chance.randint(1, 5))
    for number, page in enumerate(pages):
        tap(page, stands[number])
        if number in wifi.gone and number % 4 == 0:
            # Somebody puts the phone away and opens the page again, still without wifi.
            page.reload()
            page.wait_for_selector("form.figures")
    for number in range(PEOPLE):
        wifi.mend(number)
    for page, score in zip(pages, stands, strict=True):
        page.wait_for_selector(".state strong.received", timeout=30_000)
        assert page.locator(f"button.figure[value='{score}']").get_attribute("aria-pressed") == "true"


def let_in(chromium: Browser, room: Room, ways: dict[int, str]) -> None:
    """Let everybody in at the door, and say how they stand on a figure."""
    helper = Person(chromium, room.base_url, size=DESK, checks=False)
    helper.log_in(email_of(Role.FACILITATOR), PASSWORD).go(f"/avond/{room.evening_id}/deur")
    for number in range(1, PEOPLE + 1):
        helper.page.locator(f"#stoel-{number} button.guest").click()
        expect(helper.page.locator(f"#stoel-{number}.inside")).to_be_visible()
    for number, way in ways.items():
        button = helper.page.locator(f"#stoel-{number} .stand button", has_text=way)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    helper.context.close()


def evening_on_phones(chromium: Browser, room: Room) -> Held:
    """Hold it all on phones, with wifi that comes and goes."""
    host = host_of(chromium, room)
    let_in(chromium, room, {})
    pages = sit_down(chromium, room)
    wifi = Wifi(pages, seed=7)
    for title in PLANS:
        host.press("Volgende").reads(title)
        host.press("Volgende").reads("praten en cijfers")
        play_on_phones(pages, STANDS[title], wifi)
        host.reads(f"{PEOPLE} van {PEOPLE} mensen")
        host.press("Volgende").reads("cijfers gesloten")
    held = finish(host, chromium, room)
    for page in pages:
        page.context.close()
    return held


def evening_without_phones(chromium: Browser, room: Room) -> Held:
    """Hold it on the floor, on paper and with one tablet."""
    host = host_of(chromium, room)
    let_in(chromium, room, dict.fromkeys(FLOOR, "vloer") | dict.fromkeys(PAPER, "papier"))
    walker = Person(chromium, room.base_url, checks=False).log_in(email_of(Role.FACILITATOR), PASSWORD)
    tablet = Person(chromium, room.base_url, size=DESK, checks=False)
    for title in PLANS:
        host.press("Volgende").reads(title)
        host.press("Volgende").reads("praten en cijfers")
        count_floor(walker, room, STANDS[title])
        for number in TABLET:
            pass_the_tablet(tablet, room, number, STANDS[title][number - 1])
        host.reads(f"En {len(PAPER)} op papier")
        host.press("Volgende").reads("cijfers gesloten")
    host.press("Volgende").reads(f"Er zijn nog {len(PAPER) * len(PLANS)} cijfers op papier die niet tellen")
    for role in (Role.FACILITATOR, Role.AREA_MANAGER):
        type_forms(Person(chromium, room.base_url, size=DESK, checks=False), room, role)
    host.go(f"/avond/{room.evening_id}/console")
    return finish(host, chromium, room)


def count_floor(walker: Person, room: Room, stands: Sequence[int]) -> None:
    """Count heads twice: halfway, and when everybody stands still."""
    walker.go(f"/avond/{room.evening_id}/vloer")
    heads = [stands[number - 1] for number in FLOOR]
    for counted in (heads[: len(heads) // 2], heads):
        for figure in range(1, 6):
            walker.page.locator(f"input[name='heads_{figure}']").fill(str(counted.count(figure)))
        walker.reads(f"{len(counted)} van {len(FLOOR)} mensen op de vloer geteld")
        expect(walker.page.locator(".kept")).to_have_text(re.compile("Bewaard (✓|door)"))


def pass_the_tablet(tablet: Person, room: Room, number: int, score: int) -> None:
    """Type the code of a card, tap, and pass it on."""
    tablet.go(f"/avond/{room.evening_id}/tablet")
    tablet.page.locator("#code").fill(room.code(number).lower())
    tablet.press("Verder").reads(f"Stoel {number}: waar sta jij?")
    tablet.page.locator(f"button.figure[value='{score}']").click()
    tablet.reads("Geef de tablet door")


def type_forms(typist: Person, room: Room, role: Role) -> None:
    """Type every paper form once."""
    typist.log_in(email_of(role), PASSWORD)
    for number in PAPER:
        typist.go(f"/avond/{room.evening_id}/papier")
        typist.page.locator("#stoel").fill(str(number))
        typist.press("Typ dit formulier").reads(f"Formulier van stoel {number}")
        for place, title in enumerate(PLANS):
            typist.page.locator("input.key").nth(place).fill(str(STANDS[title][number - 1]))
        typist.press("Bewaar dit formulier").reads(f"Stoel {number} is bewaard.")


def same_evening_twice(chromium: Browser, urls: Sequence[str], folder: Path) -> None:
    """Hold it both ways, and compare what came of it."""
    results = []
    for url, hold in zip(urls, (evening_on_phones, evening_without_phones), strict=True):
        (folder / hold.__name__).mkdir()
        store = Store(url)
        try:
            migrate(store)
            with prepared(store, folder / hold.__name__) as room:
                results.append(hold(chromium, room))
        finally:
            store.engine.dispose()
    on_phones, without = results
    expected = tuple(tuple(stands.count(figure) for figure in range(1, 6)) for stands in STANDS.values())
    assert tuple(histogram for _title, histogram, _status in on_phones.verdicts) == expected
    assert len({status for _title, _histogram, status in on_phones.verdicts}) == 2
    assert sum(cents for _title, cents in on_phones.amounts) > 0
    assert without == on_phones


@pytest.mark.drill
def test_equal_positions_give_equal_results_on_phones_and_without_any(
    chromium: Browser, tmp_path: Path
) -> None:
    same_evening_twice(chromium, [f"sqlite:///{tmp_path / name}.db" for name in ("one", "two")], tmp_path)


@pytest.mark.drill
def test_equal_positions_give_equal_results_on_postgresql_too(
    chromium: Browser, postgresql: str, tmp_path: Path
) -> None:
    same_evening_twice(
        chromium, [create(postgresql, name) for name in ("evening_one", "evening_two")], tmp_path
    )
