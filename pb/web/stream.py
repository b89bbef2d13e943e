"""Tell many listeners what changed from one thread, so that no phone that listens ever holds a thread.

A listener is a connection with server-sent events. The server's own thread hands it over and is free again;
the hub keeps it, and looks once for all listeners of the same thing.
"""

import contextlib
import logging
import os
import random
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from flask import Response

log = logging.getLogger("pb.stream")

# Often enough for a room, seldom enough for a server: the first change goes out at once.
BETWEEN_TELLING_SECONDS = 0.05
HEARTBEAT_SECONDS = 20.0
MOST_LISTENERS = 8_000
HEARTBEAT = b":\n\n"

Look = Callable[[str, int], Mapping[str, bytes] | None]


@dataclass(eq=False)
class Listener:
    """One connection: what it listens to, what it was told last, and what is still to be sent."""

    connection: socket.socket
    topic: str
    kind: str
    told: bytes = b""
    rest: bytes = b""


@dataclass
class Topic:
    """Everybody who listens to one thing, and when they were last told anything."""

    listeners: set[Listener] = field(default_factory=set)
    told_at: float = 0.0
    due_at: float | None = None


class Hub:
    """Keep listeners, and tell them when what they listen to is another message than they were told.

    ``look`` gets a topic and how many listen, and gives the message per kind of listener, or None when there
    is no such thing; it is called in the hub's thread. ``every_seconds`` is how often it looks by itself, for
    changes that nobody told it of. ``follow`` gives something with a descriptor and topics, to hear of what
    other servers changed.
    """

    def __init__(self, look: Look, *, every_seconds: float, follow: Callable[[], Any] | None = None) -> None:
        self._look = look
        self._every = every_seconds
        self._follow = follow
        self._follower: Any = None
        self._coming: deque[Listener] = deque()
        self._changed: deque[str] = deque()
        self._topics: dict[str, Topic] = {}
        self._selector = selectors.DefaultSelector()
        self._ear, self._mouth = socket.socketpair()
        for end in (self._ear, self._mouth):
            end.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ, None)
        self._count = 0
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self._thread.start()

    @property
    def full(self) -> bool:
        """Say whether there is no place for another listener; it may ask now and then instead."""
        return self._count >= MOST_LISTENERS

    def join(self, connection: socket.socket, topic: str, kind: str, head: bytes) -> None:
        """Keep a connection; it hears the present message at once."""
        connection.setblocking(False)
        self._count += 1
        self._coming.append(Listener(connection, topic, kind, rest=head))
        self._wake()

    def changed(self, topic: str) -> None:
        """Look again soon, and tell whoever listens."""
        self._changed.append(topic)
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # then it is awake already
            self._mouth.send(b"!")

    def _run(self) -> None:
        polled_at = beat_at = time.monotonic()
        while True:
            try:
                self._wait_and_serve()
                moment = time.monotonic()
                if moment - polled_at >= self._every:
                    polled_at = moment
                    self._connect_follower()
                    for topic in list(self._topics):
                        self._look_soon(topic, moment)
                if moment - beat_at >= HEARTBEAT_SECONDS:
                    beat_at = moment
                    self._beat()
                self._tell_what_is_due(moment)
            except Exception:
                # A listener must never end the hub; whoever missed something hears it with the next look.
                log.exception("stream")
                time.sleep(0.1)

    def _wait_and_serve(self) -> None:
        due = [topic.due_at for topic in self._topics.values() if topic.due_at is not None]
        wait = self._every if self._topics else 60.0
        if due:
            wait = min(wait, max(0.0, min(due) - time.monotonic()))
        for key, events in self._selector.select(wait):
            if key.data is None:
                self._hear()
            elif key.data is self._follower:
                self._hear_others()
            else:
                self._serve(key.data, events)

    def _hear(self) -> None:
        try:
            while self._ear.recv(4096):
                pass
        except BlockingIOError:
            pass
        moment = time.monotonic()
        while self._coming:
            self._welcome(self._coming.popleft())
        while self._changed:
            self._look_soon(self._changed.popleft(), moment)

    def _welcome(self, listener: Listener) -> None:
        topic = self._topics.setdefault(listener.topic, Topic())
        topic.listeners.add(listener)
        self._selector.register(listener.connection, selectors.EVENT_READ, listener)
        self._send(listener, b"")
        topic.due_at = topic.due_at or time.monotonic()

    def _look_soon(self, key: str, moment: float) -> None:
        topic = self._topics.get(key)
        if topic is not None and topic.due_at is None:
            topic.due_at = max(moment, topic.told_at + BETWEEN_TELLING_SECONDS)

    def _tell_what_is_due(self, moment: float) -> None:
        for key, topic in list(self._topics.items()):
            if topic.due_at is None or topic.due_at > moment:
                continue
            topic.due_at = None
            messages = self._look(key, len(topic.listeners)) or {}
            for listener in list(topic.listeners):
                message = messages.get(listener.kind)
                # Whoever still has something to receive gets the newest when that is done.
                if message is not None and message != listener.told and not listener.rest:
                    listener.told = message
                    topic.told_at = moment
                    self._send(listener, message)

    def _beat(self) -> None:
        for topic in list(self._topics.values()):
            for listener in list(topic.listeners):
                if not listener.rest:
                    self._send(listener, HEARTBEAT)

    def _serve(self, listener: Listener, events: int) -> None:
        if events & selectors.EVENT_READ:
            try:
                listener.connection.recv(4096)
            except BlockingIOError:
                return
            except OSError:
                pass
            # A listener has nothing to say: it went away, or is not what it seems.
            self._drop(listener)
        elif events & selectors.EVENT_WRITE:
            self._send(listener, b"")
            if not listener.rest:
                self._look_soon(listener.topic, time.monotonic())

    def _send(self, listener: Listener, message: bytes) -> None:
        listener.rest += message
        had_to_wait = len(listener.rest) > len(message)
        try:
            sent = listener.connection.send(listener.rest)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._drop(listener)
            return
        listener.rest = listener.rest[sent:]
        if listener.rest or had_to_wait:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if listener.rest else 0)
            self._selector.modify(listener.connection, wanted, listener)

    def _drop(self, listener: Listener) -> None:
        topic = self._topics.get(listener.topic)
        if topic is None or listener not in topic.listeners:
            return
        topic.listeners.discard(listener)
        if not topic.listeners:
            del self._topics[listener.topic]
        self._count -= 1
        self._selector.unregister(listener.connection)
        listener.connection.close()

    def _connect_follower(self) -> None:
        if self._follow is None or self._follower is not None:
            return
        try:
            self._follower = self._follow()
        except Exception:
            log.warning("stream: no word from other servers for now; looking every %s s", self._every)
            return
        if self._follower is not None:
            self._selector.register(self._follower, selectors.EVENT_READ, self._follower)
        else:
            self._follow = None

    def _hear_others(self) -> None:
        try:
            topics = self._follower.topics()
        except Exception:
            self._selector.unregister(self._follower)
            self._follower = None
            return
        moment = time.monotonic()
        for topic in topics:
            self._look_soon(topic, moment)


