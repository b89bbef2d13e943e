"""The engine, and the only two ways to reach the database: reading and writing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.orm import Session, sessionmaker

from pb.core.errors import TryAgainSoon
from pb.store import changes

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # where there is no wheel of it, Python's own serves
    from sqlite3 import dbapi2 as sqlite

# Fixed in 3.51.3: a reset of the write-ahead log could corrupt a file used by several connections.
SAFE_SQLITE = (3, 51, 3)
BUSY_TIMEOUT_MS = 10_000


class Store:
    """One database, SQLite or PostgreSQL, with its two doors."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._reading = sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        self._writing = sessionmaker(self.engine.execution_options(writing=True), expire_on_commit=False)
        # SQLite has one writer and makes the others sleep and look again; threads wait better in a queue.
        self._turn = threading.Lock() if self.engine.dialect.name == "sqlite" else None
        self._listeners: list[changes.Listener] = []

    def listen(self, listener: changes.Listener) -> None:
        """Let somebody hear what this process changes, right after it is stored."""
        self._listeners.append(listener)

    def follow(self) -> changes.Follower | None:
        """Hear what other servers change; None where there can be no other server that tells."""
        return changes.Follower(self.engine.url) if self.engine.dialect.name == "postgresql" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open one snapshot to read from; nothing is ever written through it."""
        with self._reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open the one transaction of a request: all of it is stored, or nothing.

        Raises: TryAgainSoon when others keep the database too long.
        """
        with self._in_turn(), self._writing.begin() as session:
            yield session
            changes.tell_other_servers(session)
        for topic in changes.marked(session):
            for listener in self._listeners:
                listener(topic)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise TryAgainSoon()
        try:
            yield
        finally:
            self._turn.release()

    def describe(self) -> str:
        """Say which database and version this is, without address or password."""
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                version = connection.exec_driver_sql("select sqlite_version()").scalar_one()
                unsafe = tuple(int(part) for part in version.split(".")) < SAFE_SQLITE
                return f"SQLite {version}" + (
                    " (older than 3.51.3: use one worker, or PostgreSQL)" if unsafe else ""
                )
            version = connection.exec_driver_sql("show server_version").scalar_one()
            return f"PostgreSQL {version}"


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        engine = sa.create_engine(
            url,
            module=sqlite,
            poolclass=sa.pool.QueuePool,
            pool_size=32,
            max_overflow=32,
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        )
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = sa.create_engine(url, pool_size=16, max_overflow=32, pool_pre_ping=True)
    sa.event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # As long as SQLite waits; without it a request would wait for a lock until its worker is killed.
    connection.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours, below
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        # What is erased is written over in the file itself.
        "secure_delete = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    # A write that begins as a read cannot wait for its turn; it would fail as "locked".
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")
