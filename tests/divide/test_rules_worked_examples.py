"""How much every plan gets: examples that can be checked by hand.

Source: the worked example of six decided plans and a pot of 75,000 euros, with a cap of 30,000.
"""

from dataclasses import replace
from fractions import Fraction

import pytest

from pb.decide.rules import Ballots, DecideConfig, PlanAsk, counted_scores, decide
from pb.decide.rules.strict import GivenTwice, UnknownId
from pb.divide.rules import (
    Completion,
    DivideConfig,
    Division,
    Facts,
    Fit,
    MinPolicy,
    OnNoFit,
    Panel,
    Rule,
    RuleLacksFacts,
    ScoreStats,
    Status,
    divide,
)

BARE = DivideConfig(unit_cents=1, guarantee=Fraction(0), rest_offer=False)
RANKING = ("p2", "p5", "p1", "p6", "p3", "p4")
PLANS = [
    PlanAsk("p1", 1, 12_000_00, 6_000_00),
    PlanAsk("p2", 2, 42_000_00, 15_000_00),
    PlanAsk("p3", 3, 3_000_00, 3_000_00),
    PlanAsk("p4", 4, 18_000_00, 0),
    PlanAsk("p5", 5, 9_500_00, 4_750_00),
    PlanAsk("p6", 6, 27_500_00, 20_000_00),
]
MEANS = {"p1": "3.95", "p2": "4.35", "p3": "3.75", "p4": "3.60", "p5": "4.10", "p6": "3.80"}
FACTS = Facts(
    stats={plan: ScoreStats(Fraction(mean), None) for plan, mean in MEANS.items()},
    proposals={
        "r1": {"p1": 1200000, "p2": 2500000, "p3": 300000, "p4": 1000000, "p5": 500000, "p6": 2000000},
        "r2": {"p1": 600000, "p2": 3000000, "p3": 300000, "p4": 600000, "p5": 950000, "p6": 2050000},
        "r3": {"p1": 1000000, "p2": 2000000, "p3": 300000, "p4": 1800000, "p5": 900000, "p6": 1500000},
        "r4": {"p2": 3000000, "p5": 950000, "p6": 2750000, "p3": 300000, "p1": 500000},
        "r5": {"p1": 1200000, "p2": 1500000, "p3": 0, "p4": 1800000, "p5": 475000, "p6": 0},
    },
)


def worked(config: DivideConfig, budget: int = 75_000_00, cap: int | None = 30_000_00) -> Division:
    division = divide(RANKING, PLANS, config, budget_cents=budget, cap_cents=cap, facts=FACTS)
    assert division.total_cents + division.leftover_cents == budget
    return division


def euros(division: Division) -> list[float]:
    return [amount / 100 for amount in division.amounts.values()]


@pytest.mark.parametrize(
    ("rule", "amounts", "level"),
    [
        (Rule.EQUAL, [15250, 9500, 12000, 20000, 3000, 15250], "1525000"),
        (Rule.PROP_REQUEST, [22268.04, 7051.55, 8907.22, 20412.37, 3000, 13360.82], "72/97"),
        (Rule.PROP_SCORE_REQUEST, [24633.51, 7218.48, 8676.88, 20000, 3000, 11471.13], "1040/4243"),
        (Rule.PROP_SCORE, [17172.27, 9500, 12000, 20000, 3000, 13327.73], "61000000/119"),
        (Rule.MEDIAN_PROPOSALS, [24074.07, 8666.67, 9629.63, 20000, 3000, 9629.63], "26/27"),
        (Rule.TRIMMED_MEAN_PROPOSALS, [24299.06, 7613.71, 9071.65, 20000, 3000, 11015.58], "104/107"),
        (Rule.MEAN_PROPOSALS, [24494.60, 7705.59, 9185.48, 20000, 3000, 10614.33], "1040/1019"),
        (Rule.INDEPENDENT_MARKETS, [20606.06, 9500, 10946.97, 20000, 3000, 10946.97], "34/33"),
        (Rule.PER_EURO, [23000, 9000, 10000, 20000, 3000, 10000], "1"),
        (Rule.GREEDY_FULL, [30000, 9500, 12000, 23500, 0, 0], None),
    ],
)
def test_the_worked_example_by_every_rule(rule: Rule, amounts: list[float], level: str | None) -> None:
    division = worked(replace(BARE, rule=rule, trim=Fraction(1, 5)))
    assert euros(division) == amounts
    assert division.level == (None if level is None else Fraction(level))


