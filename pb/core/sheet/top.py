"""The top of a list: the separator, and the header that it cuts."""

from collections.abc import Sequence
from typing import Final

from pb.core.sheet.cells import NO_SEPARATOR, SEPARATORS, cut, is_blank
from pb.core.sheet.headers import KnownNames
from pb.core.sheet.problems import (
    QuoteUnbalanced,
    SheetEmpty,
    SheetHoldsNul,
    SheetTooWide,
    SheetWithoutSeparator,
    refused,
)

COLUMNS_MOST: Final = 100


def announced_separator(lines: Sequence[str]) -> str | None:
    """Read the line ``sep=;`` with which some programs open a file."""
    first = lines[0].strip(" ") if lines else ""
    if first[:4].lower() == "sep=" and first[4:] in SEPARATORS:
        return first[4:]
    return None


def first_line(lines: Sequence[str], announced: str | None) -> int:
    """Find the first line that holds anything.

    Raises: FileRefused with SheetEmpty.
    """
    for place in range(1 if announced else 0, len(lines)):
        if not is_blank(lines[place], announced or ";,\t"):
            return place
    raise refused(SheetEmpty())


def cut_header(
    lines: Sequence[str], top: int, announced: str | None, known: KnownNames
) -> tuple[str, list[str]]:
    """Choose the separator that makes most known names of the header, then most cells, then by habit.

    Raises: FileRefused with SheetHoldsNul, QuoteUnbalanced, SheetTooWide or SheetWithoutSeparator.
    """
    line = lines[top]
    number = top + (0 if announced else 1)
    if "\0" in line:
        raise refused(SheetHoldsNul(), row=number, value=line)
    best: tuple[int, int] = (0, 0)
    chosen: tuple[str, list[str]] | None = None
    for separator in (announced,) if announced else SEPARATORS:
        cells = cut(line, separator)
        if isinstance(cells, int):
            continue
        merit = (sum(known.meant_by(cell) is not None for cell in cells), len(cells))
        if merit > best:
            best, chosen = merit, (separator, cells)
    if chosen is None:
        raise refused(QuoteUnbalanced(), row=number, value=line)
    if len(chosen[1]) > COLUMNS_MOST:
        raise refused(SheetTooWide(most=COLUMNS_MOST), row=number)
    if len(chosen[1]) > 1:
        return chosen
    if not _one_column_is_enough(lines[top:], chosen[1][0], known):
        raise refused(SheetWithoutSeparator(expected=known.names), row=number, value=line)
    return NO_SEPARATOR, chosen[1]


def _one_column_is_enough(lines: Sequence[str], header: str, known: KnownNames) -> bool:
    """Tell whether the only column is the only one that is needed, and nothing below it is cut further."""
    if len(known.names) == 1:
        return True
    meant = known.meant_by(header)
    return (
        meant is not None
        and known.required == (meant,)
        and not any(";" in line.rstrip(";") or "\t" in line.rstrip() for line in lines)
    )
