"""Reading the key figures of Statistics Netherlands: one place of them, and nothing of it is kept."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from pb.core.canonical import canonical
from pb.core.errors import BadInput
from pb.core.sheet import (
    Problems,
    RowRagged,
    SheetIsSpreadsheet,
    SheetTooBig,
    SheetTooManyRows,
    SheetWithoutHeader,
    SheetWithoutRows,
    decode,
)
from pb.core.sheet.cells import SEPARATORS, cut, is_blank, split_lines
from pb.core.sheet.kinds import tell_other_kind
from pb.core.sheet.problems import refused
from pb.inviting.rules.kerncijfers_book import Book
from pb.inviting.rules.kerncijfers_columns import FIGURES, PERCENTAGES, Key, find_columns
from pb.inviting.rules.kerncijfers_open_data import AnswerLines, is_answer, year_of

PLACES_SHOWN_MOST: Final = 30
# A whole country of open data, every figure padded with spaces, comes close to this.
BYTES_MOST: Final = 30_000_000
_ROWS_MOST: Final = 40_000
_HEADER_WITHIN: Final = 12
_MISSING: Final = frozenset({"", ".", ",", "x", "-", "*", "**", "?", "null", "na"})
_DOTTED: Final = re.compile(r"[0-9]{1,3}(?:[. \u00a0][0-9]{3})+")
_PLAIN: Final = re.compile(r"[0-9]{1,9}(?:[.,]([0-9]{1,4}))?")
_CODE: Final = re.compile(r"(?:GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8})")
_CODE_BEHIND: Final = re.compile(r" \((?:GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8})\)$")
_YEAR: Final = re.compile(r"(?<![0-9])20[0-4][0-9](?![0-9])")
_BELOW_NOTHING: Final = re.compile(r"-[0-9]+")


class CountUnreadable(BadInput):
    """Refuse a figure that is no number."""

    code = "inviting.count-unreadable"


class PlaceNotFound(BadInput):
    """Tell that no row has this name or code. Facts: ``sought``."""

    code = "inviting.place-not-found"


class PlacesTooMany(BadInput):
    """Ask for more of a name. Facts: ``found``, ``most``."""

    code = "inviting.places-too-many"


class PlaceUnreadable(BadInput):
    """Refuse a chosen place that our own page did not write."""

    code = "inviting.place-unreadable"


@dataclass(frozen=True, slots=True)
class Place:
    """Hold the figures of a municipality, district or neighbourhood; None where the file has none.

    Units: people, but percentages of the dwellings for who owns them.
    """

    code: str
    name: str
    town: str
    year: str
    figures: Mapping[Key, int | None]

    @property
    def source(self) -> str:
        """Name the source as a page shows it."""
        named = f"{self.code} {self.name}" if self.code else f"{self.name} ({self.town})"
        return " ".join(f"CBS Kerncijfers wijken en buurten {self.year}, {named}".replace(" ,", ",").split())


def find_places(raw: bytes, *, file_name: str, sought: str) -> tuple[Place, ...]:
    """Read the rows whose name or code holds what is sought; an exact code or name comes alone.

    Raises: FileRefused; PlaceNotFound, PlacesTooMany.
    """
    table = _Table(raw, file_name)
    wanted = " ".join(sought.split()).casefold()
    found: list[tuple[int, Any]] = []
    exact: list[tuple[int, Any]] = []
    for number, cells, row in table.rows():
        names = [cells[place].strip() for key, place in table.columns.items() if key in (Key.CODE, Key.NAME)]
        if any(name.casefold() == wanted for name in names):
            exact.append((number, row))
        elif any(wanted in name.casefold() for name in names):
            found.append((number, row))
    chosen = exact or found
    if not chosen:
        raise PlaceNotFound(sought=sought)
    if len(chosen) > PLACES_SHOWN_MOST:
        raise PlacesTooMany(found=len(chosen), most=PLACES_SHOWN_MOST)
    places = tuple(table.place(number, row) for number, row in chosen)
    table.problems.refuse_if_any()
    return places


def pack_place(place: Place) -> str:
    """Write a place so that a page can carry it; the file itself is not kept."""
    figures = [place.figures.get(key) for key in FIGURES]
    return canonical([place.code, place.name, place.town, place.year, figures]).decode()


def unpack_place(packed: str) -> Place:
    """Read a place that a page carried. Raises: PlaceUnreadable."""
    try:
        code, name, town, year, figures = json.loads(packed)
        read: dict[Key, int | None] = {
            key: None if count is None else int(count) for key, count in zip(FIGURES, figures, strict=True)
        }
    except (ValueError, TypeError):
        raise PlaceUnreadable() from None
    texts = (code, name, town, year)
    if not all(isinstance(one, str) and len(one) <= 120 and one.isprintable() for one in texts):
        raise PlaceUnreadable()
    if any(count is not None and not 0 <= count < 10**9 for count in read.values()):
        raise PlaceUnreadable()
    return Place(code, name, town, year, read)


def read_figure(typed: str, *, is_percentage: bool = False) -> int | None:
    """Read a figure; None for a dot or a blank, with which CBS says that it is unknown or secret.

    Units: whole people, or whole percentages, rounded half up.
    Raises: CountUnreadable.
    """
    text = typed.strip().strip("\u00a0")
    if text.casefold() in _MISSING or _BELOW_NOTHING.fullmatch(text):
        return None
    if not is_percentage and _DOTTED.fullmatch(text):
        return int(re.sub("[^0-9]", "", text))
    found = _PLAIN.fullmatch(text)
    if found is None:
        raise CountUnreadable()
    decimals = found[1] or ""
    whole = int(text[: len(text) - len(decimals)].rstrip(".,"))
    return whole + (decimals[:1] >= "5")


class _Lines:
    """Hold a file of text, one row a line."""

    ragged_is_wrong = True
    table = ""

    def __init__(self, raw: bytes) -> None:
        self.lines = split_lines(decode(raw).text)
        self.separator = ";"

    def top(self) -> Iterator[tuple[int, list[str]]]:
        """Cut the first lines in every way; the separator that was last used stays."""
        for number, line in enumerate(self.lines[:_HEADER_WITHIN], start=1):
            for separator in SEPARATORS:
                cells = cut(line, separator)
                if not isinstance(cells, int):
                    self.separator = separator
                    yield number, cells

    def rows(self, after: int, reach: int) -> Iterator[tuple[int, list[str], list[str]]]:
        """Give rows below the header: number, cells, and what ``whole`` makes all cells of."""
        for number, line in enumerate(self.lines[after:], start=after + 1):
            cells = [] if is_blank(line, self.separator) else cut(line, self.separator)
            if isinstance(cells, list) and len(cells) >= reach:
                yield number, cells, cells

    def whole(self, cells: list[str]) -> list[str]:
        return cells


class _BookLines:
    """Hold a workbook, whose rows are read as far as they are needed."""

    ragged_is_wrong = False
    table = ""

    def __init__(self, raw: bytes) -> None:
        self.book = Book(raw)
        self.separator = ""

    def top(self) -> Iterator[tuple[int, list[str]]]:
        """Give the first rows."""
        for number, row in islice(self.book.rows(), _HEADER_WITHIN):
            yield number, self.book.cells(row)

    def rows(self, after: int, reach: int) -> Iterator[tuple[int, list[str], bytes]]:
        """Give rows below the header: number, the first cells, and what ``whole`` makes all cells of."""
        for number, row in self.book.rows():
            cells = self.book.cells(row, reach) if number > after else []
            if len(cells) >= reach:
                yield number, cells, row

    def whole(self, row: bytes) -> list[str]:
        return self.book.cells(row)


class _Table:
    """Hold the file while its rows are looked at."""

    def __init__(self, raw: bytes, file_name: str) -> None:
        if len(raw) > BYTES_MOST:
            raise refused(SheetTooBig(megabytes_most=BYTES_MOST // 1_000_000))
        is_data = is_answer(raw)
        other = None if is_data else tell_other_kind(raw, file_name)
        is_book = isinstance(other, SheetIsSpreadsheet) and other.facts["kind"] == "xlsx"
        if other is not None and not is_book:
            raise refused(other)
        self.lines: Any = AnswerLines(raw) if is_data else _BookLines(raw) if is_book else _Lines(raw)
        self.problems = Problems()
        titles: list[str] = []
        self.header_row, self.header = self._find_header(titles)
        self.columns = find_columns(self.header)
        year = _YEAR.search(file_name) or _YEAR.search(" ".join(titles))
        self.year = year[0] if year else year_of(f"{file_name} {self.lines.table}")

    def _find_header(self, titles: list[str]) -> tuple[int, list[str]]:
        """Find the row with the names of the figures; StatLine writes a title above it."""
        merit, header_row, header, separator, first = 1, 0, list[str](), "", ""
        for number, cells in self.lines.top():
            columns = find_columns(cells)
            has_place = Key.CODE in columns or Key.NAME in columns
            first = first or " ".join(cells).strip()
            if has_place and len(columns) > merit:
                merit, header_row, header = len(columns), number, cells
                separator = self.lines.separator
            if not header:
                titles += cells
        if not header:
            expected = ("gwb_code", "regio", "a_man", "a_vrouw", "a_15_24", "p_koopw")
            raise refused(SheetWithoutHeader(expected=expected), row=1, value=first)
        self.lines.separator = separator
        return header_row, header

    def rows(self) -> Iterator[tuple[int, list[str], Any]]:
        """Give each row of a place with the number that a spreadsheet shows."""
        reach = 1 + max(self.columns[key] for key in (Key.CODE, Key.NAME) if key in self.columns)
        count = 0
        for found in self.lines.rows(self.header_row, reach):
            count += 1
            if count > _ROWS_MOST:
                raise refused(SheetTooManyRows(found=count, most=_ROWS_MOST))
            yield found
        if not count:
            raise refused(SheetWithoutRows(), row=self.header_row)

    def place(self, number: int, row: Any) -> Place:
        """Read the figures of one row; what is wrong goes to the problems."""
        cells: list[str] = self.lines.whole(row)
        if self.lines.ragged_is_wrong and len(cells) != len(self.header):
            self.problems.add(RowRagged(found=len(cells), expected=len(self.header)), row=number)
        cells = [*cells, *[""] * (len(self.header) - len(cells))]
        figures: dict[Key, int | None] = {}
        for key in FIGURES:
            place = self.columns.get(key)
            figures[key] = None
            if place is None:
                continue
            try:
                figures[key] = read_figure(cells[place], is_percentage=key in PERCENTAGES)
            except CountUnreadable as unreadable:
                self.problems.add(
                    unreadable, row=number, column=self.header[place].strip(), value=cells[place]
                )
        code, name = self._text(Key.CODE, cells), self._text(Key.NAME, cells)
        if _CODE.fullmatch(name):
            # In the open data the first column holds the code.
            code, name = code or name, self._text(Key.TOWN, cells)
        # StatLine may write the code behind a name, for places of one name.
        name = _CODE_BEHIND.sub("", name)
        return Place(code, name, self._text(Key.TOWN, cells), self.year, figures)

    def _text(self, key: Key, cells: list[str]) -> str:
        place = self.columns.get(key)
        text = "" if place is None else " ".join(cells[place].split())
        return "".join(letter for letter in text if letter.isprintable())[:100]