def test_a_guarantee_of_a_half_changes_nothing_here_and_of_three_quarters_pushes_one_out() -> None:
    assert worked(replace(BARE, guarantee=Fraction(1, 2))).amounts == worked(BARE).amounts
    three_quarters = worked(replace(BARE, guarantee=Fraction(3, 4)))
    assert euros(three_quarters) == [25250, 9500, 12000, 25250, 3000, 0]
    assert three_quarters.status["p4"] is Status.DOES_NOT_FIT


def test_in_steps_of_five_euros_the_pot_is_still_exactly_used() -> None:
    division = worked(replace(BARE, rule=Rule.PROP_REQUEST, unit_cents=5_00))
    assert euros(division) == [22270, 7050, 8905, 20415, 3000, 13360]


def three(budget: int, unit: int, rule: Rule = Rule.EQUAL) -> Division:
    plans = [PlanAsk(plan, place, 1_000_00) for place, plan in enumerate("abc")]
    config = replace(BARE, unit_cents=unit, rule=rule)
    return divide("bca", plans, config, budget_cents=budget, cap_cents=None)


@pytest.mark.parametrize(
    ("budget", "unit", "amounts", "left"),
    [
        (10000, 1, [3334, 3333, 3333], 0),
        (10000, 100, [3400, 3300, 3300], 0),
        (10000, 500, [3500, 3500, 3000], 0),
        (10001, 1, [3334, 3334, 3333], 0),
        (10050, 100, [3400, 3300, 3300], 50),
        (1, 1, [1, 0, 0], 0),
        (0, 1, [0, 0, 0], 0),
    ],
)
def test_a_hundred_euros_over_three_plans(budget: int, unit: int, amounts: list[int], left: int) -> None:
    division = three(budget, unit)
    assert list(division.amounts.values()) == amounts
    assert division.leftover_cents == left


def test_a_whole_unit_can_bring_a_plan_exactly_to_its_request() -> None:
    plans = [PlanAsk("a", 1, 5_00), PlanAsk("b", 2, 10_00)]
    config = replace(BARE, unit_cents=1_00)
    division = divide("ab", plans, config, budget_cents=9_99, cap_cents=None)
    assert division.amounts == {"a": 5_00, "b": 4_00}
    assert division.status["a"] is Status.FULL


def test_a_plan_that_got_no_cent_has_nothing_and_not_a_share() -> None:
    assert list(three(1, 1).status.values()) == [Status.SHARE, Status.ZERO, Status.ZERO]


def test_a_plan_that_cannot_do_with_the_cap_is_told_so() -> None:
    division = worked(BARE, cap=14_000_00)
    assert division.status["p2"] is division.status["p6"] is Status.MIN_ABOVE_CAP
    nothing = worked(BARE, cap=0)
    assert nothing.status["p4"] is Status.NO_REQUEST
    assert nothing.leftover_cents == 75_000_00


def test_with_money_enough_everybody_gets_the_request_to_the_cent() -> None:
    plans = [PlanAsk("a", 1, 8_000_00, 8_000_00), PlanAsk("b", 2, 12_500_50)]
    division = divide(
        "ba", plans, replace(BARE, unit_cents=5_00), budget_cents=75_000_00, cap_cents=30_000_00
    )
    assert division.amounts == {"b": 12_500_50, "a": 8_000_00}
    assert (division.level, division.leftover_cents) == (None, 54_499_50)


def test_rounding_does_not_bring_a_share_below_its_minimum() -> None:
    config = replace(BARE, min_policy=MinPolicy.DROP, unit_cents=1_00)
    plans = [PlanAsk("a", 1, 2_02, 1_01)]
    for pot, amount in ((1_01, 1_01), (1_50, 1_01), (2_01, 2_00), (1_00, 0)):
        assert divide("a", plans, config, budget_cents=pot, cap_cents=None).amounts == {"a": amount}


def test_what_is_left_is_offered_to_plans_that_did_not_fit() -> None:
    plans = [PlanAsk("a", 1, 100_00, 60_00), PlanAsk("b", 2, 100_00, 50_00), PlanAsk("c", 3, 90_00, 10_00)]
    config = replace(BARE, guarantee=Fraction(1, 1))
    kept = divide("abc", plans, config, budget_cents=130_00, cap_cents=None)
    assert kept.amounts == {"a": 100_00, "b": 0, "c": 0}
    offered = divide("abc", plans, replace(config, rest_offer=True), budget_cents=130_00, cap_cents=None)
    assert offered.amounts == {"a": 100_00, "b": 0, "c": 30_00}
    assert offered.status == {"a": Status.FULL, "b": Status.DOES_NOT_FIT, "c": Status.REST}


