"""Phones that lose their wifi in the middle of a request do not stop everybody else."""

import socket
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pb.migrate import migrate
from pb.store.engine import Store
from support.server import serving

FORM = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9"
HALVES = (
    b"POST /inloggen HTTP/1.1\r\nHost: x\r\n" + FORM + b"\r\n\r\nx",
    b"GET /inloggen HTTP/1.1\r\nHost: x\r\nX-He",
)


@pytest.mark.parametrize("half", HALVES)
def test_more_half_requests_than_threads_hold_nobody_up_for_long(tmp_path: Path, half: bytes) -> None:
    # It is about threads, the same with every database.
    url = f"sqlite:///{tmp_path / 'half.db'}"
    store = Store(url)
    migrate(store)
    store.engine.dispose()
    with serving(url, tmp_path, PB_THREADS="2") as base_url:
        parts = urlsplit(base_url)
        stuck = [socket.create_connection((parts.hostname, parts.port)) for _ in range(3)]
        try:
            for phone in stuck:
                phone.sendall(half)
            with urllib.request.urlopen(base_url + "/inloggen", timeout=45) as answer:
                assert answer.status == 200
        finally:
            for phone in stuck:
                phone.close()
