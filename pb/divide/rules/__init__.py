"""The rules of dividing: how much every decided plan gets, and why."""

from pb.divide.rules.amending import (
    AmendedDivision,
    Amendment,
    Refusal,
    Rejected,
    divide_with_amendments,
    refusal_of,
)
from pb.divide.rules.buying import Panel
from pb.divide.rules.comparing import divide_by_presets
from pb.divide.rules.config import (
    Completion,
    DivideConfig,
    Fit,
    MinPolicy,
    NoEarmarksInEqualShares,
    OnNoFit,
    Rule,
    ScoreWeight,
    UtilityMode,
)
from pb.divide.rules.dividing import Division, Facts, divide
from pb.divide.rules.explaining import Code, Explanation, Step, explain
from pb.divide.rules.limits import Because, Limits, Status, Turn, limits_of
from pb.divide.rules.rule_set import PRESETS, RuleSet
from pb.divide.rules.selecting import SelectConfig, SelectRule, select
from pb.divide.rules.weights import Proposals, RuleLacksFacts, ScoreStats

__all__ = [
    "PRESETS",
    "AmendedDivision",
    "Amendment",
    "Because",
    "Code",
    "Completion",
    "DivideConfig",
    "Division",
    "Explanation",
    "Facts",
    "Fit",
    "Limits",
    "MinPolicy",
    "NoEarmarksInEqualShares",
    "OnNoFit",
    "Panel",
    "Proposals",
    "Refusal",
    "Rejected",
    "Rule",
    "RuleLacksFacts",
    "RuleSet",
    "ScoreStats",
    "ScoreWeight",
    "SelectConfig",
    "SelectRule",
    "Status",
    "Step",
    "Turn",
    "UtilityMode",
    "divide",
    "divide_by_presets",
    "divide_with_amendments",
    "explain",
    "limits_of",
    "refusal_of",
    "select",
]
