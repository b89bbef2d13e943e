"""Reading a list: all of it, or nothing and everything that is wrong."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pb.core.errors import BadInput
from pb.core.sheet.bytes_to_text import Encoding, decode
from pb.core.sheet.cells import NO_SEPARATOR, CutRow, cut_rows, is_blank, split_lines
from pb.core.sheet.headers import Header, KnownNames, letter_of, match, plain
from pb.core.sheet.kinds import tell_other_kind
from pb.core.sheet.problems import (
    CellBlank,
    CellIsError,
    CellTooLong,
    HeaderBlank,
    Problems,
    QuoteUnbalanced,
    RowRagged,
    SheetHoldsNul,
    SheetTooBig,
    SheetTooManyRows,
    SheetWithoutHeader,
    SheetWithoutRows,
    refused,
)
from pb.core.sheet.top import announced_separator, cut_header, first_line

CELL_MOST: Final = 1000
FILE_NAME_MOST: Final = 80
_REMEMBERED_MOST: Final = 20_000
_ERRORS_OF_SPREADSHEETS: Final = frozenset(
    {"#N/A", "#N/B", "#REF!", "#VERW!", "#VALUE!", "#WAARDE!", "#NAME?", "#NAAM?"}
    | {"#DIV/0!", "#DEEL/0!", "#NUM!", "#GETAL!", "#NULL!", "#LEEG!"}
)


@dataclass(frozen=True, slots=True)
class Column:
    """Ask for a column.

    ``read`` makes a value of a cell and raises BadInput; the same text must always give the same value.
    ``required`` is about the header; ``may_be_blank`` about each cell, whose value then is None.
    """

    name: str
    read: Callable[[str], Any] = str.strip
    required: bool = True
    may_be_blank: bool = False
    synonyms: tuple[str, ...] = ()


class Row(NamedTuple):
    """Hold the values of one row by the names that were asked for; None where nothing stands."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Hold what there is to know of a file beside its rows.

    ``encoding_is_guess`` asks a page to show the first rows before taking them in. ``headers`` gives the
    header as the file writes it, per asked name that is there. ``separator`` is empty when there is one
    column. ``sha256`` is that of the bytes.
    """

    file_name: str
    sha256: str
    encoding: Encoding
    encoding_is_guess: bool
    separator: str
    headers: Mapping[str, str]
    row_count: int
    blank_rows: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold a list that was read without a problem."""

    source: Source
    rows: tuple[Row, ...]

    def header_of(self, name: str) -> str:
        """Give the header of an asked column as the file writes it, to place a problem."""
        return self.source.headers.get(name, name)


