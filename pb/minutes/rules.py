"""What may stand in minutes, and when they stand."""

from collections.abc import Mapping, Sequence

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
