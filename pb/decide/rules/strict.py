"""Read settings that came as JSON: exactly, or not at all."""

import re
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from pb.core.errors import BadInput

MOST_CENTS = 10**15
MOST_LETTERS = 10_000
_RATIO = re.compile(r"([0-9]{1,18})(?:/([0-9]{1,18})|\.([0-9]{1,18}))?")

Word = TypeVar("Word", bound=StrEnum)
Item = TypeVar("Item")


class WrongKind(BadInput):
    """Refuse a value of another kind than the field holds; a float is always of another kind."""

    code = "decide.wrong-kind"


class OutOfBounds(BadInput):
    """Refuse a number below the lowest or above the highest that the field knows."""

    code = "decide.out-of-bounds"


class UnknownWord(BadInput):
    """Refuse a word that is not one of the words of the field, such as a rule nobody wrote."""

    code = "decide.unknown-word"


class UnknownField(BadInput):
    """Refuse a field that the format does not know: it may be a setting that was meant to count."""

    code = "decide.unknown-field"


class MissingField(BadInput):
    """Refuse a record without a field that has no default."""

    code = "decide.missing-field"


class GivenTwice(BadInput):
    """Refuse an id that stands twice where it may stand once."""

    code = "decide.given-twice"


class UnknownId(BadInput):
    """Refuse a reference to a plan that is not on the list."""

    code = "decide.unknown-id"


def kind_of(value: object) -> str:
    """Name the kind of a JSON value in a word."""
    kinds = {type(None): "null", bool: "boolean", int: "integer", float: "float", str: "text"}
    return kinds.get(type(value), "list" if isinstance(value, list) else "record")


def record(
    value: object, field: str, *, required: Collection[str] = (), optional: Collection[str] = ()
) -> dict[str, object]:
    """Read a record whose fields are all known, and of which the required ones are there."""
    if not isinstance(value, dict):
        raise WrongKind(field=field, expected="record", found=kind_of(value))
    for key in value:
        if key not in required and key not in optional:
            raise UnknownField(field=f"{field}.{shown(key)}" if field else shown(key))
    for key in required:
        if key not in value:
            raise MissingField(field=f"{field}.{key}" if field else key)
    return value


def mapping(value: object, field: str) -> Mapping[str, object]:
    """Read a record whose keys are ids and not names of fields."""
    if not isinstance(value, dict):
        raise WrongKind(field=field, expected="record", found=kind_of(value))
    return value


def listing(value: object, field: str, read: Callable[[object, str], Item]) -> list[Item]:
    """Read a list, item by item."""
    if not isinstance(value, list):
        raise WrongKind(field=field, expected="list", found=kind_of(value))
    return [read(item, f"{field}[{index}]") for index, item in enumerate(value)]


def whole(value: object, field: str, *, lowest: int = 0, highest: int = MOST_CENTS) -> int:
    """Read a whole number; true and 4.0 are none."""
    if type(value) is not int:
        raise WrongKind(field=field, expected="integer", found=kind_of(value))
    if not lowest <= value <= highest:
        raise OutOfBounds(field=field, lowest=lowest, highest=highest, found=_in_short(value))
    return value


def flag(value: object, field: str) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise WrongKind(field=field, expected="boolean", found=kind_of(value))
    return value


def text(value: object, field: str, *, longest: int = MOST_LETTERS) -> str:
    """Read text that can be written as UTF-8."""
    if not isinstance(value, str):
        raise WrongKind(field=field, expected="text", found=kind_of(value))
    if len(value) > longest:
        raise OutOfBounds(field=field, lowest=0, highest=longest, found=len(value))
    if not value.isascii() and not value.isprintable():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise WrongKind(field=field, expected="text", found="half a character") from None
    return value


def name(value: object, field: str) -> str:
    """Read the id of a plan, a person or a theme: short text, not empty."""
    found = text(value, field, longest=200)
    if not found:
        raise OutOfBounds(field=field, lowest=1, highest=200, found=0)
    return found


def word(value: object, field: str, words: type[Word]) -> Word:
    """Read one of the words of a list of words."""
    if not isinstance(value, str):
        raise WrongKind(field=field, expected="text", found=kind_of(value))
    try:
        return words(value)
    except ValueError:
        raise UnknownWord(field=field, found=shown(value), known=[w.value for w in words]) from None


def ratio(value: object, field: str, *, highest: int | None = None) -> Fraction:
    """Read a ratio that is not negative: "1/2", "3.5", a whole number, or a pair [1, 2]. Never a float."""
    found = _ratio_of(value)
    if found is None:
        raise WrongKind(field=field, expected="ratio", found=kind_of(value))
    if highest is not None and found > highest:
        raise OutOfBounds(field=field, lowest=0, highest=highest, found=written(found))
    return found


def _ratio_of(value: object) -> Fraction | None:
    if type(value) is int:
        return Fraction(value) if 0 <= value <= MOST_CENTS else None
    if isinstance(value, list):
        return _pair_of(value)
    match = _RATIO.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    above, below, decimals = match.groups()
    if decimals is not None:
        return Fraction(int(above + decimals), 10 ** len(decimals))
    return Fraction(int(above), int(below or "1")) if int(below or "1") else None


def _pair_of(value: list[object]) -> Fraction | None:
    if len(value) != 2:
        return None
    above, below = value
    if type(above) is not int or type(below) is not int:
        return None
    return Fraction(above, below) if 0 <= above <= MOST_CENTS and 0 < below <= MOST_CENTS else None


def written(ratio: Fraction) -> str:
    """Write a ratio as text, in lowest terms: "1/2", "4/1"."""
    return f"{ratio.numerator}/{ratio.denominator}"


def once_each(ids: Collection[str], field: str) -> None:
    """Refuse a list of ids in which one stands twice."""
    if len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for index, item in enumerate(ids):
        if item in seen:
            raise GivenTwice(field=f"{field}[{index}]", found=shown(item))
        seen.add(item)


def shown(value: str) -> str:
    """Shorten what somebody typed so that a message about it stays one line, in ASCII."""
    plain = value[:40].encode("ascii", "backslashreplace").decode()
    line = "".join(letter if letter.isprintable() else "?" for letter in plain)
    return line if len(value) <= 40 else line + "..."


def _in_short(value: int) -> str:
    return str(value) if abs(value) < 10**20 else "a very large number"
