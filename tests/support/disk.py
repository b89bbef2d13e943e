"""A disk that drills can cut off from power, or let fail: the app's own Store on an SQLite that apsw brings.

apsw lets Python stand between SQLite and its files. ``Disk`` writes down every write and every sync, and can
say what a file would hold after a power cut at any moment. What else is here is the little that SQLAlchemy
asks of a database driver, so that the Store runs on it with its own settings and its own statements.
"""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from pb.store import engine
from pb.store.engine import Store

SECTOR = 512


@dataclass(frozen=True)
class Did:
    """One thing that was done to a file, or a note (``what`` is "note") of who was told what."""

    what: str
    file: str = ""
    at: int = 0
    data: bytes = b""
    told: Any = None


@dataclass
class Disk:
    """Everything that was done, in order; and, for who wants it, a fault at a chosen moment."""

    name: str
    done: list[Did] = field(default_factory=list)
    fails: Any = None
    faults: int = 0

    def note(self, told: Any) -> None:
        """Write down that somebody was told something now."""
        self.done.append(Did("note", told=told))

    def does(self, did: Did) -> None:
        """Do it, unless the disk fails now."""
        if self.fails is not None:
            failure = self.fails(did)
            if failure is not None:
                self.faults += 1
                raise failure
        self.done.append(did)


@dataclass
class File:
    """A file as the disk holds it, and what was written to it since it was last synced."""

    held: bytearray = field(default_factory=bytearray)
    waiting: list[Did] = field(default_factory=list)

    def do(self, did: Did) -> None:
        """Follow what was done."""
        if did.what != "sync":
            self.waiting.append(did)
            return
        for one in self.waiting:
            _apply(self.held, one)
        self.waiting = []

    def after_a_cut(self, chance: random.Random) -> bytes:
        """Give what is there after a power cut: what was synced, and of the rest what luck left.

        In one cut of two luck leaves nothing; in the others any part of it, also half a write.
        """
        left = bytearray(self.held)
        keep = 0.0 if chance.random() < 0.5 else chance.random()
        for did in self.waiting:
            if chance.random() < keep:
                cut = len(did.data)
                if chance.random() < 0.2:
                    cut = chance.randrange(0, cut + 1, SECTOR) if cut else 0
                _apply(left, Did(did.what, did.file, did.at, did.data[:cut]))
        return bytes(left)


def _apply(held: bytearray, did: Did) -> None:
    if did.what == "truncate":
        del held[did.at :]
        return
    if len(held) < did.at:
        held.extend(bytes(did.at - len(held)))
    held[did.at : did.at + len(did.data)] = did.data


class _WatchedFile(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self.disk = disk
        self.file = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "temporary").name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self.disk.does(Did("write", self.file, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self.disk.does(Did("truncate", self.file, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        # Nothing of this machine is waited for: what counts is that SQLite asked for it here.
        self.disk.does(Did("sync", self.file))


class _WatchedFiles(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        super().__init__(disk.name, "", maxpathname=0)

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _WatchedFile(self.disk, name, flags)


@contextmanager
def store_on(disk: Disk, file: Path) -> Iterator[Store]:
    """Give the app's own Store on this disk."""
    files = _WatchedFiles(disk)
    _Driver.vfs = disk.name
    usual = engine.sqlite
    engine.sqlite = _Driver  # type: ignore[misc, assignment]
    try:
        store = Store(f"sqlite:///{file}")
    finally:
        engine.sqlite = usual
    try:
        yield store
    finally:
        store.engine.dispose()
        files.unregister()


# -- what SQLAlchemy asks of a driver -----------------------------------------------------------------

_KINDS = {
    apsw.ConstraintError: sqlite3.IntegrityError,
    apsw.MismatchError: sqlite3.IntegrityError,
    apsw.CorruptError: sqlite3.DatabaseError,
    apsw.NotADBError: sqlite3.DatabaseError,
    apsw.MisuseError: sqlite3.ProgrammingError,
}


@contextmanager
def _translated() -> Iterator[None]:
    # The same classes that Python's own driver raises for the same results of SQLite.
    try:
        yield
    except apsw.Error as error:
        raise _KINDS.get(type(error), sqlite3.OperationalError)(str(error)) from error


class _Cursor:
    def __init__(self, connection: "_Connection") -> None:
        self._own = connection.own
        self._cursor = connection.own.cursor()
        # An empty answer has columns too; apsw tells them only before the first row.
        self._cursor.exec_trace = self._look
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.arraysize = 1

    @property
    def lastrowid(self) -> int:
        return self._own.last_insert_rowid()

    def execute(self, statement: str, values: Sequence[Any] = ()) -> "_Cursor":
        before = self._own.total_changes()
        with _translated():
            self._rows = list(self._cursor.execute(statement, tuple(values)))
        self.rowcount = self._own.total_changes() - before
        return self

    def _look(self, cursor: apsw.Cursor, _statement: str, _values: Any) -> bool:
        columns = cursor.get_description()
        self.description = tuple((column[0], *[None] * 6) for column in columns) or None
        return True

    def executemany(self, statement: str, many: Sequence[Sequence[Any]]) -> "_Cursor":
        before = self._own.total_changes()
        with _translated():
            self._cursor.executemany(statement, [tuple(values) for values in many])
        self.description, self._rows = None, []
        self.rowcount = self._own.total_changes() - before
        return self

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        taken, self._rows = self._rows[: size or self.arraysize], self._rows[size or self.arraysize :]
        return taken

    def fetchall(self) -> list[Any]:
        taken, self._rows = self._rows, []
        return taken

    def close(self) -> None:
        self._rows = []


class _Connection:
    isolation_level: str | None = ""

    def __init__(self, file: str, vfs: str) -> None:
        self.own = apsw.Connection(file, vfs=vfs)

    def cursor(self) -> _Cursor:
        return _Cursor(self)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> _Cursor:
        return self.cursor().execute(statement, values)

    def create_function(self, name: str, count: int, function: Any, *, deterministic: bool = False) -> None:
        self.own.create_scalar_function(name, function, count, deterministic=deterministic)

    def commit(self) -> None:
        if self.own.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.own.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self.own.close()


class _Driver:
    """A module of functions and errors, as PEP 249 has it."""

    paramstyle = "qmark"
    apilevel = "2.0"
    threadsafety = 1
    sqlite_version = apsw.sqlite_lib_version()
    sqlite_version_info = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    PARSE_DECLTYPES = sqlite3.PARSE_DECLTYPES
    PARSE_COLNAMES = sqlite3.PARSE_COLNAMES
    Binary = bytes
    Error = sqlite3.Error
    Warning = sqlite3.Warning
    InterfaceError = sqlite3.InterfaceError
    DatabaseError = sqlite3.DatabaseError
    DataError = sqlite3.DataError
    OperationalError = sqlite3.OperationalError
    IntegrityError = sqlite3.IntegrityError
    InternalError = sqlite3.InternalError
    ProgrammingError = sqlite3.ProgrammingError
    NotSupportedError = sqlite3.NotSupportedError
    vfs = ""

    @classmethod
    def connect(cls, file: str, **_settings: Any) -> _Connection:
        return _Connection(file, cls.vfs)
