"""Copy an SQLite database while others write to it, and put a copy back."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from pb.backup.contents import BackupProblem, Contents, check_revision, look_through, rows

MAGIC = b"SQLite format 3\0"
BESIDE = ("-wal", "-shm", "-journal")


def back_up(engine: Engine, target: Path) -> Contents:
    """Copy what is stored at this moment to a new file, check the copy, and only then give it its name.

    Nobody has to wait for it: readers and writers go on. Raises: BackupProblem.
    """
    source = _file_of(engine)
    if not source.is_file():
        raise BackupProblem("there is no database yet; first: python -m pb migrate")
    with _new_file(target) as copy:
        dbapi = _dbapi(engine)
        try:
            with closing(dbapi.connect(source, timeout=10)) as live, closing(dbapi.connect(copy)) as made:
                # In one go: in small steps it would begin again after every write of somebody else.
                live.backup(made)
                made.execute("PRAGMA journal_mode = DELETE")
        except dbapi.Error as error:
            raise BackupProblem(f"the database could not be copied: {error}") from None
        return check(engine, copy)


def check(engine: Engine, file: Path) -> Contents:
    """Look whether every page, every reference and every chain of a copy is whole. Raises: BackupProblem."""
    dbapi = _dbapi(engine)
    reader = sa.create_engine(
        "sqlite://",
        module=dbapi,
        creator=lambda: dbapi.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True),
        poolclass=sa.pool.NullPool,
    )
    try:
        with reader.connect() as connection:
            whole = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            if whole != ["ok"]:
                raise BackupProblem("the copy is damaged: " + "; ".join(whole[:3]))
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise BackupProblem("the copy refers to rows that are not in it")
            return look_through(connection)
    except sa.exc.DatabaseError as error:
        raise BackupProblem(f"the copy cannot be read: {error.orig}") from None
    finally:
        reader.dispose()


def put_back(engine: Engine, backup: Path, *, replace: bool, stamp: str) -> tuple[Contents, Path | None]:
    """Put a backup in the place of the database; give what it holds, and where the old database lies now.

    Raises: BackupProblem when it is not whole, when the site still runs, and, unless ``replace``, when the
    database there holds anything. Nothing has changed then.
    """
    place = _file_of(engine)
    place.parent.mkdir(parents=True, exist_ok=True)
    aside: Path | None = None
    with _new_file(place) as copy:
        shutil.copyfile(backup, copy)
        contents = check(engine, copy)
        check_revision(contents.revision)
        if place.exists():
            if not _stand_alone(engine, place) and not replace:
                raise BackupProblem("the database there is not empty; add --replace to put it aside")
            aside = place.with_name(f"{place.name}.before-{stamp}")
            for end in ("", *BESIDE):
                if (old := Path(f"{place}{end}")).exists():
                    old.replace(f"{aside}{end}").chmod(0o600)
    return contents, aside


def _stand_alone(engine: Engine, place: Path) -> bool:
    """Make sure nobody else has the database open, and say whether it is empty. Raises: BackupProblem."""
    dbapi = _dbapi(engine)
    try:
        with closing(dbapi.connect(place, timeout=0, isolation_level=None)) as alone:
            # Leaving the write-ahead log wants the file for oneself: who still has it open keeps us out.
            alone.execute("PRAGMA journal_mode = DELETE")
            alone.execute("BEGIN EXCLUSIVE")
            alone.execute("ROLLBACK")
    except dbapi.OperationalError as error:
        if "locked" not in str(error):
            raise BackupProblem(f"the database there cannot be opened: {error}") from None
        raise BackupProblem("the site still runs; stop it first: systemctl stop beslisavond") from None
    except dbapi.DatabaseError:
        return False  # damaged: that is what a backup is for
    reader = sa.create_engine(
        "sqlite://", module=dbapi, creator=lambda: dbapi.connect(place), poolclass=sa.pool.NullPool
    )
    try:
        with reader.connect() as connection:
            return rows(connection) == 0
    except sa.exc.DatabaseError:
        return False
    finally:
        reader.dispose()


@contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """Give a file that only we can read; it gets its name when all went well, and goes away when not."""
    made = target.with_name(f".{target.name}.part")
    try:
        os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield made
        _settle(made)
        made.replace(target)
        _settle(target.parent)
    finally:
        for end in ("", *BESIDE):
            with contextlib.suppress(FileNotFoundError):
                Path(f"{made}{end}").unlink()


def _settle(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _file_of(engine: Engine) -> Path:
    name = engine.url.database
    if not name or name == ":memory:":
        raise BackupProblem("this database is in memory only")
    return Path(name)


def _dbapi(engine: Engine) -> Any:
    return engine.dialect.dbapi