def test_after_the_first_that_does_not_fit_nobody_follows_where_the_round_chose_so() -> None:
    plans = [PlanAsk("a", 1, 60_00, 60_00), PlanAsk("b", 2, 50_00, 50_00), PlanAsk("c", 3, 10_00, 0)]
    skip = divide("abc", plans, BARE, budget_cents=100_00, cap_cents=None)
    assert skip.status == {"a": Status.FULL, "b": Status.DOES_NOT_FIT, "c": Status.FULL}
    stop = divide("abc", plans, replace(BARE, on_no_fit=OnNoFit.STOP), budget_cents=100_00, cap_cents=None)
    assert stop.status == {"a": Status.FULL, "b": Status.DOES_NOT_FIT, "c": Status.AFTER_STOP}
    assert stop.turns["c"].free is None


def test_a_share_below_the_minimum_drops_the_plan_that_stands_lowest() -> None:
    dropped = worked(replace(BARE, rule=Rule.PROP_REQUEST, min_policy=MinPolicy.DROP))
    assert euros(dropped) == [23195.88, 7345.36, 9278.35, 21262.89, 0, 13917.52]
    assert dropped.status["p3"] is Status.SHARE_BELOW_MIN
    plans = [PlanAsk("a", 1, 100_00, 60_00), PlanAsk("b", 2, 100_00, 60_00)]
    config = replace(BARE, min_policy=MinPolicy.DROP)
    assert divide("ab", plans, config, budget_cents=100_00, cap_cents=None).amounts == {"a": 100_00, "b": 0}


def test_what_people_would_give_can_be_taken_as_it_is() -> None:
    plans = [PlanAsk("a", 1, 100_00), PlanAsk("b", 2, 100_00)]
    facts = Facts(proposals={"r1": {"a": 10_00, "b": 20_00}, "r2": {"a": 30_00}})
    config = replace(BARE, rule=Rule.MEAN_PROPOSALS, fit=Fit.DOWN_ONLY)
    found = divide("ab", plans, config, budget_cents=90_00, cap_cents=None, facts=facts)
    assert (found.amounts, found.level) == ({"a": 20_00, "b": 10_00}, 1)
    scaled = divide(
        "ab", plans, replace(config, fit=Fit.SCALE), budget_cents=90_00, cap_cents=None, facts=facts
    )
    assert (scaled.amounts, scaled.level) == ({"a": 60_00, "b": 30_00}, 3)


def test_the_median_of_two_people_is_half_way() -> None:
    facts = Facts(proposals={"r1": {"a": 10_00}, "r2": {"a": 30_00}})
    config = replace(BARE, rule=Rule.MEDIAN_PROPOSALS, fit=Fit.DOWN_ONLY)
    found = divide("a", [PlanAsk("a", 1, 100_00)], config, budget_cents=90_00, cap_cents=None, facts=facts)
    assert found.amounts == {"a": 20_00}


def test_what_somebody_would_give_to_the_own_plan_does_not_count() -> None:
    plans = [PlanAsk("a", 1, 100_00, submitters=frozenset({"r1"})), PlanAsk("b", 2, 100_00)]
    facts = Facts(proposals={"r1": {"a": 9000}, "r2": {"a": 1000, "b": 2000}, "r3": {"a": 1000, "b": 4000}})
    config = replace(BARE, rule=Rule.MEAN_PROPOSALS, fit=Fit.DOWN_ONLY)
    out = divide("ab", plans, config, budget_cents=90_00, cap_cents=None, facts=facts)
    assert out.amounts == {"a": 10_00, "b": 20_00}
    counted = divide(
        "ab",
        plans,
        replace(config, exclude_own_proposal=False),
        budget_cents=90_00,
        cap_cents=None,
        facts=facts,
    )
    assert counted.amounts["a"] == 36_66


def test_money_for_a_theme_is_a_floor_and_no_bonus() -> None:
    # 60,000 over five plans; youth is guaranteed 30,000.
    plans = [
        PlanAsk("p1", 1, 20_000_00, 0, "jeugd"),
        PlanAsk("p2", 2, 15_000_00, 7_000_00, "jeugd"),
        PlanAsk("p3", 3, 30_000_00, 0, "groen"),
        PlanAsk("p4", 4, 25_000_00, 0, None),
        PlanAsk("p5", 5, 10_000_00, 5_000_00, "groen"),
    ]
    ranking = ("p3", "p4", "p5", "p1", "p2")

    def for_youth(cents: int, *, spill: bool = True) -> Division:
        config = replace(BARE, earmarks={"jeugd": cents}, earmark_spill=spill)
        return divide(ranking, plans, config, budget_cents=60_000_00, cap_cents=30_000_00)

    assert euros(for_youth(30_000_00)) == [10_000, 10_000, 10_000, 15_000, 15_000]
    assert euros(for_youth(10_000_00)) == [12_500, 12_500, 10_000, 12_500, 12_500]
    kept_apart = for_youth(40_000_00, spill=False)
    assert kept_apart.leftover_cents == kept_apart.earmarks_left["jeugd"] == 5_000_00
    assert for_youth(40_000_00).leftover_cents == 0


