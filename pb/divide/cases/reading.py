"""Read a case from a file: JSON without surprises, or a refusal that names the place."""

import json
from collections import Counter
from pathlib import Path

from pb.core.errors import BadInput
from pb.decide.rules.strict import GivenTwice, WrongKind, shown

MOST_BYTES = 32 * 1024 * 1024
# What bounds the memory: each value takes some 50 to 200 bytes once it is read.
MOST_VALUES = 3_000_000
_LONGEST_NUMBER = 400


class NotACase(BadInput):
    """Refuse a file that cannot be read as a case at all. Facts: ``problem``, one of a few fixed words."""

    code = "divide.not-a-case"


class _Twice(dict[str, object]):
    """A record in which a key stood twice."""

    key = ""


class _NoNumber(float):
    """Something that stood where a number stands, but is none: NaN, Infinity, or a million digits."""

    found = ""


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read a file, but not one that is too large to be what it should be.

    Raises: NotACase.
    """
    try:
        with path.open("rb") as file:
            found = file.read(most + 1)
    except OSError as error:
        raise NotACase(problem="cannot be read", detail=error.strerror) from None
    if len(found) > most:
        raise NotACase(problem="is too large", detail=f"more than {most // 1024 // 1024} MB")
    return found


class _Oddities:
    """What JSON lets pass and a case may not hold, noted while it is read."""

    def __init__(self) -> None:
        self.twice: list[_Twice] = []
        self.numbers: list[_NoNumber] = []

    def to_record(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        read = dict(pairs)
        if len(read) == len(pairs):
            return read
        marked = _Twice(read)
        marked.key = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        self.twice.append(marked)
        return marked

    def to_nothing(self, found: str) -> _NoNumber:
        marked = _NoNumber(0)
        marked.found = found
        self.numbers.append(marked)
        return marked

    def to_whole(self, digits: str) -> int | float:
        too_long = len(digits) > _LONGEST_NUMBER
        return self.to_nothing("a number that is too long") if too_long else int(digits)

    def refuse(self, document: object) -> None:
        for record in self.twice:
            key, place = shown(record.key), _place_of(document, record)
            raise GivenTwice(field=f"{place}.{key}" if place else key, found=key)
        for number in self.numbers:
            raise WrongKind(field=_place_of(document, number), expected="a number", found=number.found)


def parse(found: bytes) -> object:
    """Parse JSON in UTF-8.

    Raises: NotACase; GivenTwice, for a key that stands twice in one record; WrongKind, for a number that
    is none.
    """
    if found.count(b",") + found.count(b"[") + found.count(b"{") > MOST_VALUES:
        raise NotACase(problem="is too large", detail=f"more than {MOST_VALUES:,} values")
    odd = _Oddities()
    try:
        document = json.loads(
            found.decode("utf-8-sig"),
            object_pairs_hook=odd.to_record,
            parse_constant=odd.to_nothing,
            parse_int=odd.to_whole,
        )
    except UnicodeDecodeError:
        raise NotACase(problem="is not text in UTF-8", detail=None) from None
    except json.JSONDecodeError as error:
        raise NotACase(problem="is not JSON", detail=f"line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise NotACase(problem="is nested too deeply", detail=None) from None
    odd.refuse(document)
    return document


def _place_of(document: object, wanted: object) -> str:
    """Find where in the document a value stands."""
    todo: list[tuple[str, object]] = [("", document)]
    while todo:
        place, value = todo.pop()
        if value is wanted:
            return place
        if isinstance(value, dict):
            todo += [(f"{place}.{shown(key)}" if place else shown(key), item) for key, item in value.items()]
        elif isinstance(value, list):
            todo += [(f"{place}[{index}]", item) for index, item in enumerate(value)]
    return ""
