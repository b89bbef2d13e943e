"""The rows of a workbook of key figures, looked at one by one: a whole country has two million cells.

A workbook is a zip of XML. It is searched as text and never parsed as XML, so it cannot unfold into more
than stands in it; how much that may be, is bounded. Every search goes forward only: a tag that never ends
stops the reading, and is not sought again from the next tag on.
"""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from lzma import LZMAError
from typing import Final
from zipfile import BadZipFile, ZipFile
from zlib import error as DeflateError

from pb.core.errors import BadInput
from pb.core.sheet import SheetTooBig
from pb.core.sheet.problems import refused

# A country, 18,000 rows of 120 figures, is written in 67 MB.
_SHEET_BYTES_MOST: Final = 90_000_000
_WORDS_BYTES_MOST: Final = 20_000_000
# A spreadsheet has no more rows than this, empty ones counted.
_ROWS_MOST: Final = 1_048_576
_COLUMNS_MOST: Final = 200
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_AFTER_NAME: Final = frozenset(b" \t\r\n/>")
_NUMBER: Final = re.compile(rb'\br="([0-9]{1,7})"')
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})[0-9]+"')
_KIND: Final = re.compile(rb'\bt="([A-Za-z]+)"')
_DAMAGE: Final = (
    BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, DeflateError, LZMAError,
)  # fmt: skip


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
        except _DAMAGE:
            raise refused(BookUnreadable()) from None
        self._words = [_text(inside) for _attributes, inside in _elements(words, b"si")]

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Give each row that holds anything, with its number; ``cells`` reads it.

        Raises: FileRefused with BookUnreadable.
        """
        number = 0
        for count, (attributes, inside) in enumerate(_elements(self._sheet, b"row"), start=1):
            if count > _ROWS_MOST:
                raise refused(BookUnreadable())
            given = _NUMBER.search(attributes)
            number = int(given[1]) if given else number + 1
            if inside:
                yield number, inside

    def cells(self, row: bytes, reach: int = _COLUMNS_MOST) -> list[str]:
        """Read the cells of a row, those beyond ``reach`` left out; empty text where nothing stands.

        Raises: FileRefused with BookUnreadable, also where cells do not go from left to right.
        """
        cells: list[str] = []
        for attributes, inside in _elements(row, b"c"):
            given = _PLACE.search(attributes)
            place = _column(given[1]) if given else len(cells)
            if place < len(cells):
                raise refused(BookUnreadable())
            if place >= min(reach, _COLUMNS_MOST):
                break
            cells += [""] * (place - len(cells))
            kind = _KIND.search(attributes)
            cells.append(self._value(kind[1] if kind else b"n", inside))
        return cells

    def _value(self, kind: bytes, inside: bytes) -> str:
        if kind == b"inlineStr":
            return _text(inside)
        found = next((held for _attributes, held in _elements(inside, b"v")), b"")
        value = unescape(found.decode(errors="replace"))
        if kind != b"s":
            return value
        known = value.isascii() and value.isdigit() and len(value) < 9 and int(value) < len(self._words)
        return self._words[int(value)] if known else ""


def _elements(text: bytes, name: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the attributes of each element of a name and what is in it, from left to right.

    Raises: FileRefused with BookUnreadable at the first that never ends.
    """
    opening, closing = b"<" + name, b"</" + name + b">"
    at = text.find(opening)
    while at >= 0:
        after = at + len(opening)
        # <c> is sought, and <cols> found: of another name.
        if text[after : after + 1] and text[after] not in _AFTER_NAME:
            at = text.find(opening, after)
            continue
        end = text.find(b">", after)
        attributes = text[after:end]
        if end < 0 or b"<" in attributes:
            raise refused(BookUnreadable())
        if attributes.endswith(b"/"):
            yield attributes, b""
            at = text.find(opening, end)
            continue
        shut = text.find(closing, end)
        if shut < 0:
            raise refused(BookUnreadable())
        yield attributes, text[end + 1 : shut]
        at = text.find(opening, shut + len(closing))


def _read(book: ZipFile, name: str, most: int) -> bytes:
    with book.open(name) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise refused(SheetTooBig(megabytes_most=most // 1_000_000))
    return content


def _text(inside: bytes) -> str:
    return unescape(b"".join(held for _attributes, held in _elements(inside, b"t")).decode(errors="replace"))


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1
