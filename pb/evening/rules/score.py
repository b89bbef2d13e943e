"""What a score may be, read strictly from what a phone sends."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from pb.core.errors import BadInput, Broken

MOST_BYTES = 16_000
MOST_NUMBER = 2**31 - 1
_OP = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class ScoreRequest:
    """One tap: ``op`` names it for ever, ``n`` counts per phone, ``v`` is the scoring it was meant for.

    A phone without script does not count: its ``n`` is None, and its tap is the newest when it arrives.
    """

    op: str
    n: int | None
    item: int
    score: int | None
    v: int


@dataclass(frozen=True)
class Spread:
    """How many people stand on each figure, 1 to 5; never who."""

    counts: tuple[int, int, int, int, int]

    @property
    def people(self) -> int:
        """Count everyone who stands on a figure."""
        return sum(self.counts)

    @property
    def high(self) -> int:
        """Count who stands on the 4 or the 5."""
        return self.counts[3] + self.counts[4]


class NotReadable(Broken):
    code = "evening.not-readable"
    status = 400


class NotJson(Broken):
    code = "evening.not-json"
    status = 415


class BodyTooLong(Broken):
    code = "evening.body-too-long"
    status = 413


class FieldsWrong(BadInput):
    code = "evening.fields-wrong"


class ScoreOutOfRange(BadInput):
    code = "evening.score-out-of-range"


class BadCharacter(BadInput):
    code = "evening.bad-character"


class OpUsed(BadInput):
    """Refuse a number that was used for something else, without saying for what or by whom."""

    code = "evening.op-used"


class Involved(Broken):
    code = "evening.involved"
    status = 403


class NotCheckedIn(Broken):
    code = "evening.not-checked-in"
    status = 403


class ScoringClosed(Broken):
    """Refuse a score after closing; says which score counts."""

    code = "evening.scoring-closed"


class OtherVersion(Broken):
    """Refuse a score that was meant for an earlier opening; the phone loads again."""

    code = "evening.other-version"


class DeviceReplaced(Broken):
    code = "evening.device-replaced"


class OnTheFloor(Broken):
    """Refuse a tap of somebody who stands on the floor and is counted there."""

    code = "evening.on-the-floor"


class OnPaper(Broken):
    """Refuse a tap of somebody who gives scores on paper."""

    code = "evening.on-paper"


class DatabaseBehind(Broken):
    """Keep a tap on its phone: that phone saw answers which this database does not hold."""

    code = "evening.database-behind"
    status = 503


class TooFast(Broken):
    code = "evening.too-fast"
    status = 429


@dataclass(frozen=True)
class Place:
    """All that decides whether a seat may stand on a figure for a plan now."""

    replaced: bool
    present: bool
    way: str
    involved: bool
    is_open: bool
    version: int
    score: int | None


def check_place(place: Place, *, v: int) -> None:
    """Let a tap pass that was meant for scoring ``v`` of a plan.

    Raises: DeviceReplaced, NotCheckedIn, OnTheFloor, OnPaper, Involved, ScoringClosed with the score that
    counts, OtherVersion.
    """
    if place.replaced:
        raise DeviceReplaced()
    if not place.present:
        raise NotCheckedIn()
    if place.involved:
        raise Involved()
    if not place.is_open:
        raise ScoringClosed(score=place.score)
    if place.way != "phone":
        raise OnTheFloor() if place.way == "floor" else OnPaper()
    if place.version != v:
        raise OtherVersion()


def read_request(body: bytes) -> ScoreRequest:
    """Read ``{op, n, item, score, v}``: five keys, no other, whole numbers only.

    Raises: BodyTooLong, NotReadable (not one JSON object), BadCharacter, FieldsWrong, ScoreOutOfRange.
    """
    fields = _one_object(body)
    if set(fields) != {"op", "n", "item", "score", "v"}:
        raise FieldsWrong()
    op = fields["op"]
    if not isinstance(op, str) or not _OP.fullmatch(op):
        raise FieldsWrong()
    return ScoreRequest(
        op=op,
        n=_number(fields["n"]),
        item=_number(fields["item"]),
        score=check_score(fields["score"]),
        v=_number(fields["v"]),
    )


def check_form(*, op: str, item: str, score: int | None, v: str) -> ScoreRequest:
    """Read a tap that came from a plain form. Raises: FieldsWrong."""
    if not _OP.fullmatch(op) or not all(
        text.isascii() and text.isdigit() and len(text) < 10 for text in (item, v)
    ):
        raise FieldsWrong()
    return ScoreRequest(op=op, n=None, item=int(item), score=check_score(score), v=int(v))


def check_score(score: object) -> int | None:
    """Accept a whole number from 1 to 5, or nothing for a score taken back.

    Raises: ScoreOutOfRange, also for true, 4.0 and "4".
    """
    if score is None:
        return None
    if type(score) is not int or not 1 <= score <= 5:
        raise ScoreOutOfRange()
    return score


def spread_of(scores: Iterable[int | None]) -> Spread:
    """Count the scores on each figure; a score taken back counts nowhere."""
    counts = [0, 0, 0, 0, 0]
    for score in scores:
        if score is not None:
            counts[score - 1] += 1
    return Spread((counts[0], counts[1], counts[2], counts[3], counts[4]))


def _one_object(body: bytes) -> dict[str, Any]:
    if len(body) > MOST_BYTES:
        raise BodyTooLong()
    try:
        fields = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_no_doubles,
            parse_constant=_no_constant,
            parse_int=_short_int,
        )
    except BadInput:
        raise
    except ValueError as error:
        raise NotReadable() from error
    except RecursionError as error:
        raise FieldsWrong() from error
    if not isinstance(fields, dict):
        raise NotReadable()
    for text in (*fields, *(value for value in fields.values() if isinstance(value, str))):
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
            raise BadCharacter()
    return fields


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MOST_NUMBER:
        raise FieldsWrong()
    return value


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise FieldsWrong()
    return fields


def _no_constant(_name: str) -> NoReturn:
    raise ScoreOutOfRange()


def _short_int(digits: str) -> int:
    if len(digits) > 20:
        raise FieldsWrong()
    return int(digits)
