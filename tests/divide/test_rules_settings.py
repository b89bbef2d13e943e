"""Each setting is read exactly, at its own field, or refused there; what is left out has its default."""

import json
from collections.abc import Mapping
from fractions import Fraction

import pytest

from pb.core.errors import BadInput
from pb.decide.rules import Criterion, DecideConfig, Missing, Quorum, Veto
from pb.decide.rules import Rule as DecideRule
from pb.decide.rules import strict as read
from pb.divide.rules import (
    Completion,
    DivideConfig,
    Fit,
    MinPolicy,
    OnNoFit,
    Rule,
    RuleSet,
    ScoreWeight,
    SelectConfig,
    SelectRule,
    UtilityMode,
)
from pb.divide.rules.rule_set import VERSION

# Per setting: what may be written, and what comes of it.
DECIDE: Mapping[str, tuple[object, object]] = {
    "min_grade": (3, 3),
    "threshold": ("2/3", Fraction(2, 3)),
    "strict": (False, False),
    "quorum": ({"fraction": "1/3", "min_scorers": 2, "count_abstain": True}, Quorum(Fraction(1, 3), 2, True)),
    "missing": ("lowest", Missing.LOWEST),
    "exclude_submitters": (False, False),
    "veto": ({"grade": 2, "max_share": "1/4"}, Veto(2, Fraction(1, 4))),
    "rank": (["gmj", "lot"], (Criterion.GMJ, Criterion.LOT)),
    "lot_seed": ("x", "x"),
}
DIVIDE: Mapping[str, tuple[str, object, object]] = {
    "rule": ("rule", "per_euro", Rule.PER_EURO),
    "unit": ("unit_cents", 500, 500),
    "min_policy": ("min_policy", "drop", MinPolicy.DROP),
    "guarantee": ("guarantee", "3/4", Fraction(3, 4)),
    "on_no_fit": ("on_no_fit", "stop", OnNoFit.STOP),
    "rest_offer": ("rest_offer", False, False),
    "partial": ("partial", False, False),
    "score_weight": ("score_weight", "support", ScoreWeight.SUPPORT),
    "trim": ("trim", "1/5", Fraction(1, 5)),
    "fit": ("fit", "down_only", Fit.DOWN_ONLY),
    "earmarks": ("earmarks", {"jeugd": 7}, {"jeugd": 7}),
    "earmark_spill": ("earmark_spill", False, False),
    "exclude_own_proposal": ("exclude_own_proposal", False, False),
    "utility": ("utility", [0, 1, 2, 3, 4], (0, 1, 2, 3, 4)),
    "utility_mode": ("utility_mode", "score_x_cost", UtilityMode.SCORE_X_COST),
    "completion": ("completion", "add1_util", Completion.ADD1_UTIL),
    "increment": ("increment_cents", 100, 100),
}
SELECT: Mapping[str, tuple[object, object]] = {
    "per_cost": (False, False),
    "utility_mode": ("score_x_cost", UtilityMode.SCORE_X_COST),
    "completion": ("util", Completion.UTIL),
    "increment": (10, 10),
}


def refused(kind: type[BadInput], read_it: object, *given: object, **more: object) -> dict[str, object]:
    with pytest.raises(kind) as told:
        read_it(*given, **more)  # type: ignore[operator]
    return dict(told.value.facts)


@pytest.mark.parametrize("name", DECIDE)
def test_a_setting_of_deciding_is_read_and_written_and_otherwise_refused_at_its_field(name: str) -> None:
    written, meant = DECIDE[name]
    config = DecideConfig.from_json({name: written})
    assert getattr(config, name) == meant
    others = {key: value for key, value in config.to_json().items() if key != name}
    assert others == {key: value for key, value in DecideConfig().to_json().items() if key != name}
    assert DecideConfig.from_json(json.loads(json.dumps(config.to_json()))) == config
    for at in ("decide", "config.decide"):
        facts = refused(read.WrongKind, DecideConfig.from_json, {name: 1.5}, at)
        assert facts["field"] == f"{at}.{name}"
        assert facts["found"] == "float"
    assert DecideConfig.from_json({}, absent=config) == config