class Handover(Response):
    """Hand the connection of this request to the hub, and free its thread.

    Where the server gives no connection away the answer is empty, and the page asks now and then instead.
    """

    def __init__(self, hub: Hub, topic: str, kind: str) -> None:
        super().__init__(status=204)
        self._hub, self._topic, self._kind = hub, topic, kind

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer: with a stream that begins now and ends when somebody hangs up."""
        theirs = environ.get("gunicorn.socket")
        if theirs is None or self._hub.full or environ["REQUEST_METHOD"] != "GET":
            return super().__call__(environ, start_response)
        self._hub.join(_take_over(theirs), self._topic, self._kind, self._head())
        return _leave()

    def _head(self) -> bytes:
        lines = [
            "HTTP/1.1 200 OK",
            "Content-Type: text/event-stream",
            "Connection: close",
            "X-Accel-Buffering: no",
        ]
        lines += [
            f"{name}: {value}"
            for name, value in self.headers
            if name.lower() not in ("content-type", "content-length", "connection", "set-cookie")
        ]
        # Each phone waits another time before it comes back, so that a room does not come back at once.
        again = f"retry: {random.randint(1000, 4000)}\n\n"
        return ("\r\n".join(lines) + "\r\n\r\n" + again).encode("latin-1")


def _take_over(theirs: socket.socket) -> socket.socket:
    mine = socket.socket(fileno=os.dup(theirs.fileno()))
    # The server goes on to shut down and close what it thinks is the connection: give it another one.
    end, other = socket.socketpair()
    with end, other:
        os.dup2(end.fileno(), theirs.fileno(), inheritable=False)
    return mine


def _leave() -> NoReturn:
    # How a WSGI program tells gunicorn that it took the connection over.
    raise StopIteration
