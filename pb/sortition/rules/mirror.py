"""The panel beside its neighbourhood, in groups so large that no number tells about one person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from pb.core.canonical import canonical

POOL_LEAST: Final = 5
PANEL_LEAST: Final = 3
ABSENT_LEAST: Final = 3

_Row = tuple[list[str], int | None, int, int, int | None]


@dataclass(frozen=True, slots=True)
class Group:
    """Count a group of people with the same answer, or with one of several that were put together.

    Units: people of the neighbourhood, None where that is not known; people who said yes; seats; seats that
    came to an evening, None outside evenings.
    """

    values: tuple[str, ...]
    people: int | None
    pool: int
    panel: int
    came: int | None = None

    def __add__(self, other: "Group") -> "Group":
        known = [one for one in (self.people, other.people) if one is not None]
        came = None if self.came is None or other.came is None else self.came + other.came
        return Group(
            (*self.values, *other.values), sum(known) if known else None,
            self.pool + other.pool, self.panel + other.panel, came,
        )  # fmt: skip

    @property
    def is_safe(self) -> bool:
        """Say whether neither a number nor the difference of two numbers is about a few people."""
        safe = _safe(self.pool, POOL_LEAST) and _safe(self.panel, PANEL_LEAST)
        safe = safe and _safe(self.pool - self.panel, PANEL_LEAST)
        if self.came is not None:
            safe = safe and _safe(self.came, PANEL_LEAST) and _safe(self.panel - self.came, ABSENT_LEAST)
        return safe


@dataclass(frozen=True, slots=True)
class FeatureMirror:
    """Show one feature; without groups when there are too few people to show any."""

    name: str
    source: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class EveningMirror:
    """Show who came to an evening. ``newcomers`` were at no evening before; None for the first one."""

    name: str
    held_on: str
    came: int
    panel: int
    newcomers: int | None
    features: tuple[FeatureMirror, ...]


@dataclass(frozen=True, slots=True)
class Mirror:
    """Show a panel. ``panel`` counts seats of people who answered; ``without`` the seats of others."""

    pool: int
    panel: int
    without: int
    features: tuple[FeatureMirror, ...]
    evenings: tuple[EveningMirror, ...] = ()


def merge_small(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Put small groups together until what is shown is safe; give nothing when that leaves only one group.

    All numbers still add up, so there is no hidden number to be found by subtraction.
    Ties: among equally small groups the one that stands last is put together first.
    """
    shown = [group for group in groups if group.is_safe]
    small = [group for group in groups if not group.is_safe]
    if not small:
        return tuple(groups) if len(groups) > 1 else ()
    while shown and (len(small) < 2 or not _sum(small).is_safe):
        place = min(range(len(shown)), key=lambda at: (_size(shown[at]), -at))
        small.append(shown.pop(place))
    if not shown:
        return ()
    # In the order in which the answers were offered.
    small.sort(key=groups.index)
    return (*shown, _sum(small))


def protected(features: Sequence[FeatureMirror]) -> tuple[FeatureMirror, ...]:
    """Show features without small groups."""
    return tuple(replace(feature, groups=merge_small(feature.groups)) for feature in features)


def seen_on_evening(
    features: Sequence[FeatureMirror],
    then: Mapping[str, Mapping[str, int]],
    came: Mapping[str, Mapping[str, int]],
) -> tuple[FeatureMirror, ...]:
    """Show who came, in the groups in which the panel is shown, or in fewer.

    ``then`` counts the panel of that evening per feature and value, ``came`` who of them came.
    """
    found = []
    for feature in features:
        groups = tuple(
            replace(
                group,
                panel=sum(then.get(feature.name, {}).get(value, 0) for value in group.values),
                came=sum(came.get(feature.name, {}).get(value, 0) for value in group.values),
            )
            for group in feature.groups
        )
        found.append(replace(feature, groups=merge_small(groups)))
    return tuple(found)


def write_mirror(mirror: Mirror) -> str:
    """Write a mirror as it is kept: counts only."""
    return canonical(_plain(mirror)).decode()


def read_mirror(text: str) -> Mirror:
    """Read a mirror that was kept."""
    facts = json.loads(text)
    return Mirror(
        pool=facts["pool"], panel=facts["panel"], without=facts["without"],
        features=_features(facts["features"]),
        evenings=tuple(
            EveningMirror(
                one["name"], one["held_on"], one["came"], one["panel"], one["newcomers"],
                _features(one["features"]),
            )
            for one in facts["evenings"]
        ),
    )  # fmt: skip


def _features(facts: Sequence[Mapping[str, object]]) -> tuple[FeatureMirror, ...]:
    return tuple(
        FeatureMirror(
            str(one["name"]), str(one["source"]),
            tuple(
                Group(tuple(values), people, pool, panel, came)
                for values, people, pool, panel, came in cast(Sequence[_Row], one["groups"])
            ),
        )
        for one in facts
    )  # fmt: skip


def _plain(mirror: Mirror) -> dict[str, object]:
    def features(these: Sequence[FeatureMirror]) -> list[dict[str, object]]:
        return [
            {"name": one.name, "source": one.source, "groups": [
                [list(group.values), group.people, group.pool, group.panel, group.came]
                for group in one.groups
            ]}
            for one in these
        ]  # fmt: skip

    return {
        "pool": mirror.pool, "panel": mirror.panel, "without": mirror.without,
        "features": features(mirror.features),
        "evenings": [
            {"name": one.name, "held_on": one.held_on, "came": one.came, "panel": one.panel,
             "newcomers": one.newcomers, "features": features(one.features)}
            for one in mirror.evenings
        ],
    }  # fmt: skip


def _safe(count: int, least: int) -> bool:
    return count == 0 or count >= least


def _sum(groups: Sequence[Group]) -> Group:
    total = groups[0]
    for group in groups[1:]:
        total = total + group
    return total


def _size(group: Group) -> int:
    return group.panel + group.pool + (group.came or 0)
