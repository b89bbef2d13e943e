"""Who was in the room and how each seat stood, told again by the events of an evening."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pb.evening.rules.floor import Way

Told = tuple[int, str, Mapping[str, Any]]


@dataclass
class Whereabouts:
    """Where the events leave everybody.

    ``there`` holds, per agenda item, the seats that were in the room at a moment of its scoring;
    ``stood`` how each of them stood when it closed last, and ``stayed`` who was still there then.
    ``left_floor`` is the number of the event by which a seat last left the floor.
    """

    present: set[int] = field(default_factory=set)
    ways: dict[int, Way] = field(default_factory=dict)
    there: dict[int, set[int]] = field(default_factory=dict)
    stood: dict[int, dict[int, Way]] = field(default_factory=dict)
    stayed: dict[int, frozenset[int]] = field(default_factory=dict)
    left_floor: dict[int, int] = field(default_factory=dict)
    open_item: int | None = None

    def way(self, seat: int) -> Way:
        """Give how a seat stands; on a phone unless somebody said otherwise."""
        return self.ways.get(seat, Way.PHONE)

    def left_floor_since(self, seq: int) -> int:
        """Count the seats that left the floor after an event."""
        return sum(1 for at in self.left_floor.values() if at > seq)


def follow(events: Iterable[Told]) -> Whereabouts:
    """Follow the events in order: number, kind and facts."""
    found = Whereabouts()
    for seq, kind, facts in events:
        tell = _TELL.get(kind)
        if tell is not None:
            tell(found, seq, facts)
    return found


def _arrived(found: Whereabouts, _seq: int, facts: Mapping[str, Any]) -> None:
    found.present.add(facts["seat"])
    if found.open_item is not None:
        found.there[found.open_item].add(facts["seat"])


def _left(found: Whereabouts, seq: int, facts: Mapping[str, Any]) -> None:
    found.present.discard(facts["seat"])
    if found.way(facts["seat"]) is Way.FLOOR:
        found.left_floor[facts["seat"]] = seq


def _way(found: Whereabouts, seq: int, facts: Mapping[str, Any]) -> None:
    if found.way(facts["seat"]) is Way.FLOOR and facts["way"] != Way.FLOOR.value:
        found.left_floor[facts["seat"]] = seq
    found.ways[facts["seat"]] = Way(facts["way"])


def _opened(found: Whereabouts, _seq: int, facts: Mapping[str, Any]) -> None:
    found.open_item = facts["item"]
    found.there.setdefault(facts["item"], set()).update(found.present)


def _closed(found: Whereabouts, _seq: int, facts: Mapping[str, Any]) -> None:
    there = found.there.setdefault(facts["item"], set())
    found.stood[facts["item"]] = {seat: found.way(seat) for seat in there}
    found.stayed[facts["item"]] = frozenset(found.present)
    found.open_item = None


def _undone(found: Whereabouts, _seq: int, facts: Mapping[str, Any]) -> None:
    if str(facts["step"]).startswith("open_scoring"):
        found.open_item = None


_TELL = {
    "arrived": _arrived,
    "left": _left,
    "way": _way,
    "scoring_opened": _opened,
    "reopened": _opened,
    "scoring_closed": _closed,
    "undone": _undone,
}
KINDS = frozenset(_TELL)
