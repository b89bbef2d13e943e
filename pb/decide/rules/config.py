"""The settings of a decision: frozen before the first score, written as exact JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pb.decide.rules.strict import (
    MissingField,
    OutOfBounds,
    flag,
    listing,
    once_each,
    ratio,
    record,
    text,
    whole,
    word,
    written,
)

GRADES = (1, 2, 3, 4, 5)


class Rule(StrEnum):
    """What a plan is measured by."""

    SUPPORT = "support"
    MEAN = "mean"
    MEDIAN = "median"


class Missing(StrEnum):
    """What a person who gave no score counts as."""

    IGNORE = "ignore"
    LOWEST = "lowest"
    MIDDLE = "middle"


class Criterion(StrEnum):
    """A link of the chain that puts the decided plans in order, best first."""

    SUPPORT = "support"
    MEAN = "mean"
    MEDIAN = "median"
    GMJ = "gmj"
    MJ_GAUGE = "mj_gauge"
    FEWEST_LOWEST = "fewest_lowest"
    SCORERS = "scorers"
    REQUEST = "request"
    MIN = "min"
    ORDER = "order"
    LOT = "lot"


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must have scored: a part of those who may, and never fewer than a number."""

    fraction: Fraction = Fraction(1, 2)
    min_scorers: int = 5
    count_abstain: bool = False

    def to_json(self) -> dict[str, object]:
        """Write every setting."""
        return {
            "fraction": written(self.fraction),
            "min_scorers": self.min_scorers,
            "count_abstain": self.count_abstain,
        }

    @classmethod
    def from_json(cls, value: object, field: str, absent: "Quorum") -> "Quorum":
        """Read strictly; a setting that is not there is taken from ``absent``."""
        found = record(value, field, optional=("fraction", "min_scorers", "count_abstain"))
        return cls(
            fraction=ratio(found["fraction"], f"{field}.fraction", highest=1)
            if "fraction" in found
            else absent.fraction,
            min_scorers=whole(found["min_scorers"], f"{field}.min_scorers", highest=1_000_000)
            if "min_scorers" in found
            else absent.min_scorers,
            count_abstain=flag(found["count_abstain"], f"{field}.count_abstain")
            if "count_abstain" in found
            else absent.count_abstain,
        )


@dataclass(frozen=True, slots=True)
class Veto:
    """When too many objections stop a plan: scores of ``grade`` or lower, above a part of the scores."""

    grade: int = 1
    max_share: Fraction = Fraction(1, 3)

    def to_json(self) -> dict[str, object]:
        """Write every setting."""
        return {"grade": self.grade, "max_share": written(self.max_share)}

    @classmethod
    def from_json(cls, value: object, field: str) -> "Veto":
        """Read strictly."""
        found = record(value, field, required=("max_share",), optional=("grade",))
        return cls(
            grade=whole(found.get("grade", 1), f"{field}.grade", lowest=1, highest=5),
            max_share=ratio(found["max_share"], f"{field}.max_share", highest=1),
        )


@dataclass(frozen=True, slots=True)
class DecideConfig:
    """The rule that says which plans get money, and in which order they stand.

    The threshold of ``support`` is a part of the scores; that of ``mean`` and ``median`` is a grade.
    """

    rule: Rule = Rule.SUPPORT
    min_grade: int = 4
    threshold: Fraction = Fraction(1, 2)
    strict: bool = True
    quorum: Quorum | None = Quorum()
    missing: Missing = Missing.IGNORE
    exclude_submitters: bool = True
    veto: Veto | None = None
    rank: tuple[Criterion, ...] = (
        Criterion.SUPPORT,
        Criterion.MEAN,
        Criterion.FEWEST_LOWEST,
        Criterion.LOT,
    )
    lot_seed: str = ""

    def to_json(self) -> dict[str, object]:
        """Write every setting as JSON without floats, ready to be frozen and hashed."""
        return {
            "rule": self.rule.value,
            "min_grade": self.min_grade,
            "threshold": written(self.threshold),
            "strict": self.strict,
            "quorum": None if self.quorum is None else self.quorum.to_json(),
            "missing": self.missing.value,
            "exclude_submitters": self.exclude_submitters,
            "veto": None if self.veto is None else self.veto.to_json(),
            "rank": [criterion.value for criterion in self.rank],
            "lot_seed": self.lot_seed,
        }

    @classmethod
    def from_json(
        cls, value: object, field: str = "decide", absent: "DecideConfig | None" = None
    ) -> "DecideConfig":
        """Read strictly; a setting that is not there is taken from ``absent`` (the product's defaults).

        Raises: WrongKind (a float among them), OutOfBounds, UnknownWord, UnknownField, MissingField.
        """
        base = absent or cls()
        found = {**base.to_json(), **record(value, field, optional=base.to_json().keys())}
        rule = word(found["rule"], f"{field}.rule", Rule)
        return cls(
            rule=rule,
            min_grade=whole(found["min_grade"], f"{field}.min_grade", lowest=1, highest=5),
            threshold=_threshold(rule, found, f"{field}.threshold", named=_named(rule, value, base)),
            strict=flag(found["strict"], f"{field}.strict"),
            quorum=None
            if found["quorum"] is None
            else Quorum.from_json(found["quorum"], f"{field}.quorum", base.quorum or Quorum()),
            missing=word(found["missing"], f"{field}.missing", Missing),
            exclude_submitters=flag(found["exclude_submitters"], f"{field}.exclude_submitters"),
            veto=None if found["veto"] is None else Veto.from_json(found["veto"], f"{field}.veto"),
            rank=_chain(found["rank"], f"{field}.rank"),
            lot_seed=text(found["lot_seed"], f"{field}.lot_seed", longest=1_000),
        )


def _named(rule: Rule, value: object, base: DecideConfig) -> bool:
    return base.rule is rule or (isinstance(value, dict) and "threshold" in value)


def _threshold(rule: Rule, found: Mapping[str, object], field: str, *, named: bool) -> Fraction:
    """Read the threshold; a half is no grade, so another rule than the default must name its own."""
    if not named:
        raise MissingField(field=field)
    if rule is Rule.SUPPORT:
        return ratio(found["threshold"], field, highest=1)
    threshold = ratio(found["threshold"], field)
    if not 1 <= threshold <= 5:
        raise OutOfBounds(field=field, lowest=1, highest=5, found=written(threshold))
    return threshold


def _chain(value: object, field: str) -> tuple[Criterion, ...]:
    chain = listing(value, field, lambda item, at: word(item, at, Criterion))
    once_each([criterion.value for criterion in chain], field)
    return tuple(chain)
