"""Which target sets the lowest chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pb.sortition.rules.exact import Bound
from pb.sortition.rules.groups import Grouping
from pb.sortition.rules.pool import Pool


class Cause(StrEnum):
    """Name what keeps the lowest chance from being higher."""

    MOST = "most"
    LEAST_OF_OTHERS = "least"
    SEATS = "seats"
    HOME = "home"
    REST = "rest"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Binding:
    """Say that ``people`` share at most ``seats``; of a target, or of several together.

    With REST the ``targets`` are what is left of a feature after the leasts of its other values, ``bound``.
    With LEAST_OF_OTHERS they are all people outside the value, which takes at least its ``bound``.
    """

    cause: Cause
    people: int
    seats: int
    feature: str = ""
    value: str = ""
    bound: int = 0
    targets: tuple[tuple[str, str], ...] = ()


def find_binding(
    pool: Pool, grouping: Grouping, chances: Mapping[str, Fraction], lowest: Fraction, bound: Bound | None
) -> Binding | None:
    """Find the plainest reason why nobody can promise everybody more than the lowest chance.

    Ties: a most, then everybody, then a least of others, then an address, then targets together; the first.
    """
    if not lowest:
        return None
    can = [person for person in pool.people if chances[person.id]]
    place = {feature: number for number, feature in enumerate(pool.features)}
    counts = {
        target.key: sum(person.values[place[target.feature]] == target.value for person in can)
        for target in pool.targets
    }
    for target in pool.targets:
        people = counts[target.key]
        if people and target.most == lowest * people:
            return Binding(Cause.MOST, people, target.most, *target.key, target.most)
    if pool.seats == lowest * len(can):
        return Binding(Cause.SEATS, len(can), pool.seats)
    for target in pool.targets:
        people, seats = len(can) - counts[target.key], pool.seats - target.least
        if people and seats == lowest * people:
            return Binding(Cause.LEAST_OF_OTHERS, people, seats, *target.key, target.least)
    for ids in pool.households.values():
        there = sum(bool(chances[one]) for one in ids)
        if there and lowest * there == 1:
            return Binding(Cause.HOME, there, 1)
    rest = _rest_of_feature(pool, grouping, counts, lowest, bound)
    if rest is not None:
        return rest
    rows = [] if bound is None else [grouping.rows[number].target for number in sorted(bound.weights)]
    named = tuple(pool.targets[target].key for target in rows if target is not None)
    first = named[0] if named else ("", "")
    return Binding(Cause.TOGETHER, len(can), pool.seats, *first, targets=named)


def _rest_of_feature(
    pool: Pool,
    grouping: Grouping,
    counts: Mapping[tuple[str, str], int],
    lowest: Fraction,
    bound: Bound | None,
) -> Binding | None:
    """Tell of the values that get what the leasts of all others of their feature leave."""
    rows = [] if bound is None else [grouping.rows[number] for number in sorted(bound.weights)]
    named = {pool.targets[row.target] for row in rows if row.target is not None}
    features = {target.feature for target in named}
    if len(features) != 1 or any(row.home for row in rows):
        return None
    feature = features.pop()
    others = [target for target in pool.targets if target.feature == feature and target not in named]
    promised = sum(target.least for target in named)
    people, seats = sum(counts[target.key] for target in others), pool.seats - promised
    if not people or seats != lowest * people:
        return None
    left = tuple(target.key for target in others)
    return Binding(Cause.REST, people, seats, feature, bound=promised, targets=left)
