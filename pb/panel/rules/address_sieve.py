"""Leaving out rows of a list by what the register says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pb.panel.rules import address_columns as columns
from pb.panel.rules.address_rows import RegisterSheet


class Uses(StrEnum):
    """Name which addresses take part by what their building is used for."""

    HOMES = "homes"
    HOMES_AND_BLANK = "homes-and-blank"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Seen:
    """Count rows by what the register says of them, whether or not they take part.

    Each is None when the file has no such column. Of ``not_in_use`` only rows whose use takes part count.
    """

    other_uses: int | None
    blank_uses: int | None
    not_in_use: int | None


class Sieve:
    """Leave out rows that do not take part by use or status, and count what was seen."""

    def __init__(self, sheet: RegisterSheet, uses: Uses, in_use_only: bool) -> None:
        self.sheet = sheet
        self.uses, self.in_use_only = uses, in_use_only
        self.use = sheet.reader(columns.USE)
        status = sheet.reader(columns.STATUS), sheet.reader(columns.OBJECT_STATUS)
        self.statuses = [reader for reader in status if reader is not None]
        self.other_uses = self.blank_uses = self.not_in_use = 0

    def lets_through(self, cells: Sequence[str], row: int) -> bool:
        """Tell whether a row takes part; what is wrong goes to the problems of the sheet."""
        before = self.sheet.problems.total
        takes_part = self._has_use(cells, row) and self._is_in_use(cells, row)
        return takes_part and self.sheet.problems.total == before

    def seen(self) -> Seen:
        """Tell what was counted."""
        return Seen(
            other_uses=self.other_uses if self.use else None,
            blank_uses=self.blank_uses if self.use else None,
            not_in_use=self.not_in_use if self.statuses else None,
        )

    def _has_use(self, cells: Sequence[str], row: int) -> bool:
        if self.use is None:
            return True
        before = self.sheet.problems.total
        use = self.sheet.read(self.use, cells, row)
        if self.sheet.problems.total > before:
            return False
        self.other_uses += use is columns.Use.OTHER
        self.blank_uses += use is None
        return (
            self.uses is Uses.EVERYTHING
            or use is columns.Use.HOME
            or (use is None and self.uses is Uses.HOMES_AND_BLANK)
        )

    def _is_in_use(self, cells: Sequence[str], row: int) -> bool:
        in_use = False not in [self.sheet.read(reader, cells, row) for reader in self.statuses]
        self.not_in_use += not in_use
        return in_use or not self.in_use_only
