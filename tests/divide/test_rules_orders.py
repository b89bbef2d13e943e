"""The lot between equal plans is only worth a word where it can move money."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.decide.rules import PlanAsk
from pb.divide.rules import DivideConfig, Facts, Panel, Rule, ScoreStats, divide
from pb.divide.rules.orders import order_can_move_money

EVERYBODY = Panel(present=6, scores={name: dict.fromkeys("uvwxyz", 5) for name in "abcd"})
STATS = {name: ScoreStats(Fraction(4), Fraction(1, 2)) for name in "abcd"}
FACTS = Facts(stats=STATS, panel=EVERYBODY)
FILLED = (Rule.EQUAL, Rule.PROP_REQUEST, Rule.PROP_SCORE_REQUEST)
TOGETHER = (Rule.TRIMMED_MEAN_PROPOSALS, Rule.MEDIAN_PROPOSALS, Rule.INDEPENDENT_MARKETS)


def matters(
    rule: Rule, budget: int, *, least: int = 0, group: str = "ab", ranking: str = "abc", **settings: object
) -> bool:
    plans = [PlanAsk(name, place, 100_00, least) for place, name in enumerate("abcdef", start=1)]
    config = DivideConfig(rule=rule, **({"guarantee": Fraction(0)} | settings))  # type: ignore[arg-type]
    return order_can_move_money(
        group, ranking, plans, config, budget_cents=budget, cap_cents=None, facts=FACTS
    )


@pytest.mark.parametrize("rule", [one for one in Rule if one is not Rule.PROP_SCORE])
def test_where_everybody_gets_all_they_ask_the_lot_moves_nothing(rule: Rule) -> None:
    assert not matters(rule, 300_00)


@pytest.mark.parametrize("rule", FILLED + TOGETHER)
def test_filling_to_one_level_asks_for_no_order_while_every_minimum_fits(rule: Rule) -> None:
    assert not matters(rule, 100_00)
    assert not matters(rule, 150_00, least=50_00)
    assert not matters(rule, 150_00, guarantee=Fraction(1, 2))


@pytest.mark.parametrize("rule", FILLED + TOGETHER)
def test_where_a_minimum_does_not_fit_the_lot_says_who_goes_without(rule: Rule) -> None:
    assert matters(rule, 90_00, least=60_00)
    assert matters(rule, 140_00, guarantee=Fraction(3, 4))
    # The two that stand equal both go without, whichever comes first; what is left is offered in order.
    assert matters(rule, 90_00, least=60_00, group="bc", rest_offer=True) is (rule in TOGETHER)
    assert not matters(rule, 90_00, least=60_00, group="bc", rest_offer=False)


def test_from_top_to_bottom_the_lot_matters_at_the_plan_that_no_longer_fits() -> None:
    assert matters(Rule.GREEDY_FULL, 150_00)
    assert matters(Rule.GREEDY_FULL, 250_00, group="bc")
    assert not matters(Rule.GREEDY_FULL, 250_00, group="ab")


def test_in_equal_shares_plans_that_everybody_wants_as_much_are_bought_in_their_order() -> None:
    assert matters(Rule.MES, 150_00)
    assert not matters(Rule.MES, 50_00)


def test_a_euro_of_rounding_is_no_reason_to_score_again() -> None:
    assert not matters(Rule.EQUAL, 100_00, group="abc")


def test_more_equal_plans_than_anybody_tries_matter_unless_all_fit() -> None:
    assert matters(Rule.EQUAL, 200_00, least=60_00, group="abcde", ranking="abcde")
    assert not matters(Rule.EQUAL, 300_00, least=60_00, group="abcde", ranking="abcde")


@given(
    asks=st.lists(st.integers(1, 40).map(lambda euros: euros * 100), min_size=3, max_size=3),
    least=st.lists(st.integers(0, 4), min_size=3, max_size=3),
    budget=st.integers(1, 90).map(lambda euros: euros * 100),
    rule=st.sampled_from([Rule.EQUAL, Rule.PROP_REQUEST, Rule.GREEDY_FULL]),
)
def test_no_word_about_a_tie_means_no_plan_gets_another_amount(
    asks: list[int], least: list[int], budget: int, rule: Rule
) -> None:
    plans = [
        PlanAsk(name, place, ask, ask * quarter // 4)
        for place, (name, ask, quarter) in enumerate(zip("abc", asks, least, strict=True), start=1)
    ]
    config = DivideConfig(rule=rule)
    if order_can_move_money("ab", "abc", plans, config, budget_cents=budget, cap_cents=None):
        return
    one, other = (
        divide(order, plans, config, budget_cents=budget, cap_cents=None).amounts for order in ("abc", "bac")
    )
    assert all(abs(one[name] - other[name]) <= config.unit_cents for name in "abc")
