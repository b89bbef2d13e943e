"""The settings of a division: frozen before the evening, written as exact JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from pb.core.errors import BadInput
from pb.decide.rules.strict import flag, listing, mapping, name, ratio, record, whole, word, written


class Rule(StrEnum):
    """How the pot is divided over the decided plans."""

    EQUAL = "equal"
    PROP_REQUEST = "prop_request"
    PROP_SCORE_REQUEST = "prop_score_request"
    PROP_SCORE = "prop_score"
    MEDIAN_PROPOSALS = "median_proposals"
    TRIMMED_MEAN_PROPOSALS = "trimmed_mean_proposals"
    MEAN_PROPOSALS = "mean_proposals"
    INDEPENDENT_MARKETS = "independent_markets"
    PER_EURO = "per_euro"
    GREEDY_FULL = "greedy_full"
    MES = "mes"


FROM_PROPOSALS = frozenset(
    {
        Rule.MEDIAN_PROPOSALS,
        Rule.TRIMMED_MEAN_PROPOSALS,
        Rule.MEAN_PROPOSALS,
        Rule.INDEPENDENT_MARKETS,
        Rule.PER_EURO,
    }
)
FROM_SCORES = frozenset({Rule.PROP_SCORE, Rule.PROP_SCORE_REQUEST})


class MinPolicy(StrEnum):
    """What a minimum does: it is reserved when a plan is kept, or a smaller share drops the plan."""

    FLOOR = "floor"
    DROP = "drop"


class OnNoFit(StrEnum):
    """What happens after the first plan that does not fit."""

    SKIP = "skip"
    STOP = "stop"


class ScoreWeight(StrEnum):
    """Which number of the scores is the weight."""

    MEAN_MINUS_1 = "mean_minus_1"
    MEAN = "mean"
    SUPPORT = "support"


class Fit(StrEnum):
    """Whether what people would give is scaled up to the whole pot, or only down to it."""

    SCALE = "scale"
    DOWN_ONLY = "down_only"


class UtilityMode(StrEnum):
    """Whether a person counts the points of a bought plan, or its euros times the points."""

    SCORE = "score"
    SCORE_X_COST = "score_x_cost"


class Completion(StrEnum):
    """How equal shares goes on while money is left."""

    NONE = "none"
    ADD1 = "add1"
    ADD1_UTIL = "add1_util"
    UTIL = "util"


class NoEarmarksInEqualShares(BadInput):
    """Refuse a guaranteed pot for a theme in a rule in which every person spends an own part."""

    code = "divide.no-earmarks-in-equal-shares"


@dataclass(frozen=True, slots=True)
class DivideConfig:
    """The rule that says how much every decided plan gets.

    Units: cents. ``guarantee`` is the part of its limit that a kept plan gets at least; ``earmarks`` is the
    money that a theme can count on; ``utility`` counts the grades 1 to 5 in equal shares, whose endowments
    grow by ``increment_cents`` for each person at a time.
    """

    rule: Rule = Rule.EQUAL
    unit_cents: int = 100
    min_policy: MinPolicy = MinPolicy.FLOOR
    guarantee: Fraction = Fraction(1, 2)
    on_no_fit: OnNoFit = OnNoFit.SKIP
    rest_offer: bool = True
    partial: bool = True
    score_weight: ScoreWeight = ScoreWeight.MEAN_MINUS_1
    trim: Fraction = Fraction(1, 10)
    fit: Fit = Fit.SCALE
    earmarks: Mapping[str, int] = field(default_factory=dict)
    earmark_spill: bool = True
    exclude_own_proposal: bool = True
    utility: tuple[int, int, int, int, int] = (0, 0, 0, 1, 2)
    utility_mode: UtilityMode = UtilityMode.SCORE
    completion: Completion = Completion.NONE
    increment_cents: int = 1

    def to_json(self) -> dict[str, object]:
        """Write every setting as JSON without floats, ready to be frozen and hashed."""
        return {
            "rule": self.rule.value,
            "unit": self.unit_cents,
            "min_policy": self.min_policy.value,
            "guarantee": written(self.guarantee),
            "on_no_fit": self.on_no_fit.value,
            "rest_offer": self.rest_offer,
            "partial": self.partial,
            "score_weight": self.score_weight.value,
            "trim": written(self.trim),
            "fit": self.fit.value,
            "earmarks": dict(sorted(self.earmarks.items())),
            "earmark_spill": self.earmark_spill,
            "exclude_own_proposal": self.exclude_own_proposal,
            "utility": list(self.utility),
            "utility_mode": self.utility_mode.value,
            "completion": self.completion.value,
            "increment": self.increment_cents,
        }

    @classmethod
    def from_json(
        cls, value: object, at: str = "divide", absent: "DivideConfig | None" = None
    ) -> "DivideConfig":
        """Read strictly; a setting that is not there is taken from ``absent`` (the product's defaults).

        Raises: WrongKind (a float among them), OutOfBounds, UnknownWord, UnknownField,
        NoEarmarksInEqualShares.
        """
        base = (absent or cls()).to_json()
        found = {**base, **record(value, at, optional=base.keys())}
        config = cls(
            rule=word(found["rule"], f"{at}.rule", Rule),
            unit_cents=whole(found["unit"], f"{at}.unit", lowest=1, highest=10**9),
            min_policy=word(found["min_policy"], f"{at}.min_policy", MinPolicy),
            guarantee=ratio(found["guarantee"], f"{at}.guarantee", highest=1),
            on_no_fit=word(found["on_no_fit"], f"{at}.on_no_fit", OnNoFit),
            rest_offer=flag(found["rest_offer"], f"{at}.rest_offer"),
            partial=flag(found["partial"], f"{at}.partial"),
            score_weight=word(found["score_weight"], f"{at}.score_weight", ScoreWeight),
            trim=ratio(found["trim"], f"{at}.trim", highest=1),
            fit=word(found["fit"], f"{at}.fit", Fit),
            earmarks=_earmarks(found["earmarks"], f"{at}.earmarks"),
            earmark_spill=flag(found["earmark_spill"], f"{at}.earmark_spill"),
            exclude_own_proposal=flag(found["exclude_own_proposal"], f"{at}.exclude_own_proposal"),
            utility=_utility(found["utility"], f"{at}.utility"),
            utility_mode=word(found["utility_mode"], f"{at}.utility_mode", UtilityMode),
            completion=word(found["completion"], f"{at}.completion", Completion),
            increment_cents=whole(found["increment"], f"{at}.increment", lowest=1),
        )
        if config.rule is Rule.MES and any(config.earmarks.values()):
            raise NoEarmarksInEqualShares(field=f"{at}.earmarks")
        return config


def _earmarks(value: object, at: str) -> dict[str, int]:
    given = mapping(value, at)
    return {name(theme, at): whole(cents, f"{at}.{theme}") for theme, cents in sorted(given.items())}


def _utility(value: object, at: str) -> tuple[int, int, int, int, int]:
    points = listing(value, at, lambda item, place: whole(item, place, highest=1_000_000))
    whole(len(points), f"{at} (length)", lowest=5, highest=5)
    return points[0], points[1], points[2], points[3], points[4]
