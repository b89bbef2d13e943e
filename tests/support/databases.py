"""Real databases for tests: an SQLite file, and a PostgreSQL server of our own on a local socket."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from pb.store.engine import Store

_spoken: dict[str, Store] = {}


@contextmanager
def postgresql_server(*, durable: bool = False) -> Iterator[str]:
    """Start a throw-away server and give the socket folder; it listens on no port.

    A durable one waits for the disk at each commit, as a real one does.
    """
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        raise RuntimeError("PostgreSQL is not installed; run: make system-packages")
    folder = Path(tempfile.mkdtemp(prefix="pb-postgresql-"))
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_postgres:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": folder}
    try:
        subprocess.run(
            [
                *as_postgres,
                binaries[-1] / "initdb",
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            **quiet,
        )
        options = f"-c listen_addresses='' -k {folder} -c max_connections=200" + (
            "" if durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        )
        subprocess.run(
            [
                *as_postgres,
                binaries[-1] / "pg_ctl",
                "-D",
                data,
                "-w",
                "-o",
                options,
                "-l",
                folder / "log",
                "start",
            ],
            **quiet,
        )
        yield str(folder)
    finally:
        subprocess.run(
            [*as_postgres, binaries[-1] / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            cwd="/",
        )
        shutil.rmtree(folder, ignore_errors=True)


def postgresql_url(folder: str, name: str) -> str:
    """Give the address of a database on that server."""
    return f"postgresql+psycopg://postgres@/{name}?host={folder}"


def create(folder: str, name: str, template: str | None = None) -> str:
    """Make a database, as a copy of another when asked."""
    with psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True) as connection:
        copy = f" TEMPLATE {template}" if template else ""
        connection.execute(f"CREATE DATABASE {name}{copy}")
    return postgresql_url(folder, name)


def drop(folder: str, name: str) -> None:
    """Drop a database, also when somebody is still connected."""
    with psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


# What every test finds is what this says; a test that changed it gets nothing of it back.
_SHAPE = """
SELECT md5(string_agg(said, ',' ORDER BY said)) FROM (
    SELECT attrelid::regclass || ' ' || attname || ' ' || atttypid || ' ' || attnotnull::text AS said
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT version_num FROM alembic_version
) AS everything
"""
# Only tables with rows and sequences that were used cost anything: a fifth of the time of a new copy.
_EMPTY = """
DO $$
DECLARE one record; filled boolean;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename AS name FROM pg_tables
                WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one.name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', one.name); END IF;
    END LOOP;
    FOR one IN SELECT sequencename AS name FROM pg_sequences
                WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        PERFORM setval(quote_ident(one.name), 1, false);
    END LOOP;
END $$
"""


def shape(folder: str, name: str) -> str:
    """Hash the tables, constraints and triggers of a database."""
    with psycopg.connect(host=folder, user="postgres", dbname=name) as connection:
        row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])


def empty(folder: str, name: str, wanted: str) -> bool:
    """Take every row out of a database; say no when its shape is not the one that is wanted any more."""
    with psycopg.connect(host=folder, user="postgres", dbname=name, autocommit=True) as connection:
        row = connection.execute(_SHAPE).fetchone()
        if row is None or row[0] != wanted:
            return False
        connection.execute(_EMPTY)
    return True


def without_translating_again(store: Store) -> Store:
    """Let a store use the SQL that others of its kind wrote before; a new engine knows none."""
    name = store.engine.dialect.name
    if name not in _spoken:
        with store.engine.connect():
            _spoken[name] = store
    known = _spoken[name].engine
    for engine in (store.engine, store._writing.kw["bind"]):
        engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
    return store
