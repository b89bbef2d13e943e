"""A server for drills, which starts quickly and can be killed, and a way to break one promise on purpose."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pb.migrate import migrate
from pb.store.engine import Store
from support.drills import Open, Room, open_room
from support.site import Serve, Server, Starter


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    """Give what starts servers."""
    made = Starter()
    yield made
    made.close()


@pytest.fixture
def serve(starter: Starter, tmp_path: Path) -> Iterator[Serve]:
    """Give a way to serve a database; ``breaks`` names a promise that this server does not keep."""
    servers: list[Server] = []

    def make(url: str, *, breaks: str = "", **settings: str) -> Server:
        app = f"support.sabotage.{breaks}:app" if breaks else "wsgi:app"
        servers.append(Server(starter, url, tmp_path, app, settings))
        servers[-1].start()
        return servers[-1]

    yield make
    for server in servers:
        server.kill()


@pytest.fixture
def open_on_sqlite(tmp_path: Path) -> Iterator[Open]:
    """Give a way to fill a room on SQLite; where something is broken on purpose, one database is enough."""
    stores: list[Store] = []

    def make(*, phones: int, plans: int = 1) -> Room:
        stores.append(Store(f"sqlite:///{tmp_path / f'evening-{len(stores)}.db'}"))
        migrate(stores[-1])
        return open_room(stores[-1], phones=phones, plans=plans)

    yield make
    for store in stores:
        store.engine.dispose()


@pytest.fixture
def open_evening(fresh_database: Callable[[], str]) -> Iterator[Open]:
    """Give a way to fill a room on a fresh database."""
    stores: list[Store] = []

    def make(*, phones: int, plans: int = 1) -> Room:
        stores.append(Store(fresh_database()))
        return open_room(stores[-1], phones=phones, plans=plans)

    yield make
    for store in stores:
        store.engine.dispose()
