"""The site for a drill: gunicorn with our own configuration, which can be killed and started in no time."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config import ROOT
from support.server import environment


class Starter:
    """Starts servers quickly."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.warm"], cwd=ROOT, text=True,
            env=_seeing_tests(dict(os.environ)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def start(self, app: str, settings: dict[str, str], log: Path) -> int:
        """Start gunicorn with an app and give its process id, which is also its process group."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"app": app, "environment": _seeing_tests(settings), "log": str(log)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End; servers that still run are not its own any more."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=20)


@dataclass
class Server:
    """One gunicorn with our own configuration, on a port of its own, that can be killed and started again."""

    starter: Starter
    url: str
    folder: Path
    app: str = "wsgi:app"
    settings: dict[str, str] = field(default_factory=dict)
    port: int = 0
    pid: int = 0

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def start(self, *, wait: bool = True) -> None:
        """Start, and wait until it answers."""
        self.port = self.port or free_port()
        base = {"PB_BIND": f"127.0.0.1:{self.port}", "PB_BASE_URL": f"http://127.0.0.1:{self.port}"}
        self.pid = self.starter.start(
            self.app, environment(self.url, self.folder) | base | self.settings, self.folder / "server.log"
        )
        if wait:
            self.until_it_answers()

    def until_it_answers(self) -> None:
        """Wait until a page is served."""
        until = time.monotonic() + 60
        while True:
            with suppress(OSError, http.client.HTTPException):
                if fetch(self.port, "/inloggen", timeout=5)[0] == 200:
                    return
            assert time.monotonic() < until, (self.folder / "server.log").read_text()[-3000:]
            time.sleep(0.02)

    def kill(self) -> None:
        """Take the power from the whole process group."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        until = time.monotonic() + 10
        while _listens(self.port) and time.monotonic() < until:
            time.sleep(0.005)

    def reload(self) -> None:
        """Say what systemctl reload says."""
        os.kill(self.pid, signal.SIGHUP)

    def workers(self) -> list[int]:
        """Give the processes that answer."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]


def _seeing_tests(variables: dict[str, str]) -> dict[str, str]:
    return variables | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fetch(
    port: int, path: str, *, token: str = "", timeout: float = 20, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    """Open a page."""
    return ask(port, "GET", path, None, {"Cookie": f"seat={token}"} | (headers or {}), timeout)


def ask(
    port: int, method: str, path: str, body: str | None, headers: dict[str, str], timeout: float
) -> tuple[int, str]:
    """Ask once, on a connection of its own. Raises: OSError, HTTPException without a whole answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


Serve = Callable[..., Server]
