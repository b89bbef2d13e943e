"""How soon console and big screen show a score, with many phones that listen, and what a phone costs.

A phone stores a score; its answer starts the clock. The clock stops when console and screen have fetched
the page that shows it. Beside it, in the same run, a bare fan-out: the same server, as many listeners and the
same kind of stream, but it only upserts and tells, and its page is one line from one query.
"""

import asyncio
import os
import re
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.place import Room, databases, log_in, open_room, screen_path
from bench.scores import message, our_tap, served

SIZES = (40, 500, 2000)
GOALS_MS = {40: 150, 500: 300, 2000: 500}
TAPS = 60
BETWEEN_TAPS_SECONDS = 0.08
IDLE_SECONDS = 5.0

BARE = """
import os
import sqlalchemy as sa
from flask import Flask, jsonify, request
from pb.store.engine import Store
from pb.store.changes import mark
from pb.web.stream import Handover, Hub

app = Flask(__name__)
store = Store(os.environ["PB_DATABASE_URL"])
with store.engine.execution_options(writing=True).begin() as connection:
    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, seq INTEGER)")
    connection.exec_driver_sql("INSERT INTO bare VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET seq = 0")
SEQ = sa.text("SELECT seq FROM bare")
hub = None

def look(topic, listeners):
    with store.reading() as session:
        seq = session.execute(SEQ).scalar_one()
    return {"steps": b"data: 0\\n\\n", "all": b'data: {"v":0,"seq":%d}\\n\\n' % seq}

@app.get("/stroom")
def stream():
    global hub
    if hub is None:
        hub = Hub(look, every_seconds=0.1)
        store.listen(hub.changed)
    return Handover(hub, "bare", "all" if request.args.get("alles") else "steps")

@app.post("/score")
def score():
    with store.writing() as session:
        session.execute(sa.text("UPDATE bare SET seq = seq + 1"))
        seq = session.execute(SEQ).scalar_one()
        mark(session, "bare")
    return jsonify(seq=seq)

@app.get("/pagina")
def page():
    with store.reading() as session:
        return '<main data-seq="%d"></main>' % session.execute(SEQ).scalar_one()
"""


@dataclass
class Watcher:
    """A console or a screen: what it listens to, and the page that it then fetches."""

    stream: str
    page: str
    cookie: str = ""
    told: int = 0
    shown: int = 0


@dataclass
class Waits:
    """How long it took until a watcher was told, and until it showed. Units: seconds."""

    told: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)


def p95_ms(waits: list[Waits], what: str) -> float:
    """Give the worst 95th percentile of the watchers in milliseconds."""
    return max(sorted(getattr(one, what))[int(len(getattr(one, what)) * 0.95)] for one in waits) * 1000


def run() -> None:
    """Measure with 40, 500 and 2,000 phones that listen, and print the figures."""
    _few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    for name, url in databases():
        print(f"live: score stored -> shown, {name}, milliseconds at p95")
        with tempfile.TemporaryDirectory() as folder:
            room = open_room(url, phones=40)
            cookie = log_in(room, Path(folder))
            (Path(folder) / "bare_app.py").write_text(BARE)
            for size in SIZES:
                with served("wsgi:app", url, Path(folder)) as port:
                    ours, cpu = asyncio.run(_measure(port, size, *_ours(room, Path(folder), cookie)))
                with served("bare_app:app", url, Path(folder)) as port:
                    bare, _cpu = asyncio.run(_measure(port, size, *_bare()))
                told, bare_told = p95_ms(ours, "told"), p95_ms(bare, "told")
                print(
                    f"  {size:5} phones: shown on console {p95_ms(ours[:1], 'shown'):.0f},"
                    f" on screen {p95_ms(ours[1:], 'shown'):.0f} (goal {GOALS_MS[size]};"
                    f" bare page {p95_ms(bare, 'shown'):.0f});"
                    f" told {told:.1f}, bare {bare_told:.1f}, ratio {told / bare_told:.2f} (goal 1.50);"
                    f" idle {cpu * 1e6 / size:.0f} microseconds of CPU a second for each phone"
                )
        print()


