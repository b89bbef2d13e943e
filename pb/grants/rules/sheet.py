"""Tables for finance: columns with a kind, rows of exact values, and the CSV that Dutch bookkeeping reads."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from pb.core.dates import date_plain
from pb.core.money import euros_plain

BOM: Final = "\ufeff"

# What a spreadsheet may read as the start of a formula, also after blanks, quotes and separators that
# another program may strip or split at. The last four are the same signs in full width.
_FORMULA: Final = re.compile(
    "^[\\s\u200b\u200e\u200f\u2060\ufeff\"';,|]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]"
)

Cell = str | int | date | None


class Kind(Enum):
    """Name what a column holds: only text can be neutralised, amounts are never touched."""

    TEXT = "text"
    CENTS = "cents"
    WHOLE = "whole"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold a table; ``trailer`` are label and value pairs below it.

    Units: a cell of a CENTS column is whole cents, of a DAY column a date; None is an empty cell.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    trailer: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row of {len(row)} cells below {len(self.columns)} columns")
            for column, cell in zip(self.columns, row, strict=True):
                _check_cell(column, cell)


def neutralise(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    Source: OWASP, CSV injection.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def total_cents(sheet: Sheet, column_name: str) -> int:
    """Add up a column of amounts; empty cells count for nothing."""
    place = [column.name for column in sheet.columns].index(column_name)
    if sheet.columns[place].kind is not Kind.CENTS:
        raise TypeError(f"{column_name} holds no amounts")
    return sum(cell for row in sheet.rows if isinstance(cell := row[place], int))


def write_csv(sheet: Sheet) -> bytes:
    """Write a table as Dutch bookkeeping reads it.

    Shape: UTF-8 with BOM, semicolons, every cell quoted, CRLF after each row and only there; amounts as
    1250,50, days as 22-11-2026. The trailer is one last row that begins with TRAILER.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.name for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_plain(column, cell) for column, cell in zip(sheet.columns, row, strict=True)])
    if sheet.trailer:
        cells = ["TRAILER", *(_safe(part) for pair in sheet.trailer for part in pair)]
        writer.writerow(cells + [""] * (len(sheet.columns) - len(cells)))
    return (BOM + written.getvalue()).encode()


def one_line_ends(text: str) -> str:
    """Make every line end within a cell a line feed, so that CRLF only ends rows."""
    return re.sub("\r\n?", "\n", text)


def listed(names: Sequence[str], kinds: dict[str, Kind]) -> tuple[Column, ...]:
    """Make columns of names; those without a kind hold text."""
    return tuple(Column(name, kinds.get(name, Kind.TEXT)) for name in names)


def _check_cell(column: Column, cell: Cell) -> None:
    if cell is None:
        return
    # bool is an int and datetime is a date to Python; neither is meant here.
    wanted = {Kind.TEXT: str, Kind.CENTS: int, Kind.WHOLE: int, Kind.DAY: date}[column.kind]
    if type(cell) is not wanted and not (wanted is str and isinstance(cell, str)):
        raise TypeError(f"{column.name} holds {column.kind.value}, not {type(cell).__name__}")


def _plain(column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return date_plain(cell)
    if isinstance(cell, int):
        return euros_plain(cell) if column.kind is Kind.CENTS else str(cell)
    return _safe(cell)


def _safe(text: str) -> str:
    return neutralise(one_line_ends(text))
