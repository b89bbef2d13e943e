"""Cutting a text in rows and cells, without any leniency about quotation marks."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

SEPARATORS: Final = (";", ",", "\t")
# For a list of one column: no line holds a line end, so nothing is cut.
NO_SEPARATOR: Final = "\n"
# Only these end a row; str.splitlines knows more, and would cut a cell at U+2028.
_LINE_END: Final = re.compile("\r\n|\r|\n")
_QUOTED: Final = re.compile(r'"((?:[^"]++|"")*+)"')
# How far to look for the end of a cell with line breaks in it, only to number the rows after it well.
_LINES_IN_A_CELL_MOST: Final = 20
_LETTERS_IN_A_ROW_MOST: Final = 20_000
# Far more than any list has; a line of a million separators is not worth a million cells.
CELLS_MOST: Final = 200


class CutRow(NamedTuple):
    """Hold the cells of one row, or the place of the cell whose quotation marks are wrong."""

    number: int
    line: str
    cells: list[str] | None
    wrong_place: int = 0


def split_lines(text: str) -> list[str]:
    """Cut text at its line ends; the last one closes a row and opens none."""
    lines = _LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    return lines


def is_blank(line: str, separator: str) -> bool:
    """Tell whether a line holds nothing but separators, spaces and empty quotes."""
    rest = line.strip(f"{separator} \t\u00a0\ufeff")
    return not rest or ('""' in rest and not rest.replace('""', "").strip(f"{separator} \t\u00a0"))


def cut(line: str, separator: str) -> list[str] | int:
    """Cut one line in cells.

    Shape: the cells, or the place of the first cell (0 and up) where a quotation mark stands wrong. Of
    more than CELLS_MOST cells there is one too many and no rest.
    """
    if '"' not in line:
        return line.split(separator, CELLS_MOST)
    cells: list[str] = []
    start = 0
    while True:
        if line.startswith('"', start):
            quoted = _QUOTED.match(line, start)
            if quoted is None:
                return len(cells)
            cells.append(quoted[1].replace('""', '"'))
            end = quoted.end()
            if end < len(line) and line[end] != separator:
                return len(cells) - 1
        else:
            end = line.find(separator, start)
            end = len(line) if end < 0 else end
            if '"' in line[start:end]:
                return len(cells)
            cells.append(line[start:end])
        if end == len(line) or len(cells) > CELLS_MOST:
            return cells
        start = end + 1


def cut_rows(
    lines: list[str], *, after: int, first_number: int, separator: str, width: int
) -> Iterator[CutRow]:
    """Cut the lines after the header, giving each row the number that a spreadsheet shows.

    A cell with line breaks is one row in a spreadsheet; it is refused, and the rows below keep their number.
    """
    place, number = after, first_number
    while place < len(lines):
        line = lines[place]
        cells = cut(line, separator)
        if isinstance(cells, int):
            yield CutRow(number, line, None, cells)
            place += _lines_of_one_row(lines, place, separator, width) - 1
        else:
            yield CutRow(number, line, cells)
        place += 1
        number += 1


def _lines_of_one_row(lines: list[str], place: int, separator: str, width: int) -> int:
    for end in range(place + 2, min(place + 2 + _LINES_IN_A_CELL_MOST, len(lines) + 1)):
        joined = "\n".join(lines[place:end])
        if len(joined) > _LETTERS_IN_A_ROW_MOST:
            break
        cells = cut(joined, separator)
        if not isinstance(cells, int) and len(cells) == width:
            return end - place
    return 1
