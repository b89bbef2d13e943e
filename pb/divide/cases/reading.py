"""Read a case from a file: JSON without surprises, or a refusal that names the place."""

import json
from collections import Counter
from pathlib import Path

from pb.core.errors import BadInput
from pb.decide.rules.strict import GivenTwice, shown

MOST_BYTES = 64 * 1024 * 1024


class NotACase(BadInput):
    """Refuse a file that cannot be read as a case at all. Facts: ``problem``, one of a few fixed words."""

    code = "divide.not-a-case"


class _Twice(dict[str, object]):
    """A record in which a key stood twice."""

    key = ""


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


def parse(found: bytes) -> object:
    """Parse JSON in UTF-8.

    Raises: NotACase; GivenTwice, for a key that stands twice in one record.
    """
    twice: list[_Twice] = []

    def to_record(pairs: list[tuple[str, object]]) -> dict[str, object]:
        read = dict(pairs)
        if len(read) == len(pairs):
            return read
        marked = _Twice(read)
        marked.key = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        twice.append(marked)
        return marked

    try:
        document = json.loads(found.decode("utf-8-sig"), object_pairs_hook=to_record)
    except UnicodeDecodeError:
        raise NotACase(problem="is not text in UTF-8", detail=None) from None
    except json.JSONDecodeError as error:
        raise NotACase(problem="is not JSON", detail=f"line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise NotACase(problem="is nested too deeply", detail=None) from None
    except ValueError:
        raise NotACase(problem="holds a number that is too long", detail=None) from None
    if twice:
        raise GivenTwice(field=_place_of(document, twice[0]) or "?", found=shown(twice[0].key))
    return document


def _place_of(document: object, wanted: _Twice) -> str:
    """Find where in the document a record stands."""
    todo: list[tuple[str, object]] = [("", document)]
    while todo:
        place, value = todo.pop()
        if value is wanted:
            return f"{place}.{shown(wanted.key)}" if place else shown(wanted.key)
        if isinstance(value, dict):
            todo += [(f"{place}.{shown(key)}" if place else shown(key), item) for key, item in value.items()]
        elif isinstance(value, list):
            todo += [(f"{place}[{index}]", item) for index, item in enumerate(value)]
    return ""
