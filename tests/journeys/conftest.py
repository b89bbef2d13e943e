"""Real browsers on a real server, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pb.store.engine import Store
from support.server import serving


@pytest.fixture
def database_url(store: Store) -> str:
    """Give the address of the empty database that ``store`` is."""
    return store.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Serve the app on an empty database."""
    with serving(database_url, tmp_path) as base_url:
        yield base_url
