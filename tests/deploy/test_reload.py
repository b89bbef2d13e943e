"""A new version is put in place while the room is scoring: nobody notices."""

import http.client
import json
import secrets
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pb.evening.actions.joining import sit_down
from pb.evening.actions.moving import press_next
from pb.evening.queries import chain, evening_facts
from pb.evening.rules.chain import check_chain
from pb.evening.rules.steps import Stage
from pb.evening.tables import Event
from pb.panel.queries import seats
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import hold_evening
from support.installation import Installation, reload
from support.neighbourhood import NOW, settle

PHONES = 6


class Phone(threading.Thread):
    """Taps and looks, one after the other, and notes every answer that is not as it should be."""

    def __init__(self, machine: Installation, token: str, item: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.machine, self.token, self.item, self.stop = machine, token, item, stop
        self.acknowledged: list[str] = []
        self.asked = 0
        self.longest = 0.0
        self.problems: list[str] = []

    def run(self) -> None:
        connection = self.machine.connect(timeout=70)
        n = 0
        while not self.stop.is_set():
            n += 1
            op = secrets.token_urlsafe(16)
            tap = {"op": op, "n": n, "item": self.item, "score": n % 5 + 1, "v": 1}
            try:
                if self._send(connection, "POST", "/avond/1/cijfer", json.dumps(tap)):
                    self.acknowledged.append(op)
                self._send(connection, "GET", "/avond/1/stoel", None)
            except (OSError, http.client.HTTPException) as error:
                self.problems.append(type(error).__name__)
                connection = self.machine.connect(timeout=70)
            self.stop.wait(0.02)
        connection.close()

    def _send(self, connection: http.client.HTTPConnection, method: str, path: str, body: str | None) -> bool:
        headers = {"Content-Type": "application/json", "Cookie": f"seat={self.token}"}
        start = time.monotonic()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        self.asked += 1
        self.longest = max(self.longest, time.monotonic() - start)
        if answer.status != 200:
            self.problems.append(f"{method} {answer.status} {text[:200]!r}")
        return answer.status == 200


@pytest.fixture
def scoring(machine: Installation) -> Iterator[tuple[Installation, list[str], int]]:
    """Give an installation with an evening at which a plan is being scored, and the phones' secrets."""
    store = Store(machine.url)
    with store.writing() as session:
        known = session.scalar(sa.text("SELECT count(*) FROM evening_evening"))
    assert known == 0, "this test wants the first evening of its installation"
    place = settle(store)
    evening_id = hold_evening(store, place, {"Moestuin": [None] * PHONES}, until=Stage.DOORS)
    with store.writing() as session:
        for _step in range(2):
            evening = evening_facts(session, evening_id=evening_id)
            assert evening.next is not None
            press_next(
                session, evening_id=evening_id, step=evening.next.name, version=evening.version,
                who=place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip
            session.flush()
            session.expire_all()
        tokens = [
            sit_down(session, evening_id=evening_id, seat_id=seat.id, now=NOW)
            for seat in seats(session, round_id=place.round_id)
        ]
    yield machine, tokens, evening.items[0].id
    store.engine.dispose()


@pytest.mark.parametrize(
    "times", [pytest.param(3, id="three"), pytest.param(10, id="ten", marks=pytest.mark.drill)]
)
def test_reloads_while_the_room_scores_fail_no_request(
    scoring: tuple[Installation, list[str], int], times: int
) -> None:
    machine, tokens, item = scoring
    assert machine.site is not None
    assert machine.ask("GET", "/inloggen").status == 200
    listener = listening_socket(machine)
    stop = threading.Event()
    phones = [Phone(machine, token, item, stop) for token in tokens]
    for phone in phones:
        phone.start()
    seen = [workers(machine.site)]
    for _reload in range(times):
        time.sleep(0.5)
        reload(machine.site)
        wait_for_others(machine.site, seen)
        assert listening_socket(machine) == listener, "for a moment nobody listened"
    time.sleep(1)
    stop.set()
    for phone in phones:
        phone.join(timeout=30)
    assert [problem for phone in phones for problem in phone.problems] == []
    acknowledged = {op for phone in phones for op in phone.acknowledged}
    store = Store(machine.url)
    with store.reading() as session:
        stored = [
            json.loads(facts)["op"]
            for facts in session.scalars(sa.select(Event.facts).where(Event.kind == "scored"))
        ]
        lines = chain(session, evening_id=1)
    store.engine.dispose()
    assert len(stored) == len(set(stored))
    assert acknowledged <= set(stored)
    assert check_chain(lines) == lines[-1].hash
    asked = sum(phone.asked for phone in phones)
    longest = max(phone.longest for phone in phones)
    print(
        f"{times} reloads, {asked} requests, 0 failed; {len(acknowledged)} scores, 0 lost, 0 double; "
        f"the longest took {longest:.1f} s"
    )


def workers(site: subprocess.Popen[bytes]) -> set[int]:
    """List the processes that answer."""
    return {int(name) for name in Path(f"/proc/{site.pid}/task/{site.pid}/children").read_text().split()}


def wait_for_others(site: subprocess.Popen[bytes], seen: list[set[int]]) -> None:
    """Wait until none of the old processes is left, and new ones are there."""
    until = time.monotonic() + 60
    while not (now := workers(site)) or now & seen[-1]:
        assert time.monotonic() < until, "the old process never ended"
        time.sleep(0.05)
    seen.append(now)


def listening_socket(machine: Installation) -> str:
    """Give the number of the socket that the site listens on, as the kernel knows it."""
    port = f"0100007F:{machine.ports['site']:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        if parts[1] == port and parts[3] == "0A":
            return parts[9]
    raise AssertionError("nobody listens")
