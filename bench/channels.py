"""Four ways to tell a room that something changed, side by side on this server: what ADR 13 was chosen from.

Each way serves as many phones from the same gunicorn with its ordinary threads. Counted are the phones that
heard of a step within ten seconds, how soon they did, the CPU of the server meanwhile, and how long another
request had to wait.
"""

import asyncio
import http.client
import tempfile
import time
from pathlib import Path

from bench.live import cpu_of_server
from bench.place import open_room
from bench.scores import served

PHONES = 500
STEPS = 5
ASK_EVERY_SECONDS = 2.0

APP = """
import os, time
import sqlalchemy as sa
from flask import Flask, Response, request
from pb.store.engine import Store
from pb.store.changes import mark
from pb.web.stream import Handover, Hub

app = Flask(__name__)
store = Store(os.environ["PB_DATABASE_URL"])
NUMBER = sa.text("SELECT version FROM evening_evening")
hub = None

def version():
    with store.reading() as session:
        return session.execute(NUMBER).scalar_one()

def look(topic, listeners):
    return {"x": b"data: %d\\n\\n" % version()}

@app.get("/stand")
def state():
    return str(version())

@app.get("/stroom")
def stream():
    global hub
    if hub is None:
        hub = Hub(look, every_seconds=0.25)
        store.listen(hub.changed)
    return Handover(hub, "room", "x")

@app.get("/draad")
def held():
    def tell():
        last = None
        while True:
            if (now := version()) != last:
                last = now
                yield "data: %d\\n\\n" % now
            time.sleep(0.05)
    return Response(tell(), mimetype="text/event-stream")

@app.get("/lang")
def wait():
    seen = request.args.get("v", type=int)
    until = time.monotonic() + 20
    while version() == seen and time.monotonic() < until:
        time.sleep(0.05)
    return str(version())

@app.post("/stap")
def step():
    with store.writing() as session:
        session.execute(sa.text("UPDATE evening_evening SET version = version + 1"))
        mark(session, "room")
    return str(version())
"""


class Phones:
    """So many phones: which version each of them last heard of, and when."""

    def __init__(self, count: int) -> None:
        self.version = [0] * count
        self.at = [0.0] * count

    def hear(self, phone: int, version: int) -> None:
        if version > self.version[phone]:
            self.version[phone], self.at[phone] = version, time.perf_counter()


def run() -> None:
    """Measure each way and print a line for it."""
    print(f"channels: {PHONES} phones, one gunicorn with its ordinary threads, SQLite")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        open_room(url, phones=5)
        (Path(folder) / "channels_app.py").write_text(APP)
        for name, phone in (
            (f"asking each {ASK_EVERY_SECONDS:.0f} s", _ask),
            ("long polling in threads", _wait),
            ("stream in threads", _held),
            ("stream from one thread", _stream),
        ):
            with served("channels_app:app", url, Path(folder)) as port:
                print(f"  {name:24} {asyncio.run(_measure(port, phone))}")
    print()


async def _measure(port: int, phone: object) -> str:
    phones = Phones(PHONES)
    assert callable(phone)
    tasks = [asyncio.create_task(phone(port, number, phones)) for number in range(PHONES)]
    await asyncio.sleep(5)
    began, cpu = time.perf_counter(), cpu_of_server(port)
    waits: list[float] = []
    told = []
    for _step in range(STEPS):
        version, waited = await asyncio.to_thread(_press, port)
        told.append(waited)
        stored = time.perf_counter()
        while time.perf_counter() - stored < 10 and min(phones.version) < version:
            await asyncio.sleep(0.02)
        heard = [at - stored for held, at in zip(phones.version, phones.at, strict=True) if held >= version]
        waits += heard
        if len(heard) < PHONES:
            break
    spent = (cpu_of_server(port) - cpu) / (time.perf_counter() - began)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    p95 = f"{sorted(waits)[int(len(waits) * 0.95)] * 1000:.0f} ms" if waits else "never"
    return (
        f"{len(heard)} of {PHONES} heard, p95 {p95}, {spent:.2f} cores; "
        f"the press itself waited {max(told) * 1000:.0f} ms"
    )


def _press(port: int) -> tuple[int, float]:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/stap")
        return int(connection.getresponse().read()), time.perf_counter() - began
    except OSError:
        return 10**9, time.perf_counter() - began
    finally:
        connection.close()


async def _ask(port: int, number: int, phones: Phones) -> None:
    await asyncio.sleep(ASK_EVERY_SECONDS * number / PHONES)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while True:
        phones.hear(number, await _get(reader, writer, "/stand"))
        await asyncio.sleep(ASK_EVERY_SECONDS)


async def _wait(port: int, number: int, phones: Phones) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while True:
        phones.hear(number, await _get(reader, writer, f"/lang?v={phones.version[number]}"))


async def _held(port: int, number: int, phones: Phones) -> None:
    await _listen(port, "/draad", number, phones)


async def _stream(port: int, number: int, phones: Phones) -> None:
    await _listen(port, "/stroom", number, phones)


async def _listen(port: int, path: str, number: int, phones: Phones) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    while line := await reader.readline():
        if line.startswith(b"data: "):
            phones.hear(number, int(line[6:]))


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> int:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
    return int(await reader.readexactly(length))


if __name__ == "__main__":
    run()
