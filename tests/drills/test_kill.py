"""The server is killed in the middle of scoring, again and again: what was acknowledged is there, once."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from support.drills import Count, Open, Room, compare, stored
from support.site import Serve, Server
from support.taps import Phone, finish, post, received_by, start_all, wait_until

PHONES = 24
BETWEEN = 20


@pytest.mark.parametrize(
    ("kills", "at_least"),
    [pytest.param(25, 400, id="fast"), pytest.param(200, 20_000, id="full", marks=pytest.mark.drill)],
)
def test_a_crash_loses_nothing_that_was_acknowledged(
    open_evening: Open, serve: Serve, kills: int, at_least: int
) -> None:
    room = open_evening(phones=PHONES)
    if room.store.engine.dialect.name != "sqlite" and kills == 25:
        kills, at_least = 8, 160  # PostgreSQL itself is not killed; that it is used right shows sooner
    count = _crash(room, serve(room.url), kills, each=at_least // kills)
    print(f"{room.store.engine.dialect.name}, {kills} kills: {count}")
    assert count.good
    assert count.acknowledged >= at_least


def test_the_drill_sees_a_tap_that_is_counted_twice(open_on_sqlite: Open, serve: Serve) -> None:
    room = open_on_sqlite(phones=PHONES)
    with room.store.engine.begin() as connection:
        connection.execute(sa.text("DROP INDEX ix_evening_event_op"))
    count = _crash(room, serve(room.url, breaks="forgets_answers"), kills=3)
    print(f"without stored answers: {count}")
    assert count.double > 0


def test_the_drill_sees_an_answer_that_was_taken_back(open_on_sqlite: Open, serve: Serve) -> None:
    room = open_on_sqlite(phones=PHONES)
    count = _crash(room, serve(room.url, breaks="takes_back"), kills=1, each=200, says_seen=False)
    print(f"rolled back after the answer: {count}")
    assert count.lost > 0


def _crash(room: Room, server: Server, kills: int, *, each: int = BETWEEN, says_seen: bool = True) -> Count:
    phones = [Phone(room, token, server.port, says_seen=says_seen) for token in room.tokens]
    start_all(phones)

    def acknowledged() -> int:
        return sum(len(phone.received) for phone in phones)

    for _kill in range(kills):
        goal = acknowledged() + max(each, BETWEEN)
        wait_until(lambda goal=goal: acknowledged() >= goal, "no score was acknowledged any more")
        server.kill()
        server.start(wait=False)
    wait_until(lambda: all(phone.received for phone in phones), "a phone never had an answer")
    for phone in phones:
        phone.stop.set()
    finish(phones)
    assert [text for phone in phones for text in phone.refused] == []
    server.until_it_answers()
    there = compare(stored(room.store, room.evening_id), received_by(phones))
    again = _asked_again(room, server, phones)
    server.kill()
    after = compare(stored(room.store, room.evening_id), received_by(phones))
    return replace(after, lost=there.lost, changed=max(there.changed, after.changed) + again)


def _asked_again(room: Room, server: Server, phones: list[Phone]) -> int:
    """Send the last taps once more, and count the answers that are not the same."""
    changed = 0
    for phone in phones:
        for op in list(phone.received)[-2:]:
            status, text = post(server.port, room.path, phone.token, phone.sent[op])
            changed += status != 200 or json.loads(text) != phone.received[op]
    return changed
