"""Halfway the evening an older copy is put back: phones that know more keep their taps, and staff know."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pb.evening.actions.joining import device_sha256
from pb.evening.actions.scoring import Tap, take_positions
from pb.evening.queries import evening_facts
from pb.evening.rules.score import ScoreRequest
from pb.evening.rules.seen import write_seen
from pb.evening.tables import Evening
from pb.store.engine import Store
from support.drills import Room, open_room, stored
from support.neighbourhood import NOW
from support.site import Serve, Server
from support.taps import post

PHONES = 10


@pytest.fixture
def restored(fresh_database: Callable[[], str], tmp_path: Path) -> Iterator[Callable[[int, int], Room]]:
    """Give a way to score, keep a copy, score on, and put the copy back."""
    made: list[Room] = []

    def make(kept: int, missing: int) -> Room:
        url = fresh_database()
        room = open_room(url, phones=PHONES)
        made.append(room)
        _score(room, kept)
        copy = _copy(room.store, tmp_path)
        _score(room, missing)
        room.store.engine.dispose()
        room.store, room.url = Store(copy), copy
        return room

    yield make
    for room in made:
        room.store.engine.dispose()
        _drop(room.url)


@pytest.mark.parametrize(
    ("kept", "missing"),
    [pytest.param(300, 20, id="fast"), pytest.param(4_600, 111, id="full", marks=pytest.mark.drill)],
)
def test_a_phone_that_knows_more_keeps_its_tap(
    restored: Callable[[int, int], Room], serve: Serve, kept: int, missing: int
) -> None:
    room = restored(kept, missing)
    before = stored(room.store, room.evening_id)
    at = _seq(room)
    answers = _tap_as_before(room, serve(room.url), at + missing)
    after = stored(room.store, room.evening_id)
    alarm = _alarm(room)
    print(
        f"database at {at}, phones knew of {at + missing}: {[status for status, _text in answers]};"
        f" {len(after.events) - len(before.events)} stored, alarm at {alarm}"
    )
    assert [status for status, _text in answers] == [503] * PHONES
    assert {json.loads(text)["code"] for _status, text in answers} == {"evening.database-behind"}
    assert all(len(json.loads(text)["text"]) > 20 for _status, text in answers)
    assert (after.events, after.scores) == (before.events, before.scores)
    assert after.chain_holds
    assert alarm == at + missing


def test_a_phone_that_knows_no_more_is_stored_as_ever(
    restored: Callable[[int, int], Room], serve: Serve
) -> None:
    room = restored(50, 0)
    status, _text = post(
        (server := serve(room.url)).port, room.path, room.tokens[0], room.tap(room.tokens[0]),
        seen=_signed(room, server, _seq(room)),
    )  # fmt: skip
    assert status == 200
    assert _alarm(room) is None


def test_the_drill_sees_a_database_that_is_believed(
    restored: Callable[[int, int], Room], serve: Serve
) -> None:
    room = restored(50, 20)
    answers = _tap_as_before(room, serve(room.url, breaks="believes_every_database"), _seq(room) + 20)
    print(f"where it is not looked at: {sorted({status for status, _text in answers})}")
    assert {status for status, _text in answers} == {200}
    assert _alarm(room) is None


def _score(room: Room, taps: int) -> None:
    for start in range(0, taps, 50):
        tokens = [room.tokens[number % PHONES] for number in range(start, min(start + 50, taps))]
        with room.store.writing() as session:
            answers = take_positions(
                session,
                [
                    Tap(room.evening_id, device_sha256(token), ScoreRequest(**room.tap(token)), NOW)
                    for token in tokens
                ],
            )
        assert {answer["status"] for answer in answers} == {"stored"}  # type: ignore[index]


def _tap_as_before(room: Room, server: Server, seen: int) -> list[tuple[int, str]]:
    told = _signed(room, server, seen)
    return [post(server.port, room.path, token, room.tap(token), seen=told) for token in room.tokens]


def _signed(room: Room, server: Server, seen: int) -> str:
    """Write what phones were told before the copy came back; the key stands outside the database."""
    key: str = json.loads((server.folder / "secrets.json").read_text())["PB_SECRET_KEY"]
    return write_seen(key.encode(), evening_id=room.evening_id, seq=seen)


def _seq(room: Room) -> int:
    with room.store.reading() as session:
        return evening_facts(session, evening_id=room.evening_id).seq


def _alarm(room: Room) -> int | None:
    with room.store.reading() as session:
        return session.get_one(Evening, room.evening_id).alarm_seq


def _copy(store: Store, folder: Path) -> str:
    there = store.engine.url
    if there.get_backend_name() == "sqlite":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.connection.cursor().execute("VACUUM INTO ?", (str(folder / "copy.db"),))
        return f"sqlite:///{folder / 'copy.db'}"
    name = f"{there.database}_copy"
    store.engine.dispose()
    _on_server(there, f'CREATE DATABASE "{name}" TEMPLATE "{there.database}"')
    return there.set(database=name).render_as_string(hide_password=False)


def _drop(url: str) -> None:
    there = sa.make_url(url)
    if there.get_backend_name() != "sqlite":
        _on_server(there, f'DROP DATABASE IF EXISTS "{there.database}" WITH (FORCE)')


def _on_server(there: sa.URL, statement: str) -> None:
    server = sa.create_engine(there.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(statement))
    server.dispose()
