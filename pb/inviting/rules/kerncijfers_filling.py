"""Which key figures fill which answers, for a person to look at and correct."""

import re
from dataclasses import dataclass, replace
from typing import Final

from pb.inviting.rules.appeal import Feature
from pb.inviting.rules.asking_features import NewValue
from pb.inviting.rules.kerncijfers import Place
from pb.inviting.rules.kerncijfers_columns import PERCENTAGES, Key

# Figures of children are left out: nobody under 15 is asked.
_AGES: Final = (
    (Key.AGE_15, "15–24"),
    (Key.AGE_25, "25–44"),
    (Key.AGE_45, "45–64"),
    (Key.AGE_65, "65 en ouder"),
)
_WORDS: Final = (
    (Key.WOMEN, r"vrouw(en)?"),
    (Key.MEN, r"man(nen)?"),
    (Key.RENTED, r"huur(woning|huis)?|huurders?"),
    (Key.SOCIAL, r".*(sociale|corporatie).*"),
    (Key.PRIVATE, r".*(particulier|overige? (huur|verhuur)).*"),
    (Key.OWNED, r"(koop|eigen).*"),
    (Key.MIDDLE, r".*(mbo ?2|havo|vwo|middelbaar|midden).*"),
    (Key.HIGH, r".*(hbo|universiteit|\bwo\b|hoog).*"),
    (Key.LOW, r".*(basis|vmbo|mbo ?1|laag).*"),
)
_YEARS: Final = re.compile(r"([0-9]{1,3})(?: jaar)? ?(?:[-\u2013]|tot en met|t/m) ?([0-9]{1,3})(?: jaar)?")
_AND_OLDER: Final = re.compile(r"([0-9]{1,3})(?: jaar)? ?(?:\+|en ouder|of ouder|plus)")
_SPANS: Final = {(15, 24): Key.AGE_15, (25, 44): Key.AGE_25, (45, 64): Key.AGE_45, (65, None): Key.AGE_65}


@dataclass(frozen=True, slots=True)
class Filled:
    """Hold an answer with the figure that fits it; ``key`` is None where CBS has no such figure."""

    value: NewValue
    key: Key | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hold what the figures say of one feature.

    ``instead`` holds the groups of CBS where those of the feature are others.
    """

    feature: Feature
    lines: tuple[Filled, ...]
    instead: tuple[NewValue, ...] = ()
    in_percentages: bool = False


def propose(feature: Feature, place: Place) -> Proposal | None:
    """Find the figures of a feature; None where this file has nothing for it."""
    ages = [_span(value.name) for value in feature.values]
    if feature.values and sum(span is not None for span in ages) >= len(ages) - 1 and any(ages):
        return _ages(feature, place, ages)
    lines = tuple(
        Filled(
            NewValue(value.name, _figure(place, key), value.least, value.most, value.id),
            key if _figure(place, key) is not None else None,
        )
        for value in feature.values
        for key in (_key_of(value.name),)
    )
    known = [line.key for line in lines if line.key is not None]
    if {Key.WOMEN, Key.MEN} <= set(known):
        # CBS counts everybody as one of the two; a third answer begins at nobody.
        lines = tuple(line if line.key else Filled(replace(line.value, people=0), None) for line in lines)
    if not known or len(set(known)) < len(known):
        return None
    return Proposal(feature, lines, in_percentages=set(known) <= PERCENTAGES)


def _ages(feature: Feature, place: Place, ages: list[tuple[int, int | None] | None]) -> Proposal | None:
    groups = tuple(NewValue(name, place.figures.get(key)) for key, name in _AGES)
    if all(group.people is None for group in groups):
        return None
    keys = [_SPANS.get(span) if span is not None else None for span in ages]
    lines = tuple(
        Filled(NewValue(value.name, _figure(place, key), value.least, value.most, value.id), key)
        for value, key in zip(feature.values, keys, strict=True)
    )
    if all(key is not None for key in keys):
        return Proposal(feature, lines)
    return Proposal(feature, lines, instead=groups)


def _figure(place: Place, key: Key | None) -> int | None:
    return None if key is None else place.figures.get(key)


def _key_of(name: str) -> Key | None:
    return next((key for key, words in _WORDS if re.fullmatch(words, name.casefold())), None)


def _span(name: str) -> tuple[int, int | None] | None:
    text = " ".join(name.casefold().split())
    if found := _YEARS.fullmatch(text):
        return int(found[1]), int(found[2])
    if found := _AND_OLDER.fullmatch(text):
        return int(found[1]), None
    return None
