"""A real server: gunicorn with our own configuration, on a free port of this machine."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(database_url: str, var_folder: Path, **settings: str) -> Iterator[str]:
    """Serve the app and give its address; stops it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base_url = f"http://127.0.0.1:{port}"
    log = var_folder / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy/gunicorn.conf.py"), "wsgi:app"],
            cwd=ROOT,
            env=environment(database_url, var_folder)
            | {"PB_BASE_URL": base_url, "PB_BIND": f"127.0.0.1:{port}"}
            | settings,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(base_url, server, log)
            yield base_url
        finally:
            server.terminate()
            server.wait(timeout=30)


def environment(database_url: str, var_folder: Path) -> dict[str, str]:
    """Give the environment of a command or server on this database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PB_")}
    return kept | {"PB_DATABASE_URL": database_url, "PB_VAR": str(var_folder)}


def _wait(base_url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _try in range(150):
        try:
            with urllib.request.urlopen(base_url + "/inloggen", timeout=2):
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")
