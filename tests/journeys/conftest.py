"""Real browsers on a real server, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pb.store.engine import Store
from support import person
from support.server import serving

# What only a browser can do wrong: seen on SQLite each time, on PostgreSQL by make drill.
BY_THE_BROWSER = {
    "test_console_by_keyboard",
    "test_phone_offline",
    "test_door_scanner",
    "test_without_script",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the slowest half of the browser's own tests to make drill."""
    for item in items:
        if item.path.stem in BY_THE_BROWSER and "postgresql" in item.name:
            item.add_marker(pytest.mark.drill)


@pytest.fixture(autouse=True)
def axe_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at each page with axe on SQLite only: it is the same on both, and looking takes long."""
    monkeypatch.setattr(person, "WITH_AXE", "postgresql" not in request.node.name)


@pytest.fixture
def database_url(store: Store) -> str:
    """Give the address of the empty database that ``store`` is."""
    return store.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Serve the app on an empty database."""
    with serving(database_url, tmp_path) as base_url:
        yield base_url
