"""The same tap arrives fifty times at the same moment: it counts once, and each gets its answer."""

import json
import socket
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from support.drills import Body, Open, Room, compare, stored
from support.site import Serve, Server
from support.taps import post_bytes, read_answer


@dataclass
class Found:
    """What so many rounds gave."""

    rounds: int = 0
    posts: int = 0
    events: int = 0
    unequal: int = 0
    other: int = 0
    chain_holds: bool = True

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds, {self.posts:,} identical posts: {self.events} events,"
            f" {self.unequal} rounds with unequal answers, {self.other} answers other than 200"
        )


@pytest.mark.parametrize(
    ("rounds", "posts"),
    [pytest.param(5, 20, id="fast"), pytest.param(100, 50, id="full", marks=pytest.mark.drill)],
)
def test_one_press_counts_once(open_evening: Open, serve: Serve, rounds: int, posts: int) -> None:
    room = open_evening(phones=rounds)
    found = _press(room, serve(room.url), posts)
    print(found)
    assert (found.events, found.unequal, found.other) == (rounds, 0, 0)
    assert found.chain_holds


def test_the_drill_sees_a_press_that_counts_twice(open_on_sqlite: Open, serve: Serve) -> None:
    room = open_on_sqlite(phones=5)
    with room.store.engine.begin() as connection:
        connection.execute(sa.text("DROP INDEX ix_evening_event_op"))
    found = _press(room, serve(room.url, breaks="forgets_answers"), 20)
    print(f"without stored answers: {found}")
    assert found.events > 5
    assert found.unequal > 0


def _press(room: Room, server: Server, posts: int) -> Found:
    found = Found()
    received: dict[str, Body] = {}
    for token in room.tokens:
        body = room.tap(token)
        answers = _at_once(server.port, post_bytes(room.path, token, body), posts)
        found.rounds += 1
        found.posts += posts
        found.other += sum(status != 200 for status, _text in answers)
        found.unequal += len({text for _status, text in answers}) != 1
        if answers[0][0] == 200:
            received[body["op"]] = json.loads(answers[0][1])
    there = stored(room.store, room.evening_id)
    found.events, found.chain_holds = len(there.events), there.chain_holds
    found.unequal += compare(there, received).lost
    return found


def _at_once(port: int, message: bytes, posts: int) -> list[tuple[int, str]]:
    """Send the same on so many connections that are open already."""
    connections = [socket.create_connection(("127.0.0.1", port), timeout=30) for _post in range(posts)]
    try:
        for connection in connections:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for connection in connections:
            connection.sendall(message)
        return [read_answer(connection) for connection in connections]
    finally:
        for connection in connections:
            connection.close()
