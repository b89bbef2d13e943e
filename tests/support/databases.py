"""Real databases for tests: an SQLite file, and a PostgreSQL server of our own on a local socket."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


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
