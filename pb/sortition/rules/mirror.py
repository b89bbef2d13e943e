"""The panel beside its neighbourhood, in groups so large that no number tells about one person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from pb.core.canonical import canonical
from pb.sortition.rules.merging import Group, merge_small

_Row = tuple[list[str], int | None, int, int, int | None]


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
