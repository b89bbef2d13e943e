"""How many positions a second the app stores, beside a bare Flask view that does one upsert and a commit.

Both are served by gunicorn with the project's own settings, on the same database, and asked by as many
phones that tap at once; what counts is the ratio within this run.
"""

import http.client
import json
import os
import re
import secrets
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.place import ROOT, Room, databases, open_room

PHONES = 64
SECONDS = 4.0
ROUNDS = 3

BARE = """
import os
import sqlalchemy as sa
from flask import Flask, jsonify, request
from pb.store.engine import Store

app = Flask(__name__)
store = Store(os.environ["PB_DATABASE_URL"])
UPSERT = sa.text(
    "INSERT INTO bare_score VALUES (:seat, :score) ON CONFLICT (seat) DO UPDATE SET score = :score"
)
with store.engine.execution_options(writing=True).begin() as connection:
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS bare_score (seat INTEGER PRIMARY KEY, score INTEGER)"
    )
writing = store.engine.execution_options(writing=True)

@app.post("/score")
def score():
    body = request.get_json()
    with writing.begin() as connection:
        connection.execute(UPSERT, body)
    return jsonify(ok=True)
"""


def run() -> None:
    """Measure both on each database, in turn, and print the ratio of the medians."""
    for name, url in databases():
        with tempfile.TemporaryDirectory() as folder:
            room = open_room(url, phones=PHONES)
            bare = Path(folder) / "bare_app.py"
            bare.write_text(BARE)
            rates: dict[str, list[float]] = {"ours": [], "bare": []}
            for _round in range(ROUNDS):
                with served("wsgi:app", url, Path(folder)) as port:
                    rates["ours"].append(_taps_a_second(port, our_tap(room)))
                with served("bare_app:app", url, Path(folder)) as port:
                    rates["bare"].append(_taps_a_second(port, _bare_tap))
        ours, plain = statistics.median(rates["ours"]), statistics.median(rates["bare"])
        print(f"scores: {PHONES} phones at once, gunicorn, {name}")
        print(f"  the score endpoint {ours:.0f} a second, a bare upsert {plain:.0f} a second")
        print(f"  ratio {ours / plain:.2f} (goal 0.60)\n")


@contextmanager
def served(app: str, url: str, folder: Path) -> Iterator[int]:
    """Serve an app with the project's own gunicorn settings and give its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PB_")} | {
        "PB_DATABASE_URL": url, "PB_VAR": str(folder), "PB_BIND": f"127.0.0.1:{port}",
        "PB_BASE_URL": f"http://127.0.0.1:{port}", "PB_THREADS": os.environ.get("PB_THREADS", "32"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
    }  # fmt: skip
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy/gunicorn.conf.py"), app],
            cwd=ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _until_it_answers(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=40)


def _until_it_answers(port: int) -> None:
    """Wait for the first answer: a server listens long before it can serve."""
    for _try in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("the server did not start")


Ask = Callable[[int, int], tuple[str, dict[str, str], str]]


def our_tap(room: Room) -> Ask:
    def tap(phone: int, count: int) -> tuple[str, dict[str, str], str]:
        body = {
            "op": secrets.token_urlsafe(16), "n": room.next_n(phone), "item": room.item_id,
            "score": count % 5 + 1, "v": room.version,
        }  # fmt: skip
        return room.score_path, {"Cookie": f"seat={room.tokens[phone]}"}, json.dumps(body)

    return tap


def _bare_tap(phone: int, count: int) -> tuple[str, dict[str, str], str]:
    return "/score", {}, json.dumps({"seat": phone, "score": count % 5 + 1})


def _taps_a_second(port: int, ask: Ask) -> float:
    """Let every phone send its next tap as soon as the last one was answered, from one thread."""
    selector = selectors.DefaultSelector()
    stored = [0] * PHONES
    heard = [b""] * PHONES
    for phone in range(PHONES):
        connection = socket.create_connection(("127.0.0.1", port))
        selector.register(connection, selectors.EVENT_READ, phone)
        connection.sendall(message(*ask(phone, 0)))
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        for key, _events in selector.select(1):
            phone, connection = key.data, key.fileobj
            assert isinstance(connection, socket.socket)
            heard[phone] += connection.recv(65536)
            if not _whole(heard[phone]):
                continue
            if not heard[phone].startswith(b"HTTP/1.1 200"):
                raise RuntimeError(heard[phone])
            stored[phone] += 1
            heard[phone] = b""
            connection.sendall(message(*ask(phone, stored[phone])))
    for key in list(selector.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    return sum(stored) / SECONDS


def _whole(heard: bytes) -> bool:
    head, found, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return bool(found and length and len(body) >= int(length[1]))


def message(path: str, headers: dict[str, str], body: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
