"""Tables for people: a spreadsheet with typed cells, in which text is never a formula."""

import io
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pb.grants.rules.sheet import Cell, Column, Kind, Sheet, one_line_ends, total_cents

# 413 is Dutch as it is spoken in the Netherlands; the program puts in the points and the comma.
EURO_FORMAT: Final = "[$€-413]\\ #,##0.00;[$€-413]\\ \\-#,##0.00"
DAY_FORMAT: Final = "dd\\-mm\\-yyyy"

_TEXT_CHARACTERS_MOST: Final = 32_767
_EXACT_DIGITS_MOST: Final = 15
_WIDTH_LEAST, _WIDTH_MOST = 8, 60


def write_xlsx(sheet: Sheet, *, made_at: datetime) -> bytes:
    """Write a table as a spreadsheet.

    Shape: a bold header that stays in sight, the rows, a bold row with the totals of the amounts as values
    (a formula would count for nothing in a reader that does not calculate), and the trailer below.
    The same table and ``made_at`` give the same bytes.
    Raises: ValueError for a number that a spreadsheet cannot hold exactly and for text that it would cut.
    """
    if made_at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    written = io.BytesIO()
    book = Workbook(written, {"in_memory": True})
    book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
    page = book.add_worksheet(_page_name(sheet.title))
    plain, bold = _formats(book, bold=False), _formats(book, bold=True)
    for place, column in enumerate(sheet.columns):
        _write(page, 0, place, Column(column.name), column.name, bold)
        page.set_column(place, place, _width(sheet, place))
    for number, row in enumerate(sheet.rows, start=1):
        for place, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            _write(page, number, place, column, cell, plain)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    below = _write_totals(page, sheet, bold)
    for number, (label, value) in enumerate(sheet.trailer, start=below + 1):
        _write(page, number, 0, Column("label"), label, plain)
        _write(page, number, 1, Column("value"), value, plain)
    book.close()
    return written.getvalue()


def _formats(book: Workbook, *, bold: bool) -> dict[Kind, Format]:
    look = {"bold": bold, "valign": "top"}
    return {
        Kind.TEXT: book.add_format(look | {"num_format": "@"}),
        Kind.CENTS: book.add_format(look | {"num_format": EURO_FORMAT}),
        Kind.WHOLE: book.add_format(look | {"num_format": "0"}),
        Kind.DAY: book.add_format(look | {"num_format": DAY_FORMAT}),
    }


def _write(
    page: Worksheet, row: int, place: int, column: Column, cell: Cell, formats: dict[Kind, Format]
) -> None:
    look = formats[column.kind]
    if cell is None or cell == "":
        done = page.write_blank(row, place, None, look)
    elif isinstance(cell, date):
        done = page.write_datetime(row, place, datetime.combine(cell, time()), look)
    elif isinstance(cell, int):
        if len(str(abs(cell))) > _EXACT_DIGITS_MOST:
            raise ValueError("a spreadsheet holds only fifteen digits exactly")
        # As a float, 66232.57 would be written as 66232.57000000001.
        number = Decimal(cell).scaleb(-2 if column.kind is Kind.CENTS else 0)
        done = page.write_number(row, place, number, look)  # type: ignore[call-overload]
    else:
        if len(cell) > _TEXT_CHARACTERS_MOST:
            raise ValueError("a spreadsheet would cut this text")
        done = page.write_string(row, place, one_line_ends(cell), look)
    if done:
        raise ValueError(f"the spreadsheet refused row {row}, column {place}")


def _write_totals(page: Worksheet, sheet: Sheet, bold: dict[Kind, Format]) -> int:
    """Write the totals below the rows, and give the row after them."""
    amounts = [place for place, column in enumerate(sheet.columns) if column.kind is Kind.CENTS]
    row = len(sheet.rows) + 1
    if not amounts:
        return row
    if 0 not in amounts:
        _write(page, row, 0, Column("total"), "Totaal", bold)
    for place in amounts:
        column = sheet.columns[place]
        _write(page, row, place, column, total_cents(sheet, column.name), bold)
    return row + 1


def _width(sheet: Sheet, place: int) -> int:
    kind = sheet.columns[place].kind
    longest = {Kind.CENTS: 16, Kind.DAY: 10}.get(kind, 0)
    if not longest:
        cells = (row[place] for row in sheet.rows)
        longest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    return min(max(longest, len(sheet.columns[place].name), _WIDTH_LEAST), _WIDTH_MOST) + 2


def _page_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:31].strip("' ") or "Blad"
