"""Real browsers on a real server, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from support.server import serving

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


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


@pytest.fixture
def database_url(fresh_database: Callable[[], str]) -> str:
    """Give the address of an empty database."""
    return fresh_database()


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[str]:
    """Serve the app on an empty database."""
    with serving(database_url, tmp_path) as base_url:
        yield base_url
