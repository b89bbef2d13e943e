"""The whole room taps at once, from one address, as a hall on one wifi does."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pb.evening.rules.screen_key import screen_key
from pb.store.engine import Store
from support import databases
from support.crowd import Told, let_loose, p95
from support.drills import Count, Open, Room, compare, open_room, stored
from support.site import Serve, Server

CARD_KEY = "a made-up key to make cards with, of this drill"


@pytest.fixture(params=["sqlite", "postgresql"])
def durable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[int], Room]]:
    """Give a room on a database that waits for the disk at each commit, as a real one does."""
    from pb.migrate import migrate

    def make(phones: int) -> Room:
        stores.append(Store(url))
        migrate(stores[-1])
        return open_room(stores[-1], phones=phones)

    stores: list[Store] = []
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'evening.db'}"
        yield make
        stores[-1].engine.dispose()
        return
    with databases.postgresql_server(durable=True) as folder:
        url = databases.create(folder, "evening")
        yield make
        stores[-1].engine.dispose()


def test_sixty_phones_at_once_are_all_stored(open_evening: Open, serve: Serve) -> None:
    room = open_evening(phones=60)
    server = serve(room.url, PB_CARD_KEY=CARD_KEY)
    told = let_loose(
        room, server.port, taps=3, seconds=2, listeners=60, stream=_stream(room), page=_screen(room)
    )
    count = _count(room, told)
    print(f"60 phones × 3 in 2 s, 60 listen: {_said(told, count)}")
    _nobody_is_refused(told, count)


@pytest.mark.drill
def test_five_hundred_phones_at_once_are_all_stored_soon(
    durable: Callable[[int], Room], serve: Serve
) -> None:
    room = durable(500)
    server = serve(room.url, PB_CARD_KEY=CARD_KEY)
    _warm(room, server)
    told = let_loose(room, server.port, taps=3, seconds=2)
    count = _count(room, told)
    print(f"{_kind(room)}: 500 phones × 3 in 2 s: {_said(told, count)}")
    _nobody_is_refused(told, count)
    listening = let_loose(room, server.port, taps=3, seconds=2, listeners=500, stream=_stream(room))
    print(f"{_kind(room)}: the same while 500 listen: {_said(listening, _count(room, listening))}")
    _nobody_is_refused(listening, _count(room, listening))
    assert max(p95(told.waits), p95(listening.waits)) <= 1500
    assert listening.heard >= 1000


@pytest.mark.drill
def test_a_calm_room_waits_for_nothing(durable: Callable[[int], Room], serve: Serve) -> None:
    room = durable(150)
    server = serve(room.url, PB_CARD_KEY=CARD_KEY)
    _warm(room, server)
    told = let_loose(
        room, server.port, taps=3, seconds=10, listeners=500, stream=_stream(room), page=_screen(room)
    )
    count = _count(room, told)
    print(f"{_kind(room)}: 150 phones × 3 in 10 s, 500 listen, the big screen too: {_said(told, count)}")
    _nobody_is_refused(told, count)
    assert p95(told.waits) <= 200
    assert p95(told.page_waits) <= 300


def test_the_drill_sees_a_room_that_is_refused(open_on_sqlite: Open, serve: Serve) -> None:
    room = open_on_sqlite(phones=60)
    server = serve(room.url, breaks="counts_by_address")
    told = let_loose(room, server.port, taps=3, seconds=2, give_up=5)
    print(f"where an address has a limit: answers {told.statuses}")
    assert told.statuses.get("429", 0) > 0


def _warm(room: Room, server: Server) -> None:
    let_loose(room, server.port, taps=1, seconds=1)


def _stream(room: Room) -> str:
    return f"/avond/{room.evening_id}/stroom"


def _screen(room: Room) -> str:
    return f"/avond/{room.evening_id}/scherm/{screen_key(CARD_KEY.encode(), room.evening_id)}"


def _kind(room: Room) -> str:
    return room.store.engine.dialect.name


def _count(room: Room, told: Told) -> Count:
    return compare(stored(room.store, room.evening_id), told.received)


def _said(told: Told, count: Count) -> str:
    page = f", page p95 {p95(told.page_waits):.0f} ms {told.page_statuses}" if told.page_waits else ""
    return (
        f"answers {told.statuses}, {told.errors} errors, p95 {p95(told.waits):.0f} ms,"
        f" longest {max(told.waits):.0f} ms{page}; {count}; load {os.getloadavg()[0]:.1f}"
    )


def _nobody_is_refused(told: Told, count: Count) -> None:
    assert told.statuses == {"200": told.made}
    assert set(told.page_statuses) <= {"200"}
    assert told.errors == 0
    assert count.good
    assert count.acknowledged == told.made
