"""What can be wrong with a list, and where."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pb.core.errors import BadInput

PROBLEMS_LISTED_MOST: Final = 50
VALUE_SHOWN_MOST: Final = 60


class FileRefused(BadInput):
    """Refuse a whole file; nothing of it was taken in.

    Facts: ``problems``, a tuple of Problem of at most fifty; ``total``, how many there were.
    """

    code = "core.sheet-refused"


class SheetEmpty(BadInput):
    """Refuse a file in which nothing is written."""

    code = "core.sheet-empty"


class SheetWithoutRows(BadInput):
    """Refuse a file that has a header and nothing under it."""

    code = "core.sheet-without-rows"


class SheetTooBig(BadInput):
    """Refuse a file of too many bytes. Facts: ``megabytes_most``."""

    code = "core.sheet-too-big"


class SheetTooManyRows(BadInput):
    """Refuse a file of too many rows. Facts: ``found``, ``most``."""

    code = "core.sheet-too-many-rows"


class SheetIsSpreadsheet(BadInput):
    """Refuse a workbook, and tell how to save it as CSV. Facts: ``kind``."""

    code = "core.sheet-is-spreadsheet"


class SheetIsProtected(BadInput):
    """Refuse a workbook with a password."""

    code = "core.sheet-is-protected"


class SheetIsOther(BadInput):
    """Refuse a file that is no list at all. Facts: ``kind``; ``named``, the ending of its name."""

    code = "core.sheet-is-other"


class SheetEncodingUnknown(BadInput):
    """Refuse bytes that are no text in a known encoding."""

    code = "core.sheet-encoding-unknown"


class SheetEncodingMixed(BadInput):
    """Refuse bytes that are partly UTF-8 and partly not, or that were cut half-way a character."""

    code = "core.sheet-encoding-mixed"


class SheetHoldsNul(BadInput):
    """Refuse a row with a NUL in it."""

    code = "core.sheet-holds-nul"


class SheetWithoutSeparator(BadInput):
    """Refuse a file whose header cannot be split in columns. Facts: ``expected``, names of columns."""

    code = "core.sheet-without-separator"


class SheetTooWide(BadInput):
    """Refuse a header of too many columns. Facts: ``most``."""

    code = "core.sheet-too-wide"


class SheetWithoutHeader(BadInput):
    """Refuse a file whose first row holds no name of a column. Facts: ``expected``."""

    code = "core.sheet-without-header"


class HeaderUnknown(BadInput):
    """Refuse a column that was not asked for. Facts: ``expected``; ``nearest``, or empty."""

    code = "core.sheet-header-unknown"


class HeaderMissing(BadInput):
    """Tell which column is missing. Facts: ``expected``, one name."""

    code = "core.sheet-header-missing"


class HeaderTwice(BadInput):
    """Refuse two columns that mean the same. Facts: ``name``, ``first_place``."""

    code = "core.sheet-header-twice"


class HeaderBlank(BadInput):
    """Refuse values under a header without a name. Facts: ``place``, as in A, B, C."""

    code = "core.sheet-header-blank"


class QuoteUnbalanced(BadInput):
    """Refuse a cell whose quotation mark does not open and close around the whole cell, on one row.

    A line break within quotes counts too: two marks left open look exactly like it, and would make
    one person out of two.
    """

    code = "core.sheet-unbalanced-quote"


class RowRagged(BadInput):
    """Refuse a row with too many or too few cells. Facts: ``found``, ``expected``."""

    code = "core.sheet-row-ragged"


class CellTooLong(BadInput):
    """Refuse a cell that is no name or address any more. Facts: ``length``, ``most``."""

    code = "core.sheet-cell-too-long"


class CellBlank(BadInput):
    """Refuse an empty cell where something is needed."""

    code = "core.sheet-cell-blank"


class CellIsError(BadInput):
    """Refuse an error that a spreadsheet wrote instead of a value."""

    code = "core.sheet-cell-is-error"


def shown(value: str) -> str:
    """Cut a value to what fits in a sentence, and make unseen characters seen."""
    clipped = value[:VALUE_SHOWN_MOST]
    seen = "".join(
        character if character.isprintable() else f"[U+{ord(character):04X}]" for character in clipped
    )
    return f"{seen}…" if len(value) > VALUE_SHOWN_MOST else seen


@dataclass(frozen=True, slots=True)
class Problem:
    """Say what is wrong at one place of a file.

    Shape: ``row`` as a spreadsheet numbers it, the header being 1 when it stands on top; ``column`` is
    the header as the file writes it. What a file holds may be personal and stays out of the repr.
    """

    broken: BadInput
    row: int | None = None
    column: str | None = field(default=None, repr=False)
    value: str | None = field(default=None, repr=False)

    @property
    def code(self) -> str:
        return self.broken.code

    @property
    def facts(self) -> Mapping[str, object]:
        return self.broken.facts


@dataclass(frozen=True, slots=True)
class Counted:
    """Count problems per code and column, also those past the list; a header may be personal, so no repr."""

    alike: Mapping[tuple[str, str | None], int] = field(repr=False)


class Problems:
    """Collect what is wrong with a file, to tell all of it at once."""

    def __init__(self) -> None:
        self.listed: list[Problem] = []
        self.total = 0
        self.counted: Counter[tuple[str, str | None]] = Counter()

    @property
    def list_is_full(self) -> bool:
        return self.total >= PROBLEMS_LISTED_MOST

    def add(
        self, broken: BadInput, *, row: int | None = None, column: str | None = None, value: str | None = None
    ) -> None:
        """Add one; past fifty they are counted only."""
        if not self.list_is_full:
            self.listed.append(Problem(broken, row, column, None if value is None else shown(value)))
        self.total += 1
        self.counted[broken.code, column] += 1

    def refuse_if_any(self) -> None:
        """Refuse the file when anything was added.

        Raises: FileRefused.
        """
        if self.total:
            raise FileRefused(problems=tuple(self.listed), total=self.total, counted=Counted(self.counted))


def refused(broken: BadInput, *, row: int | None = None, value: str | None = None) -> FileRefused:
    """Make the refusal of a file for one reason that leaves nothing else to look at."""
    problems = Problems()
    problems.add(broken, row=row, value=value)
    return FileRefused(problems=tuple(problems.listed), total=problems.total)
