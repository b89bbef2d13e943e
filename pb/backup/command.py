"""The commands that make a backup and put it back."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from config import settings_from
from pb.backup import postgresql, sqlite
from pb.backup.contents import BackupProblem, Contents, check_revision
from pb.backup.keeping import name_at, too_old
from pb.store.engine import Store

KINDS = {sqlite.MAGIC: "sqlite", postgresql.MAGIC: "postgresql"}


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--keep-days",
    type=click.IntRange(1, 3650),
    help="Of older backups in the folder, keep all of the last day and the last one of each day for so long.",
)
@click.pass_obj
def backup(store: Callable[[], Store], target: Path, keep_days: int | None) -> None:
    """Copy the database to a new file, or into a folder, while everybody goes on; the copy is checked."""
    now = datetime.now(UTC)
    folder = target if target.is_dir() else None
    file = target / name_at(now) if folder else target
    try:
        if file.exists():
            raise BackupProblem(f"{file} is there already")
        if keep_days is not None and folder is None:
            raise BackupProblem("--keep-days wants a folder")
        with _engine(store) as engine:
            room = sqlite if engine.dialect.name == "sqlite" else postgresql
            contents = room.back_up(engine, file)
    except BackupProblem as problem:
        _stop(f"no backup was made: {problem}")
    click.echo(f"{file}: {contents}, {file.stat().st_size:,} bytes, checked")
    if folder is not None and keep_days is not None:
        for name in too_old([path.name for path in folder.iterdir()], now=now, keep_days=keep_days):
            (folder / name).unlink(missing_ok=True)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also when the database there is not empty; it is put aside.")
@click.pass_obj
def restore(store: Callable[[], Store], file: Path, replace: bool) -> None:
    """Put a backup back; the site must be stopped."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    try:
        with file.open("rb") as opened:
            start = opened.read(16)
        with _engine(store) as engine:
            contents, aside = _put_back(engine, file, start, replace=replace, stamp=stamp)
        up_to_date = check_revision(contents.revision)
    except BackupProblem as problem:
        _stop(f"the backup was not put back: {problem}")
    click.echo(f"put back: {contents}, checked")
    if aside is not None:
        click.echo(f"what was there before lies in {aside}")
    if not up_to_date:
        click.echo("the code is newer than the backup; now run: python -m pb migrate")


def _put_back(
    engine: Engine, file: Path, start: bytes, *, replace: bool, stamp: str
) -> tuple[Contents, Path | None]:
    kind = next((name for magic, name in KINDS.items() if start.startswith(magic)), None)
    if kind is None:
        raise BackupProblem(f"{file.name} is not a backup")
    if kind != engine.dialect.name:
        raise BackupProblem(f"{file.name} is of {kind}, and PB_DATABASE_URL names {engine.dialect.name}")
    if kind == "sqlite":
        return sqlite.put_back(engine, file, replace=replace, stamp=stamp)
    folder = settings_from().var_folder
    return postgresql.put_back(engine, file, replace=replace, stamp=stamp, folder=folder)


@contextmanager
def _engine(store: Callable[[], Store]) -> Iterator[Engine]:
    engine = store().engine
    try:
        yield engine
    except OperationalError as error:
        raise BackupProblem(f"the database cannot be reached: {error.orig}") from None
    except OSError as error:
        raise BackupProblem(f"{error.filename}: {error.strerror}") from None
    finally:
        engine.dispose()


def _stop(why: str) -> NoReturn:
    click.echo(f"beslisavond: {why}", err=True)
    sys.exit(1)
