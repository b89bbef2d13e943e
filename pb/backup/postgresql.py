"""Copy a PostgreSQL database with its own programs, and put a copy back."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from pb.backup.contents import BackupProblem, Contents, check_revision, look_through, rows

MAGIC = b"PGDMP"
HOW = ("--format=custom", "--no-owner", "--no-privileges")
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def back_up(engine: Engine, target: Path) -> Contents:
    """Dump what is stored at this moment, and check exactly that. Raises: BackupProblem."""
    made = target.with_name(f".{target.name}.part")
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            # The dump and the check see the same moment, while others go on writing.
            snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
            os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            _run(engine, "pg_dump", *HOW, f"--snapshot={snapshot}", f"--file={made}")
            contents = look_through(connection)
        _run(engine, "pg_restore", "--list", str(made))
        _settle(made)
        made.replace(target)
        return contents
    finally:
        made.unlink(missing_ok=True)


def put_back(
    engine: Engine, backup: Path, *, replace: bool, stamp: str, folder: Path
) -> tuple[Contents, Path | None]:
    """Put a backup in the place of what the database holds; give what it holds, and a backup of the old.

    Raises: BackupProblem when the site still runs, when the backup cannot be read, and, unless ``replace``,
    when the database holds anything. Nothing has changed then.
    """
    with engine.connect() as connection:
        if connection.execute(sa.text(_OTHERS)).scalar_one():
            raise BackupProblem("others still use this database; stop the site on every machine first")
        tables = sorted(sa.inspect(connection).get_table_names())
        empty = rows(connection) == 0
    if not empty and not replace:
        raise BackupProblem("the database is not empty; add --replace to put what it holds aside")
    aside: Path | None = None
    with tempfile.TemporaryDirectory() as made:
        clear, fill = Path(made, "clear.sql"), Path(made, "fill.sql")
        names = ", ".join(f'"{name}"' for name in tables)
        clear.write_text(f"DROP TABLE {names} CASCADE;\n" if tables else "")
        # Written down whole before anything is dropped: half a backup must change nothing.
        _run(engine, "pg_restore", "--no-owner", "--no-privileges", f"--file={fill}", str(backup))
        check_revision(_revision_in(fill))
        if not empty:
            folder.mkdir(parents=True, exist_ok=True)
            aside = folder / f"before-{stamp}.backup"
            _dump_as_it_is(engine, aside)
        _run(
            engine, "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
            f"--file={clear}", f"--file={fill}",
        )  # fmt: skip
    with engine.connect() as connection:
        return look_through(connection), aside


def _revision_in(script: Path) -> str:
    with script.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("COPY public.alembic_version "):
                return next(lines, "").strip()
    raise BackupProblem("this is not a backup of Beslisavond")


def _dump_as_it_is(engine: Engine, target: Path) -> None:
    """Keep what is there, whole or not: it is about to be replaced."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _run(engine, "pg_dump", *HOW, f"--file={target}")
    _settle(target)


def _run(engine: Engine, program: str, *arguments: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise BackupProblem(f"{program} is not on this machine; install postgresql-client")
    done = subprocess.run(  # noqa: S603
        [path, *arguments], env=_environment(engine), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BackupProblem(f"{program}: {said}")


def _environment(engine: Engine) -> dict[str, str]:
    """Tell PostgreSQL's programs which database; not as arguments, which everybody on a machine can read."""
    url = engine.url
    options = {name: str(value) for name, value in url.query.items()}
    told = {
        "PGHOST": options.get("host") or url.host,
        "PGPORT": options.get("port") or (str(url.port) if url.port else None),
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password is not None else None,
        "PGDATABASE": url.database,
        "PGSSLMODE": options.get("sslmode"),
        "PGSSLROOTCERT": options.get("sslrootcert"),
    }
    return dict(os.environ) | {name: value for name, value in told.items() if value}


def _settle(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
