"""Tell screens and phones that something changed, at a cost that does not grow with their number."""

import threading
import time

from flask import Response, abort, jsonify

from pb.evening.queries import version_and_seq
from pb.web.transaction import reading

FRESH_FOR_SECONDS = 0.25

_kept: dict[int, tuple[float, tuple[int, int] | None]] = {}
_lock = threading.Lock()


def state(evening_id: int) -> Response:
    """Answer with the evening's version and the length of its chain.

    One read serves every phone that asks within a quarter of a second.
    """
    numbers = _numbers(evening_id)
    if numbers is None:
        abort(404)
    return jsonify(v=numbers[0], seq=numbers[1])


def changed(evening_id: int) -> None:
    """Say that something was stored, so that whoever listens hears of it at once."""
    with _lock:
        _kept.pop(evening_id, None)


def forget() -> None:
    """Drop what is kept; for a process that changes to another database."""
    with _lock:
        _kept.clear()


def _numbers(evening_id: int) -> tuple[int, int] | None:
    # A steady clock for how long a copy is fresh; no time of this clock is ever stored or shown.
    moment = time.monotonic()
    with _lock:
        kept = _kept.get(evening_id)
        if kept is not None and moment - kept[0] < FRESH_FOR_SECONDS:
            return kept[1]
    with reading() as session:
        numbers = version_and_seq(session, evening_id=evening_id)
    with _lock:
        if numbers is not None:
            _kept[evening_id] = (moment, numbers)
    return numbers
