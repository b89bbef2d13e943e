"""What is drawn from: people with their features and household, targets, and seats."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

# The value of whoever did not fill in a feature; it stands after all others and next to none of them.
RATHER_NOT: Final = "zegt liever niet"


@dataclass(frozen=True, slots=True)
class Target:
    """Ask for at least ``least`` and at most ``most`` people with a value of a feature.

    The ``flex`` bounds say how far somebody may widen it later; None where nothing was said. ``row`` is
    where it stood in a file.
    """

    feature: str
    value: str
    least: int
    most: int
    least_flex: int | None = None
    most_flex: int | None = None
    row: int = 0

    @property
    def key(self) -> tuple[str, str]:
        return (self.feature, self.value)


@dataclass(frozen=True, slots=True)
class Person:
    """Hold who can be drawn: values in the order of the features, and the household or None."""

    id: str
    values: tuple[str, ...]
    household: str | None = None
    row: int = 0


@dataclass(frozen=True)
class Pool:
    """Hold one draw: whoever stands in it, for how many seats, with which targets.

    Shape: people by id, features by name, targets by feature and value; so the order of a file never
    counts. Of each household at most one person is drawn.
    """

    features: tuple[str, ...]
    targets: tuple[Target, ...]
    people: tuple[Person, ...]
    seats: int

    @cached_property
    def by_id(self) -> Mapping[str, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def households(self) -> Mapping[str, tuple[str, ...]]:
        """Give the ids of every household of two or more in the pool."""
        found: dict[str, list[str]] = {}
        for person in self.people:
            if person.household is not None:
                found.setdefault(person.household, []).append(person.id)
        return {key: tuple(ids) for key, ids in sorted(found.items()) if len(ids) > 1}

    def count(self, feature: str, value: str) -> int:
        """Count the people with a value."""
        place = self.features.index(feature)
        return sum(person.values[place] == value for person in self.people)

    def without(self, ids: Iterable[str]) -> "Pool":
        """Give the same draw without some of the people."""
        gone = set(ids)
        people = tuple(person for person in self.people if person.id not in gone)
        return Pool(self.features, self.targets, people, self.seats)


def make_pool(
    features: Iterable[str], targets: Iterable[Target], people: Iterable[Person], seats: int
) -> Pool:
    """Put a draw in its one order, whatever the order of what was given."""
    given = tuple(features)
    order = sorted(range(len(given)), key=lambda place: given[place])
    return Pool(
        features=tuple(given[place] for place in order),
        targets=tuple(sorted(targets, key=lambda target: target.key)),
        people=tuple(
            sorted(
                (
                    Person(
                        person.id,
                        tuple(person.values[place] for place in order),
                        person.household,
                        person.row,
                    )
                    for person in people
                ),
                key=lambda person: person.id,
            )
        ),
        seats=seats,
    )
