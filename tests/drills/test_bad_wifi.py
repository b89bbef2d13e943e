"""Bad wifi loses nothing and never lies: seven ways in which a tap goes wrong on its way."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from pb.evening.tables import Event
from support.drills import Body, Count, Open, Room, compare, stored
from support.site import Serve, Server
from support.taps import Phone, finish, received_by, start_all, wait_until
from support.wifi import Fault, Wifi

PATIENCE = 0.3
BROWSER_TAPS = 10


@dataclass
class Found:
    """What one kind of bad wifi did."""

    count: Count
    made: int
    tries: int
    faults: int
    lies: int

    def __str__(self) -> str:
        return (
            f"{self.faults} faults, {self.made} taps in {self.tries} tries: {self.count},"
            f" {self.lies} times 'received' before it was stored"
        )


@pytest.mark.parametrize(
    ("phones", "taps"),
    [pytest.param(10, 2, id="fast"), pytest.param(20, 10, id="full", marks=pytest.mark.drill)],
)
def test_bad_wifi_loses_nothing_and_never_lies(
    open_evening: Open, serve: Serve, phones: int, taps: int
) -> None:
    room = open_evening(phones=phones)
    server = serve(room.url)
    told: dict[str, Body] = {}
    for number, fault in enumerate(Fault, start=1):
        found = _score(room, server, fault, taps, told, made_before=(number - 1) * phones * taps)
        print(f"{fault}: {found}")
        assert found.count.good
        assert found.count.acknowledged == number * phones * taps
        assert found.faults >= phones * taps
        assert found.lies == 0


def test_the_drill_sees_a_phone_that_names_a_tap_anew(open_on_sqlite: Open, serve: Serve) -> None:
    room = open_on_sqlite(phones=10)
    found = _score(room, serve(room.url), Fault.ANSWER_LOST, 2, {}, new_op_each_time=True)
    print(f"a phone that names a tap anew: {found}")
    assert found.count.double > 0


def test_the_drill_sees_an_answer_that_lies(open_on_sqlite: Open, serve: Serve) -> None:
    room = open_on_sqlite(phones=10)
    found = _score(room, serve(room.url, breaks="takes_back"), Fault.REQUEST_LOST, 4, {}, says_seen=False)
    print(f"a server that answers too soon: {found}")
    assert found.lies > 0


def _score(
    room: Room, server: Server, fault: Fault, taps: int, told: dict[str, Body], *, made_before: int = 0,
    **habits: bool,
) -> Found:  # fmt: skip
    lies: list[str] = []
    with Wifi(server.port, fault, PATIENCE) as wifi:
        phones = [
            Phone(room, token, wifi.port, taps=taps, patience=PATIENCE, **habits) for token in room.tokens
        ]
        for phone in phones:
            phone.on_received = _checks(room, lies)
        start_all(phones)
        finish(phones)
        wifi.settle()
    assert [text for phone in phones for text in phone.refused] == []
    told |= received_by(phones)
    made = sum(phone.made for phone in phones)
    count = compare(stored(room.store, room.evening_id), told, made_before + made)
    return Found(count, made, sum(phone.tries for phone in phones), wifi.faults, len(lies))


def _checks(room: Room, lies: list[str]) -> Callable[[Body, Body], None]:
    """Look in the database at the very moment that a phone shows 'received'."""

    def look(body: Body, answer: Body) -> None:
        with room.store.reading() as session:
            seq = session.scalar(sa.select(Event.seq).where(Event.op == body["op"]))
        if seq != answer["seq"]:
            lies.append(body["op"])

    return look


@pytest.mark.drill
def test_the_real_page_in_a_real_browser_loses_nothing_either(
    open_evening: Open, serve: Serve, chromium: Browser
) -> None:
    room = open_evening(phones=len(Fault))
    server = serve(room.url)
    for fault, token in zip(Fault, room.tokens, strict=True):
        made = _tap_in_browser(chromium, room, server, fault, token)
        there = stored(room.store, room.evening_id)
        count = compare(there, {facts["op"]: {**facts, "seq": seq} for seq, _, facts in there.events}, made)
        print(f"phone.js in Chromium, {fault}: {BROWSER_TAPS} taps, {count}")
        assert count.good


def _tap_in_browser(browser: Browser, room: Room, server: Server, fault: Fault, token: str) -> int:
    """Tap one by one, look in the database as soon as the page says 'received'; then tap four in a row."""
    before = len(stored(room.store, room.evening_id).events)
    with Wifi(server.port, fault, PATIENCE) as wifi:
        home = f"http://127.0.0.1:{wifi.port}"
        context = browser.new_context(base_url=home, viewport={"width": 360, "height": 740})
        context.add_cookies([{"name": "seat", "value": token, "url": home}])
        page = context.new_page()
        page.goto(f"/avond/{room.evening_id}/stoel")
        for number in range(1, BROWSER_TAPS - 3):
            page.click(f".figure[value='{number % 5 + 1}']")
            expect(page.locator(".state strong.received")).to_contain_text("✓", timeout=40_000)
            events = stored(room.store, room.evening_id).events
            assert len(events) >= before + number, "'received' before it was stored"
            assert events[-1][2]["score"] == number % 5 + 1
        for figure in (1, 3, 5, 2):
            page.click(f".figure[value='{figure}']")
        wait_until(
            lambda: page.evaluate("Object.keys(localStorage).every((key) => !key.includes('-tap-'))"),
            "the queue of the phone does not empty", seconds=60,
        )  # fmt: skip
        expect(page.locator(".state strong.received")).to_contain_text("✓", timeout=40_000)
        expect(page.locator(".figure[aria-pressed='true']")).to_have_attribute("value", "2")
        context.close()
        wifi.settle()
    return before + BROWSER_TAPS
