"""The rules of a round in one piece: frozen, sealed, exact."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from pb.core.errors import BadInput
from pb.decide.rules.strict import MissingField, OutOfBounds, UnknownField, UnknownWord, WrongKind
from pb.divide.rules import PRESETS, DivideConfig, MinPolicy, NoEarmarksInEqualShares, Rule, RuleSet


def test_the_defaults_are_to_fill_equally_with_a_half_guaranteed() -> None:
    config = DivideConfig()
    assert (config.rule, config.unit_cents, config.guarantee) == (Rule.EQUAL, 100, Fraction(1, 2))
    assert (config.min_policy, config.rest_offer, config.earmark_spill) == (MinPolicy.FLOOR, True, True)
    assert PRESETS["equal"] == config


@pytest.mark.parametrize("preset", PRESETS)
def test_a_rule_set_comes_back_from_json_with_the_same_seal(preset: str) -> None:
    rules = RuleSet(
        budget_cents=75_000_00, cap_cents=30_000_00, carry_in_cents=2_550_00, divide=PRESETS[preset]
    )
    again = RuleSet.from_json(json.loads(json.dumps(rules.to_json())))
    assert again == rules
    assert again.seal == rules.seal
    assert len(again.seal) == 64
    assert rules.pot_cents == 77_550_00


def test_the_seal_changes_with_every_setting() -> None:
    rules = RuleSet(budget_cents=1, cap_cents=None)
    others = {
        replace(rules, budget_cents=2).seal,
        replace(rules, cap_cents=5).seal,
        replace(rules, version="2026.2").seal,
        replace(rules, divide=replace(rules.divide, earmarks={"jeugd": 1})).seal,
        replace(rules, decide=replace(rules.decide, lot_seed="3-5-1")).seal,
    }
    assert len(others - {rules.seal}) == 5


def test_the_order_in_which_themes_were_typed_does_not_change_the_seal() -> None:
    one = RuleSet(1, None, divide=DivideConfig(earmarks={"a": 1, "b": 2}))
    other = RuleSet(1, None, divide=DivideConfig(earmarks={"b": 2, "a": 1}))
    assert one.seal == other.seal


@pytest.mark.parametrize(
    ("divide", "kind", "field"),
    [
        ({"guarantee": 0.5}, WrongKind, "divide.guarantee"),
        ({"guarantee": "2"}, OutOfBounds, "divide.guarantee"),
        ({"trim": "1/0"}, WrongKind, "divide.trim"),
        ({"unit": 0}, OutOfBounds, "divide.unit"),
        ({"unit": 1.0}, WrongKind, "divide.unit"),
        ({"rule": "loudest"}, UnknownWord, "divide.rule"),
        ({"min_policy": "none"}, UnknownWord, "divide.min_policy"),
        ({"fit": "up"}, UnknownWord, "divide.fit"),
        ({"rest_offer": "yes"}, WrongKind, "divide.rest_offer"),
        ({"earmarks": {"jeugd": 1.5}}, WrongKind, "divide.earmarks.jeugd"),
        ({"earmarks": {"jeugd": -1}}, OutOfBounds, "divide.earmarks.jeugd"),
        ({"earmarks": []}, WrongKind, "divide.earmarks"),
        ({"utility": [0, 0, 0, 1]}, OutOfBounds, "divide.utility (length)"),
        ({"utility": [0, 0, 0, 1, -2]}, OutOfBounds, "divide.utility[4]"),
        ({"increment": 0}, OutOfBounds, "divide.increment"),
        ({"rule": "mes", "earmarks": {"jeugd": 1}}, NoEarmarksInEqualShares, "divide.earmarks"),
        ({"speed": 1}, UnknownField, "divide.speed"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_field(
    divide: dict[str, object], kind: type[BadInput], field: str
) -> None:
    with pytest.raises(kind) as refused:
        RuleSet.from_json({"version": "2026.1", "cap": None, "budget": 1, "divide": divide})
    assert refused.value.facts["field"] == field


def test_a_rule_set_without_a_pot_is_refused() -> None:
    with pytest.raises(MissingField):
        RuleSet.from_json({"version": "2026.1", "cap": None})
    with pytest.raises(WrongKind):
        RuleSet.from_json({"version": "2026.1", "cap": None, "budget": 75000.0})
