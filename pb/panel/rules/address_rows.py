"""Cutting an extract from a register in rows, one by one: what is too much is told, what is wrong refused."""

import hashlib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from pb.core.errors import BadInput
from pb.core.sheet import (
    Column,
    HeaderMissing,
    HeaderTwice,
    Problems,
    QuoteUnbalanced,
    RowRagged,
    SheetEmpty,
    SheetHoldsNul,
    SheetTooBig,
    SheetTooManyRows,
    SheetTooWide,
    SheetWithoutHeader,
    SheetWithoutRows,
    SheetWithoutSeparator,
    Source,
    decode,
    shown,
)
from pb.core.sheet.cells import SEPARATORS, is_blank
from pb.core.sheet.headers import HEADER_MOST, letter_of, plain
from pb.core.sheet.kinds import tell_other_kind
from pb.core.sheet.problems import refused
from pb.panel.rules.address_cells import CellReader, is_total, next_row

COLUMNS_MOST: Final = 150
FILE_NAME_MOST: Final = 80
_ABOUT_PEOPLE: Final = frozenset(
    {"naam", "name", "voornaam", "voornamen", "achternaam", "voorletters", "initialen", "geslachtsnaam"}
    | {"tussenvoegsel", "bewoner", "bewoners", "naambewoner", "eigenaar", "contactpersoon", "aanhef"}
    | {"email", "emailadres", "mail", "telefoon", "telefoonnummer", "mobiel", "tel", "phone"}
    | {"bsn", "burgerservicenummer", "geboortedatum", "geboren", "leeftijd", "geslacht", "nationaliteit"}
)


class SumRowInside(BadInput):
    """Refuse a row of totals that has addresses below it."""

    code = "panel.sum-row-inside"


class PeopleInList(BadInput):
    """Refuse a column about residents: a draw of addresses needs none of it."""

    code = "panel.people-in-list"


