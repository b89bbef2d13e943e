"""A phone in a real browser on a bad network: nothing lost, nothing twice, nothing said too soon."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from pb.evening.actions.joining import sit_down
from pb.evening.actions.moving import press_next
from pb.evening.actions.taking_over import stop_phone_of
from pb.evening.queries import evening_facts
from pb.evening.rules.seen import write_seen
from pb.evening.rules.steps import Stage
from pb.evening.tables import Event, Score
from pb.panel.queries import card, seats
from pb.panel.rules.cards import card_code
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import hold_evening
from support.neighbourhood import NOW, PASSWORD, Neighbourhood, email_of, settle
from support.person import PHONE, Person
from support.server import serving
from support.wire import Wire, wire_to

pytestmark = pytest.mark.browser
CARD_KEY = "k" * 40
SECRET_KEY = "s" * 40
SOON = 15_000
PACKED = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}


@dataclass
class Room:
    """An evening with its first plan open for figures, on a server behind a wire."""

    browser: Browser
    store: Store
    place: Neighbourhood
    evening_id: int
    wire: Wire

    @property
    def path(self) -> str:
        return f"/avond/{self.evening_id}/stoel"

    def press(self) -> None:
        """Press the one button."""
        with self.store.reading() as session:
            at = evening_facts(session, evening_id=self.evening_id)
        assert at.next is not None
        with self.store.writing() as session:
            press_next(
                session, evening_id=self.evening_id, step=at.next.name, version=at.version,
                who=self.place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip

    def seat_id(self, number: int) -> int:
        with self.store.reading() as session:
            return seats(session, round_id=self.place.round_id)[number - 1].id

    def code(self, number: int) -> str:
        with self.store.reading() as session:
            found = card(session, round_id=self.place.round_id, seat_id=self.seat_id(number))
        return card_code(CARD_KEY.encode(), found.seat.id, found.serial)

    def bind(self, context: BrowserContext, number: int = 1) -> None:
        """Let this browser stand for a seat."""
        with self.store.writing() as session:
            secret = sit_down(session, evening_id=self.evening_id, seat_id=self.seat_id(number), now=NOW)
        context.add_cookies([{"name": "seat", "value": secret, "url": self.wire.base_url}])

    def taken(self) -> list[int | None]:
        """Give the figures that were stored, in order."""
        with self.store.reading() as session:
            facts = session.scalars(
                sa.select(Event.facts).where(Event.kind.in_(("scored", "overtaken"))).order_by(Event.seq)
            )
            return [json.loads(text)["score"] for text in facts]

    def stands(self) -> list[int | None]:
        with self.store.reading() as session:
            return list(session.scalars(sa.select(Score.score)))

    def phone(self, *, number: int = 1, worker: bool = True) -> Person:
        """Open the page of a seat on a phone, and wait until it can do without a network."""
        person = Person(self.browser, self.wire.base_url, checks=False)
        person.context.set_default_timeout(SOON)
        self.bind(person.context, number)
        if not worker:
            person.context.add_init_script("delete Navigator.prototype.serviceWorker")
        person.go(self.path)
        if worker:
            ready(person.page)
        return person


@pytest.fixture
def room(chromium: Browser, store: Store, database_url: str, tmp_path: Path) -> Iterator[Room]:
    """Give an evening with its first plan open for figures."""
    place = settle(store)
    evening_id = hold_evening(
        store, place, {"Moestuin": [None] * 6, "Repaircafé": [None] * 6}, until=Stage.DOORS,
        card_key=CARD_KEY.encode(),
    )  # fmt: skip
    with (
        serving(database_url, tmp_path, PB_CARD_KEY=CARD_KEY, PB_SECRET_KEY=SECRET_KEY) as base_url,
        wire_to(base_url) as wire,
    ):
        made = Room(chromium, store, place, evening_id, wire)
        made.press()
        made.press()
        yield made


def ready(page: Page) -> None:
    """Wait until the page of the seat is at hand for when the network is gone."""
    wait_for(
        page,
        """async () => {
            if (!navigator.serviceWorker.controller) return false;
            const kept = await caches.open("beslisavond-seat");
            const paths = (await kept.keys()).map((one) => new URL(one.url).pathname);
            const needed = ["/stoel", "/phone.js", "/queue.js", "/live.js"];
            return needed.every((end) => paths.some((path) => path.endsWith(end)));
        }""",
    )


def wait_for(page: Page, promise: str) -> None:
    """Ask a page again and again until what it promises is true."""
    for _try in range(SOON // 100):
        if page.evaluate(promise):
            return
        page.wait_for_timeout(100)
    raise AssertionError(promise)


def tap(page: Page, figure: int) -> None:
    page.locator(f"button.figure[value='{figure}']").click()


def state(page: Page) -> str:
    return page.locator(".state").inner_text()


def says(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words, timeout=SOON)


def received(page: Page) -> None:
    expect(page.locator(".state")).to_contain_text(re.compile(r"Ontvangen ✓ [0-9A-Z]{5}"), timeout=SOON)


def pressed(page: Page) -> list[str | None]:
    return [one.get_attribute("value") for one in page.locator("button.figure[aria-pressed=true]").all()]


def test_a_tap_on_a_dead_network_survives_a_reload_and_is_stored_once(room: Room) -> None:
    page = room.phone().page
    room.wire.cut()
    tap(page, 4)
    says(page, "Nog niet verstuurd")
    page.reload()
    says(page, "Waar sta jij?")
    assert pressed(page) == ["4"]
    says(page, "Nog niet verstuurd")
    assert "Ontvangen" not in state(page)
    assert room.taken() == []
    room.wire.mend()
    received(page)
    assert room.taken() == [4]
    assert pressed(page) == ["4"]
    page.reload()
    received(page)


def test_an_answer_that_is_lost_on_its_way_is_asked_for_again_and_counts_once(room: Room) -> None:
    page = room.phone().page
    room.wire.deaf = True
    tap(page, 2)
    says(page, "Nog niet verstuurd")
    page.wait_for_timeout(1500)
    assert room.taken() == [2]
    assert "Ontvangen" not in state(page)
    room.wire.mend()
    received(page)
    assert room.taken() == [2]


def test_with_a_network_there_is_never_an_old_page(room: Room) -> None:
    person = room.phone()
    page = person.page
    room.press()
    says(page, "Gesloten")
    page.reload()
    says(page, "Gesloten")
    # What is kept followed the room: without a network it is the last page that was seen.
    room.wire.cut()
    page.reload()
    says(page, "Gesloten")
    room.wire.mend()
    room.press()
    page.reload()
    says(page, "Repaircafé")
    room.press()
    page.reload()
    says(page, "Waar sta jij?")


def test_two_tabs_of_one_phone_lose_nothing_and_send_nothing_twice(room: Room) -> None:
    person = room.phone()
    first, second = person.page, person.context.new_page()
    second.goto(room.path)
    says(second, "Waar sta jij?")
    room.wire.cut()
    tap(first, 2)
    says(first, "Nog niet verstuurd")
    tap(second, 5)
    says(second, "Nog niet verstuurd")
    tap(first, 3)
    tap(second, 1)
    room.wire.mend()
    received(first)
    received(second)
    expect(first.locator("button.figure[value='1']")).to_have_attribute("aria-pressed", "true")
    assert room.taken() == [2, 5, 3, 1]
    assert room.stands() == [1]


def test_a_tap_that_the_close_overtook_is_explained_with_the_figure_that_counts(room: Room) -> None:
    page = room.phone().page
    tap(page, 4)
    received(page)
    room.wire.cut()
    tap(page, 1)
    says(page, "Nog niet verstuurd")
    room.press()
    room.wire.mend()
    says(page, "Je laatste cijfer was 4")
    says(page, "Jouw cijfer: 4")
    assert room.stands() == [4]
    assert queued(page) == 0


def queued(page: Page) -> int:
    return int(
        page.evaluate("Object.keys(localStorage).filter((key) => /^beslisavond-.*-tap-/.test(key)).length")
    )


def test_wifi_that_wants_a_login_first_is_not_taken_for_an_answer(room: Room) -> None:
    page = room.phone(worker=False).page

    def portal(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Welkom op ons wifi</h1>")

    page.route("**/cijfer", portal)
    tap(page, 5)
    says(page, "Nog niet verstuurd")
    assert "Ontvangen" not in state(page)
    page.unroute("**/cijfer")
    received(page)
    assert room.taken() == [5]


def test_a_server_that_is_too_busy_is_left_alone_as_long_as_it_says(room: Room) -> None:
    page = room.phone(worker=False).page
    asked: list[float] = []

    def busy(route: Route) -> None:
        asked.append(page.evaluate("performance.now()"))
        route.fulfill(
            status=429, headers={"Retry-After": "3"}, content_type="application/json",
            body=json.dumps({"code": "evening.too-fast", "text": "Dat ging te snel."}),
        )  # fmt: skip

    page.route("**/cijfer", busy, times=1)
    tap(page, 5)
    received(page)
    assert len(asked) == 1
    assert page.evaluate("performance.now()") - asked[0] >= 2000
    assert room.taken() == [5]


def test_a_phone_that_saw_more_than_the_database_keeps_its_tap_and_says_so(room: Room) -> None:
    person = room.phone(worker=False)
    page = person.page
    tap(page, 2)
    received(page)
    page.evaluate(
        """(seen) => {
            const key = Object.keys(localStorage).find((one) => /^beslisavond-\\d+-\\d+$/.test(one));
            const kept = { ...JSON.parse(localStorage.getItem(key)), seen };
            localStorage.setItem(key, JSON.stringify(kept));
        }""",
        write_seen(SECRET_KEY.encode(), evening_id=room.evening_id, seq=4711),
    )
    tap(page, 5)
    says(page, "Er is iets mis met de computer van deze avond")
    assert queued(page) == 1
    assert room.stands() == [2]
    with room.store.reading() as session:
        assert evening_facts(session, evening_id=room.evening_id).alarm_seq == 4711


def test_a_phone_that_lost_its_cookie_keeps_its_taps_until_the_same_seat_sits_down_again(room: Room) -> None:
    person = room.phone()
    page = person.page
    for figure in (1, 2, 3):
        tap(page, figure)
        received(page)
    person.context.clear_cookies()
    tap(page, 5)
    says(page, "Scan je kaart opnieuw")
    assert queued(page) == 1
    assert room.stands() == [3]
    room.bind(person.context)
    page.goto(room.path)
    received(page)
    assert pressed(page) == ["5"]
    assert room.stands() == [5]
    assert queued(page) == 0


def test_a_phone_whose_seat_went_elsewhere_says_so_and_keeps_nothing(room: Room) -> None:
    page = room.phone().page
    room.phone(worker=False)
    tap(page, 5)
    says(page, "Je stoel is verplaatst naar een ander toestel")
    assert room.stands() == []
    assert queued(page) == 0
    kept = page.evaluate(
        """async () => {
            const kept = await caches.open("beslisavond-seat");
            return (await kept.keys()).filter((one) => one.url.endsWith("/stoel")).length;
        }"""
    )
    assert kept == 0


def test_a_browser_that_keeps_nothing_still_takes_figures(room: Room) -> None:
    person = Person(room.browser, room.wire.base_url, checks=False)
    room.bind(person.context)
    person.context.add_init_script(
        """Object.defineProperty(window, "localStorage", { get() { throw new Error("no"); } });
        Object.defineProperty(navigator, "locks", { value: undefined });
        delete Navigator.prototype.serviceWorker;"""
    )
    person.go(room.path)
    page = person.page
    room.wire.cut()
    tap(page, 2)
    says(page, "Nog niet verstuurd")
    tap(page, 4)
    room.wire.mend()
    received(page)
    assert room.taken() == [2, 4]
    assert not person.problems


def test_new_scripts_are_loaded_only_once_nothing_waits(room: Room) -> None:
    page = room.phone(worker=False).page
    page.evaluate("window.old = true")

    def newer(route: Route) -> None:
        if route.request.headers.get("x-part") != "pane":
            return route.continue_()
        answer = route.fetch()
        body = re.sub(r'data-build="\w+"', 'data-build="newer"', answer.text())
        return route.fulfill(response=answer, body=body)

    page.route("**/stoel", newer)
    page.route("**/cijfer", lambda route: route.abort())
    tap(page, 4)
    says(page, "Nog niet verstuurd")
    page.evaluate("import('/static/js/live.js').then((live) => live.refresh())")
    page.wait_for_timeout(1000)
    assert page.evaluate("window.old") is True
    page.unroute("**/cijfer")
    page.wait_for_function("() => window.old === undefined")
    received(page)
    assert room.taken() == [4]


def test_a_phone_that_is_given_back_keeps_nothing_of_who_had_it(room: Room) -> None:
    person = room.phone()
    page = person.page
    tap(page, 4)
    received(page)
    page.get_by_role("link", name="Klaar met deze telefoon?").click()
    page.get_by_role("button", name="Stop op deze telefoon").click()
    says(page, "Deze telefoon heeft geen stoel meer")
    wait_for(page, "async () => (await caches.keys()).length === 0")
    assert page.evaluate("localStorage.length") == 0
    assert not [one for one in person.context.cookies() if one.get("name") == "seat"]
    # The back button asks the server, and finds no seat.
    page.goto(room.path)
    says(page, "Scan je kaart opnieuw")


def test_who_stops_with_a_figure_under_way_is_told_first(room: Room) -> None:
    page = room.phone(worker=False).page
    page.route("**/cijfer", lambda route: route.abort())
    tap(page, 4)
    says(page, "Nog niet verstuurd")
    page.get_by_role("link", name="Klaar met deze telefoon?").click()
    says(page, "Er is nog iets niet verstuurd")
    page.unroute("**/cijfer")
    page.get_by_role("link", name="Nee, terug").click()
    received(page)
    assert room.taken() == [4]
    page.get_by_role("link", name="Klaar met deze telefoon?").click()
    expect(page.locator("[data-waiting]")).to_be_hidden()


def test_a_second_phone_shows_its_number_and_goes_on_by_itself_once_the_host_says_yes(room: Room) -> None:
    first = room.phone(number=3)
    second = Person(room.browser, room.wire.base_url).go("/kaart")
    second.type("De code op je kaart", room.code(3)).press("Verder").press("Ja, vraag het")
    number = second.page.locator(".ask-number").inner_text().split()[-1]
    host = Person(room.browser, room.wire.base_url, size={"width": 1280, "height": 800}, checks=False)
    host.log_in(email_of(Role.FACILITATOR), PASSWORD).go(f"/avond/{room.evening_id}/deur")
    host.press(f"Ja: nummer {number}")
    second.page.wait_for_url(f"**{room.path}", timeout=SOON)
    second.look().reads("Waar sta jij?")
    tap(first.page, 5)
    says(first.page, "Je stoel is verplaatst naar een ander toestel")
    tap(second.page, 2)
    received(second.page)
    assert room.stands() == [2]


def test_the_first_page_with_figures_is_light(room: Room) -> None:
    """Count every byte of the first load, with what nginx packs (deploy/nginx) packed."""
    person = Person(room.browser, room.wire.base_url)
    room.bind(person.context)
    bare: dict[str, int] = {}
    packed: dict[str, int] = {}

    def count(request: Request) -> None:
        answer = request.response()
        if answer is None or "/stroom" in request.url:
            return
        body = answer.body()
        kind = answer.headers["content-type"].partition(";")[0]
        on_the_wire = len(gzip.compress(body, 5)) if kind in PACKED and len(body) > 1000 else len(body)
        bare[request.url] = len(body)
        packed[request.url] = on_the_wire + request.sizes()["responseHeadersSize"]

    # Only what the page itself asks for; what is put aside for later comes after it.
    person.context.add_init_script("delete Navigator.prototype.serviceWorker")
    loaded: list[Request] = []

    def keep(request: Request) -> None:
        loaded.append(request)

    person.page.on("requestfinished", keep)
    person.go(room.path)
    person.page.wait_for_timeout(1500)
    for request in loaded:
        count(request)
    assert {url.rpartition("/")[2] for url in bare} >= {
        "stoel",
        "beslisavond.css",
        "phone.js",
        "queue.js",
        "live.js",
    }
    assert sum(packed.values()) <= 60_000, packed
    assert sum(bare.values()) <= 64_000, bare


# -- the tablet that goes from hand to hand --------------------------------------------------------------


def at_the_tablet(room: Room, *, script: bool = True) -> Person:
    with room.store.writing() as session:
        for number in (1, 2):
            stop_phone_of(
                session, evening_id=room.evening_id, seat_id=room.seat_id(number),
                who=room.place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip
    tablet = Person(room.browser, room.wire.base_url, size={"width": 820, "height": 1180}, script=script)
    return tablet.go(f"/avond/{room.evening_id}/tablet")


def type_code(tablet: Person, code: str) -> None:
    for sign in code.replace("-", ""):
        tablet.page.locator(".keys button", has_text=re.compile(f"^{sign}$")).click()


def test_the_tablet_goes_from_hand_to_hand_and_keeps_nothing(room: Room) -> None:
    tablet = at_the_tablet(room)
    page = tablet.page
    for number, figure in ((1, 5), (2, 1)):
        type_code(tablet, room.code(number))
        assert page.locator("#code").input_value() == room.code(number)
        tablet.press("Verder").reads(f"Stoel {number}: waar sta jij?")
        tap(page, figure)
        tablet.reads("Geef de tablet door").look()
        tablet.press("Klaar voor de volgende").reads("Pak je kaart")
        assert page.locator("#code").input_value() == ""
    for _ in range(6):
        page.go_back(wait_until="commit")
        page.wait_for_timeout(400)
        text = page.locator("body").inner_text()
        assert "Stoel" not in text
        assert not page.locator("button.figure").count()
        if page.locator("#code").count():
            assert page.locator("#code").input_value() == ""
        if page.url == "about:blank":
            break
    assert sorted(one or 0 for one in room.stands()) == [1, 5]
    assert [one["name"] for one in tablet.context.cookies()] == ["pb"]
    assert page.evaluate("() => { try { return localStorage.length } catch { return 0 } }") == 0


def test_the_tablet_goes_back_to_the_start_by_itself(room: Room) -> None:
    tablet = at_the_tablet(room)
    type_code(tablet, room.code(1))
    tablet.press("Verder")
    tap(tablet.page, 4)
    tablet.reads("Geef de tablet door")
    tablet.page.wait_for_url("**/tablet", timeout=SOON)
    tablet.reads("Pak je kaart")


def test_a_tablet_without_script_works_too(room: Room) -> None:
    tablet = at_the_tablet(room, script=False)
    tablet.page.locator("#code").fill(room.code(2).lower())
    tablet.press("Verder").reads("Stoel 2: waar sta jij?")
    tap(tablet.page, 3)
    tablet.reads("Geef de tablet door")
    assert room.stands() == [3]


def test_a_small_phone_with_large_letters_still_shows_everything(room: Room) -> None:
    for width in (320, 360):
        person = Person(room.browser, room.wire.base_url, size={"width": width, "height": 640})
        room.bind(person.context)
        person.go(room.path)
        person.page.evaluate("document.documentElement.style.fontSize = '225%'")
        for path in (room.path, f"/avond/{room.evening_id}/tablet", "/kaart"):
            person.page.goto(path)
            person.page.evaluate("document.documentElement.style.fontSize = '225%'")
            wide = person.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, (path, width, wide)


def test_the_page_reads_itself_aloud_where_the_browser_can(room: Room) -> None:
    person = Person(room.browser, room.wire.base_url, checks=False)
    room.bind(person.context)
    person.context.add_init_script(
        """window.said = [];
        Object.defineProperty(window, "speechSynthesis", { value: {
            speak: (one) => window.said.push([one.lang, one.text]), cancel: () => window.said.push(null),
            getVoices: () => [],
        } });"""
    )
    person.go(room.path)
    person.press("Lees voor")
    person.page.wait_for_function("() => window.said.some((one) => one)")
    language, text = [one for one in person.page.evaluate("window.said") if one][-1]
    assert language == "nl-NL"
    assert text.startswith("Moestuin.\nMoestuin, voor de buurt.\nWaar sta jij?\n5")
    assert "5, ja, doen!" in text
    assert "1, nee, niet doen" in text
    person.press("Stop met voorlezen")
    person.page.wait_for_function("() => window.said[window.said.length - 1] === null")


def test_a_browser_that_cannot_read_aloud_shows_no_button_for_it(room: Room) -> None:
    person = Person(room.browser, room.wire.base_url, checks=False, size=PHONE)
    room.bind(person.context)
    person.context.add_init_script("Object.defineProperty(window, 'speechSynthesis', { value: undefined });")
    person.go(room.path)
    expect(person.page.locator("[data-speak]")).to_be_hidden()
