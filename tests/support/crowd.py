"""A whole room at once: hundreds of phones, listeners and a big screen, in one cheap process of their own.

``python -m support.crowd`` reads what to do as JSON and answers with how long everything took. A wait counts
from the moment that somebody tapped, also when the phone was still busy with the tap before.
"""

import heapq
import http.client
import io
import json
import random
import resource
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from config import ROOT
from support.drills import Room
from support.taps import post_bytes


@dataclass
class Plan:
    """What the crowd does. Units: seconds."""

    port: int
    path: str
    tokens: list[str]
    item: int
    v: int
    taps: int
    seconds: float
    first_n: int = 1
    listeners: int = 0
    stream: str = ""
    page: str = ""
    page_every: float = 0.5
    give_up: float = 30.0


@dataclass
class Told:
    """What the crowd found. Units: milliseconds."""

    waits: list[float] = field(default_factory=list)
    page_waits: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    page_statuses: dict[str, int] = field(default_factory=dict)
    errors: int = 0
    heard: int = 0
    received: dict[str, Any] = field(default_factory=dict)
    made: int = 0


def p95(waits: list[float]) -> float:
    """Give the 95th percentile. Units: milliseconds."""
    return sorted(waits)[int(len(waits) * 0.95)] if waits else 0.0


def let_loose(room: Room, port: int, *, taps: int, seconds: float, **more: Any) -> Told:
    """Let the whole room tap within so many seconds, and give what it found."""
    plan = Plan(
        port, room.path, room.tokens, room.item, room.v, taps, seconds,
        first_n=max(room.counts.values(), default=0) + 1, **more,
    )  # fmt: skip
    for token in room.tokens:
        room.counts[token] += taps
    done = subprocess.run(
        [sys.executable, "-m", "support.crowd"], input=json.dumps(asdict(plan)), text=True, check=True,
        stdout=subprocess.PIPE, cwd=ROOT / "tests", env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
    )  # fmt: skip
    return Told(**json.loads(done.stdout))


class Caller:
    """One connection that asks one thing after the other."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.connection: socket.socket | None = None
        self.waiting: list[tuple[float, bytes, str]] = []
        self.since = 0.0
        self.busy = False
        self.op = ""
        self.heard = b""
        self.tries = 0


class Crowd:
    """Everybody, in one loop."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.told = Told()
        self.selector = selectors.DefaultSelector()
        self.due: list[tuple[float, int, Caller, bytes, str]] = []
        self.open = 0

    def run(self) -> Told:
        """Let them all tap, and wait until the last one was answered."""
        plan = self.plan
        self._listen()
        self.begin = time.perf_counter() + 0.2
        for number, token in enumerate(plan.tokens):
            phone = Caller("phone")
            for tap, at in enumerate(sorted(random.uniform(0, plan.seconds) for _ in range(plan.taps))):
                op = f"{random.getrandbits(128):032x}"[:22]
                body = {
                    "op": op, "n": plan.first_n + tap, "item": plan.item, "score": (number + tap) % 5 + 1,
                    "v": plan.v,
                }  # fmt: skip
                self._at(at, phone, post_bytes(plan.path, token, body), op)
        self.told.made = len(plan.tokens) * plan.taps
        if plan.page:
            screen, at = Caller("page"), 0.1
            while at < plan.seconds:
                ask = f"GET {plan.page} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Part: pane\r\n\r\n"
                self._at(at, screen, ask.encode(), "")
                at += plan.page_every
        self._loop()
        return self.told

    def _at(self, at: float, caller: Caller, message: bytes, op: str) -> None:
        heapq.heappush(self.due, (self.begin + at, len(self.due), caller, message, op))
        self.open += 1

    def _listen(self) -> None:
        ask = f"GET {self.plan.stream} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        for _listener in range(self.plan.listeners):
            connection = socket.create_connection(("127.0.0.1", self.plan.port), timeout=10)
            connection.sendall(ask)
            connection.setblocking(False)
            self.selector.register(connection, selectors.EVENT_READ, None)
        if self.plan.listeners:
            time.sleep(1 + self.plan.listeners / 500)

    def _loop(self) -> None:
        last = self.begin + self.plan.seconds + self.plan.give_up
        while self.open and time.perf_counter() < last:
            moment = time.perf_counter()
            while self.due and self.due[0][0] <= moment:
                at, _number, caller, message, op = heapq.heappop(self.due)
                caller.waiting.append((at, message, op))
                self._next(caller)
            wait = max(0.0, self.due[0][0] - moment) if self.due else 0.5
            for key, _events in self.selector.select(min(wait, 0.5)):
                if key.data is None:
                    self._overhear(key.fileobj)
                else:
                    self._read(key.data)
        self.told.errors += self.open

    def _overhear(self, connection: Any) -> None:
        try:
            heard = connection.recv(65536)
        except OSError:
            heard = b""
        self.told.heard += heard.count(b"data:")
        if not heard:
            self.selector.unregister(connection)
            connection.close()

    def _next(self, caller: Caller) -> None:
        if caller.busy or not caller.waiting:
            return
        caller.since, message, caller.op = caller.waiting[0]
        caller.busy = True
        try:
            if caller.connection is None:
                caller.connection = socket.create_connection(("127.0.0.1", self.plan.port), timeout=10)
                self.selector.register(caller.connection, selectors.EVENT_READ, caller)
            caller.connection.sendall(message)
        except OSError:
            self._lost(caller)

    def _lost(self, caller: Caller) -> None:
        """Do what a phone does when a connection breaks: send the same again, and count it as an error."""
        self.told.errors += 1
        caller.tries += 1
        self._hang_up(caller)
        caller.busy = False
        if caller.tries > 20:
            self.open -= len(caller.waiting)
            caller.waiting = []
        self._next(caller)

    def _hang_up(self, caller: Caller) -> None:
        if caller.connection is not None:
            self.selector.unregister(caller.connection)
            caller.connection.close()
        caller.connection, caller.heard = None, b""

    def _read(self, caller: Caller) -> None:
        assert caller.connection is not None
        try:
            heard = caller.connection.recv(262144)
        except OSError:
            heard = b""
        if not heard:
            if caller.busy:
                self._lost(caller)
            else:
                self._hang_up(caller)
            return
        caller.heard += heard
        answer = _whole(caller.heard)
        if answer is None:
            return
        status, text, closes = answer
        caller.heard = b""
        waited = (time.perf_counter() - caller.since) * 1000
        statuses = self.told.statuses if caller.name == "phone" else self.told.page_statuses
        statuses[str(status)] = statuses.get(str(status), 0) + 1
        (self.told.waits if caller.name == "phone" else self.told.page_waits).append(waited)
        if status == 200 and caller.op:
            self.told.received[caller.op] = json.loads(text)
        caller.waiting.pop(0)
        caller.busy = False
        self.open -= 1
        if closes:
            self._hang_up(caller)
        self._next(caller)


class _Heard(io.BytesIO):
    def makefile(self, *_how: Any) -> "_Heard":
        return self


def _whole(heard: bytes) -> tuple[int, str, bool] | None:
    if b"\r\n\r\n" not in heard:
        return None
    answer = http.client.HTTPResponse(_Heard(heard))  # type: ignore[arg-type]
    answer.begin()
    try:
        text = answer.read()
    except http.client.IncompleteRead:
        return None
    return answer.status, text.decode(), answer.will_close


if __name__ == "__main__":
    _few, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (_most, _most))
    print(json.dumps(asdict(Crowd(Plan(**json.loads(sys.stdin.read()))).run())))