@pytest.mark.parametrize("name", DIVIDE)
def test_a_setting_of_dividing_is_read_and_written_and_otherwise_refused_at_its_field(name: str) -> None:
    attribute, written, meant = DIVIDE[name]
    config = DivideConfig.from_json({name: written})
    assert getattr(config, attribute) == meant
    others = {key: value for key, value in config.to_json().items() if key != name}
    assert others == {key: value for key, value in DivideConfig().to_json().items() if key != name}
    assert DivideConfig.from_json(json.loads(json.dumps(config.to_json()))) == config
    for at in ("divide", "config.divide"):
        facts = refused(read.WrongKind, DivideConfig.from_json, {name: 1.5}, at)
        assert facts["field"] == f"{at}.{name}"
        assert facts["found"] == "float"
    assert DivideConfig.from_json({}, absent=config) == config
    assert DivideConfig.from_json({}) == DivideConfig()
    assert refused(read.WrongKind, DivideConfig.from_json, 5)["field"] == "divide"


@pytest.mark.parametrize("name", SELECT)
def test_a_setting_of_choosing_is_read_and_otherwise_refused_at_its_field(name: str) -> None:
    written, meant = SELECT[name]
    config = SelectConfig.from_json({"rule": "mes", name: written}, "config")
    assert getattr(config, name) == meant
    facts = refused(read.WrongKind, SelectConfig.from_json, {"rule": "mes", name: 1.5}, "config")
    assert facts["field"] == f"config.{name}"


def test_what_is_chosen_by_is_asked_for_and_the_rest_has_a_default() -> None:
    assert SelectConfig.from_json({"rule": "greedy"}, "config") == SelectConfig(
        SelectRule.GREEDY, True, UtilityMode.SCORE, Completion.NONE, 1
    )
    assert refused(read.MissingField, SelectConfig.from_json, {}, "config")["field"] == "config.rule"
    assert refused(read.UnknownField, SelectConfig.from_json, {"rule": "mes", "x": 1}, "config") == {
        "field": "config.x"
    }
    facts = refused(read.UnknownWord, SelectConfig.from_json, {"rule": "best"}, "config")
    assert facts == {"field": "config.rule", "found": "best", "known": ["greedy", "mes", "phragmen"]}
    facts = refused(read.OutOfBounds, SelectConfig.from_json, {"rule": "mes", "increment": 0}, "config")
    assert facts["lowest"] == 1


@pytest.mark.parametrize(
    ("settings", "field", "lowest", "highest"),
    [
        ({"min_grade": 0}, "min_grade", 1, 5),
        ({"min_grade": 6}, "min_grade", 1, 5),
        ({"threshold": "11/10"}, "threshold", 0, 1),
        ({"rule": "mean", "threshold": "9/10"}, "threshold", 1, 5),
        ({"rule": "median", "threshold": "51/10"}, "threshold", 1, 5),
        ({"quorum": {"fraction": "3/2"}}, "quorum.fraction", 0, 1),
        ({"quorum": {"min_scorers": 1_000_001}}, "quorum.min_scorers", 0, 1_000_000),
        ({"veto": {"max_share": "2"}}, "veto.max_share", 0, 1),
        ({"veto": {"max_share": "1", "grade": 0}}, "veto.grade", 1, 5),
        ({"veto": {"max_share": "1", "grade": 6}}, "veto.grade", 1, 5),
        ({"lot_seed": "x" * 1001}, "lot_seed", 0, 1000),
    ],
)
def test_a_number_of_deciding_out_of_bounds_is_told_with_its_bounds(
    settings: dict[str, object], field: str, lowest: int, highest: int
) -> None:
    facts = refused(read.OutOfBounds, DecideConfig.from_json, settings)
    assert (facts["field"], facts["lowest"], facts["highest"]) == (f"decide.{field}", lowest, highest)


