"""Write many rows in one statement: a database takes each statement by itself, and a full room waits.

SQLite gets a list of rows. PostgreSQL gets one list per column: a short statement that stays the same however
many rows there are, so that it is read and planned once.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeEngine

Types = tuple[tuple[str, TypeEngine[Any]], ...]
WHOLE, TEXT = sa.BigInteger(), sa.Text()


def write_rows(
    connection: Connection, statement: str, columns: Types, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Run a statement with ``{rows}`` in it, once, for all of these rows.

    ``{rows}`` stands where a query may stand, and its columns are ``column1``, ``column2`` and so on;
    ``columns`` names the values of each row in order, with their types.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        lists = {name: [row[name] for row in rows] for name, _kind in columns}
        connection.execute(_with_lists(statement, columns), lists)
        return
    values = {f"{name}_{number}": row[name] for number, row in enumerate(rows) for name, _kind in columns}
    connection.execute(_with_values(statement, columns, len(rows)), values)


@lru_cache(maxsize=16)
def _with_lists(statement: str, columns: Types) -> sa.TextClause:
    lists = ", ".join(f":{name}" for name, _kind in columns)
    names = ", ".join(f"column{number}" for number in range(1, len(columns) + 1))
    # Names of our own columns; every value is bound.
    query = f"SELECT * FROM unnest({lists}) AS given ({names})"  # noqa: S608
    text = sa.text(statement.replace("{rows}", query))
    return text.bindparams(*(sa.bindparam(name, type_=ARRAY(kind)) for name, kind in columns))


@lru_cache(maxsize=512)
def _with_values(statement: str, columns: Types, count: int) -> sa.TextClause:
    lists = [", ".join(f":{name}_{number}" for name, _kind in columns) for number in range(count)]
    text = sa.text(statement.replace("{rows}", "VALUES " + ", ".join(f"({values})" for values in lists)))
    return text.bindparams(
        *(sa.bindparam(f"{name}_{number}", type_=kind) for number in range(count) for name, kind in columns)
    )
