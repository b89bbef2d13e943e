"""A wire between a browser and the server that can be cut, and that can lose answers on the way back."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class Wire:
    """Pass bytes on to a server. ``cut`` drops every connection; ``deaf`` loses the answers."""

    def __init__(self, base_url: str) -> None:
        there = urlsplit(base_url)
        self._to = (there.hostname or "", there.port or 80)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.is_cut = False
        self.deaf = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Take the network away."""
        self.is_cut = True
        self._drop()

    def mend(self) -> None:
        """Give the network back."""
        self._drop()
        self.is_cut = self.deaf = False

    def close(self) -> None:
        """Stop for good."""
        self.is_cut = True
        self._door.close()
        self._drop()

    def _drop(self) -> None:
        with self._lock:
            some, self._open = self._open, set()
        for one in some:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                here, _address = self._door.accept()
            except OSError:
                return
            if self.is_cut:
                here.close()
                continue
            try:
                there = socket.create_connection(self._to, timeout=10)
            except OSError:
                here.close()
                continue
            there.settimeout(None)
            with self._lock:
                self._open |= {here, there}
            threading.Thread(target=self._pass_on, args=(here, there, False), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(there, here, True), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while some := source.recv(65536):
                if is_answer and self.deaf:
                    break
                target.sendall(some)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def wire_to(base_url: str) -> Iterator[Wire]:
    """Put a wire before a server; takes it away afterwards."""
    wire = Wire(base_url)
    try:
        yield wire
    finally:
        wire.close()
