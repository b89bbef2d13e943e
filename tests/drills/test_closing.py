"""Fifty people tap while the facilitator closes: each score is before the closing, or refused with reason."""

import json
import random
import socket
import threading
import time
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from pb.evening.tables import Event
from support.drills import Open, Room, stored
from support.site import Serve, Server
from support.taps import post_bytes, read_answer

PHONES = 50
LATE = 5


@dataclass
class Found:
    """What so many rounds gave."""

    rounds: int = 0
    before: int = 0
    refused: int = 0
    after: int = 0
    unexplained: int = 0
    chain_holds: bool = True

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds, {self.before:,} stored before the closing, {self.refused:,} refused:"
            f" {self.after} scores after it, {self.unexplained} refusals without a reason"
        )


@pytest.mark.parametrize(
    "rounds", [pytest.param(6, id="fast"), pytest.param(200, id="full", marks=pytest.mark.drill)]
)
def test_closing_is_sharp(open_evening: Open, serve: Serve, rounds: int) -> None:
    room = open_evening(phones=PHONES, plans=rounds)
    found = _close(room, serve(room.url), rounds)
    print(found)
    assert (found.after, found.unexplained) == (0, 0)
    assert found.chain_holds
    assert found.before > 0
    assert found.refused > 0


def test_the_drill_sees_a_score_after_the_closing(open_on_sqlite: Open, serve: Serve) -> None:
    room = open_on_sqlite(phones=PHONES, plans=3)
    found = _close(room, serve(room.url, breaks="never_closes"), 3)
    print(f"where closing is not looked at: {found}")
    assert found.after > 0


def _close(room: Room, server: Server, rounds: int) -> Found:
    found = Found()
    chance = random.Random(5)
    for _round in range(rounds):
        answers = _taps_and_closing(room, server, chance.randrange(5, PHONES - LATE))
        found.rounds += 1
        for status, text in answers:
            found.before += status == 200
            if status != 200:
                found.refused += 1
                found.unexplained += not _explained(status, text)
        if found.rounds < rounds:
            room.press()
            room.press()
    with room.store.reading() as session:
        events = session.scalars(
            sa.select(Event).where(Event.evening_id == room.evening_id).order_by(Event.seq)
        ).all()
    closed: set[int] = set()
    for event in events:
        item = json.loads(event.facts).get("item")
        if event.kind == "scoring_closed":
            closed.add(item)
        found.after += event.kind in ("scored", "overtaken") and item in closed
    there = stored(room.store, room.evening_id)
    found.chain_holds = there.chain_holds and len(there.events) == found.before
    return found


def _taps_and_closing(room: Room, server: Server, early: int) -> list[tuple[int, str]]:
    """So many tap before the facilitator closes, most at the same moment, and a few when it is closed."""
    messages = [post_bytes(room.path, token, room.tap(token)) for token in room.tokens]
    connections = [socket.create_connection(("127.0.0.1", server.port), timeout=30) for _ in messages]
    closer = threading.Thread(target=room.press)
    try:
        for index, (connection, message) in enumerate(zip(connections, messages, strict=True)):
            if index == early:
                closer.start()
            if index == PHONES - LATE:
                closer.join()
            connection.sendall(message)
            time.sleep(0.001)
        return [read_answer(connection) for connection in connections]
    finally:
        for connection in connections:
            connection.close()


def _explained(status: int, text: str) -> bool:
    told = json.loads(text)
    return status == 409 and told["code"] == "evening.scoring-closed" and len(told["text"]) > 20
