"""Phones for a drill: they tap, and send each tap again until it is answered for good, as phone.js does."""

import http.client
import json
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from support.drills import Body, Room, new_op
from support.site import ask

FINAL = frozenset({400, 401, 403, 404, 409, 413, 415, 422})


def post(
    port: int, path: str, token: str, body: Body, *, timeout: float = 20, seen: str | None = None
) -> tuple[int, str]:
    """Send a tap once. Raises: OSError, HTTPException when no whole answer comes back."""
    return ask(port, "POST", path, json.dumps(body), _tap_headers(token, seen), timeout)


def _tap_headers(token: str, seen: str | None) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Cookie": f"seat={token}"}
    return headers if seen is None else headers | {"X-Seen": seen}


def post_bytes(path: str, token: str, body: Body) -> bytes:
    """Write a tap as it goes over the wire."""
    text = json.dumps(body)
    lines = [
        f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json",
        "Accept: application/json", f"Cookie: seat={token}", f"Content-Length: {len(text)}",
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n" + text).encode()


def read_answer(connection: socket.socket) -> tuple[int, str]:
    """Read one whole answer. Raises: OSError, HTTPException."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, answer.read().decode()


class Phone(threading.Thread):
    """Taps, and sends each tap again until it has a final answer, one after the other, as phone.js does."""

    def __init__(
        self, room: Room, token: str, port: int, *, taps: int | None = None, patience: float = 10,
        pause: float = 0.02, new_op_each_time: bool = False, says_seen: bool = True, keeps_line: bool = False,
        rest: float = 0,
    ) -> None:  # fmt: skip
        super().__init__(daemon=True)
        self.room, self.token, self.port, self.patience, self.pause = room, token, port, patience, pause
        self.taps, self.new_op_each_time = taps, new_op_each_time
        self.stop = threading.Event()
        self.says_seen, self.keeps_line, self.rest = says_seen, keeps_line, rest
        # As the server wrote it: a number with the server's own sign behind it.
        self.seen = "0"
        self.made = 0
        self.tries = 0
        # Tries that ended without an answer: in the middle, or because a line that was kept had been closed.
        self.cut = 0
        self.line_closed = 0
        self._line: http.client.HTTPConnection | None = None
        self.received: dict[str, Body] = {}
        self.sent: dict[str, Body] = {}
        self.refused: list[str] = []
        self.temporary: Counter[int] = Counter()
        self.told: dict[int, Body] = {}
        self.on_received: Callable[[Body, Body], None] = lambda _body, _answer: None
        self.trouble: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set() and (self.taps is None or self.made < self.taps):
                body = self.room.tap(self.token)
                self.made += 1
                while not self._final(body) and not self.stop.is_set():
                    time.sleep(self.pause * (0.7 + secrets.randbelow(60) / 100))
                    if self.new_op_each_time:
                        body = body | {"op": new_op(), "n": self.room.tap(self.token)["n"]}
                time.sleep(self.rest)
        except BaseException as error:
            self.trouble = error
        finally:
            self._hang_up()

    def _final(self, body: Body) -> bool:
        self.tries += 1
        self.sent[body["op"]] = body
        try:
            status, text = self._send(body)
        except (OSError, http.client.HTTPException):
            return False
        if status == 200:
            answer = json.loads(text)
            self.seen = max(self.seen, answer["seen"], key=lambda seen: int(seen.partition(".")[0]))
            self.received[body["op"]] = answer
            self.on_received(body, answer)
            return True
        if status in FINAL:
            self.refused.append(f"{status} {text}")
            return True
        self.temporary[status] += 1
        self.told[status] = json.loads(text)
        return False

    def _send(self, body: Body) -> tuple[int, str]:
        self._line = self._line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        was_open = self._line.sock is not None
        try:
            self._line.request(
                "POST", self.room.path, json.dumps(body),
                _tap_headers(self.token, self.seen if self.says_seen else None),
            )  # fmt: skip
            answer = self._line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self._hang_up()
            if was_open and isinstance(error, ConnectionError):
                self.line_closed += 1
            else:
                self.cut += 1
            raise
        if not self.keeps_line:
            self._hang_up()
        return answer.status, text

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def start_all(phones: Sequence[Phone]) -> None:
    """Let all begin."""
    for phone in phones:
        phone.start()


def finish(phones: Sequence[Phone], *, within: float = 60) -> None:
    """Wait until all are done; what broke in one of them breaks the drill."""
    until = time.monotonic() + within
    for phone in phones:
        phone.join(timeout=max(0.1, until - time.monotonic()))
        assert not phone.is_alive(), "a phone is still waiting"
        if phone.trouble is not None:
            raise phone.trouble


def wait_until(reached: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Wait for something that must happen."""
    until = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < until, what
        time.sleep(0.01)


def received_by(phones: Sequence[Phone]) -> dict[str, Body]:
    """Put together what all phones were told is stored."""
    return {op: answer for phone in phones for op, answer in phone.received.items()}
