"""People move while they talk; the last position before closing counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pb.core.errors import BadInput


class SameSequence(BadInput):
    """Refuse two moves with one sequence number: nobody can say which came last."""

    code = "decide.same-sequence"


@dataclass(frozen=True, slots=True)
class Move:
    """A person took a position on a plan, abstained, or withdrew (none)."""

    seq: int
    plan_id: str
    person_id: str
    value: int | Literal["abstain"] | None


@dataclass(frozen=True, slots=True)
class Positions:
    """Hold what counts after all moves: scores and abstentions, by plan and person, in order of id."""

    scores: dict[str, dict[str, int]]
    abstentions: dict[str, list[str]]


def last_positions(moves: Iterable[Move], freeze_seq: int | None = None) -> Positions:
    """Keep the last move of every person on every plan, up to and including ``freeze_seq``.

    The order in which moves come in does not matter, only their sequence numbers.
    Raises: SameSequence.
    """
    last: dict[tuple[str, str], Move] = {}
    seen: set[int] = set()
    for move in moves:
        if move.seq in seen:
            raise SameSequence(seq=move.seq)
        seen.add(move.seq)
        key = move.plan_id, move.person_id
        if (freeze_seq is None or move.seq <= freeze_seq) and (key not in last or last[key].seq < move.seq):
            last[key] = move
    found = Positions(scores={}, abstentions={})
    for (plan_id, person_id), move in sorted(last.items()):
        if move.value == "abstain":
            found.abstentions.setdefault(plan_id, []).append(person_id)
        elif move.value is not None:
            found.scores.setdefault(plan_id, {})[person_id] = move.value
    return found
