"""Real browsers on a real server, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.server import serving


@pytest.fixture
def database_url(fresh_database: Callable[[], str]) -> str:
    """Give the address of an empty database."""
    return fresh_database()


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Serve the app on an empty database."""
    with serving(database_url, tmp_path) as base_url:
        yield base_url
