"""The site is deployed ten times in the evening, while the room scores: nobody notices.

Half of the phones open a connection for each tap, the others keep theirs. Failed is an answer other than 200,
and a connection that ends while a tap is under way. That a kept connection is closed between two taps is what
HTTP allows: the phone sends its tap again, and how often it had to is printed.
"""

import http.client
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

import pytest

from support.drills import Count, Open, Room, compare, stored
from support.site import Serve, Server
from support.taps import Phone, finish, received_by, wait_until

LISTENERS = 20


@dataclass
class Found:
    """What so many reloads did."""

    reloads: int
    other: dict[int, int]
    cut: int
    line_closed: int
    broken_streams: int
    deaf: int
    count: Count

    def __str__(self) -> str:
        return (
            f"{self.reloads} reloads: {self.count}, {sum(self.other.values())} answers other than 200,"
            f" {self.cut} cut short, {self.line_closed} sent again over a new line;"
            f" {LISTENERS} listeners came back {self.broken_streams} times, {self.deaf} heard nothing more"
        )


class Listener(threading.Thread):
    """Listens to the evening, and comes back when the stream ends, as a browser does."""

    def __init__(self, room: Room, port: int) -> None:
        super().__init__(daemon=True)
        self.path, self.port = f"/avond/{room.evening_id}/stroom?alles=1", port
        self.stop = threading.Event()
        self.opened = 0
        self.heard_at = 0.0
        self.statuses: list[int] = []

    def run(self) -> None:
        while not self.stop.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            with suppress(OSError, http.client.HTTPException):
                connection.request("GET", self.path)
                answer = connection.getresponse()
                self.statuses.append(answer.status)
                self.opened += 1
                while not self.stop.is_set() and answer.readline():
                    self.heard_at = time.monotonic()
            connection.close()
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("reloads", "every"),
    [pytest.param(2, 1.0, id="fast"), pytest.param(10, 3.0, id="full", marks=pytest.mark.drill)],
)
def test_a_deploy_in_the_evening_fails_no_request(
    open_evening: Open, serve: Serve, reloads: int, every: float
) -> None:
    room = open_evening(phones=12)
    found = _deploy(room, serve(room.url), reloads, every)
    print(found)
    assert (found.other, found.cut, found.deaf) == ({}, 0, 0)
    assert found.count.good
    assert found.broken_streams >= LISTENERS


def test_the_drill_sees_a_server_that_falls_over(open_on_sqlite: Open, serve: Serve) -> None:
    room = open_on_sqlite(phones=12)
    found = _deploy(room, serve(room.url, breaks="stops_at_once"), 2, 1.0)
    print(f"a server that stops at once: {found}")
    assert found.cut > 0


def _deploy(room: Room, server: Server, reloads: int, every: float) -> Found:
    phones = [
        Phone(room, token, server.port, keeps_line=number % 2 == 0, rest=0.05)
        for number, token in enumerate(room.tokens)
    ]
    listeners = [Listener(room, server.port) for _listener in range(LISTENERS)]
    for thread in [*phones, *listeners]:
        thread.start()
    wait_until(lambda: all(one.opened for one in listeners), "a listener never came in")
    for _reload in range(reloads):
        time.sleep(every)
        old = set(server.workers())
        server.reload()
        wait_until(lambda old=old: not old & set(server.workers()), "an old worker does not go", seconds=40)
    time.sleep(every)
    for phone in phones:
        phone.stop.set()
    finish(phones)
    moment = time.monotonic()
    room.press()
    wait_until(lambda: all(one.heard_at > moment for one in listeners) or _late(moment), "")
    for listener in listeners:
        listener.stop.set()
    other: dict[int, int] = {}
    for phone in phones:
        assert phone.refused == []
        for status, times in phone.temporary.items():
            other[status] = other.get(status, 0) + times
    for listener in listeners:
        for status in listener.statuses:
            if status != 200:
                other[status] = other.get(status, 0) + 1
    return Found(
        reloads, other, sum(phone.cut for phone in phones), sum(phone.line_closed for phone in phones),
        sum(one.opened - 1 for one in listeners),
        sum(one.heard_at <= moment for one in listeners),
        compare(stored(room.store, room.evening_id), received_by(phones)),
    )  # fmt: skip


def _late(since: float) -> bool:
    return time.monotonic() > since + 5
