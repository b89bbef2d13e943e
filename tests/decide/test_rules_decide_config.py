"""The settings of a decision are exact, complete and refuse what nobody wrote."""

import json
from fractions import Fraction

import pytest

from pb.core.canonical import sha256_of
from pb.core.errors import BadInput
from pb.decide.rules import Criterion, DecideConfig, Missing, Quorum, Rule, Veto
from pb.decide.rules.strict import (
    GivenTwice,
    MissingField,
    OutOfBounds,
    UnknownField,
    UnknownWord,
    WrongKind,
    ratio,
    shown,
    text,
)


def test_the_defaults_are_those_of_an_ordinary_evening() -> None:
    config = DecideConfig()
    assert (config.rule, config.min_grade, config.threshold, config.strict) == (
        Rule.SUPPORT,
        4,
        Fraction(1, 2),
        True,
    )
    assert config.quorum == Quorum(Fraction(1, 2), 5, count_abstain=False)
    assert [link.value for link in config.rank] == ["support", "mean", "fewest_lowest", "lot"]


def test_settings_come_back_from_json_as_they_were() -> None:
    config = DecideConfig(
        rule=Rule.MEAN,
        threshold=Fraction(7, 2),
        strict=False,
        quorum=None,
        missing=Missing.MIDDLE,
        veto=Veto(2, Fraction(1, 3)),
        rank=(Criterion.GMJ, Criterion.ORDER),
        lot_seed="dobbelsteen 3-5-1",
    )
    for each in (config, DecideConfig()):
        frozen = json.loads(json.dumps(each.to_json()))
        assert DecideConfig.from_json(frozen) == each
        assert sha256_of(frozen) == sha256_of(each.to_json())


@pytest.mark.parametrize("written", ["3.5", "7/2", "14/4", [7, 2]])
def test_a_threshold_can_be_written_in_several_exact_ways(written: object) -> None:
    config = DecideConfig.from_json({"rule": "mean", "threshold": written})
    assert config.threshold == Fraction(7, 2)


@pytest.mark.parametrize(
    ("settings", "kind", "field"),
    [
        ({"threshold": 0.5}, WrongKind, "decide.threshold"),
        ({"threshold": "1/0"}, WrongKind, "decide.threshold"),
        ({"threshold": "-1/2"}, WrongKind, "decide.threshold"),
        ({"threshold": "1e9"}, WrongKind, "decide.threshold"),
        ({"threshold": " 1/2"}, WrongKind, "decide.threshold"),
        ({"threshold": "\u0661/\u0662"}, WrongKind, "decide.threshold"),
        ({"threshold": [1, 0]}, WrongKind, "decide.threshold"),
        ({"threshold": [True, 2]}, WrongKind, "decide.threshold"),
        ({"threshold": [1]}, WrongKind, "decide.threshold"),
        ({"threshold": None}, WrongKind, "decide.threshold"),
        ({"threshold": "3/2"}, OutOfBounds, "decide.threshold"),
        ({"rule": "mean"}, MissingField, "decide.threshold"),
        ({"rule": "mean", "threshold": "1/2"}, OutOfBounds, "decide.threshold"),
        ({"rule": "loudest"}, UnknownWord, "decide.rule"),
        ({"rule": 1}, WrongKind, "decide.rule"),
        ({"colour": 1}, UnknownField, "decide.colour"),
        ({"min_grade": 6}, OutOfBounds, "decide.min_grade"),
        ({"min_grade": True}, WrongKind, "decide.min_grade"),
        ({"strict": 1}, WrongKind, "decide.strict"),
        ({"quorum": {"fraction": "1/2", "people": 3}}, UnknownField, "decide.quorum.people"),
        ({"quorum": {"fraction": 0.5}}, WrongKind, "decide.quorum.fraction"),
        ({"quorum": {"min_scorers": -1}}, OutOfBounds, "decide.quorum.min_scorers"),
        ({"quorum": 5}, WrongKind, "decide.quorum"),
        ({"veto": {"grade": 1}}, MissingField, "decide.veto.max_share"),
        ({"veto": {"grade": 1, "max_share": 0.3}}, WrongKind, "decide.veto.max_share"),
        ({"missing": "highest"}, UnknownWord, "decide.missing"),
        ({"rank": ["support", "shoe size"]}, UnknownWord, "decide.rank[1]"),
        ({"rank": ["support", "support"]}, GivenTwice, "decide.rank[1]"),
        ({"rank": "support"}, WrongKind, "decide.rank"),
        ({"lot_seed": "\ud800"}, WrongKind, "decide.lot_seed"),
        ({"lot_seed": 7}, WrongKind, "decide.lot_seed"),
        ([], WrongKind, "decide"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_field(settings: object, kind: type[BadInput], field: str) -> None:
    with pytest.raises(kind) as refused:
        DecideConfig.from_json(settings)
    assert refused.value.facts["field"] == field


def test_what_is_not_said_is_taken_from_what_stood_before() -> None:
    before = DecideConfig(rule=Rule.MEDIAN, threshold=Fraction(4), strict=False)
    assert DecideConfig.from_json({"lot_seed": "x"}, absent=before).rule is Rule.MEDIAN


def test_a_ratio_with_endless_digits_is_not_worked_out() -> None:
    with pytest.raises(WrongKind):
        ratio("9" * 10_000, "field")


def test_what_somebody_typed_is_shown_on_one_short_line() -> None:
    assert shown("a\nb\ud800" + "c" * 99).isprintable()
    assert len(shown("c" * 99)) == 43


def test_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(OutOfBounds):
        text("a" * 10_001, "field")
