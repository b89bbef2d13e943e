"""Real browsers on a real server, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pb.store.engine import Store
from support import person
from support.server import serving


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
