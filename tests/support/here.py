"""A server inside the test itself, whose clock the test can move."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from config import settings_from
from pb.app import build
from pb.web import clock
from support.site import free_port
from support.today import SuiteClock


class MovedClock(SuiteClock):
    """The suite's clock, moved ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self, zone: tzinfo = UTC) -> datetime:
        return super().now(zone) + self.ahead


@contextmanager
def serving_here(
    database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str
) -> Iterator[tuple[str, MovedClock]]:
    """Serve the app from threads of this process, and give its address and its clock."""
    moved, port = MovedClock(), free_port()
    monkeypatch.setattr(clock, "datetime", moved)
    base_url = f"http://127.0.0.1:{port}"
    app = build(
        settings_from(
            {"PB_DATABASE_URL": database_url, "PB_VAR": str(folder), "PB_BASE_URL": base_url} | settings
        )
    )
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield base_url, moved
    finally:
        server.shutdown()
        thread.join(timeout=10)
        app.extensions["store"].engine.dispose()
