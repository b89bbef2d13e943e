"""People change an amount: with a reason, within the limits, and the computed result stays."""

import os
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pb.decide.rules import PlanAsk
from pb.divide.rules import (
    AmendedDivision,
    Amendment,
    DivideConfig,
    Refusal,
    Rule,
    Status,
    divide_with_amendments,
)

EXAMPLES = int(os.environ.get("PB_EXAMPLES", "100"))
BARE = DivideConfig(unit_cents=1, guarantee=Fraction(0), rest_offer=False)
PLANS = [
    PlanAsk("p1", 1, 12_000_00, 6_000_00),
    PlanAsk("p2", 2, 35_000_00, 15_000_00, "jeugd"),
    PlanAsk("p3", 3, 3_000_00, 3_000_00),
    PlanAsk("p4", 4, 18_000_00, 0, "jeugd"),
]


def amended(*amendments: tuple[str, int, str], config: DivideConfig = BARE) -> AmendedDivision:
    return divide_with_amendments(
        ["p2", "p1", "p4", "p3"],
        PLANS,
        config,
        [Amendment(plan_id, amount, reason) for plan_id, amount, reason in amendments],
        budget_cents=40_000_00,
        cap_cents=30_000_00,
    )


def test_the_rest_is_divided_again_and_the_computed_result_stays() -> None:
    # Source: the pot of 40,000 in which p2 is raised to 20,000 because it can be done in two phases.
    found = amended(("p2", 20_000_00, "kan in twee fasen"))
    assert list(found.computed.amounts.values()) == [15_000_00, 11_000_00, 11_000_00, 3_000_00]
    assert list(found.settled.amounts.values()) == [20_000_00, 8_500_00, 8_500_00, 3_000_00]
    assert found.settled.status["p2"] is Status.AMENDED
    assert found.rejected == ()


@pytest.mark.parametrize(
    ("plan_id", "amount", "reason", "code"),
    [
        ("p2", 20_000_00, "  \n", Refusal.REASON_MISSING),
        ("p9", 100, "nieuw", Refusal.NOT_DECIDED),
        ("p2", -1, "minder", Refusal.INVALID_AMOUNT),
        ("p2", 30_000_01, "meer", Refusal.ABOVE_LIMIT),
        ("p1", 5_999_99, "minder", Refusal.BELOW_MIN),
    ],
)
def test_an_amendment_out_of_bounds_is_told_and_changes_nothing(
    plan_id: str, amount: int, reason: str, code: Refusal
) -> None:
    found = amended((plan_id, amount, reason))
    assert [(each.plan_id, each.code) for each in found.rejected] == [(plan_id, code)]
    assert found.settled == found.computed


def test_together_they_may_not_take_more_than_the_pot() -> None:
    found = amended(("p2", 30_000_00, "a"), ("p4", 10_000_01, "b"))
    assert [each.code for each in found.rejected] == [Refusal.OVER_BUDGET]
    assert list(found.settled.amounts.values()) == [30_000_00, 6_000_00, 1_000_00, 3_000_00]


def test_together_they_may_take_exactly_the_pot() -> None:
    found = amended(("p2", 30_000_00, "a"), ("p4", 10_000_00, "b"))
    assert found.rejected == ()
    assert found.settled.leftover_cents == 0


def test_a_later_amendment_takes_the_place_of_an_earlier_one() -> None:
    found = amended(("p2", 30_000_00, "a"), ("p2", 15_000_00, "b"), ("p4", 18_000_00, "c"))
    assert found.rejected == ()
    assert found.settled.amounts["p2"] == 15_000_00
    assert found.amendments["p2"].reason == "b"


def test_a_plan_that_withdraws_leaves_its_money_to_the_others() -> None:
    found = amended(("p1", 0, "trekt zich terug"))
    assert list(found.settled.amounts.values()) == [19_000_00, 0, 18_000_00, 3_000_00]


def test_money_settled_for_a_theme_counts_for_its_earmark() -> None:
    youth = replace(BARE, earmarks={"jeugd": 30_000_00})
    assert amended(config=youth).computed.amounts["p4"] == 15_000_00
    found = amended(("p2", 20_000_00, "kan in twee fasen"), config=youth)
    assert list(found.settled.amounts.values()) == [20_000_00, 7_000_00, 10_000_00, 3_000_00]


@given(
    st.lists(st.tuples(st.sampled_from(["p1", "p2", "p3", "p4"]), st.integers(-5, 31_000_00)), max_size=5),
    st.sampled_from([Rule.EQUAL, Rule.PROP_REQUEST, Rule.GREEDY_FULL]),
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_whatever_people_settle_the_pot_and_the_limits_hold(
    given_amounts: list[tuple[str, int]], rule: Rule
) -> None:
    found = amended(
        *((plan_id, amount, "daarom") for plan_id, amount in given_amounts), config=replace(BARE, rule=rule)
    )
    assert found.settled.total_cents + found.settled.leftover_cents == 40_000_00
    for plan in PLANS:
        amount = found.settled.amounts[plan.plan_id]
        assert 0 <= amount <= min(plan.request_cents, 30_000_00)
        assert amount == 0 or amount >= plan.min_cents
    for plan_id, amendment in found.amendments.items():
        assert found.settled.amounts[plan_id] == amendment.amount_cents
