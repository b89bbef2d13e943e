"""Cutting and reading the cells of an extract from a register."""

import re
from collections.abc import Callable
from typing import Any, Final

from pb.core.errors import BadInput
from pb.core.sheet import CellBlank, CellIsError, CellTooLong, Column
from pb.core.sheet.cells import CELLS_MOST, cut

CELL_MOST: Final = 1000
# A cell may hold line breaks; an opened quote that nobody closed may not swallow the list.
_LINES_IN_A_CELL_MOST: Final = 20
_LETTERS_IN_A_ROW_MOST: Final = 20_000
_REMEMBERED_MOST: Final = 20_000
_ERROR: Final = re.compile(
    r"#(?:N/A|N/B|REF!|VERW!|VALUE!|WAARDE!|NAME\?|NAAM\?|DIV/0!|DEEL/0!|NUM!|GETAL!|NULL!|LEEG!)",
    re.IGNORECASE,
)
_NOTHING: Final = frozenset({"", "NULL", "(null)", "<null>", "[null]"})
# How programs write text that a spreadsheet must not take for a number: ="0599200000000001".
_TEXT_FORMULA: Final = re.compile(r'="([^"]*)"')
_FORMULA: Final = tuple("=+@\uff1d\uff0b\uff20")
_SUM: Final = re.compile(
    r"(?:(?:sub|eind)?totaal|som|aantal|total|count|sum)\b"
    r"|\(?[0-9.]+ (?:rijen|regels|adressen|rows|records)\b",
    re.IGNORECASE,
)


class CellIsFormula(BadInput):
    """Refuse a formula where a value must stand."""

    code = "panel.cell-is-formula"


class CellReader:
    """Read the cells of one column; the same text is read once."""

    def __init__(self, column: Column, place: int, header: str, *, remember: bool = True) -> None:
        self.column = column
        self.place = place
        self.header = header
        self.remembered: dict[str, Any] = {}
        self.room = _REMEMBERED_MOST if remember else 0

    def read(self, cell: str) -> Any:
        """Give the value of a cell, or None when it may stay empty and is. Raises: BadInput."""
        if cell in self.remembered:
            return self.remembered[cell]
        value = _read_cell(cell, self.column)
        if len(self.remembered) < self.room:
            self.remembered[cell] = value
        return value


def next_row(
    text: str, start: int, separator: str, width: int, *, patient: bool
) -> tuple[int, str, list[str] | int]:
    """Cut one row, which goes on over line ends when a quoted cell does; give where the next one starts.

    A cell with both a line end and a separator in it looks exactly like two quotes left open, which would
    make one address out of two: it is refused.
    """
    end = _line_end(text, start)
    line = text[start:end]
    if '"' not in line:
        return end + 1, line, line.split(separator, CELLS_MOST)
    cells = _cut(line, separator)
    if not isinstance(cells, int) or not patient:
        return end + 1, line, cells
    stop = end
    for _line in range(_LINES_IN_A_CELL_MOST):
        if stop >= len(text) or stop - start > _LETTERS_IN_A_ROW_MOST:
            break
        stop = _line_end(text, stop + 1)
        more = _cut(text[start:stop], separator)
        if not isinstance(more, int):
            if not any("\n" in cell and separator in cell for cell in more):
                return stop + 1, text[start:stop], more
            return (stop if len(more) == width else end) + 1, line, cells
    return end + 1, line, cells


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _cut(line: str, separator: str) -> list[str] | int:
    if '="' in line:
        mark = re.escape(separator)
        line = re.sub(rf'(?:(?<={mark})|^)="([^"{mark}]*)"(?={mark}|$)', r"\1", line)
    return cut(line, separator)


def _read_cell(cell: str, column: Column) -> Any:
    if len(cell) > CELL_MOST:
        raise CellTooLong(length=len(cell), most=CELL_MOST)
    stripped = cell.strip()
    if stripped in _NOTHING:
        if column.may_be_blank:
            return None
        raise CellBlank()
    if stripped[0] == "#" and _ERROR.fullmatch(stripped):
        raise CellIsError()
    if stripped.startswith(_FORMULA):
        written = _TEXT_FORMULA.fullmatch(stripped)
        if written is None:
            raise CellIsFormula()
        return _read_cell(written[1], column)
    read: Callable[[str], Any] = column.read
    return read(stripped)


def is_total(cells: list[str] | int, anchor: int) -> bool:
    """Tell whether a row holds a total: its anchor is empty, and a word such as totaal stands in it."""
    if isinstance(cells, int) or (anchor < len(cells) and cells[anchor].strip()):
        return False
    return any(_SUM.match(cell.strip()) for cell in cells)
