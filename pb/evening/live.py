"""Tell screens and phones that something changed, at a cost that does not grow with their number."""

import threading
import time
from collections.abc import Mapping

from flask import Response, abort, jsonify

from pb.evening.actions.events import topic_of
from pb.evening.queries import version_and_seq
from pb.store.engine import Store
from pb.web.stream import Handover, Hub
from pb.web.transaction import store

FRESH_FOR_SECONDS = 0.25
# SQLite tells nobody of what another process stored; PostgreSQL does, and this is only for when it cannot.
LOOK_EVERY_SECONDS = {"sqlite": 0.25, "postgresql": 1.0}

# A step is fetched by every phone: so many thousandths of a second to spread that over, by how many listen.
# In coarse steps, for each other number is told to everybody.
SPREAD_MS = ((30, 0), (150, 500), (600, 1500), (10**9, 3000))

Numbers = tuple[int, int]
_kept: dict[int, tuple[float, Numbers | None]] = {}
_lock = threading.Lock()
_hubs: dict[Store, Hub] = {}


def state(evening_id: int) -> Response:
    """Answer with the evening's version and the length of its chain, for whoever asks now and then.

    One read serves every phone that asks within a quarter of a second.
    """
    numbers = _numbers(evening_id)
    if numbers is None:
        abort(404)
    return jsonify(v=numbers[0], seq=numbers[1])


def stream(evening_id: int, kind: str) -> Response:
    """Go on telling about an evening: ``steps`` hears each version, ``all`` each event too."""
    if _numbers(evening_id) is None:
        abort(404)
    return Handover(_hub(store()), topic_of(evening_id), kind)


def forget() -> None:
    """Drop what is kept; for a process that changes to another database."""
    with _lock:
        _kept.clear()


def _hub(of: Store) -> Hub:
    with _lock:
        known = _hubs.get(of)
        if known is None:
            known = _hubs[of] = _new_hub(of)
        return known


def _new_hub(of: Store) -> Hub:
    def look(topic: str, listeners: int) -> Mapping[str, bytes] | None:
        with of.reading() as session:
            numbers = version_and_seq(session, evening_id=int(topic.split()[-1]))
        return None if numbers is None else _messages(*numbers, listeners)

    hub = Hub(look, every_seconds=LOOK_EVERY_SECONDS[of.engine.dialect.name], follow=of.follow)
    of.listen(hub.changed)
    return hub


def _messages(version: int, seq: int, listeners: int) -> Mapping[str, bytes]:
    spread = next(wait for most, wait in SPREAD_MS if listeners < most)
    return {
        "steps": f'data: {{"v":{version},"spread":{spread}}}\n\n'.encode(),
        "all": f'data: {{"v":{version},"seq":{seq}}}\n\n'.encode(),
    }


def _numbers(evening_id: int) -> Numbers | None:
    # A steady clock for how long a copy is fresh; no time of this clock is ever stored or shown.
    moment = time.monotonic()
    with _lock:
        kept = _kept.get(evening_id)
        if kept is not None and moment - kept[0] < FRESH_FOR_SECONDS:
            return kept[1]
    with store().reading() as session:
        numbers = version_and_seq(session, evening_id=evening_id)
    with _lock:
        if numbers is not None:
            _kept[evening_id] = (moment, numbers)
    return numbers
