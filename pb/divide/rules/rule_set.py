"""The rules of a round in one piece: frozen before the first score, with a seal that anybody can check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from pb.core.canonical import sha256_of
from pb.decide.rules import DecideConfig
from pb.decide.rules.strict import record, text, whole
from pb.divide.rules.config import Completion, DivideConfig, Fit, Rule

VERSION = "2026.1"

# What a round may choose before the evening; the first is the default, the last is for experts.
PRESETS: Mapping[str, DivideConfig] = {
    "equal": DivideConfig(),
    "prop_request": DivideConfig(rule=Rule.PROP_REQUEST),
    "greedy_full": DivideConfig(rule=Rule.GREEDY_FULL, guarantee=Fraction(0), rest_offer=False),
    "trimmed_mean_proposals": DivideConfig(
        # What people keep is kept, and a plan that nobody gives anything gets no more than it needs.
        rule=Rule.TRIMMED_MEAN_PROPOSALS,
        fit=Fit.DOWN_ONLY,
        guarantee=Fraction(0),
        rest_offer=False,
    ),
    "mes": DivideConfig(
        rule=Rule.MES,
        guarantee=Fraction(0),
        rest_offer=False,
        completion=Completion.ADD1_UTIL,
        increment_cents=100,
    ),
}


@dataclass(frozen=True, slots=True)
class RuleSet:
    """How an evening decides and divides, with the money it is about.

    Units: cents. ``carry_in_cents`` is what an earlier evening left over; it adds to ``budget_cents``.
    """

    budget_cents: int
    cap_cents: int | None
    carry_in_cents: int = 0
    decide: DecideConfig = field(default_factory=DecideConfig)
    divide: DivideConfig = field(default_factory=DivideConfig)
    version: str = VERSION

    @property
    def pot_cents(self) -> int:
        """Say what can be divided."""
        return self.budget_cents + self.carry_in_cents

    @property
    def seal(self) -> str:
        """Hash the rules, so that anybody can see that they stayed the same."""
        return sha256_of(self.to_json())

    def to_json(self) -> dict[str, object]:
        """Write every setting as JSON without floats."""
        return {
            "version": self.version,
            "cap": self.cap_cents,
            "budget": self.budget_cents,
            "carry_in": self.carry_in_cents,
            "decide": self.decide.to_json(),
            "divide": self.divide.to_json(),
        }

    @classmethod
    def from_json(cls, value: object) -> "RuleSet":
        """Read strictly; a setting that is not there has the product's default.

        Raises: WrongKind (a float among them), OutOfBounds, UnknownWord, UnknownField, MissingField.
        """
        found = record(
            value, "", required=("version", "cap", "budget"), optional=("carry_in", "decide", "divide")
        )
        return cls(
            budget_cents=whole(found["budget"], "budget"),
            cap_cents=None if found["cap"] is None else whole(found["cap"], "cap"),
            carry_in_cents=whole(found.get("carry_in", 0), "carry_in"),
            decide=DecideConfig.from_json(found.get("decide", {}), "decide"),
            divide=DivideConfig.from_json(found.get("divide", {}), "divide"),
            version=text(found["version"], "version", longest=40),
        )