def test_the_borders_themselves_are_allowed() -> None:
    for grade in (1, 5):
        assert DecideConfig.from_json({"min_grade": grade}).min_grade == grade
        assert DecideConfig.from_json({"rule": "mean", "threshold": grade}).threshold == grade
        assert DecideConfig.from_json({"rule": "median", "threshold": f"{grade}/1"}).threshold == grade
        assert DecideConfig.from_json({"veto": {"grade": grade, "max_share": 1}}).veto == Veto(
            grade, Fraction(1)
        )
    for part in (0, 1):
        assert DecideConfig.from_json({"threshold": part}).threshold == part
        assert DecideConfig.from_json({"quorum": {"fraction": part}}).quorum == Quorum(Fraction(part))
        assert DivideConfig.from_json({"guarantee": part, "trim": part}).guarantee == part
    assert DecideConfig.from_json({"lot_seed": "x" * 1000}).lot_seed == "x" * 1000
    assert DecideConfig.from_json({"quorum": {"min_scorers": 10**6}}).quorum == Quorum(min_scorers=10**6)
    config = DivideConfig.from_json({"unit": 1, "increment": 1, "utility": [0, 0, 0, 0, 10**6]})
    assert (config.unit_cents, config.increment_cents, config.utility[4]) == (1, 1, 10**6)
    assert DivideConfig.from_json({"unit": 10**9}).unit_cents == 10**9
    # The rule mes knows no earmarks, but may say so.
    assert DivideConfig.from_json({"rule": "mes", "earmarks": {"jeugd": 0}}).rule is Rule.MES


@pytest.mark.parametrize(
    ("settings", "field", "lowest", "highest"),
    [
        ({"unit": 0}, "unit", 1, 10**9),
        ({"unit": 10**9 + 1}, "unit", 1, 10**9),
        ({"guarantee": "4/3"}, "guarantee", 0, 1),
        ({"trim": "4/3"}, "trim", 0, 1),
        ({"earmarks": {"jeugd": -1}}, "earmarks.jeugd", 0, 10**15),
        ({"earmarks": {"": 1}}, "earmarks", 1, 200),
        ({"utility": [0, 0, 0, 1, 10**6 + 1]}, "utility[4]", 0, 10**6),
        ({"utility": [0, 0, 0, 1]}, "utility (length)", 5, 5),
        ({"utility": [0, 0, 0, 1, 2, 3]}, "utility (length)", 5, 5),
        ({"increment": 0}, "increment", 1, 10**15),
    ],
)
def test_a_number_of_dividing_out_of_bounds_is_told_with_its_bounds(
    settings: dict[str, object], field: str, lowest: int, highest: int
) -> None:
    facts = refused(read.OutOfBounds, DivideConfig.from_json, settings)
    assert (facts["field"], facts["lowest"], facts["highest"]) == (f"divide.{field}", lowest, highest)


def test_another_rule_than_the_default_names_its_own_threshold() -> None:
    wrong = refused(read.WrongKind, DecideConfig.from_json, {"rule": "mean", "threshold": 3.5})
    assert wrong == {"field": "decide.threshold", "expected": "ratio", "found": "float"}
    outside = refused(read.OutOfBounds, DecideConfig.from_json, {"rule": "mean", "threshold": "11/2"})
    assert outside["found"] == "11/2"
    facts = refused(read.MissingField, DecideConfig.from_json, {"rule": "mean"}, "config")
    assert facts == {"field": "config.threshold"}
    before = DecideConfig(rule=DecideRule.MEAN, threshold=Fraction(7, 2))
    assert DecideConfig.from_json({"rule": "mean"}, absent=before).threshold == Fraction(7, 2)
    assert refused(read.MissingField, DecideConfig.from_json, {"rule": "median"}, absent=before)


