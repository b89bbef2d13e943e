"""The rows of a workbook of key figures, looked at one by one: a whole country has two million cells.

A workbook is a zip of XML. It is searched as text and never parsed as XML, so it cannot unfold into more
than stands in it; how much that may be, is bounded.
"""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from pb.core.errors import BadInput
from pb.core.sheet import SheetTooBig
from pb.core.sheet.problems import refused

_SHEET_BYTES_MOST: Final = 120_000_000
_WORDS_BYTES_MOST: Final = 20_000_000
_COLUMNS_MOST: Final = 200
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW: Final = re.compile(rb"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL: Final = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_NUMBER: Final = re.compile(rb'\br="([0-9]{1,7})"')
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})[0-9]+"')
_KIND: Final = re.compile(rb'\bt="([A-Za-z]+)"')
_VALUE: Final = re.compile(rb"<v\b[^>]*>(.*?)</v>", re.DOTALL)
_WORD: Final = re.compile(rb"<si\b[^>]*?(?:/>|>(.*?)</si>)", re.DOTALL)
_TEXT: Final = re.compile(rb"<t\b[^>]*>(.*?)</t>", re.DOTALL)


class BookUnreadable(BadInput):
    """Refuse a workbook that is damaged or written in another way than spreadsheets do."""

    code = "inviting.book-unreadable"


class Book:
    """Hold the largest sheet of a workbook."""

    def __init__(self, raw: bytes) -> None:
        """Open it. Raises: FileRefused with SheetTooBig or BookUnreadable."""
        try:
            with ZipFile(BytesIO(raw)) as book:
                sizes = {one.filename: one.file_size for one in book.infolist()}
                sheets = [name for name in sizes if _SHEET.fullmatch(name)]
                if not sheets:
                    raise refused(BookUnreadable())
                self._sheet = _read(book, max(sheets, key=lambda name: sizes[name]), _SHEET_BYTES_MOST)
                words = b""
                if "xl/sharedStrings.xml" in sizes:
                    words = _read(book, "xl/sharedStrings.xml", _WORDS_BYTES_MOST)
        except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
            raise refused(BookUnreadable()) from None
        self._words = [_text(found[1] or b"") for found in _WORD.finditer(words)]

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Give each row that holds anything, with its number; ``cells`` reads it."""
        number = 0
        for found in _ROW.finditer(self._sheet):
            given = _NUMBER.search(found[1])
            number = int(given[1]) if given else number + 1
            if found[2]:
                yield number, found[2]

    def cells(self, row: bytes, reach: int = _COLUMNS_MOST) -> list[str]:
        """Read the cells of a row, those beyond ``reach`` left out; empty text where nothing stands."""
        cells: list[str] = []
        for found in _CELL.finditer(row):
            given = _PLACE.search(found[1])
            place = _column(given[1]) if given else len(cells)
            if place >= min(reach, _COLUMNS_MOST):
                break
            cells += [""] * (place - len(cells))
            kind = _KIND.search(found[1])
            cells.append(self._value(kind[1] if kind else b"n", found[2] or b""))
        return cells

    def _value(self, kind: bytes, inside: bytes) -> str:
        if kind == b"inlineStr":
            return _text(inside)
        found = _VALUE.search(inside)
        value = unescape(found[1].decode(errors="replace")) if found else ""
        if kind != b"s":
            return value
        known = value.isascii() and value.isdigit() and len(value) < 9 and int(value) < len(self._words)
        return self._words[int(value)] if known else ""


def _read(book: ZipFile, name: str, most: int) -> bytes:
    with book.open(name) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise refused(SheetTooBig(megabytes_most=most // 1_000_000))
    return content


def _text(inside: bytes) -> str:
    return unescape(b"".join(_TEXT.findall(inside)).decode(errors="replace"))


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1
