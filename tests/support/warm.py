"""A process that has the site in memory already, and starts gunicorn of it in a fifth of a second.

Each line on standard input is JSON: the app to serve, the environment and a log. It answers with the process
id of a real gunicorn with our own configuration, which leads a process group of its own.
"""

import json
import os
import signal
import sys
from typing import Any

from config import ROOT

CONFIGURATION = str(ROOT / "deploy/gunicorn.conf.py")


def main() -> None:
    """Start what is asked for until nobody asks any more."""
    import gunicorn.app.wsgiapp
    import gunicorn.workers.gthread

    import pb.app  # noqa: F401  # what takes long

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _serve(json.loads(line), gunicorn.app.wsgiapp.run)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _serve(asked: dict[str, Any], run: Any) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(asked["environment"])
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.argv = ["gunicorn", "--config", CONFIGURATION, asked["app"]]
    try:
        run()
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
