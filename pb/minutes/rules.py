"""What may stand in minutes, and when they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pb.core.errors import Broken
from pb.evening.rules.seal import PracticeOnly
from pb.evening.rules.steps import Stage

# From so few scores it would show who stood where.
FEWEST_SCORES_SHOWN = 5
MOVES = frozenset({"scored", "tablet_scored", "paper_scored", "paper_invalid", "floor_counted"})


class NotSettledYet(Broken):
    """Refuse minutes on paper, or an export, before two people stand for the outcome."""

    code = "minutes.not-settled-yet"


def check_settled(*, stage: Stage, practice: bool) -> None:
    """Let only the minutes of a real evening that is done leave the house.

    Raises: PracticeOnly, NotSettledYet.
    """
    if practice:
        raise PracticeOnly()
    if stage is not Stage.DONE:
        raise NotSettledYet()


def shown_counts(counts: Sequence[int]) -> tuple[int, ...] | None:
    """Give the counts per figure, unless there are too few to show."""
    return tuple(counts) if sum(counts) >= FEWEST_SCORES_SHOWN else None


def may_show_ways(people: Sequence[int]) -> bool:
    """Say whether counts may stand beside each way to score: not when few people used one of them."""
    return all(not used or used >= FEWEST_SCORES_SHOWN for used in people)


def may_show_figures(ways: Sequence[Sequence[int]]) -> bool:
    """Say whether the figures of each way to score say nothing of anybody: not when all gave the same."""
    return all(sum(count > 0 for count in counts) != 1 for counts in ways)


@dataclass(frozen=True)
class HowTheyTookPart:
    """How those who came took part, in numbers that add up to ``came``.

    ``alone`` holds the ways that may be told by number; ``together`` those that are told as one sum
    (``pooled``), because one of them is fewer than five people and could be worked out otherwise.
    """

    came: int
    alone: Mapping[str, int]
    together: tuple[str, ...]
    pooled: int


def shown_ways(*, came: int, ways: Mapping[str, int]) -> HowTheyTookPart:
    """Take together the smallest numbers until none of them can be worked out from the others.

    Ties: in the order of ``ways``. A number of 0 is told: it is about nobody.
    """
    rising = sorted((name for name in ways if ways[name]), key=lambda name: ways[name])
    pool: list[str] = []
    if rising and ways[rising[0]] < FEWEST_SCORES_SHOWN:
        for name in rising:
            small = ways[name] < FEWEST_SCORES_SHOWN
            if not small and len(pool) > 1 and sum(ways[one] for one in pool) >= FEWEST_SCORES_SHOWN:
                break
            pool.append(name)
    pool = pool if len(pool) > 1 else []
    return HowTheyTookPart(
        came=came,
        alone={name: count for name, count in ways.items() if name not in pool},
        together=tuple(name for name in ways if name in pool),
        pooled=sum(ways[name] for name in pool),
    )


def changes_after_reopening(
    events: Sequence[tuple[str, Mapping[str, object]]],
) -> dict[int, list[int]]:
    """Count how often somebody moved each time a plan was open again, per agenda item id.

    ``events`` are (kind, facts) in the order of the chain.
    """
    counts: dict[int, list[int]] = {}
    at_hand: set[int] = set()
    for kind, facts in events:
        item_id = facts.get("item")
        if not isinstance(item_id, int):
            continue
        if kind == "reopened":
            counts.setdefault(item_id, []).append(0)
            at_hand.add(item_id)
        elif kind == "scoring_closed":
            at_hand.discard(item_id)
        elif kind in MOVES and item_id in at_hand:
            counts[item_id][-1] += 1
    return counts