def test_a_quorum_left_half_open_takes_the_rest_from_before() -> None:
    before = DecideConfig(quorum=Quorum(Fraction(1, 3), 7, True))
    assert DecideConfig.from_json({"quorum": {}}, absent=before).quorum == before.quorum
    assert DecideConfig.from_json({"quorum": {}}, absent=DecideConfig(quorum=None)).quorum == Quorum()
    assert DecideConfig.from_json({"quorum": None}).quorum is None
    assert DecideConfig.from_json({"veto": {"max_share": "1/2"}}).veto == Veto(1, Fraction(1, 2))
    for name, wrong in (("fraction", 0.5), ("min_scorers", 1.5), ("count_abstain", 1)):
        facts = refused(read.WrongKind, DecideConfig.from_json, {"quorum": {name: wrong}})
        assert facts["field"] == f"decide.quorum.{name}"
    for name, wrong in (("grade", 1.5), ("max_share", 0.5)):
        facts = refused(read.WrongKind, DecideConfig.from_json, {"veto": {"max_share": 1, name: wrong}})
        assert facts["field"] == f"decide.veto.{name}"
    for name in ("quorum", "veto"):
        facts = refused(read.UnknownField, DecideConfig.from_json, {name: {"max_share": 1, "x": 1}})
        assert facts["field"].startswith(f"decide.{name}.")  # type: ignore[attr-defined]
        assert refused(read.WrongKind, DecideConfig.from_json, {name: 1})["field"] == f"decide.{name}"
    assert refused(read.GivenTwice, DecideConfig.from_json, {"rank": ["lot", "mean", "lot"]}) == {
        "field": "decide.rank[2]", "found": "lot",
    }  # fmt: skip


def test_a_rule_set_names_the_field_that_is_wrong() -> None:
    whole = {"version": "1", "cap": None, "budget": 5}
    assert RuleSet.from_json(whole) == RuleSet(budget_cents=5, cap_cents=None, version="1")
    rules = RuleSet.from_json(
        whole | {"cap": 3, "carry_in": 2, "decide": {"lot_seed": "x"}, "divide": {"unit": 1}}
    )
    assert (rules.cap_cents, rules.carry_in_cents, rules.pot_cents) == (3, 2, 7)
    assert (rules.decide.lot_seed, rules.divide.unit_cents) == ("x", 1)
    assert rules.to_json()["carry_in"] == 2
    assert (RuleSet(1, None).version, RuleSet(1, None).carry_in_cents) == (VERSION, 0)
    for name in ("cap", "budget", "carry_in"):
        assert refused(read.WrongKind, RuleSet.from_json, whole | {name: 1.5})["field"] == name
        assert refused(read.OutOfBounds, RuleSet.from_json, whole | {name: -1})["field"] == name
    assert refused(read.WrongKind, RuleSet.from_json, whole | {"version": 1})["field"] == "version"
    facts = refused(read.OutOfBounds, RuleSet.from_json, whole | {"version": "x" * 41})
    assert (facts["field"], facts["highest"], facts["found"]) == ("version", 40, 41)
    assert RuleSet.from_json(whole | {"version": "x" * 40}).version == "x" * 40
    for name in ("decide", "divide"):
        assert refused(read.UnknownField, RuleSet.from_json, whole | {name: {"x": 1}}) == {
            "field": f"{name}.x"
        }
    assert refused(read.UnknownField, RuleSet.from_json, whole | {"x": 1}) == {"field": "x"}
    for name in whole:
        less = {key: value for key, value in whole.items() if key != name}
        assert refused(read.MissingField, RuleSet.from_json, less) == {"field": name}
    assert refused(read.WrongKind, RuleSet.from_json, []) == {
        "field": "", "expected": "record", "found": "list",
    }  # fmt: skip
