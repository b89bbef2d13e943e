"""An evening of two plans and six seats, at the moment that a test asks for."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.store.engine import Store
from support.neighbourhood import Neighbourhood, settle
from support.room import Hall, Phone, nothing_changes, open_hall


@pytest.fixture
def hall(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening that is prepared; its doors are still shut."""
    return open_hall(app, store, place)


@pytest.fixture
def open_room(hall: Hall) -> Hall:
    """Give an evening whose first plan is open for scores; seats 1 to 5 are in, nobody gave a score."""
    return _open(hall)


@pytest.fixture
def phone(open_room: Hall) -> Phone:
    """Give the phone of seat 1, with the first plan open."""
    return Phone(open_room, 1)


@pytest.fixture(scope="session")
def standing(
    fresh_database: Callable[[], str], house: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hall]:
    """Keep one evening with its first plan open, for all the tests of what is refused."""
    store = Store(_own_copy(fresh_database(), tmp_path_factory.mktemp("standing")))
    yield _open(open_hall(house, store, settle(store)))
    store.engine.dispose()


@pytest.fixture
def standing_room(standing: Hall) -> Iterator[Hall]:
    """Give the standing evening, and see to it that the test leaves every table as it was."""
    before = standing.app.extensions["store"]
    standing.app.extensions["store"] = standing.store
    with nothing_changes(standing.store):
        yield standing
    standing.app.extensions["store"] = before


@pytest.fixture
def standing_phone(standing: Hall) -> Phone:
    """Give the phone of seat 1 on the standing evening."""
    return Phone(standing, 1)


def _open(hall: Hall) -> Hall:
    hall.press()
    hall.come_in(1, 2, 3, 4, 5)
    hall.press(2)
    return hall


def _own_copy(url: str, folder: Path) -> str:
    # The next test throws the database of this address away.
    if url.startswith("sqlite"):
        shutil.copy(url.removeprefix("sqlite:///"), folder / "standing.db")
        return f"sqlite:///{folder / 'standing.db'}"
    there = sa.make_url(url)
    name = f"{there.database}_standing"
    server = sa.create_engine(there.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{there.database}"'))
    server.dispose()
    return there.set(database=name).render_as_string()
