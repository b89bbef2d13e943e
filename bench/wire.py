"""How many bytes a phone's whole evening takes: twelve plans, three taps for each, in a real browser.

Counted by the browser, headers and both directions included, straight from gunicorn: without the compression
that nginx adds. The first page is everything that a phone fetches between its card and the five figures.
"""

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.place import card_address, open_room, press
from bench.scores import served
from pb.decide.actions import record_decision
from pb.decide.queries import item_decisions
from pb.decide.rules.panel_decides import Way
from pb.divide.actions import propose
from pb.evening.queries import evening_facts
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW

PLANS = 12
TAPS = 3
CHROMIUM = "/usr/bin/chromium"


class Wire:
    """Adds up what goes over the wire for one page."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.dataReceived", lambda event: self._add(event["encodedDataLength"]))
        session.on(
            "Network.responseReceivedExtraInfo", lambda event: self._add(len(event.get("headersText", "")))
        )
        session.on("Network.requestWillBeSentExtraInfo", self._sent)
        session.on(
            "Network.requestWillBeSent", lambda event: self._add(len(event["request"].get("postData", "")))
        )

    def _add(self, count: int) -> None:
        self.bytes += count

    def _sent(self, event: dict[str, Any]) -> None:
        self.bytes += sum(len(name) + len(value) + 4 for name, value in event["headers"].items()) + 60


def run() -> None:
    """Walk one phone through an evening and print the two figures."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        room = open_room(url, phones=5, plans=PLANS, steps=0)
        store = Store(url)
        with served("wsgi:app", url, Path(folder)) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_context(viewport={"width": 360, "height": 740}, locale="nl-NL").new_page()
            wire = Wire(page)
            page.goto(f"http://127.0.0.1:{port}{card_address(room, Path(folder))}")
            page.get_by_role("button", name="Ja, dat klopt").click()
            page.wait_for_url("**/stoel")
            first = 0
            for plan in range(PLANS):
                press(room, store)
                press(room, store)
                page.wait_for_selector("form.figures")
                first = first or wire.bytes
                for tap in range(TAPS):
                    page.locator(".figure").nth((plan + tap) % 5).click()
                    page.wait_for_selector(".state .received, .state.received")
                press(room, store)
                page.wait_for_selector("form.figures", state="detached")
            press(room, store)
            _decide(room.evening_id, store, room.place)
            page.wait_for_timeout(3000)
            print(f"wire: a phone, {PLANS} plans, {TAPS} taps each, uncompressed")
            print(f"  up to the first five figures {first / 1000:.0f} KB (goal 60)")
            print(f"  the whole evening {wire.bytes / 1000:.0f} KB (goal 150)\n")
            browser.close()
        store.engine.dispose()


def _decide(evening_id: int, store: Store, place: Any) -> None:
    for position in range(1, PLANS + 1):
        with store.writing() as session:
            found = item_decisions(session, evening=evening_facts(session, evening_id=evening_id))[
                position - 1
            ]
            record_decision(
                session, evening_id=evening_id, position=position, yes=found.computed_yes, way=Way.RULE,
                reason="", minority_view="", who=place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip
    with store.writing() as session:
        propose(session, evening_id=evening_id, who=place.who(Role.FACILITATOR), now=NOW)
