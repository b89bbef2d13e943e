"""Another program keeps the database: who taps waits, is stored or told to wait, and never sees an error."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from pb.evening.actions.events import hold
from support.drills import Body, Open, Room, compare, stored
from support.site import Serve, Server, fetch
from support.taps import post

PHONES = 6


@dataclass(frozen=True)
class Told:
    """What one phone was told, and how long it waited. Units: seconds."""

    body: Body
    status: int
    text: str
    waited: float


@pytest.mark.parametrize(
    "seconds", [pytest.param(3, id="fast"), pytest.param(8, id="full", marks=pytest.mark.drill)]
)
def test_a_locked_database_is_waited_for(open_evening: Open, serve: Serve, seconds: int) -> None:
    room = open_evening(phones=PHONES)
    server = serve(room.url)
    told, page = _tap_while_locked(room, server, seconds)
    waits = sorted(one.waited for one in told)
    print(f"locked {seconds} s: {_statuses(told)}, waited {waits[0]:.1f} to {waits[-1]:.1f} s; {page}")
    assert {one.status for one in told} == {200}
    assert waits[0] > seconds - 1
    assert _kept(room, told) == (PHONES, 0, 0)


@pytest.mark.drill
def test_who_waits_too_long_is_told_to_try_again(open_evening: Open, serve: Serve) -> None:
    room = open_evening(phones=PHONES)
    server = serve(room.url)
    told, page = _tap_while_locked(room, server, 15)
    print(f"locked 15 s: {_statuses(told)}, waited up to {max(one.waited for one in told):.1f} s; {page}")
    # Taps are written together. Whoever came just behind the first ones waits from when those were told, and
    # is stored once the database is free.
    refused = [one for one in told if one.status != 200]
    assert {one.status for one in refused} == {503}
    assert all(json.loads(one.text)["code"] == "core.try-again-soon" for one in refused)
    assert all(len(json.loads(one.text)["text"]) > 20 for one in refused)
    again = [
        Told(one.body, *post(server.port, room.path, token, one.body), 0)
        for token, one in zip(room.tokens, told, strict=True)
    ]
    print(f"afterwards, without a restart: {_statuses(again)}")
    assert {one.status for one in again} == {200}
    assert _kept(room, again) == (PHONES, 0, 0)


def test_the_drill_sees_a_server_that_does_not_wait(open_on_sqlite: Open, serve: Serve) -> None:
    room = open_on_sqlite(phones=PHONES)
    told, page = _tap_while_locked(room, serve(room.url, breaks="does_not_wait"), 1.5)
    print(f"where nobody waits, locked 1.5 s: {_statuses(told)}; {page}")
    assert 200 not in {one.status for one in told}


def _tap_while_locked(room: Room, server: Server, seconds: float) -> tuple[list[Told], str]:
    held = threading.Event()

    def keep() -> None:
        with room.store.writing() as session:
            hold(session, room.evening_id)
            held.set()
            time.sleep(seconds)

    keeper = threading.Thread(target=keep)
    keeper.start()
    held.wait(10)
    with ThreadPoolExecutor(PHONES) as phones:
        tapping = [phones.submit(_tap, room, server, token) for token in room.tokens]
        time.sleep(0.2)
        began = time.monotonic()
        status, _text = fetch(server.port, f"/avond/{room.evening_id}/stoel", token=room.tokens[0])
        page = f"a page meanwhile: {status} after {time.monotonic() - began:.1f} s"
        assert status == 200
        told = [one.result(60) for one in tapping]
    keeper.join()
    return told, page


def _tap(room: Room, server: Server, token: str) -> Told:
    body = room.tap(token)
    began = time.monotonic()
    status, text = post(server.port, room.path, token, body, timeout=60)
    return Told(body, status, text, time.monotonic() - began)


def _statuses(told: list[Told]) -> str:
    return f"{len(told)} taps, answers " + ", ".join(sorted({str(one.status) for one in told}))


def _kept(room: Room, told: list[Told]) -> tuple[int, int, int]:
    count = compare(
        stored(room.store, room.evening_id), {one.body["op"]: json.loads(one.text) for one in told}, len(told)
    )
    return count.acknowledged, count.lost, count.double
