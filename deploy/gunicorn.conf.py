"""How gunicorn serves the site: gunicorn --config deploy/gunicorn.conf.py wsgi:app."""

import contextlib
import ctypes
import os
import re
import resource
import socket
import struct
import time
from pathlib import Path
from typing import Any

import gunicorn.glogging
import gunicorn.http.wsgi

bind = os.environ.get("PB_BIND", "127.0.0.1:8000")

# One process, many threads: a request spends its time waiting for the database, so threads
# are enough for a full room, and SQLite has one writer anyway. With PostgreSQL, set
# PB_WORKERS to the number of cores.
worker_class = "gthread"
workers = int(os.environ.get("PB_WORKERS", "1"))
threads = int(os.environ.get("PB_THREADS", "32"))

# A worker that is silent for longer than this is started again.
timeout = 30
# After a signal to stop or reload, requests under way get this long to finish.
graceful_timeout = 30
# Longer than a proxy's own pause between requests, so that the proxy is the one to hang up.
keepalive = 75

# Files that the site makes, the database among them, are for its own account only. (The
# setting of this name is about gunicorn's own files.)
os.umask(0o077)
if Path("/dev/shm").is_dir():  # noqa: S108  # the heartbeat must not wait for a busy disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108
control_socket_disable = True

# A phone that loses its wifi may leave a request half sent; a thread waits no longer than this for more
# of it. The timeout above does not end such a wait, and without an end a dozen phones stop everybody.
WAIT_FOR_MORE_SECONDS = 10
# From malloc.h: pieces from this size on go back when they are let go.
M_MMAP_THRESHOLD = -3


def post_worker_init(worker: Any) -> None:
    """Let every connection inherit how long a read from it may take, and leave room for many that listen."""
    _few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    for listener in worker.sockets:
        listener.setsockopt(
            socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", WAIT_FOR_MORE_SECONDS, 0)
        )

    _let_silent_connections_go(worker)
    _give_memory_back()


def _let_silent_connections_go(worker: Any) -> None:
    """A browser opens connections that it may never use; a server that stops must not wait for those."""
    cap = worker._cap_keepalive

    def cap_silent_ones_too(deadline: float) -> None:
        cap(deadline)
        for connection in worker.pending_conns:
            connection.timeout = min(connection.timeout, deadline)

    worker._cap_keepalive = cap_silent_ones_too


def _give_memory_back() -> None:
    """Give back at once what a long list took. By itself glibc learns from one big piece to keep the next."""
    with contextlib.suppress(OSError, AttributeError):  # another C library does as it likes
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 1_000_000)


def on_starting(server: Any) -> None:
    """On a reload, let old processes go only when the new ones answer; otherwise everybody waits for them."""
    manage = server.manage_workers

    def manage_when_ready() -> None:
        until = time.monotonic() + server.cfg.graceful_timeout
        while _waits_for_new(server) and time.monotonic() < until:
            time.sleep(0.1)
            server.reap_workers()
        manage()

    server.manage_workers = manage_when_ready


def _waits_for_new(server: Any) -> bool:
    workers = sorted(server.WORKERS.values(), key=lambda worker: worker.age)
    new = workers[len(workers) - server.num_workers :] if len(workers) > server.num_workers else []
    # The first sign of life has the time of the steady clock; until then the file has that of its making.
    return any(worker.tmp.last_update() > time.monotonic() for worker in new)


# The logs hold no personal data: no client address, no query string, and of the path only
# the rule that matched (/avond/<code>), which the app puts in the request's environment.
accesslog = "-"
access_log_format = '%(t)s %(m)s "%({pb.rule}e)s" %(s)s %(B)s bytes %(M)s ms'


class DiscreetLogger(gunicorn.glogging.Logger):
    """Log what went wrong, without the address or the path of the one it went wrong for."""

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if msg.startswith("Invalid request from ip="):
            # The rest quotes the request itself.
            msg, args = "Invalid request, refused", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if re.match(r"Error handling request.*%s", msg):
            msg, args = "Error handling request", ()
        super().exception(msg, *args, **kwargs)


logger_class = DiscreetLogger

# Say no more about the server than one must; HTTP wants no name at all.
gunicorn.http.wsgi.SERVER = "web"
