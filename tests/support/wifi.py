"""Bad wifi: a proxy between phones and the server that does to each tap what a full hall does to it."""

import asyncio
import gc
import re
import socket
import struct
import threading
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What goes wrong with every other try of a phone, so with the first try of every tap."""

    REQUEST_LOST = "the request never arrives"
    ANSWER_LOST = "the answer never arrives"
    CUT_IN_REQUEST = "cut in the middle of the request"
    CUT_IN_ANSWER = "cut in the middle of the answer"
    LATE = "so late that the phone sent it again"
    TWICE = "arrives twice at once"
    OUT_OF_ORDER = "arrives after later taps"


@dataclass
class _Held:
    """A request that waits in the air until a later tap of the same phone was answered."""

    op: bytes
    raw: bytes


@dataclass
class Wifi:
    """Bad wifi of one kind; use as a context manager, and let phones use its ``port``."""

    server_port: int
    fault: Fault
    patience: float
    port: int = 0
    faults: int = 0
    _failed: set[bytes] = field(default_factory=set)
    _held: dict[bytes, list[_Held]] = field(default_factory=dict)
    _flying: set["asyncio.Task[None]"] = field(default_factory=set)

    def __enter__(self) -> "Wifi":
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._finish(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        # On a busy machine a connection that was cut halfway may be left; it is thrown away here and now,
        # so that no later test is blamed for it.
        self._loop.close()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()

    def settle(self) -> None:
        """Let everything arrive that is still in the air."""
        asyncio.run_coroutine_threadsafe(self._settle(), self._loop).result(60)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1000)
        )
        self.port = self._server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        self._loop.run_until_complete(asyncio.sleep(0.05))

    async def _settle(self) -> None:
        for held in list(self._held.values()):
            for one in held:
                await self._forward(one.raw)
        self._held.clear()
        while self._flying:
            await asyncio.gather(*self._flying, return_exceptions=True)

    async def _finish(self) -> None:
        self._server.close()
        own = asyncio.current_task()
        # What is let go of closes, and what was accepted last begins, in the next rounds of the loop.
        quiet = 0
        while quiet < 3:
            rest = [task for task in asyncio.all_tasks() if task is not own]
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
            await asyncio.sleep(0.03)
            quiet = 0 if rest else quiet + 1

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._one(reader, writer):
                pass
        writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        raw = await _whole_message(reader)
        op = re.search(rb'"op": ?"([\w-]{22})"', raw)
        if not raw.startswith(b"POST") or op is None:
            return await self._pipe(raw, writer)
        if _phone(raw) in self._failed:
            self._failed.discard(_phone(raw))
            return await self._pass(raw, op[1], writer)
        if self.fault != Fault.TWICE:
            self._failed.add(_phone(raw))
        self.faults += 1
        return await self._fail(raw, op[1], writer)

    async def _fail(self, raw: bytes, op: bytes, writer: asyncio.StreamWriter) -> bool:
        match self.fault:
            case Fault.REQUEST_LOST:
                await asyncio.sleep(self.patience * 1.5)
            case Fault.ANSWER_LOST:
                await self._forward(raw)
                await asyncio.sleep(self.patience * 1.5)
            case Fault.CUT_IN_REQUEST:
                await self._forward(raw[: len(raw) - 20], cut=True)
                _reset(writer)
            case Fault.CUT_IN_ANSWER:
                answer = await self._forward(raw)
                writer.write(answer[: len(answer) - 20])
                await writer.drain()
                _reset(writer)
            case Fault.LATE:
                self._later(self.patience * 1.5, raw)
                await asyncio.sleep(self.patience * 1.5)
            case Fault.TWICE:
                other = asyncio.create_task(self._forward(raw))
                answer = await self._forward(raw)
                await other
                writer.write(answer)
                await writer.drain()
                return True
            case Fault.OUT_OF_ORDER:
                self._held.setdefault(_phone(raw), []).append(_Held(op, raw))
                await asyncio.sleep(self.patience * 1.5)
        return False

    async def _pass(self, raw: bytes, op: bytes, writer: asyncio.StreamWriter) -> bool:
        writer.write(await self._forward(raw))
        await writer.drain()
        held = self._held.get(_phone(raw), [])
        for one in [one for one in held if one.op != op]:
            held.remove(one)
            self._later(0, one.raw)
        return True

    async def _pipe(self, raw: bytes, writer: asyncio.StreamWriter) -> bool:
        """Pass on any other page, and a stream for as long as it lasts."""
        reader, upstream = await asyncio.open_connection("127.0.0.1", self.server_port)
        try:
            upstream.write(raw)
            await upstream.drain()
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(head)
            length = re.search(rb"(?i)content-length: (\d+)", head)
            if length is not None:
                writer.write(await reader.readexactly(int(length[1])))
                await writer.drain()
                return True
            if re.match(rb"HTTP/1.1 (204|304)", head):
                await writer.drain()
                return True
            while heard := await reader.read(65536):
                writer.write(heard)
                await writer.drain()
            return False
        finally:
            upstream.close()

    async def _forward(self, raw: bytes, *, cut: bool = False) -> bytes:
        reader, upstream = await asyncio.open_connection("127.0.0.1", self.server_port)
        try:
            upstream.write(raw)
            await upstream.drain()
            if cut:
                await asyncio.sleep(0.01)
                _reset(upstream)
                return b""
            return await _whole_message(reader)
        finally:
            upstream.close()

    def _later(self, seconds: float, raw: bytes) -> None:
        async def arrive() -> None:
            await asyncio.sleep(seconds)
            await self._forward(raw)

        task = asyncio.create_task(arrive())
        self._flying.add(task)
        task.add_done_callback(self._flying.discard)


async def _whole_message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


def _phone(raw: bytes) -> bytes:
    found = re.search(rb"seat=([\w-]+)", raw)
    return found[1] if found else b""


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
