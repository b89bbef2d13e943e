"""Every test that asks for a database runs on SQLite and on PostgreSQL."""

import gc
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from playwright.sync_api import Browser, Playwright, sync_playwright

from config import ROOT, settings_from
from pb.app import build
from pb.migrate import migrate
from pb.people import views as login_pages
from pb.store.engine import Store
from pb.web import clock
from support import databases
from support.browser import CHROMIUM, QUIET
from support.neighbourhood import Neighbourhood, settle_again
from support.today import SuiteClock
from support.visitor import Visitor

KINDS = os.environ.get("PB_TEST_DATABASES", "sqlite,postgresql").split(",")
_count = itertools.count()


@pytest.fixture(scope="session", autouse=True)
def no_looking_through_what_stays() -> None:
    """Leave what was imported out of every later search for rubbish."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def one_day() -> Iterator[None]:
    """Let the app in this process live on the suite's own day, whatever day it really is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "datetime", SuiteClock())
        yield


@pytest.fixture(autouse=True)
def nobody_failed_before() -> None:
    """Begin each test without the failures of the others: all visitors of a process have one address."""
    login_pages.failures.forget()
    login_pages.links.forget()


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """Compile every catalogue that is newer than what was compiled of it."""
    for source in (ROOT / "pb/translations").glob("*/LC_MESSAGES/messages.po"):
        compiled = source.with_suffix(".mo")
        if compiled.is_file() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as texts:
            catalogue = read_po(texts, locale=source.parts[-3])
        # Workers do this at the same moment; none may read half a file.
        whole = compiled.with_suffix(f".{os.getpid()}")
        with whole.open("wb") as file:
            write_mo(file, catalogue)
        whole.replace(compiled)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Give the socket folder of a server of our own."""
    with databases.postgresql_server() as folder:
        yield folder


@pytest.fixture(scope="session", params=KINDS)
def fresh_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Give a way to make migrated, empty databases of one kind."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("sqlite")
        _migrated(f"sqlite:///{folder / 'template.db'}")
        made: list[Path] = []

        def copy() -> str:
            for old in made:
                old.unlink(missing_ok=True)
            made.append(folder / f"{next(_count)}.db")
            shutil.copy(folder / "template.db", made[-1])
            return f"sqlite:///{made[-1]}"

        yield copy
        return
    server: str = request.getfixturevalue("postgresql")
    template = f"pb_template_{next(_count)}"
    _migrated(databases.create(server, template))
    wanted = databases.shape(server, template)
    names: list[str] = []

    def clone() -> str:
        if names and databases.empty(server, names[-1], wanted):
            return databases.postgresql_url(server, names[-1])
        while names:
            databases.drop(server, names.pop())
        names.append(f"pb_{next(_count)}")
        return databases.create(server, names[-1], template=template)

    yield clone


@pytest.fixture(scope="session")
def house(fresh_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Build the app once per kind of database."""
    app = build(
        settings_from(
            {
                "PB_DATABASE_URL": fresh_database(),
                "PB_VAR": str(tmp_path_factory.mktemp("var")),
                "PB_PEERTUBE_HOSTS": "film.example",
                "PB_BASE_URL": "http://127.0.0.1:8000",
            }
        )
    )
    app.extensions["store"].engine.dispose()
    app.testing = True
    return app


@pytest.fixture
def store(fresh_database: Callable[[], str]) -> Iterator[Store]:
    """Give an empty database."""
    made = databases.without_translating_again(Store(fresh_database()))
    yield made
    made.engine.dispose()


@pytest.fixture
def app(house: Flask, store: Store) -> Flask:
    """Give the app on an empty database."""
    house.extensions["store"] = store
    return house


@pytest.fixture
def place(store: Store) -> Neighbourhood:
    """Give a made-up neighbourhood with staff and an open round."""
    return settle_again(store)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Give somebody with a browser."""
    return Visitor(app)


def _migrated(url: str) -> None:
    store = Store(url)
    migrate(store)
    store.engine.dispose()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Give what drives browsers; there can be only one at a time."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Give Debian's Chromium."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()
