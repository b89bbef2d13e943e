"""The power goes while a room scores: what was acknowledged was on the disk before.

The app's own Store, with its own settings, and its own way to write taps run on a disk that writes down every
write and every sync. Afterwards the files are rebuilt as they would be after a cut between any two of those.
PostgreSQL does its own syncing, and the site asks nothing special of it.
"""

import random
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pb.evening.actions.joining import device_sha256
from pb.evening.actions.scoring import Tap, take_positions
from pb.evening.rules.score import ScoreRequest
from pb.migrate import migrate
from pb.store.engine import Store
from pb.store.together import Together
from support.disk import Disk, File, store_on
from support.drills import Body, Room, compare, open_room, stored
from support.neighbourhood import NOW

PHONES = 4
DATABASE = "evening.db"
LOG = "evening.db-wal"


@dataclass
class Cuts:
    """What was found after so many cuts."""

    cuts: int = 0
    with_loss: int = 0
    acknowledged: int = 0
    lost: int = 0
    double: int = 0
    broken: int = 0

    def __str__(self) -> str:
        return (
            f"{self.cuts} power cuts, after each {self.acknowledged // self.cuts:,} acknowledged on average:"
            f" {self.lost:,} lost in {self.with_loss} cuts, {self.double} double, {self.broken} files broken"
        )


@pytest.mark.parametrize(
    ("cuts", "taps"),
    [pytest.param(25, 400, id="fast"), pytest.param(300, 6_000, id="full", marks=pytest.mark.drill)],
)
def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path, cuts: int, taps: int) -> None:
    found = _cut(_score(tmp_path, taps=taps), tmp_path, cuts)
    print(f"{taps:,} scores: {found}")
    assert found.acknowledged > taps
    assert (found.lost, found.double, found.broken) == (0, 0, 0)


def test_the_drill_sees_a_disk_that_is_not_waited_for(tmp_path: Path) -> None:
    found = _cut(_score(tmp_path, taps=400, synchronous="NORMAL"), tmp_path, 15)
    print(f"with synchronous=NORMAL: {found}")
    assert found.lost > 0


def _score(folder: Path, *, taps: int, synchronous: str = "") -> tuple[Disk, int]:
    """Let a room score on a watched disk; give what was done, and from where on the room was open."""
    disk = Disk(f"watched-{folder.name}")
    with store_on(disk, folder / DATABASE) as store:
        if synchronous:
            sa.event.listen(
                store.engine, "connect",
                lambda connection, _record: connection.execute(f"PRAGMA synchronous = {synchronous}"),
            )  # fmt: skip
        migrate(store)
        room = open_room(store, phones=PHONES)
        _sync_all(store)
        opened = len(disk.done)
        writes: Together[Tap, Body] = Together(take_positions)
        phones = [
            threading.Thread(target=_tap, args=(store, room, token, writes, disk, taps // PHONES))
            for token in room.tokens
        ]
        for phone in phones:
            phone.start()
        for phone in phones:
            phone.join()
        # SQLite itself throws its log away once the last connection closes; a cut comes before that.
        return Disk(disk.name, list(disk.done)), opened


def _sync_all(store: Store) -> None:
    connection = store.engine.raw_connection()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _tap(store: Store, room: Room, token: str, writes: Together[Tap, Body], disk: Disk, times: int) -> None:
    device = device_sha256(token)
    for _time in range(times):
        body = room.tap(token)
        answer = writes.write(store, Tap(room.evening_id, device, ScoreRequest(**body), NOW))
        disk.note((body["op"], answer))


def _cut(scored: tuple[Disk, int], folder: Path, cuts: int) -> Cuts:
    disk, opened = scored
    chance = random.Random(7)
    moments = sorted(chance.choices(range(opened, len(disk.done)), k=cuts))
    files = {DATABASE: File(), LOG: File()}
    told: dict[str, Body] = {}
    found = Cuts()
    after = folder / "after"
    after.mkdir()
    for moment, did in enumerate(disk.done):
        while moments and moments[0] == moment:
            moments.pop(0)
            for name, file in files.items():
                (after / name).write_bytes(file.after_a_cut(chance))
            (after / f"{DATABASE}-shm").unlink(missing_ok=True)
            _look(after / DATABASE, told, found)
        if did.what == "note":
            op, answer = did.told
            told[op] = answer
        elif did.file in files:
            files[did.file].do(did)
    return found


def _look(file: Path, told: dict[str, Any], found: Cuts) -> None:
    store = Store(f"sqlite:///{file}")
    try:
        with store.engine.connect() as connection:
            whole = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        count = compare(stored(store, 1), told)
    finally:
        store.engine.dispose()
    found.cuts += 1
    found.acknowledged += count.acknowledged
    found.lost += count.lost
    found.with_loss += count.lost > 0
    found.double += count.double
    found.broken += not whole or not count.chain_holds or count.changed > 0
