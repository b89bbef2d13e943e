"""People who are the same to the draw: equal features and an equal household."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pb.sortition.rules.pool import Pool

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Hold people with equal features in equally composed households; they all get one chance."""

    values: Values
    members: tuple[str, ...]
    home: str = ""

    @property
    def size(self) -> int:
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Row:
    """Bound a sum over groups: ``least <= sum(weight * p) <= most``; each place is one group.

    ``target`` numbers the target, or is None for the seats (equality) and for a household.
    """

    places: tuple[int, ...]
    weights: tuple[int, ...]
    least: int
    most: int
    target: int | None = None
    home: bool = False


@dataclass(frozen=True, slots=True)
class Grouping:
    """Hold the groups of a pool and all that bounds them; the first row is the seats."""

    groups: tuple[Group, ...]
    rows: tuple[Row, ...]


def group_by_kind(pool: Pool) -> Grouping:
    """Group people by their features and the features of everybody at their address.

    A row of a home holds for each of the homes of that kind: at most one of its members.
    """
    return _group(pool, homes_apart=False)


def group_by_home(pool: Pool) -> Grouping:
    """Group as by kind, but keep every household of two or more apart, for seats in whole panels."""
    return _group(pool, homes_apart=True)


def _group(pool: Pool, *, homes_apart: bool) -> Grouping:
    kind_of: dict[str, str] = {}
    home_members: dict[str, list[Values]] = {}
    values_of = {person.id: person.values for person in pool.people}
    for key, ids in pool.households.items():
        kinds = sorted(values_of[one] for one in ids)
        name = key if homes_apart else repr(kinds)
        home_members[name] = kinds
        for one in ids:
            kind_of[one] = name
    members: dict[tuple[str, Values], list[str]] = {}
    for person in pool.people:
        members.setdefault((kind_of.get(person.id, ""), person.values), []).append(person.id)
    keys = sorted(members)
    groups = tuple(Group(values, tuple(sorted(members[home, values])), home) for home, values in keys)
    return Grouping(groups, (*_target_rows(pool, groups), *_home_rows(keys, home_members)))


def _target_rows(pool: Pool, groups: tuple[Group, ...]) -> Iterable[Row]:
    yield Row(tuple(range(len(groups))), tuple(group.size for group in groups), pool.seats, pool.seats)
    holders: dict[tuple[int, str], list[int]] = {}
    for place, group in enumerate(groups):
        for feature, value in enumerate(group.values):
            holders.setdefault((feature, value), []).append(place)
    for number, target in enumerate(pool.targets):
        places = tuple(holders.get((pool.features.index(target.feature), target.value), ()))
        weights = tuple(groups[place].size for place in places)
        yield Row(places, weights, target.least, target.most, target=number)


def _home_rows(keys: list[tuple[str, Values]], homes: dict[str, list[Values]]) -> Iterable[Row]:
    place_of = {key: place for place, key in enumerate(keys)}
    for name in sorted(homes):
        times = Counter(homes[name])
        kinds = sorted(times)
        places = tuple(place_of[name, kind] for kind in kinds)
        yield Row(places, tuple(times[kind] for kind in kinds), 0, 1, home=True)
