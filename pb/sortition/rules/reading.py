"""Reading the targets and the people of a stratified draw from lists as spreadsheets write them."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pb.core.errors import BadInput
from pb.core.sheet import (
    Column,
    FileRefused,
    Problems,
    Sheet,
    SheetEmpty,
    SheetWithoutRows,
    decode,
    read_sheet,
)
from pb.core.sheet.cells import split_lines
from pb.core.sheet.headers import KnownNames, plain
from pb.core.sheet.kinds import tell_other_kind
from pb.core.sheet.top import announced_separator, cut_header, first_line
from pb.sortition.rules.pool import Person, Target
from pb.sortition.rules.refusals import (
    LotteryColumnMissing,
    LotteryFileEmpty,
    LotteryFlexWrong,
    LotteryHomeBlank,
    LotteryIdBlank,
    LotteryIdTwice,
    LotteryPoolEmpty,
    LotteryTargetCrossed,
    LotteryTargetNegative,
    LotteryTargetNotWhole,
    LotteryTargetsMissing,
    LotteryTargetTwice,
    LotteryValueBlank,
    LotteryValueUnknown,
)

PEOPLE_MOST: Final = 20_000
TARGETS_MOST: Final = 500
BOUND_MOST: Final = 1_000_000
_BYTES_MOST: Final = 20_000_000
_ROWS_SHOWN: Final = 5
_TARGET_HEADERS: Final = {
    "feature": ("category", "kenmerk"), "value": ("name", "waarde"),
    "min": ("minimum",), "max": ("maximum",), "min_flex": (), "max_flex": (),
}  # fmt: skip
_OPTIONAL: Final = ("min_flex", "max_flex")


@dataclass(frozen=True, slots=True)
class TargetFile:
    """Hold targets as they stood in a file, with the features in their own order."""

    features: tuple[str, ...]
    targets: tuple[Target, ...]


def read_targets(raw: bytes, *, file_name: str) -> TargetFile:
    """Read targets: feature, value, min, max, and if wanted min_flex and max_flex.

    Raises: FileRefused, LotteryFileEmpty, LotteryColumnMissing, LotteryTargetsMissing.
    """
    written = _headers(raw, file_name, tuple(_TARGET_HEADERS))
    header_of = {}
    for name, others in _TARGET_HEADERS.items():
        found = _find(written, (name, *others))
        if found is None and name not in _OPTIONAL:
            raise _missing(name, written)
        header_of[name] = found or name
    readers = {header_of[name]: _bound_reader(name) for name in ("min", "max")}
    readers |= {header_of[name]: _bound_reader(name) for name in _OPTIONAL}
    needed = {header_of[name] for name in ("feature", "value", "min", "max")}
    try:
        sheet = _read(raw, file_name, written, readers, needed, TARGETS_MOST)
    except _WithoutRows:
        raise LotteryTargetsMissing() from None
    problems, rows = Problems(), dict[tuple[str, str], int]()
    targets = []
    for row, values in sheet.rows:
        feature, value = _tidy(values[header_of["feature"]]), _tidy(values[header_of["value"]])
        least, most = values[header_of["min"]], values[header_of["max"]]
        low, high = (values.get(header_of[name]) for name in _OPTIONAL)
        first = rows.setdefault((feature, value), row)
        column = header_of["value"]
        if first != row:
            problems.add(LotteryTargetTwice(value=value, row=row, first_row=first), row=row, column=column)
        elif least > most:
            problems.add(
                LotteryTargetCrossed(value=value, least=least, most=most), row=row, column=header_of["min"]
            )
        elif (low is not None and low > least) or (high is not None and high < most):
            problems.add(LotteryFlexWrong(value=value), row=row, column=column)
        targets.append(Target(feature, value, least, most, low, high, row))
    problems.refuse_if_any()
    return TargetFile(tuple(dict.fromkeys(target.feature for target in targets)), tuple(targets))


def read_people(
    raw: bytes, *, file_name: str, targets: TargetFile, household: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
) -> tuple[Person, ...]:  # fmt: skip
    """Read people: an id, a column for each feature, and any others, which are left alone.

    ``household`` names the columns that make an address; with none there is no such rule. ``given`` holds
    the value of a feature that all of them have and that no column tells. Values of a person stand in the
    order of the features.
    Raises: FileRefused, LotteryFileEmpty, LotteryPoolEmpty, LotteryColumnMissing, LotteryHomeBlank.
    """
    given = given or {}
    written = _headers(raw, file_name, ("id", *targets.features, *household))
    ids = _find(written, ("id", "nationbuilder_id", "code", "nummer", "nr"))
    ids = ids or next((one for one in written if plain(one).endswith("id")), None)
    if ids is None:
        raise _missing("id", written)
    header_of = {}
    for feature in targets.features:
        found = _find(written, (feature,))
        if found is None and feature not in given:
            raise _missing(feature, written)
        header_of[feature] = found
    homes = [_home_header(name, written) for name in household]
    try:
        sheet = _read(raw, file_name, written, {}, set(), PEOPLE_MOST)
    except _WithoutRows:
        raise LotteryPoolEmpty() from None
    known: dict[str, tuple[str, ...]] = {}
    for target in targets.targets:
        known[target.feature] = (*known.get(target.feature, ()), target.value)
    reader = _PeopleReader(ids, header_of, homes, known, given)
    people = tuple(reader.read(row, values) for row, values in sheet.rows)
    reader.problems.refuse_if_any()
    if reader.homeless:
        rows = reader.homeless
        raise LotteryHomeBlank(
            count=len(rows), rows=rows[:_ROWS_SHOWN], is_more=len(rows) > _ROWS_SHOWN, column=", ".join(homes)
        )
    return people


class _PeopleReader:
    """Read row after row, adding what is wrong to the problems."""

    def __init__(
        self, ids: str, header_of: Mapping[str, str | None], homes: Sequence[str],
        known: Mapping[str, tuple[str, ...]], given: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.ids = ids
        self.header_of = header_of
        self.homes = homes
        self.known = known
        self.given = given
        self.problems = Problems()
        self.homeless: list[int] = []
        self.seen: dict[str, tuple[int, Mapping[str, str | None]]] = {}

    def read(self, row: int, values: Mapping[str, str | None]) -> Person:
        one = _tidy(values[self.ids])
        first, same = self.seen.setdefault(one, (row, values))
        if not one:
            self.problems.add(LotteryIdBlank(), row=row, column=self.ids)
        elif first != row:
            twice = LotteryIdTwice(id=one, row=row, first_row=first, is_same=same == values)
            self.problems.add(twice, row=row, column=self.ids)
        home = None
        if self.homes:
            parts = [_tidy(values[name]).casefold() for name in self.homes]
            home = "|".join(parts)
            if not any(parts):
                self.homeless.append(row)
        return Person(one, tuple(self._value(feature, row, values) for feature in self.header_of), home, row)

    def _value(self, feature: str, row: int, values: Mapping[str, str | None]) -> str:
        header = self.header_of[feature]
        if header is None:
            return self.given[feature]
        value, known = _tidy(values[header]), self.known[feature]
        if not value and feature in self.given:
            return self.given[feature]
        if not value:
            self.problems.add(LotteryValueBlank(feature=feature, known=known), row=row, column=header)
        elif value not in known:
            nearest = _nearest(value, known)
            unknown = LotteryValueUnknown(found=value, feature=feature, known=known, nearest=nearest)
            self.problems.add(unknown, row=row, column=header)
        return value


class _WithoutRows(Exception):
    """Say that there is a header and nothing under it."""


def _headers(raw: bytes, file_name: str, expected: Sequence[str]) -> list[str]:
    """Read the names of all columns."""
    if len(raw) > _BYTES_MOST or (raw and tell_other_kind(raw, file_name) is not None):
        # Whoever reads all of it says what is wrong with such a file.
        return list(expected)
    lines = split_lines(decode(raw).text)
    announced = announced_separator(lines)
    known = KnownNames(tuple(expected), tuple(expected[:1]), {plain(name): name for name in expected})
    try:
        top = first_line(lines, announced)
    except FileRefused as refused:
        if any(isinstance(problem.broken, SheetEmpty) for problem in refused.facts["problems"]):  # type: ignore[attr-defined]
            raise LotteryFileEmpty(expected=tuple(expected)) from None
        raise
    _, cells = cut_header(lines, top, announced, known)
    return [name for cell in cells if (name := " ".join(cell.replace("\ufeff", "").split()))]


def _read(
    raw: bytes,
    file_name: str,
    written: Sequence[str],
    readers: Mapping[str, object],
    needed: set[str],
    most: int,
) -> Sheet:
    columns = [
        Column(name, readers.get(name, str), may_be_blank=name not in needed)  # type: ignore[arg-type]
        for name in dict.fromkeys(written)
    ]
    try:
        return read_sheet(raw, file_name=file_name, columns=columns, most_rows=most, most_bytes=_BYTES_MOST)
    except FileRefused as refused:
        problems = refused.facts["problems"]
        if any(isinstance(problem.broken, SheetWithoutRows) for problem in problems):  # type: ignore[attr-defined]
            raise _WithoutRows from None
        raise


def _bound_reader(name: str) -> object:
    bound = "least" if name.startswith("min") else "most"

    def read(cell: str) -> int:
        typed = cell.strip()
        digits = typed.removeprefix("-").removeprefix("+")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 7):
            raise LotteryTargetNotWhole(bound=bound, found=typed[:20])
        if typed.startswith("-") and int(digits):
            raise LotteryTargetNegative(bound=bound, found=-int(digits))
        return int(digits)

    return read


def _home_header(name: str, written: Sequence[str]) -> str:
    found = _find(written, (name,))
    if found is None:
        raise _missing(name, written)
    return found


def _find(written: Sequence[str], names: Sequence[str]) -> str | None:
    for name in names:
        for header in written:
            if plain(header) == plain(name):
                return header
    return None


def _missing(column: str, written: Sequence[str]) -> BadInput:
    return LotteryColumnMissing(column=column, columns=tuple(written[:20]), nearest=_nearest(column, written))


def _nearest(value: str, known: Sequence[str]) -> str:
    by_plain = {plain(one): one for one in reversed(known)}
    close = get_close_matches(plain(value)[:100], list(by_plain), n=1, cutoff=0.6)
    return by_plain[close[0]] if close else ""


def _tidy(value: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", value or "").split())