def test_two_groups_that_disagree_both_get_something_in_equal_shares() -> None:
    # 21 people want four plans, 19 want four others; there is money for four plans of 15,000.
    plans = [PlanAsk(plan, place, 15_000_00) for place, plan in enumerate("abcdefgh")]
    scores = {
        plan: {f"r{person}": 5 if (person < 21) is (plan in "abcd") else 1 for person in range(40)}
        for plan in "abcdefgh"
    }
    facts = Facts(panel=Panel(40, scores))
    top = divide(
        "abcdefgh", plans, replace(BARE, rule=Rule.GREEDY_FULL), budget_cents=60_000_00, cap_cents=None
    )
    assert [plan for plan, amount in top.amounts.items() if amount] == ["a", "b", "c", "d"]
    config = replace(BARE, rule=Rule.MES, completion=Completion.ADD1, increment_cents=100)
    shares = divide("abcdefgh", plans, config, budget_cents=60_000_00, cap_cents=None, facts=facts)
    assert [plan for plan, amount in shares.amounts.items() if amount] == ["a", "b", "e", "f"]
    assert set(shares.status.values()) == {Status.FULL, Status.NOT_BOUGHT}


@pytest.mark.parametrize(
    ("rule", "needs"),
    [(Rule.PROP_SCORE, "score_stats"), (Rule.PER_EURO, "proposals"), (Rule.MES, "scores")],
)
def test_a_rule_without_its_facts_is_refused(rule: Rule, needs: str) -> None:
    with pytest.raises(RuleLacksFacts) as refused:
        divide(RANKING, PLANS, replace(BARE, rule=rule), budget_cents=1, cap_cents=None)
    assert refused.value.facts["needs"] == needs


def test_a_plan_that_nobody_scored_weighs_as_one_that_everybody_gave_a_one() -> None:
    plan = PlanAsk("p", 1, 100)
    scored = decide([plan], ["r1", "r2"], {"p": Ballots({"r1": 4, "r2": 2})}, DecideConfig())
    silent = decide([plan], ["r1", "r2"], {}, DecideConfig())
    assert ScoreStats.of(scored.outcomes["p"]) == ScoreStats(Fraction(3), Fraction(1, 2))
    assert ScoreStats.of(silent.outcomes["p"]) == ScoreStats(Fraction(1), Fraction(0))


def test_only_the_scores_of_people_who_are_there_and_may_score_buy_something() -> None:
    ballots = Ballots({"r1": 4, "r2": 2, "r3": 5, "r4": 5}, abstained=["r2"])
    assert counted_scores(ballots, {"r1", "r2", "r3"}, {"r3"}) == {"r1": 4}
    assert counted_scores(ballots, {"r1", "r2", "r3"}, set()) == {"r1": 4, "r3": 5}


def test_a_rule_without_its_facts_says_which() -> None:
    for rule, facts, expected in (
        (Rule.PROP_SCORE, Facts(), {"rule": "prop_score", "needs": "score_stats", "plan_id": "p2"}),
        (
            Rule.PROP_SCORE_REQUEST,
            Facts(stats={"p2": ScoreStats(None, Fraction(1))}),
            {"rule": "prop_score_request", "needs": "score_stats", "plan_id": "p2"},
        ),
        (Rule.PER_EURO, Facts(), {"rule": "per_euro", "needs": "proposals", "plan_id": None}),
        (Rule.MES, Facts(), {"rule": "mes", "needs": "scores", "plan_id": None}),
    ):
        with pytest.raises(RuleLacksFacts) as refused:
            divide(RANKING, PLANS, replace(BARE, rule=rule), budget_cents=1, cap_cents=None, facts=facts)
        assert refused.value.facts == expected


def test_a_ranking_holds_known_plans_once() -> None:
    with pytest.raises(UnknownId) as unknown:
        divide(["p9"], PLANS, BARE, budget_cents=1, cap_cents=None)
    assert unknown.value.facts == {"field": "ranking", "found": "p9"}
    with pytest.raises(GivenTwice) as twice:
        divide(["p1", "p1"], PLANS, BARE, budget_cents=1, cap_cents=None)
    assert twice.value.facts == {"field": "ranking[1]", "found": "p1"}
