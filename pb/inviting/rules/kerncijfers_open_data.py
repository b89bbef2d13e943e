"""The key figures as the open data of Statistics Netherlands answer with them, and of which year they are.

Source: CBS, open data services: https://opendata.cbs.nl/ODataApi/odata/85984NED/TypedDataSet gives an object
with a list of rows, ``value``; each row names its figures, and a figure that is unknown is null.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from pb.core.errors import BadInput
from pb.core.sheet.problems import refused

# A file of the open data is named after its table, of which there is one a year.
_YEAR_OF_TABLE: Final = {
    "83765": "2017", "84286": "2018", "84583": "2019", "84799": "2020", "85039": "2021", "85318": "2022",
    "85618": "2023", "85984": "2024", "86165": "2025",
}  # fmt: skip
_TABLE: Final = re.compile(r"(?<![0-9])([0-9]{5})NED", re.IGNORECASE)
_FIGURES_MOST: Final = 300


class AnswerUnreadable(BadInput):
    """Refuse an answer of the open data that is cut off, or holds no rows of figures."""

    code = "inviting.answer-unreadable"


def year_of(text: str) -> str:
    """Tell of which year a table is that is named in a text, or nothing."""
    found = _TABLE.search(text)
    return _YEAR_OF_TABLE.get(found[1], "") if found else ""


def is_answer(raw: bytes) -> bool:
    """Tell whether a file is an answer of the open data."""
    return raw[:100].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))


class AnswerLines:
    """Hold the rows of an answer, the names of the first row as its header."""

    ragged_is_wrong = False
    separator = ""

    def __init__(self, raw: bytes) -> None:
        """Read it. Raises: FileRefused with AnswerUnreadable."""
        try:
            held: Any = json.loads(raw.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise refused(AnswerUnreadable()) from None
        about: dict[str, Any] = held if isinstance(held, dict) else {"value": held}
        # Such as https://opendata.cbs.nl/ODataApi/OData/85984NED/$metadata#TypedDataSet.
        self.table = str(about.get("odata.metadata") or about.get("@odata.context") or "")[:300]
        rows = about.get("value")
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise refused(AnswerUnreadable())
        self._rows: list[dict[str, Any]] = rows
        self._names = [str(name) for name in islice(rows[0], _FIGURES_MOST)]

    def top(self) -> Iterator[tuple[int, list[str]]]:
        """Give the names of the figures."""
        yield 0, self._names

    def rows(self, _after: int, _reach: int) -> Iterator[tuple[int, list[str], list[str]]]:
        """Give each row of a place: number, cells, and what ``whole`` makes all cells of."""
        for number, row in enumerate(self._rows, start=1):
            cells = ["" if (value := row.get(name)) is None else str(value) for name in self._names]
            yield number, cells, cells

    def whole(self, cells: list[str]) -> list[str]:
        return cells
