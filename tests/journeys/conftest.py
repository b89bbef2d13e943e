"""Real browsers on a real server, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pb.store.engine import Store
from support import person
from support.server import serving

# The walk through everything is made on both databases each time; others on PostgreSQL by make drill.
HERE = Path(__file__).parent
ON_BOTH = "test_from_round_to_payment_list"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the browser's own tests on a second database to make drill: pages are the same on both."""
    for item in items:
        if "postgresql" in item.name and item.path.parent == HERE and item.path.stem != ON_BOTH:
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
