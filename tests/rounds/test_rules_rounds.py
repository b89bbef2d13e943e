"""What a round promises: a pot, a cap, a calendar, and rules that freeze."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.canonical import sha256_of
from pb.core.errors import Broken
from pb.decide.rules import DecideConfig
from pb.divide.rules import DivideConfig
from pb.rounds.rules import (
    MOST_POT_CENTS,
    CapAbovePot,
    CloseBeforeOpen,
    Majority,
    PotOutOfBounds,
    Preset,
    check_call,
    freeze,
    rules_for,
)
from support.neighbourhood import call

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"pot_cents": 0, "cap_cents": 0}, PotOutOfBounds),
        ({"pot_cents": -1}, PotOutOfBounds),
        ({"pot_cents": MOST_POT_CENTS + 1}, PotOutOfBounds),
        ({"cap_cents": 0}, CapAbovePot),
        ({"cap_cents": 7_500_001}, CapAbovePot),
        ({"plans_open_on": DAY, "plans_close_on": DAY - timedelta(days=1)}, CloseBeforeOpen),
    ],
)
def test_a_call_that_could_not_be_kept_is_refused(changes: dict[str, Any], refusal: type[Broken]) -> None:
    with pytest.raises(refusal):
        check_call(call(**changes))


def test_a_round_of_one_day_with_a_cap_as_high_as_the_pot_is_fine() -> None:
    check_call(call(pot_cents=100, cap_cents=100, plans_open_on=DAY, plans_close_on=DAY))
    check_call(call(pot_cents=MOST_POT_CENTS))


@pytest.mark.parametrize("majority", Majority)
@pytest.mark.parametrize("preset", Preset)
def test_every_choice_freezes_rules_that_deciding_and_dividing_can_read(
    majority: Majority, preset: Preset
) -> None:
    rules = rules_for(call(), majority=majority, preset=preset)
    decide, divide = rules["decide"], rules["divide"]
    assert isinstance(decide, dict)
    assert isinstance(divide, dict)
    read = DecideConfig.from_json(decide)
    assert str(read.threshold) == majority.value
    # More than half, but two thirds is enough.
    assert read.strict is (majority is Majority.MORE_THAN_HALF)
    assert (read.min_grade, read.quorum.min_scorers if read.quorum else 0) == (4, 5)
    assert DivideConfig.from_json(divide).rule.value == preset.value


@given(st.integers(1, MOST_POT_CENTS), st.data())
def test_the_hash_of_frozen_rules_is_of_their_text_and_differs_with_every_choice(
    pot_cents: int, data: st.DataObject
) -> None:
    cap_cents = data.draw(st.integers(1, pot_cents))
    seen = set()
    for majority in Majority:
        for preset in Preset:
            frozen = freeze(
                rules_for(call(pot_cents=pot_cents, cap_cents=cap_cents), majority=majority, preset=preset)
            )
            assert frozen.sha256 == sha256_of(json.loads(frozen.text))
            assert json.loads(frozen.text)["cap"] == cap_cents
            seen.add(frozen.sha256)
    assert len(seen) == len(Majority) * len(Preset)
