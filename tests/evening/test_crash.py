"""The server is killed in the middle of scoring, again and again: what was acknowledged is there, once."""

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from pb.evening.actions.joining import sit_down
from pb.evening.actions.moving import press_next
from pb.evening.queries import chain, evening_facts
from pb.evening.rules.chain import check_chain
from pb.evening.rules.steps import Stage
from pb.evening.tables import Event, Score
from pb.panel.queries import seats
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import hold_evening
from support.neighbourhood import NOW, Neighbourhood, settle
from support.server import ROOT, environment

PHONES = 8


class Phone(threading.Thread):
    """Taps as fast as it is answered, and sends again what got no answer, as a phone does."""

    def __init__(self, port: int, token: str, item: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.token, self.item, self.stop = port, token, item, stop
        self.acknowledged: dict[str, int] = {}
        self.answers: dict[str, str] = {}
        self.problems: list[str] = []
        self.last: tuple[int, int] = (0, 0)

    def run(self) -> None:
        n = 0
        while not self.stop.is_set():
            n += 1
            body = {"op": secrets.token_urlsafe(16), "n": n, "item": self.item, "score": n % 5 + 1, "v": 1}
            while not self.stop.is_set() and not self._sent(body):
                time.sleep(0.02)

    def _sent(self, body: dict[str, object]) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(
                "POST", "/avond/1/cijfer", json.dumps(body),
                {"Content-Type": "application/json", "Cookie": f"seat={self.token}"},
            )  # fmt: skip
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if answer.status != 200:
            self.problems.append(f"{answer.status} {text}")
            return True
        stored = json.loads(text)
        self.acknowledged[str(body["op"])] = stored["seq"]
        self.last = (stored["seq"], stored["score"])
        return True


def test_three_crashes_lose_nothing_that_was_acknowledged(
    fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    _crash(fresh_database(), tmp_path, kills=3)


@pytest.mark.drill
def test_two_hundred_crashes_lose_nothing_that_was_acknowledged(
    fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    _crash(fresh_database(), tmp_path, kills=200)


def _crash(url: str, folder: Path, *, kills: int) -> None:
    store = Store(url)
    tokens, item = _open_scoring(store, settle(store))
    store.engine.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stop = threading.Event()
    phones = [Phone(port, token, item, stop) for token in tokens]
    server = _serve(url, folder, port)
    for phone in phones:
        phone.start()
    for _kill in range(kills):
        before = sum(len(phone.acknowledged) for phone in phones)
        _wait_until(lambda before=before: sum(len(phone.acknowledged) for phone in phones) >= before + 20)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        server = _serve(url, folder, port)
    _wait_until(lambda: all(phone.acknowledged for phone in phones))
    stop.set()
    for phone in phones:
        phone.join(timeout=30)
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    _compare(Store(url), phones)


def _open_scoring(store: Store, place: Neighbourhood) -> tuple[list[str], int]:
    evening_id = hold_evening(store, place, {"Moestuin": [None] * PHONES}, until=Stage.DOORS)
    host = place.who(Role.FACILITATOR)
    with store.writing() as session:
        for _step in range(2):
            evening = evening_facts(session, evening_id=evening_id)
            assert evening.next is not None
            press_next(
                session,
                evening_id=evening_id,
                step=evening.next.name,
                version=evening.version,
                who=host,
                now=NOW,
            )
            session.flush()
            session.expire_all()
        tokens = [
            sit_down(session, evening_id=evening_id, seat_id=seat.id, now=NOW)
            for seat in seats(session, round_id=place.round_id)
        ]
        return tokens, evening.items[0].id


def _serve(url: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy/gunicorn.conf.py"), "wsgi:app"],
            cwd=ROOT,
            env=environment(url, folder) | {"PB_BIND": f"127.0.0.1:{port}"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait_until(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while not reached():
        assert time.monotonic() < until, "no score was acknowledged any more"
        time.sleep(0.02)


def _compare(store: Store, phones: list[Phone]) -> None:
    with store.reading() as session:
        events = {
            json.loads(event.facts)["op"]: event
            for event in session.scalars(sa.select(Event).where(Event.kind == "scored"))
        }
        count = session.scalar(sa.select(sa.func.count()).select_from(Event).where(Event.kind == "scored"))
        standing = [
            (score.seq, score.score) for score in session.scalars(sa.select(Score).order_by(Score.seat_id))
        ]
        lines = chain(session, evening_id=1)
    store.engine.dispose()
    assert [problem for phone in phones for problem in phone.problems] == []
    acknowledged = {op: seq for phone in phones for op, seq in phone.acknowledged.items()}
    assert count == len(events), "a tap was counted twice"
    assert {op for op, seq in acknowledged.items() if op not in events or events[op].seq != seq} == set()
    assert check_chain(lines) == lines[-1].hash
    for phone, (seq, score) in zip(phones, standing, strict=True):
        # A later tap may be stored without its answer having arrived; an earlier one may not stand.
        assert seq > phone.last[0] or (seq, score) == phone.last
    print(f"{len(acknowledged)} acknowledged, 0 lost, 0 double")
