"""The rows of a Pabulib file, section by section."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pb.plans.rules.pabulib.broken import (
    PabulibDuplicate,
    PabulibEmpty,
    PabulibMissingColumn,
    PabulibMissingSection,
    PabulibNotUtf8,
    PabulibTooLarge,
    PabulibUnknownSection,
    PabulibUnreadableLine,
)

BYTES_MOST: Final = 100_000_000

_SECTIONS: Final = ("META", "PROJECTS", "VOTES")
_NEEDED_COLUMNS: Final = {"PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one row of a section, its cells by the names in the header, and the line where it begins."""

    section: str
    number: int
    cells: Mapping[str, str]


def lines(data: bytes) -> Iterator[Line]:
    """Read the rows below the headers, and refuse whatever is not such a file.

    Raises: a BadInput, with the line where there is one.
    """
    section, seen = "", set[str]()
    header: tuple[str, ...] = ()
    for number, cells in _rows(data):
        if len(cells) == 1 and cells[0].upper() in _SECTIONS:
            section, header = cells[0].upper(), ()
            if section in seen:
                raise PabulibDuplicate(line=number, value=section)
            seen.add(section)
        elif not section or (len(cells) == 1 and cells[0].isalpha() and cells[0].isupper()):
            raise PabulibUnknownSection(line=number)
        elif not header:
            header = tuple(cell.lower() for cell in cells)
            _check_header(section, header, number)
        elif len(cells) < len(header) or any(cells[len(header) :]):
            raise PabulibUnreadableLine(line=number)
        else:
            yield Line(section, number, dict(zip(header, cells, strict=False)))
    for needed in _SECTIONS:
        if needed not in seen:
            raise PabulibMissingSection(section=needed)


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    if len(data) > BYTES_MOST:
        raise PabulibTooLarge(most_megabytes=BYTES_MOST // 1_000_000)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise PabulibNotUtf8(line=data.count(b"\n", 0, wrong.start) + 1) from None
    if not text.strip():
        raise PabulibEmpty()
    if "\x00" in text:
        raise PabulibUnreadableLine(line=text.count("\n", 0, text.index("\x00")) + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    line_before = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise PabulibUnreadableLine(line=line_before + 1) from None
        if cells is None:
            return
        if any(stripped := [cell.strip() for cell in cells]):
            yield line_before + 1, stripped
        line_before = reader.line_num


def _check_header(section: str, header: tuple[str, ...], number: int) -> None:
    if section == "META":
        if header != ("key", "value"):
            raise PabulibMissingColumn(line=number, section=section, column="key;value")
        return
    for column in _NEEDED_COLUMNS[section]:
        if column not in header:
            raise PabulibMissingColumn(line=number, section=section, column=column)
    for place, column in enumerate(header):
        if column and column in header[:place]:
            raise PabulibDuplicate(line=number, value=column)
