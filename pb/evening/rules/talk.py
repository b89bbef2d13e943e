"""The talk about a plan: from which figures somebody spoke, by figure and never by name."""

from collections.abc import Mapping

from pb.core.errors import BadInput
from pb.evening.rules.score import Spread

LOW_AND_HIGH = (1, 2, 4, 5)


class NoSuchFigure(BadInput):
    code = "evening.no-such-figure"


def unheard(spread: Spread, turns: Mapping[int, int]) -> tuple[int, ...]:
    """List the low and high figures on which people stand and from which nobody has spoken yet."""
    return tuple(figure for figure in LOW_AND_HIGH if spread.counts[figure - 1] and not turns.get(figure, 0))


def check_figure(figure: int) -> int:
    """Accept a figure from 1 to 5. Raises: NoSuchFigure."""
    if not 1 <= figure <= 5:
        raise NoSuchFigure()
    return figure
