"""A server that is told to stop does so at once, whatever browsers left open."""

import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

from pb.migrate import migrate
from pb.store.engine import Store
from support.server import serving

LONGEST_SECONDS = 12


def test_a_connection_that_nobody_uses_does_not_hold_up_a_stop(tmp_path: Path) -> None:
    # Browsers open connections beforehand, in case somebody clicks.
    url = f"sqlite:///{tmp_path / 'stop.db'}"
    store = Store(url)
    migrate(store)
    store.engine.dispose()
    with serving(url, tmp_path) as base_url:
        port = urlsplit(base_url).port or 0
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        time.sleep(6)  # until the server's threads give them back
        began = time.monotonic()
    took = time.monotonic() - began
    for connection in silent:
        connection.close()
    assert took < LONGEST_SECONDS, f"the server stopped after {took:.0f} s"
