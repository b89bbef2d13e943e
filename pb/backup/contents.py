"""Look whether a copy is whole: every evening's chain fits its end, and its rows are what its events say."""

from dataclasses import dataclass

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.orm import Session

from config import ROOT
from pb.backup.recount import differences
from pb.evening.queries import chain
from pb.evening.rules.chain import ChainBroken, check_chain
from pb.evening.tables import Evening


class BackupProblem(Exception):
    """A backup that was not made or not put back; says why in one line."""


@dataclass(frozen=True)
class Contents:
    """What a copy holds, and which migration it was made after."""

    revision: str
    evenings: int
    events: int

    def __str__(self) -> str:
        return f"{self.evenings} evenings, {self.events} events"


def look_through(connection: sa.Connection) -> Contents:
    """Follow the chain of every evening in one snapshot, and count its rows again. Raises: BackupProblem."""
    if not sa.inspect(connection).has_table("alembic_version"):
        raise BackupProblem("this is not a database of Beslisavond")
    revision = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    events, told = 0, []
    with Session(connection) as session:
        evenings = session.execute(
            sa.select(Evening.id, Evening.seq, Evening.head).order_by(Evening.id)
        ).all()
        for evening_id, seq, head in evenings:
            lines = chain(session, evening_id=evening_id)
            try:
                fits = (check_chain(lines), len(lines)) == (head, seq)
            except ChainBroken:
                fits = False
            if not fits:
                raise BackupProblem(f"the chain of evening {evening_id} does not fit")
            events += len(lines)
            if differs := differences(session, evening_id=evening_id, lines=lines):
                told.append(f"evening {evening_id}: other than its events say: {', '.join(differs)}")
            session.expunge_all()
    if told:
        raise BackupProblem("\n".join(told))
    return Contents(revision, len(evenings), events)


def check_revision(revision: str) -> bool:
    """Say whether this code is as new as the copy wants; False when it still wants a migration.

    Raises: BackupProblem when the copy was made by newer code.
    """
    script = ScriptDirectory(str(ROOT / "migrations"))
    try:
        script.get_revision(revision)
    except CommandError:
        raise BackupProblem(
            f"this backup was made by newer code (migration {revision}); install that first"
        ) from None
    return revision == script.get_current_head()


def rows(connection: sa.Connection) -> int:
    """Count the rows of a database, leaving out which migrations it had."""
    names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    return sum(
        connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
        for name in names
    )