Tap = Callable[[int], tuple[str, dict[str, str], str]]


def _ours(room: Room, folder: Path, cookie: str) -> tuple[str, list[Watcher], Tap]:
    stream = f"/avond/{room.evening_id}/stroom"
    watchers = [
        Watcher(stream + "?alles=1", f"/avond/{room.evening_id}/console", cookie),
        Watcher(stream + "?alles=1", screen_path(room, folder)),
    ]
    tap = our_tap(room)
    return stream, watchers, lambda count: tap(count % len(room.tokens), count)


def _bare() -> tuple[str, list[Watcher], Tap]:
    watchers = [Watcher("/stroom?alles=1", "/pagina"), Watcher("/stroom?alles=1", "/pagina")]
    return "/stroom", watchers, lambda _count: ("/score", {}, "{}")


async def _measure(
    port: int, size: int, stream: str, watchers: list[Watcher], tap: Tap
) -> tuple[list[Waits], float]:
    listeners = [asyncio.create_task(_listen(port, stream)) for _phone in range(size)]
    moved = asyncio.Condition()
    watching = [asyncio.create_task(_watch(port, watcher, moved)) for watcher in watchers]
    await asyncio.sleep(1 + size / 500)
    began = cpu_of_server(port)
    await asyncio.sleep(IDLE_SECONDS)
    cpu = (cpu_of_server(port) - began) / IDLE_SECONDS
    waits = [Waits() for _watcher in watchers]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for count in range(TAPS):
        writer.write(message(*tap(count)))
        seq = int(re.findall(rb'"seq":\s*(\d+)', await _answer(reader))[0])
        stored = time.perf_counter()
        await asyncio.gather(
            *(
                _until_shown(watcher, seq, moved, stored, wait)
                for watcher, wait in zip(watchers, waits, strict=True)
            )
        )
        await asyncio.sleep(BETWEEN_TAPS_SECONDS)
    for task in [*listeners, *watching]:
        task.cancel()
    await asyncio.gather(*listeners, *watching, return_exceptions=True)
    return waits, cpu


async def _until_shown(
    watcher: Watcher, seq: int, moved: asyncio.Condition, stored: float, wait: Waits
) -> None:
    async with moved:
        await asyncio.wait_for(moved.wait_for(lambda: watcher.told >= seq), 20)
        wait.told.append(time.perf_counter() - stored)
        await asyncio.wait_for(moved.wait_for(lambda: watcher.shown >= seq), 20)
    wait.shown.append(time.perf_counter() - stored)


async def _listen(port: int, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    while await reader.read(4096):
        pass


async def _watch(port: int, watcher: Watcher, moved: asyncio.Condition) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    page_reader, page_writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {watcher.stream} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    ask = (
        f"GET {watcher.page} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Part: pane\r\nCookie: {watcher.cookie}\r\n\r\n"
    )
    while heard := await reader.read(4096):
        numbers = re.findall(rb'"seq":(\d+)', heard)
        if not numbers:
            continue
        async with moved:
            watcher.told = int(numbers[-1])
            moved.notify_all()
        page_writer.write(ask.encode())
        seq = int(re.findall(rb'data-seq="(\d+)"', await _answer(page_reader))[0])
        async with moved:
            watcher.shown = max(watcher.shown, seq)
            moved.notify_all()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    if not head.startswith(b"HTTP/1.1 200") or length is None:
        raise RuntimeError(head)
    return await reader.readexactly(int(length[1]))


def cpu_of_server(port: int) -> float:
    """Add up the CPU seconds of the process that listens on this port, and of its children."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"127.0.0.1:{port}".encode() in (entry / "environ").read_bytes():
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return total / os.sysconf("SC_CLK_TCK")
