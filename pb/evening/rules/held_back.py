"""Which forms on paper came in after their plan closed."""

from collections.abc import Iterable, Mapping
from typing import Any

from pb.evening.rules.seal import CLOSED, OPENED, PAPER


def late_seats(told: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[int, frozenset[int]]:
    """Give, per agenda item id, the seats whose paper counted only after the last closing of the plan.

    ``told`` are events of the chain in order, each with its kind and its facts.
    """
    closed: set[int] = set()
    found: dict[int, frozenset[int]] = {}
    for kind, facts in told:
        item_id = facts.get("item", 0)
        if kind in OPENED:
            closed.discard(item_id)
            found.pop(item_id, None)
        elif kind == CLOSED:
            closed.add(item_id)
        elif kind in PAPER and item_id in closed:
            found[item_id] = found.get(item_id, frozenset()) | {facts["seat"]}
    return found