def read_sheet(
    raw: bytes, *, file_name: str, columns: Sequence[Column], most_rows: int, most_bytes: int = 10_000_000
) -> Sheet:
    """Read delimited text: UTF-8, UTF-16 or Windows-1252, cut by semicolons, commas or tabs.

    Units: ``most_rows`` without the header and blank rows.
    Raises: FileRefused, with every problem of the file up to fifty.
    """
    if len(raw) > most_bytes:
        raise refused(SheetTooBig(megabytes_most=max(1, most_bytes // 1_000_000)))
    if (other := tell_other_kind(raw, file_name)) is not None:
        raise refused(other)
    decoded = decode(raw)
    lines = split_lines(decoded.text)
    announced = announced_separator(lines)
    known = _known_names(columns)
    top = first_line(lines, announced)
    separator, cells = cut_header(lines, top, announced, known)
    # Spreadsheets do not show the line sep=; so it has no number.
    header_row = top + (0 if announced else 1)
    _refuse_too_many(lines[top + 1 :], separator, most_rows)

    problems = Problems()
    header = match(cells, known, row=header_row, problems=problems)
    if not header.places:
        raise refused(SheetWithoutHeader(expected=known.names), row=header_row, value=" | ".join(cells))
    reader = _RowReader(columns, header, header_row, problems)
    cut_up = cut_rows(
        lines, after=top + 1, first_number=header_row + 1, separator=separator, width=header.width
    )
    rows = []
    blank_rows = top - (1 if announced else 0)
    for row in cut_up:
        if is_blank(row.line, separator):
            blank_rows += 1
        elif (values := reader.read(row)) is not None:
            rows.append(Row(row.number, values))
    if not rows and not problems.total:
        raise refused(SheetWithoutRows(), row=header_row)
    problems.refuse_if_any()
    source = Source(
        file_name=_name_to_show(file_name),
        sha256=hashlib.sha256(raw).hexdigest(),
        encoding=decoded.encoding,
        encoding_is_guess=decoded.is_guess,
        separator="" if separator == NO_SEPARATOR else separator,
        headers=header.written,
        row_count=len(rows),
        blank_rows=blank_rows,
    )
    return Sheet(source, tuple(rows))


class _RowReader:
    """Read row after row, adding what is wrong to the problems."""

    def __init__(
        self, columns: Sequence[Column], header: Header, header_row: int, problems: Problems
    ) -> None:
        self.header = header
        self.header_row = header_row
        self.problems = problems
        self.names = [column.name for column in columns]
        self.there = [
            (column, header.places[column.name], header.written[column.name], dict[str, Any]())
            for column in columns
            if column.name in header.places
        ]
        self.blank_places = set(header.blank_places)

    def read(self, row: CutRow) -> dict[str, Any] | None:
        number, line, cells, wrong_place = row
        if "\0" in line:
            self.problems.add(SheetHoldsNul(), row=number, column=self._column_of_nul(row), value=line)
            return None
        if cells is None:
            where = self._written_at(wrong_place)
            self.problems.add(QuoteUnbalanced(), row=number, column=where, value=line)
            return None
        if len(cells) != self.header.width:
            ragged = RowRagged(found=len(cells), expected=self.header.width)
            self.problems.add(ragged, row=number, value=line)
            return None
        if self.blank_places:
            self._refuse_values_without_header(cells)
        values: dict[str, Any] = dict.fromkeys(self.names)
        for column, place, written, remembered in self.there:
            cell = cells[place]
            if cell in remembered:
                values[column.name] = remembered[cell]
                continue
            try:
                value = _read_cell(cell, column)
            except BadInput as broken:
                self.problems.add(broken, row=number, column=written, value=cell)
                continue
            values[column.name] = value
            if len(remembered) < _REMEMBERED_MOST:
                remembered[cell] = value
        return values

    def _written_at(self, place: int) -> str:
        for name, there in self.header.places.items():
            if there == place:
                return self.header.written[name]
        return letter_of(place)

    def _column_of_nul(self, row: CutRow) -> str | None:
        for place, cell in enumerate(row.cells or ()):
            if "\0" in cell:
                return self._written_at(place)
        return None

    def _refuse_values_without_header(self, cells: Sequence[str]) -> None:
        for place in sorted(self.blank_places):
            if cells[place].strip():
                letter = letter_of(place)
                self.problems.add(HeaderBlank(place=letter), row=self.header_row, column=letter, value="")
                self.blank_places.discard(place)


def _read_cell(cell: str, column: Column) -> Any:
    if len(cell) > CELL_MOST:
        raise CellTooLong(length=len(cell), most=CELL_MOST)
    stripped = cell.strip()
    if not stripped:
        if column.may_be_blank:
            return None
        raise CellBlank()
    if stripped.startswith("#") and stripped.upper() in _ERRORS_OF_SPREADSHEETS:
        raise CellIsError()
    return column.read(cell)


def _known_names(columns: Sequence[Column]) -> KnownNames:
    by_plain: dict[str, str] = {}
    for column in columns:
        for spelling in (column.name, *column.synonyms):
            # One spelling for two columns would be a mistake of the one who asks, not of the file.
            if by_plain.setdefault(plain(spelling), column.name) != column.name:
                raise ValueError(f"{spelling!r} names two columns")
    return KnownNames(
        names=tuple(column.name for column in columns),
        required=tuple(column.name for column in columns if column.required),
        by_plain=by_plain,
    )


def _refuse_too_many(lines: Sequence[str], separator: str, most_rows: int) -> None:
    if len(lines) > most_rows:
        found = sum(not is_blank(line, separator) for line in lines)
        if found > most_rows:
            raise refused(SheetTooManyRows(found=found, most=most_rows))


def _name_to_show(file_name: str) -> str:
    """Keep of a file name what can be shown; it is never a path."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in last if character.isprintable()).strip()
    return name if len(name) <= FILE_NAME_MOST else f"{name[: FILE_NAME_MOST - 20]}…{name[-15:]}"
