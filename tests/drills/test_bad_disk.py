"""The disk is full, or fails: what is acknowledged is stored, everybody else reads one plain sentence.

Once there is space again the room goes on, without a restart. PostgreSQL keeps its own disk; what it says of
it reaches the site as the same kind of error.
"""

import json
import os
import random
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw
import pytest
import sqlalchemy as sa
from flask import Flask

from config import settings_from
from pb.app import build
from pb.migrate import migrate
from pb.store.engine import Store
from pb.store.together import Together
from support.disk import Did, Disk, store_on
from support.drills import Body, Room, compare, open_room, stored
from support.site import Serve
from support.taps import Phone, finish, received_by, start_all, wait_until

FAULTS = (apsw.FullError, apsw.IOError)
SMALL = "8m"


# -- a full disk ------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of a few megabytes."""
    if os.geteuid() != 0:
        pytest.skip("only root may make a small disk")
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", folder], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"this machine does not let a disk be made: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.parametrize(
    "times", [pytest.param(1, id="fast"), pytest.param(10, id="full", marks=pytest.mark.drill)]
)
def test_a_full_disk_loses_nothing_and_passes(small_disk: Path, serve: Serve, times: int) -> None:
    store = Store(f"sqlite:///{small_disk / 'evening.db'}")
    migrate(store)
    room = open_room(store, phones=8)
    server = serve(room.url)
    phones = [Phone(room, token, server.port, pause=0.1, rest=0.05) for token in room.tokens]
    start_all(phones)
    for _time in range(times):
        _full_for_a_while(small_disk, phones)
    for phone in phones:
        phone.stop.set()
    finish(phones)
    count = compare(stored(store, room.evening_id), received_by(phones))
    refused: Counter[int] = sum((phone.temporary for phone in phones), Counter())
    print(f"a disk that was full {times} times: {count}; refused: {dict(refused)}")
    store.engine.dispose()
    assert count.good
    assert set(refused) == {503}
    assert {phone.told[503]["code"] for phone in phones if 503 in phone.told} == {"core.try-again-soon"}
    assert [text for phone in phones for text in phone.refused] == []


def _full_for_a_while(folder: Path, phones: Sequence[Phone]) -> None:
    received = [len(phone.received) for phone in phones]
    wait_until(
        lambda: all(len(phone.received) > had for phone, had in zip(phones, received, strict=True)),
        "no answers",
    )
    refused = [phone.temporary[503] for phone in phones]
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
        wait_until(
            lambda: all(phone.temporary[503] > had for phone, had in zip(phones, refused, strict=True)),
            "nobody was refused",
        )
    ballast.unlink()
    received = [len(phone.received) for phone in phones]
    wait_until(
        lambda: all(len(phone.received) > had for phone, had in zip(phones, received, strict=True)),
        "it does not go on once there is space",
    )


# -- a disk that fails ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "faults", [pytest.param(40, id="fast"), pytest.param(400, id="full", marks=pytest.mark.drill)]
)
def test_a_disk_that_fails_loses_nothing(tmp_path: Path, faults: int) -> None:
    statuses, count = _score_on_a_failing_disk(tmp_path, faults)
    print(f"{faults} faults while writing: answers {dict(statuses)}; {count}")
    assert set(statuses) == {200, 503}
    assert count.good


def test_the_drill_sees_a_score_that_is_acknowledged_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Together._store

    def hope(self: Any, on: Store, some: Sequence[Any]) -> None:
        try:
            store(self, on, some)
        except sa.exc.OperationalError:
            for one in some:
                one.answer, one.done = {"seq": 1, "n": one.ask.request.n, "item": one.ask.request.item}, True

    monkeypatch.setattr(Together, "_store", hope)
    statuses, count = _score_on_a_failing_disk(tmp_path, 40)
    print(f"where a fault is not looked at: answers {dict(statuses)}; {count}")
    assert count.lost > 0


def _score_on_a_failing_disk(folder: Path, faults: int) -> tuple[Counter[int], Any]:
    disk = Disk(f"failing-{folder.name}")
    chance = random.Random(3)
    with store_on(disk, folder / "evening.db") as store:
        migrate(store)
        # Nobody taps so often that the phone itself is slowed down.
        room = open_room(store, phones=max(8, faults // 10))
        app = _app(folder, store)
        statuses: Counter[int] = Counter()
        received: dict[str, Body] = {}
        made = 0
        while disk.faults < faults:
            token = room.tokens[made % len(room.tokens)]
            body = room.tap(token)
            made += 1
            disk.fails = _fault(chance)
            for _try in range(20):
                status, answer = _post(app, room, token, body)
                statuses[status] += 1
                if status == 200:
                    received[body["op"]] = answer
                    break
                assert answer["code"] == "core.try-again-soon", answer
                if chance.random() < 0.5:  # else it stays broken for a while
                    disk.fails = None
        disk.fails = None
        count = compare(stored(store, room.evening_id), received, made)
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    return statuses, count


def _fault(chance: random.Random) -> Any:
    """Let one of the next writes or syncs fail, and from then on all, until somebody mends the disk."""
    left = chance.randrange(0, 12)
    error = chance.choice(FAULTS)

    def fails(did: Did) -> Exception | None:
        nonlocal left
        left -= 1
        return error("the disk fails") if left < 0 else None

    return fails


def _app(folder: Path, store: Store) -> Flask:
    app = build(settings_from({"PB_VAR": str(folder), "PB_DATABASE_URL": "sqlite://"}))
    app.extensions["store"].engine.dispose()
    app.extensions["store"] = store
    return app


def _post(app: Flask, room: Room, token: str, body: Body) -> tuple[int, Body]:
    browser = app.test_client()
    browser.set_cookie("seat", token)
    answer = browser.post(room.path, json=body)
    return answer.status_code, json.loads(answer.text)
