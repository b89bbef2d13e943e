"""Divide by moving phantoms: people's amounts and made-up votes that rise together until the pot is used.

Source: Freeman, Pennock, Peters and Vaughan, *Truthful aggregation of budget proposals*, 2021.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

Votes = Sequence[Sequence[int]]
Number = Fraction | int
Phantom = Callable[[int, Number], Number]


def independent_markets(votes: Votes, pot_cents: int) -> list[Fraction]:
    """Let every person pull every plan with an equal part of the pot.

    Shape: ``votes`` has a row of cents per plan, with an amount of every person in it. What a person does
    not give away is a vote to keep it. Phantom k of n stands at min(1, t(n - k)) of the pot.
    """
    people = _people(votes)
    return _settle(
        votes,
        pot_cents,
        lambda k, time: min(pot_cents, time * (people - k)),
        end=pot_cents,
        stops=lambda amount: [Fraction(amount, people - k) for k in range(people)],
    )


def per_euro(votes: Votes, pot_cents: int) -> list[Fraction]:
    """Put every euro where most people put it.

    Shape: as ``independent_markets``. Phantom k of n stands at t(n + 1) - k, between 0 and 1, of the pot.
    """
    people = _people(votes)
    return _settle(
        votes,
        pot_cents,
        lambda k, time: max(0, min(pot_cents, time - k * pot_cents)),
        end=pot_cents * (people + 1),
        stops=lambda amount: [],
    )


def _people(votes: Votes) -> int:
    return len(votes[0]) if votes else 0


def _settle(
    votes: Votes, pot_cents: int, phantom: Phantom, end: int, stops: Callable[[int], Iterable[Fraction]]
) -> list[Fraction]:
    """Move the phantoms to where the medians sum to the pot.

    Between two bends every median moves in a straight line. First find the whole number of steps just
    before the pot is used (a median is a vote or a phantom, so it only rises), then the bend in that step.
    """
    people = _people(votes)
    if not people or not pot_cents:
        return [Fraction(0) for _ in votes]
    kept = [max(0, pot_cents - sum(row[person] for row in votes)) for person in range(people)]
    rows = [sorted(row, reverse=True) for row in [*votes, kept]]

    def at(time: Number) -> list[Number]:
        stands = [phantom(k, time) for k in range(people + 1)]
        return [_median(row, stands) for row in rows]

    before = _last_whole(lambda time: sum(at(time)) <= pot_cents, end)
    if sum(at(before)) == pot_cents:
        return [Fraction(amount) for amount in at(before)[:-1]]
    amounts = {amount for row in rows for amount in row} | {pot_cents}
    bends = sorted(
        {stop for amount in amounts for stop in stops(amount) if before < stop < before + 1}
        | {Fraction(before), Fraction(before + 1)}
    )
    index = _last_whole(lambda place: sum(at(bends[place])) <= pot_cents, len(bends) - 1)
    low, high = at(bends[index]), at(bends[index + 1])
    part = Fraction(pot_cents - sum(low)) / (sum(high) - sum(low))
    return [Fraction(a) + part * (b - a) for a, b in zip(low, high, strict=True)][:-1]


def _median(row: Sequence[int], stands: Sequence[Number]) -> Number:
    """Take the middle of n votes and n + 1 phantoms, both from high to low."""
    people = len(row)
    best: Number = stands[people]
    for k in range(people):
        best = max(best, min(stands[k], row[people - k - 1]))
    return best


def _last_whole(holds: Callable[[int], bool], end: int) -> int:
    """Find the last whole number up to ``end`` for which something holds that stops once and holds at 0."""
    low, high = 0, end + 1
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            low = middle
        else:
            high = middle
    return low