class RegisterSheet:
    """Hold the top of a list, and give its rows as they are cut; nothing of them is kept.

    Columns that were not asked for are left alone, and told as ``unused``. After ``rows`` it can tell how
    many there were, which were totals below the list, and how many lacked empty cells at their end.
    """

    def __init__(
        self,
        raw: bytes,
        *,
        file_name: str,
        columns: Sequence[Column],
        weak: frozenset[str],
        most_rows: int,
        most_bytes: int,
    ) -> None:
        """Find separator and header. Raises: FileRefused.

        ``weak`` holds plain names that count only when no better name of the same column is there.
        """
        if len(raw) > most_bytes:
            raise refused(SheetTooBig(megabytes_most=max(1, most_bytes // 1_000_000)))
        if (other := tell_other_kind(raw, file_name)) is not None:
            raise refused(other)
        decoded = decode(raw)
        self._text = decoded.text
        if "\r" in self._text:
            self._text = self._text.replace("\r\n", "\n").replace("\r", "\n")
        self._encoding, self._is_guess = decoded.encoding, decoded.is_guess
        self._sha256 = hashlib.sha256(raw).hexdigest()
        self._file_name = _name_to_show(file_name)
        self._most_rows = most_rows
        self.problems = Problems()
        self.blank_rows = self.row_count = self.short_rows = 0
        self.sum_rows: tuple[int, ...] = ()
        self._header_row, self._after, self._at = 1, 0, 0
        self._separator = ""
        cells = self._cut_header(columns)
        self._match(cells, columns, weak)
        self.problems.refuse_if_any()
        self._least = 1 + max((self.places[one.name] for one in columns if self._needs(one)), default=0)

    def reader(self, column: Column, *, remember: bool = True) -> CellReader | None:
        """Give the reader of a column, or None when the list does not have it."""
        if column.name not in self.places:
            return None
        return CellReader(column, self.places[column.name], self.written[column.name], remember=remember)

    def read(self, reader: CellReader | None, cells: Sequence[str], row: int) -> Any:
        """Give the value at a row, or None; what is wrong goes to the problems."""
        if reader is None:
            return None
        try:
            return reader.read(cells[reader.place])
        except BadInput as broken:
            self.problems.add(broken, row=row, column=reader.header, value=cells[reader.place])
            return None

    @property
    def part_read(self) -> Fraction:
        """Tell which part of the list its rows were cut from so far; 1 is all of it."""
        return Fraction(min(self._at, len(self._text)), max(len(self._text), 1))

    def source(self) -> Source:
        """Tell what there is to know of the file beside its rows."""
        return Source(
            file_name=self._file_name,
            sha256=self._sha256,
            encoding=self._encoding,
            encoding_is_guess=self._is_guess,
            separator=self._separator,
            headers=self.written,
            row_count=self.row_count,
            blank_rows=self.blank_rows,
        )

    def rows(self, *, anchor: str) -> Iterator[tuple[int, list[str]]]:
        """Give each row with the number that a spreadsheet shows.

        ``anchor`` is a column that every row fills, and that a row of totals leaves empty.
        Raises: FileRefused, when there are no rows or too many.
        """
        totals: list[tuple[int, str]] = []
        place, at, number = self.places.get(anchor, 0), self._after, self._header_row
        while at < len(self._text):
            number += 1
            at, line, cells = next_row(
                self._text, at, self._separator, self.width, patient=not self.problems.list_is_full
            )
            if is_blank(line, self._separator):
                self.blank_rows += 1
                continue
            if is_total(cells, place):
                totals.append((number, line))
                continue
            for total_number, total in totals:
                self.problems.add(SumRowInside(), row=total_number, value=total)
            totals.clear()
            self.row_count += 1
            if self.row_count > self._most_rows:
                rest = sum(not is_blank(one, self._separator) for one in self._text[at:].split("\n"))
                raise refused(SheetTooManyRows(found=self.row_count + rest, most=self._most_rows))
            if (whole := self._whole(number, line, cells)) is not None:
                self._at = at
                yield number, whole
        self.sum_rows = tuple(total_number for total_number, _line in totals)
        if not self.row_count and not self.problems.total:
            raise refused(SheetWithoutRows(), row=self._header_row)

    def _whole(self, number: int, line: str, cells: list[str] | int) -> list[str] | None:
        if "\0" in line:
            self.problems.add(SheetHoldsNul(), row=number, value=line)
            return None
        if isinstance(cells, int):
            self.problems.add(QuoteUnbalanced(), row=number, column=self._name_of(cells), value=line)
            return None
        if len(cells) > self.width and not any(cell.strip() for cell in cells[self.width :]):
            del cells[self.width :]
        if self._least <= len(cells) < self.width:
            self.short_rows += 1
            cells.extend([""] * (self.width - len(cells)))
        if len(cells) != self.width:
            ragged = RowRagged(found=len(cells), expected=self.width)
            self.problems.add(ragged, row=number, value=line)
            return None
        return cells

    def _name_of(self, place: int) -> str:
        named = (self.written[name] for name, there in self.places.items() if there == place)
        return next(named, letter_of(place))

    def _needs(self, column: Column) -> bool:
        return column.name in self.places and not column.may_be_blank

    def _cut_header(self, columns: Sequence[Column]) -> list[str]:
        announced, at = self._find_header()
        line, cells = self._choose_separator(at, announced, frozenset(_meanings(columns)))
        if "\0" in line:
            raise refused(SheetHoldsNul(), row=self._header_row, value=line)
        if cells is None:
            raise refused(QuoteUnbalanced(), row=self._header_row, value=line)
        while len(cells) > 1 and not cells[-1].strip():
            cells.pop()
        if len(cells) > COLUMNS_MOST:
            raise refused(SheetTooWide(most=COLUMNS_MOST), row=self._header_row)
        if len(cells) == 1 and sum(column.required for column in columns) > 1:
            expected = tuple(column.name for column in columns)
            raise refused(SheetWithoutSeparator(expected=expected), row=self._header_row, value=line)
        return cells

    def _find_header(self) -> tuple[str, int]:
        """Find the first line that holds anything; a line such as sep=; is not shown, and has no number."""
        text, at, announced = self._text, 0, ""
        first = text[: max(text.find("\n"), 0)].strip(" ")
        if first[:4].lower() == "sep=" and first[4:] in SEPARATORS:
            announced, at = first[4:], text.find("\n") + 1
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            if not is_blank(text[at:end], announced or ";,\t"):
                return announced, at
            at, self.blank_rows, self._header_row = end + 1, self.blank_rows + 1, self._header_row + 1
        raise refused(SheetEmpty())

    def _choose_separator(
        self, at: int, announced: str, names: frozenset[str]
    ) -> tuple[str, list[str] | None]:
        """Choose what makes most known names of the header, then most cells, then by habit."""
        best: tuple[int, int] = (0, 0)
        chosen: list[str] | None = None
        shown_line = ""
        for separator in (announced,) if announced else SEPARATORS:
            after, line, cells = next_row(self._text, at, separator, 0, patient=True)
            shown_line = shown_line or line
            if isinstance(cells, int):
                continue
            merit = (sum(len(cell) <= HEADER_MOST and plain(cell) in names for cell in cells), len(cells))
            if merit > best:
                best, chosen, self._after, self._separator = merit, cells, after, separator
        return shown_line, chosen

    def _match(self, cells: list[str], columns: Sequence[Column], weak: frozenset[str]) -> None:
        names = _meanings(columns)
        self.width = len(cells)
        self.places: dict[str, int] = {}
        self.written: dict[str, str] = {}
        self.unused: tuple[str, ...] = ()
        for place, cell in enumerate(cells):
            header = " ".join(cell.replace("\ufeff", "").split())
            name = names.get(plain(header)) if len(header) <= HEADER_MOST else None
            if name is None and plain(header) in _ABOUT_PEOPLE:
                self.problems.add(PeopleInList(), row=self._header_row, column=shown(header))
            elif name is None:
                self.unused += (shown(header),) if header else ()
            elif name not in self.places or plain(self.written[name]) in weak:
                if name in self.places:
                    self.unused += (self.written[name],)
                self.places[name], self.written[name] = place, header
            elif plain(header) in weak:
                self.unused += (header,)
            else:
                twice = HeaderTwice(name=name, first_place=letter_of(self.places[name]))
                self.problems.add(twice, row=self._header_row, column=header, value=cell)
        if not self.places:
            expected = tuple(column.name for column in columns)
            value = " | ".join(cells)
            raise refused(SheetWithoutHeader(expected=expected), row=self._header_row, value=value)
        for column in columns:
            if column.required and column.name not in self.places:
                missing = HeaderMissing(expected=column.name)
                self.problems.add(
                    missing, row=self._header_row, column=column.name, value=" | ".join(self.unused)
                )


def _meanings(columns: Sequence[Column]) -> dict[str, str]:
    return {
        plain(spelling): column.name for column in columns for spelling in (column.name, *column.synonyms)
    }


def _name_to_show(file_name: str) -> str:
    last = file_name.replace("\\", "/").rpartition("/")[2]
    name = "".join(character for character in last if character.isprintable()).strip()
    return name if len(name) <= FILE_NAME_MOST else f"{name[: FILE_NAME_MOST - 20]}…{name[-15:]}"
