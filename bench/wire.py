"""How many bytes a phone's whole evening takes: twelve plans, three taps for each, in a real browser.

Counted between browser and server, both ways, with headers and TLS: as a municipality serves it, with nginx
in front that packs what it sends, and straight from gunicorn, unpacked. The first page is the one with the
first five figures, opened by a browser that kept nothing.
"""

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from bench.place import Room, card_address, open_room, press
from bench.scores import served
from pb.decide.actions import record_decision
from pb.decide.queries import item_decisions
from pb.decide.rules.panel_decides import Way
from pb.divide.actions import propose
from pb.evening.queries import evening_facts
from pb.people.rules import Role
from pb.store.engine import Store
from support.browser import CHROMIUM, QUIET
from support.installation import NAME, Installation, free_ports, make_certificate, render
from support.neighbourhood import NOW

PLANS = 12
TAPS = 3


class Wire:
    """Stands between a phone and the server and counts what passes, both ways."""

    def __init__(self, port: int) -> None:
        self.bytes = 0
        self._to = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        while True:
            phone, _address = self._door.accept()
            server = socket.create_connection(("127.0.0.1", self._to))
            for one, other in ((phone, server), (server, phone)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while some := one.recv(65536):
                self.bytes += len(some)
                other.sendall(some)
            other.shutdown(socket.SHUT_WR)


def run() -> None:
    """Walk one phone through an evening, twice, and print the figures."""
    for words, serve in (("packed by nginx", _behind_nginx), ("unpacked, from gunicorn", _bare)):
        with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
            folder = Path(name)
            url = f"sqlite:///{folder}/bench.db"
            room = open_room(url, phones=5, plans=PLANS, steps=0)
            with serve(url, folder) as (base_url, port):
                wire = Wire(port)
                flag = f"--host-resolver-rules=MAP {urlsplit(base_url).netloc} 127.0.0.1:{wire.port}"
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, flag])
                page, first, whole = _walk(browser, wire, base_url, room, folder)
                browser.close()
        print(f"wire: a phone, {PLANS} plans, {TAPS} taps each, {words}")
        print(f"  the first page with figures {page / 1000:.0f} KB (goal 60)")
        print(f"  from the card to the first figures {first / 1000:.0f} KB")
        print(f"  the whole evening {whole / 1000:.0f} KB (goal 150)\n")


@contextmanager
def _bare(url: str, folder: Path) -> Iterator[tuple[str, int]]:
    with served("wsgi:app", url, folder) as port:
        yield f"http://127.0.0.1:{port}", port


@contextmanager
def _behind_nginx(url: str, folder: Path) -> Iterator[tuple[str, int]]:
    ports = dict(zip(("https", "http", "stand", "site"), free_ports(4), strict=True))
    make_certificate(folder)
    machine = Installation(folder, url, ports)
    (folder / "nginx.conf").write_text(render(folder, ports))
    # nginx gives its worker to www-data, who must be able to come in here.
    folder.chmod(0o755)
    try:
        machine.start_site(PB_BASE_URL=f"https://{NAME}")
        machine.start_nginx()
        yield f"https://{NAME}", ports["https"]
    finally:
        machine.stop_nginx()
        machine.stop_site()


def _walk(browser: Browser, wire: Wire, base_url: str, room: Room, folder: Path) -> tuple[int, int, int]:
    store = Store(room.url)
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="nl-NL", ignore_https_errors=True
    )
    page = context.new_page()
    page.goto(f"{base_url}{card_address(room, folder)}")
    page.get_by_role("button", name="Ja, dat klopt").click()
    page.wait_for_url("**/stoel")
    first = fresh = 0
    for plan in range(PLANS):
        press(room, store)
        press(room, store)
        page.wait_for_selector("form.figures")
        if not plan:
            first = wire.bytes
            fresh = _opened_anew(browser, wire, page)
        for tap in range(TAPS):
            page.locator(".figure").nth((plan + tap) % 5).click()
            page.wait_for_selector(".state .received, .state.received")
        press(room, store)
        page.wait_for_selector("form.figures", state="detached")
    press(room, store)
    _decide(room.evening_id, store, room.place)
    page.wait_for_timeout(3000)
    store.engine.dispose()
    return fresh, first, wire.bytes - fresh


def _opened_anew(browser: Browser, wire: Wire, page: Page) -> int:
    """Open the page in a browser that has only the cookies, and count what it takes."""
    before = wire.bytes
    again = browser.new_context(viewport={"width": 360, "height": 740}, ignore_https_errors=True)
    again.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    other = again.new_page()
    other.goto(page.url)
    other.wait_for_selector("form.figures")
    counted = wire.bytes - before
    again.close()
    return counted


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
