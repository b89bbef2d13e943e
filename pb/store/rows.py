"""Write many rows in one statement: a database takes each statement by itself, and a full room waits."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeEngine

Types = tuple[tuple[str, TypeEngine[Any] | None], ...]


def write_rows(
    connection: Connection, statement: str, columns: Types, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Run a statement with ``{rows}`` in it, once, for all of these rows.

    ``columns`` names the values of each row in order; a type says how the database keeps it, where the value
    itself does not.
    """
    if rows:
        values = {f"{name}_{number}": row[name] for number, row in enumerate(rows) for name, _kind in columns}
        connection.execute(_statement(statement, columns, len(rows)), values)


@lru_cache(maxsize=512)
def _statement(statement: str, columns: Types, count: int) -> sa.TextClause:
    lists = [", ".join(f":{name}_{number}" for name, _kind in columns) for number in range(count)]
    text = sa.text(statement.replace("{rows}", ", ".join(f"({values})" for values in lists)))
    typed = [
        sa.bindparam(f"{name}_{number}", type_=kind)
        for number in range(count)
        for name, kind in columns
        if kind is not None
    ]
    return text.bindparams(*typed)
