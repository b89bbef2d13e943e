"""The stream: a room hears of each step at once, and no phone that listens holds a thread."""

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from pb.evening.actions.events import append, hold
from pb.evening.rules.steps import Stage
from pb.store.engine import Store
from support.evenings import hold_evening
from support.neighbourhood import NOW, settle
from support.room import Hall
from support.server import serving

THREADS = "4"


Listen = Callable[..., "Ear"]


class Ear:
    """A listener with a connection of its own."""

    def __init__(self, port: int, path: str) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        self.heard = b""

    def hears(self, text: str, *, seconds: float = 5) -> bool:
        """Wait until this was told."""
        until = time.monotonic() + seconds
        while text.encode() not in self.heard:
            self.connection.settimeout(max(0.01, until - time.monotonic()))
            try:
                more = self.connection.recv(65536)
            except TimeoutError:
                return False
            if not more:
                return False
            self.heard += more
        return True

    def forget(self) -> None:
        self.heard = b""

    def close(self) -> None:
        self.connection.close()


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Give a way to listen, and hang up afterwards."""
    ears: list[Ear] = []

    def open_ear(port: int, path: str = "/avond/1/stroom") -> Ear:
        ears.append(Ear(port, path))
        return ears[-1]

    yield open_ear
    for ear in ears:
        ear.close()


@pytest.fixture(scope="module")
def served(
    fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, int]]:
    """Serve an evening whose doors are open, with few threads."""
    url = fresh_database()
    store = Store(url)
    place = settle(store)
    assert hold_evening(store, place, {"Moestuin": [None] * 5}, until=Stage.DOORS) == 1
    with serving(url, tmp_path_factory.mktemp("stream"), PB_THREADS=THREADS) as base_url:
        yield store, int(base_url.rsplit(":", 1)[1])
    store.engine.dispose()


def step(store: Store) -> str:
    with store.writing() as session:
        evening = hold(session, 1)
        evening.version += 1
        return f'"v":{evening.version}'


def position(store: Store) -> str:
    with store.writing() as session:
        return f'"seq":{append(session, hold(session, 1), "arrived", NOW, seat=1)}'


def test_a_listener_hears_where_the_evening_is_and_then_each_step(
    served: tuple[Store, int], listen: Listen
) -> None:
    store, port = served
    phone = listen(port)
    assert phone.hears('data: {"v":')
    assert b"200 OK" in phone.heard
    assert b"text/event-stream" in phone.heard
    assert b"retry: " in phone.heard
    assert phone.hears(step(store))


def test_a_phone_hears_steps_only_and_a_screen_hears_each_position_too(
    served: tuple[Store, int], listen: Listen
) -> None:
    store, port = served
    phone, screen = listen(port), listen(port, "/avond/1/stroom?alles=1")
    assert phone.hears('"v":')
    assert screen.hears('"seq":')
    phone.forget()
    assert screen.hears(position(store))
    assert not phone.hears("data", seconds=0.6)


def test_many_more_listeners_than_threads_leave_room_for_everybody_else(
    served: tuple[Store, int], listen: Listen
) -> None:
    store, port = served
    ears = [listen(port) for _ear in range(60)]
    assert all(ear.hears('"v":') for ear in ears)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/avond/1/stand")
    answer = connection.getresponse()
    assert (answer.status, answer.read()[:1]) == (200, b"{")
    connection.close()
    told = step(store)
    assert all(ear.hears(told) for ear in ears)


def test_whoever_hangs_up_or_talks_back_is_let_go(served: tuple[Store, int], listen: Listen) -> None:
    store, port = served
    ears = [listen(port) for _ear in range(10)]
    assert all(ear.hears('"v":') for ear in ears)
    for ear in ears[:5]:
        ear.close()
    ears[5].connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert all(ear.hears(step(store)) for ear in ears[6:])
    assert not ears[5].hears("never", seconds=2)


def test_a_listener_that_does_not_read_holds_nobody_up(served: tuple[Store, int], listen: Listen) -> None:
    store, port = served
    deaf, ear = listen(port, "/avond/1/stroom?alles=1"), listen(port, "/avond/1/stroom?alles=1")
    deaf.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    for _time in range(30):
        last = position(store)
    assert ear.hears(last)


def test_an_evening_that_is_not_there_has_no_stream(served: tuple[Store, int], listen: Listen) -> None:
    _store, port = served
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for path in ("/avond/99/stroom", "/avond/99/stand"):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 404
    connection.close()


def test_where_a_server_gives_no_connection_away_the_answer_is_empty(open_room: Hall, app: Flask) -> None:
    answer = app.test_client().get(f"{open_room.path}/stroom")
    assert (answer.status_code, answer.data) == (204, b"")


def test_two_servers_on_one_database_tell_each_other_s_listeners(
    fresh_database: Callable[[], str], tmp_path: Path, listen: Listen
) -> None:
    url = fresh_database()
    store = Store(url)
    hold_evening(store, settle(store), {"Moestuin": [None] * 5}, until=Stage.DOORS)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with serving(url, tmp_path / "one") as one, serving(url, tmp_path / "two") as two:
        ears = [listen(int(base.rsplit(":", 1)[1])) for base in (one, two)]
        assert all(ear.hears('"v":') for ear in ears)
        time.sleep(1.2)  # until both follow
        told = step(store)
        assert all(ear.hears(told, seconds=0.9) for ear in ears)
    store.engine.dispose()
