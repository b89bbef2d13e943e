"""Small made-up pools for the draw by lot, and files of them."""

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

from pb.sortition.rules.pool import Person, Pool, Target, make_pool

Bounds = Mapping[str, Mapping[str, tuple[int, int]]]


def pool_of(
    people: Sequence[Sequence[str]], bounds: Bounds, seats: int, homes: Sequence[str | None] = ()
) -> Pool:
    """Make a pool of people p00, p01, … with values in the order of the features."""
    targets = [
        Target(feature, value, least, most)
        for feature, values in bounds.items()
        for value, (least, most) in values.items()
    ]
    everybody = [
        Person(f"p{number:02}", tuple(values), homes[number] if homes else None)
        for number, values in enumerate(people)
    ]
    return make_pool(bounds, targets, everybody, seats)


def homes_of_two() -> Pool:
    """Twenty addresses with a woman and a man each, and twenty seats."""
    return pool_of(
        [(("man", "vrouw")[number % 2],) for number in range(40)],
        {"geslacht": {"vrouw": (8, 12), "man": (8, 12)}},
        20,
        [f"h{number // 2}" for number in range(40)],
    )


def one_without_chance() -> Pool:
    """Forty people who can be drawn, and one whose value has a maximum of nobody."""
    people = [(("man", "vrouw")[number % 2], ("oud", "jong")[number % 4 == 3]) for number in range(40)]
    bounds = {
        "geslacht": {"vrouw": (5, 5), "man": (5, 5), "x": (0, 0)},
        "leeftijd": {"oud": (0, 10), "jong": (0, 10)},
    }
    return pool_of([*people, ("x", "oud")], bounds, 10)


def no_whole_panel() -> Pool:
    """Four kinds of people of whom no two make a pair, although the sums fit on paper."""
    kinds = [("ja", "ja", "nee"), ("nee", "ja", "ja"), ("ja", "nee", "ja"), ("nee", "nee", "nee")]
    return pool_of(kinds * 4, {name: {"ja": (1, 1), "nee": (1, 1)} for name in ("f1", "f2", "f3")}, 2)


def every_panel(pool: Pool) -> list[tuple[str, ...]]:
    """List every panel that keeps all targets and addresses, by trying them all."""
    return [
        tuple(person.id for person in chosen)
        for chosen in combinations(pool.people, pool.seats)
        if fits(pool, chosen)
    ]


def fits(pool: Pool, chosen: Sequence[Person]) -> bool:
    """Count the targets and addresses of one panel."""
    homes = [person.household for person in chosen if person.household is not None]
    if len(set(homes)) < len(homes):
        return False
    return all(
        target.least
        <= sum(person.values[pool.features.index(target.feature)] == target.value for person in chosen)
        <= target.most
        for target in pool.targets
    )


def write_files(folder: Path, pool: Pool, *, separator: str = ",", order: int = 1) -> list[str]:
    """Write people.csv and features.csv, and give the options that name them."""
    people = [
        ["id", "adres", *pool.features],
        *([one.id, one.household or f"thuis {one.id}", *one.values] for one in pool.people[::order]),
    ]
    targets = [
        ["feature", "value", "min", "max"],
        *([one.feature, one.value, one.least, one.most] for one in pool.targets[::order]),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("people.csv", people), ("features.csv", targets)):
        text = io.StringIO()
        csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
        (folder / name).write_text(text.getvalue(), encoding="utf-8")
    return [
        "--people", str(folder / "people.csv"), "--features", str(folder / "features.csv"),
        "--seats", str(pool.seats), "--household", "adres",
    ]  # fmt: skip
