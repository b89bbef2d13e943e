"""The features that a round may ask for, as people type them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pb.core.canonical import sha256_of
from pb.core.errors import BadInput, Broken
from pb.core.text import clean_line
from pb.inviting.rules.appeal import Feature
from pb.inviting.rules.shares import Bounds, check_sums

FEATURES_MOST: Final = 7
VALUES_LEAST: Final = 2
VALUES_MOST: Final = 12
NAME_MOST: Final = 60
PEOPLE_MOST: Final = 20_000_000
# The draw by lot uses these itself.
_RESERVED: Final = frozenset({"bron", "zegt liever niet"})


class FeaturesFull(BadInput):
    """Refuse one feature more. Facts: ``most``."""

    code = "inviting.features-full"


class FeatureTwice(BadInput):
    """Refuse two features of one name. Facts: ``name``."""

    code = "inviting.feature-twice"


class FeatureAnswered(Broken):
    """Refuse to take away a feature that people answered. Facts: ``name``, ``people``."""

    code = "inviting.feature-answered"


class FeatureChanged(Broken):
    """Refuse a change of a feature that somebody else changed meanwhile."""

    code = "inviting.feature-changed"


class NameReserved(BadInput):
    """Refuse a name that the draw by lot uses itself. Facts: ``name``."""

    code = "inviting.name-reserved"


class ValuesTooFew(BadInput):
    """Refuse a question with fewer than two answers. Facts: ``least``."""

    code = "inviting.values-too-few"


class ValuesTooMany(BadInput):
    """Refuse a question with more answers than people read. Facts: ``most``."""

    code = "inviting.values-too-many"


class ValueMissing(BadInput):
    """Ask for the name of an answer that has numbers."""

    code = "inviting.value-missing"


class ValueTwice(BadInput):
    """Refuse an answer that stands there twice. Facts: ``value``, ``row``, ``first_row``."""

    code = "inviting.value-twice"


class ValueChosen(BadInput):
    """Refuse to rename or take away an answer that people chose. Facts: ``value``, ``people``."""

    code = "inviting.value-chosen"


class TargetNegative(BadInput):
    """Refuse a number below nobody. Facts: ``bound`` is least, most or people; ``found``."""

    code = "inviting.target-negative"


class TargetNotWhole(BadInput):
    """Refuse what is no whole number. Facts: ``bound``, ``found``."""

    code = "inviting.target-not-whole"


class TargetTooHigh(BadInput):
    """Refuse more seats than there are. Facts: ``bound``, ``found``, ``most``."""

    code = "inviting.target-too-high"


class TargetCrossed(BadInput):
    """Refuse a least above the most. Facts: ``least``, ``most``, ``value``."""

    code = "inviting.target-crossed"


class ValueShutOut(BadInput):
    """Warn that nobody with this answer can be drawn; told, not raised. Facts: ``value``."""

    code = "inviting.value-shut-out"


@dataclass(frozen=True, slots=True)
class NewValue:
    """Hold an answer as somebody wants it; ``id`` is None for a new one."""

    name: str
    people: int | None = None
    least: int | None = None
    most: int | None = None
    id: int | None = None

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.least, self.most)


@dataclass(frozen=True, slots=True)
class NewFeature:
    """Hold a feature as somebody wants it."""

    name: str
    question: str
    why: str
    source: str
    values: tuple[NewValue, ...]


def read_count(typed: str, bound: str) -> int | None:
    """Read a whole number; None when nothing was typed. People may be written with dots, as 1.250.

    Raises: TargetNegative, TargetNotWhole.
    """
    text = typed.strip()
    if not text:
        return None
    if bound == "people":
        parts = text.replace("\u00a0", ".").replace(" ", ".").split(".")
        if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3:
            text = "".join(parts)
    digits = text.lstrip("-\u2212")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise TargetNotWhole(bound=bound, found=text[:20])
    if digits != text and int(digits):
        raise TargetNegative(bound=bound, found=text)
    return int(digits)


def read_value_name(typed: str) -> str:
    """Read the name of an answer. Raises: NameReserved; the refusals of clean_line."""
    name = clean_line(typed, most=NAME_MOST)
    refuse_reserved(name)
    return name


def refuse_reserved(name: str) -> None:
    """Refuse a name that the draw by lot uses itself. Raises: NameReserved."""
    if name.casefold() in _RESERVED:
        raise NameReserved(name=name)


def check_bounds(value: str, bounds: Bounds, seats: int) -> None:
    """Refuse a target that cannot be. Raises: TargetTooHigh, TargetCrossed."""
    for bound, found in (("least", bounds.least), ("most", bounds.most)):
        if found is not None and found > seats:
            raise TargetTooHigh(bound=bound, found=found, most=seats)
    if bounds.least is not None and bounds.most is not None and bounds.least > bounds.most:
        raise TargetCrossed(value=value, least=bounds.least, most=bounds.most)


def check_values(values: Sequence[NewValue]) -> None:
    """Refuse too few answers, too many, or one that stands there twice.

    Raises: ValuesTooFew, ValuesTooMany, ValueTwice.
    """
    if len(values) < VALUES_LEAST:
        raise ValuesTooFew(least=VALUES_LEAST)
    if len(values) > VALUES_MOST:
        raise ValuesTooMany(most=VALUES_MOST)
    twice = second_of_a_pair([value.name for value in values])
    if twice is not None:
        first, row = twice
        raise ValueTwice(value=values[row].name, row=row + 1, first_row=first + 1)


def second_of_a_pair(names: Sequence[str]) -> tuple[int, int] | None:
    """Find the first name that stands there twice, apart from capitals; blank ones do not count."""
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        if name and (first := seen.setdefault(name.casefold(), place)) != place:
            return first, place
    return None


def check_feature(feature: NewFeature, seats: int) -> None:
    """Check a whole feature.

    Raises: NameReserved, what check_values, check_bounds and check_sums raise.
    """
    refuse_reserved(feature.name)
    check_values(feature.values)
    for value in feature.values:
        refuse_reserved(value.name)
        check_bounds(value.name, value.bounds, seats)
    check_sums(feature.name, [value.bounds for value in feature.values], seats)


def shut_out(values: Sequence[NewValue]) -> tuple[ValueShutOut, ...]:
    """Warn of answers that can have no seat although people have them, or may have them."""
    return tuple(ValueShutOut(value=value.name) for value in values if value.most == 0 and value.people != 0)


def new_of(feature: Feature) -> NewFeature:
    """Give a feature as it stands now."""
    return NewFeature(
        feature.name,
        feature.question,
        feature.why,
        feature.source,
        tuple(NewValue(one.name, one.people, one.least, one.most, one.id) for one in feature.values),
    )


def seen_mark(feature: NewFeature) -> str:
    """Mark what somebody saw of a feature, to notice that another changed it. Shape: 16 characters."""
    values = [[one.id, one.name, one.people, one.least, one.most] for one in feature.values]
    return sha256_of([feature.name, feature.question, feature.why, feature.source, values])[:16]
