"""No phone hears that its score is stored before the disk has said so: seen from outside, with strace.

With PostgreSQL it is PostgreSQL that syncs, in a process of its own.
"""

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.drills import Open, Room
from support.site import Serve, Server
from support.taps import Phone, finish, start_all, wait_until

PHONES = 5
TAPS = 10
SYSCALLS = "fsync,fdatasync,recvfrom,sendto,sendmsg,write,writev,pwrite64"
LINE = re.compile(r"(\d+) +([\d.]+) (.*)")


@dataclass
class Waiting:
    """A tap that came in on a thread, and whether a sync of the log began and ended since."""

    op: str
    since: float
    synced: bool = False


def test_every_answer_comes_after_a_sync(open_on_sqlite: Open, serve: Serve, tmp_path: Path) -> None:
    after, answers, syncs = _watch(open_on_sqlite(phones=PHONES), serve, tmp_path)
    print(f"{after} of {answers} answers came after a sync of the log; {syncs} syncs")
    assert (after, answers) == (PHONES * TAPS, PHONES * TAPS)


def test_the_drill_sees_answers_without_a_sync(open_on_sqlite: Open, serve: Serve, tmp_path: Path) -> None:
    after, answers, syncs = _watch(open_on_sqlite(phones=PHONES), serve, tmp_path, breaks="does_not_sync")
    print(f"with synchronous=OFF: {after} of {answers} answers came after a sync of the log; {syncs} syncs")
    assert (after, answers, syncs) == (0, PHONES * TAPS, 0)


def _watch(room: Room, serve: Serve, folder: Path, *, breaks: str = "") -> tuple[int, int, int]:
    server = serve(room.url, breaks=breaks)
    phones = [Phone(room, token, server.port, taps=1) for token in room.tokens]
    start_all(phones)
    finish(phones)  # whatever is only done once is done
    lines = _traced(room, server, folder)
    return _count(lines)


def _traced(room: Room, server: Server, folder: Path) -> list[str]:
    if shutil.which("strace") is None:
        pytest.skip("strace is not on this machine")
    out = folder / "strace"
    (worker,) = server.workers()
    watch = ["strace", "-f", "-y", "-ttt", "-s", "2000", "-e", f"trace={SYSCALLS}", "-o", out]
    with subprocess.Popen([*watch, "-p", str(worker)], stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        first = tracer.stderr.readline()
        if "attached" not in first:
            tracer.wait()
            pytest.skip(f"this machine does not let a process be watched: {first.strip()}")
        time.sleep(0.2)
        phones = [Phone(room, token, server.port, taps=TAPS) for token in room.tokens]
        start_all(phones)
        finish(phones)
        wait_until(lambda: out.read_text().count("receipt") >= PHONES * TAPS, "strace is behind", seconds=10)
        tracer.terminate()
    return out.read_text().splitlines()


def _count(lines: list[str]) -> tuple[int, int, int]:
    """Follow each thread from the tap that it read to the first it says about it."""
    waiting: dict[str, Waiting] = {}
    syncing: dict[str, float] = {}
    after = answers = syncs = 0
    for line in lines:
        matched = LINE.match(line)
        if matched is None:
            continue
        thread, moment, did = matched[1], float(matched[2]), matched[3]
        op = re.search(r'\\"op\\": \\"([\w-]{22})', did)
        if op and "recvfrom" in did:
            waiting[thread] = Waiting(op[1], moment)
        elif re.match(r"fdatasync|fsync", did) and "-wal>" in did:
            syncing[thread] = moment
        if "sync" in did and re.search(r"= 0$", did) and thread in syncing:
            began = syncing.pop(thread)
            syncs += 1
            for one in waiting.values():
                one.synced = one.synced or one.since <= began
        if thread in waiting and re.match(r"(sendto|sendmsg|write|writev)\(\d+<(socket|TCP)", did):
            answers += 1
            after += waiting.pop(thread).synced
    return after, answers, syncs
