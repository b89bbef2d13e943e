"""What a division promises, whatever the plans, the pot and the rule."""

import os
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pb.core.canonical import canonical
from pb.decide.rules import PlanAsk
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
    ScoreStats,
    ScoreWeight,
    Status,
    divide,
)

EXAMPLES = int(os.environ.get("PB_EXAMPLES", "60"))
FILLING = [rule for rule in Rule if rule not in (Rule.GREEDY_FULL, Rule.MES)]
PEOPLE = [f"r{number}" for number in range(6)]

CENTS = st.integers(0, 3000) | st.integers(0, 30).map(lambda hundreds: hundreds * 100)


@st.composite
def asks(draw: st.DrawFn, most: int = 6) -> list[PlanAsk]:
    return [
        PlanAsk(
            f"p{place}",
            place,
            draw(CENTS),
            draw(st.just(0) | CENTS),
            draw(st.sampled_from([None, "jeugd", "groen"])),
            draw(st.frozensets(st.sampled_from(PEOPLE), max_size=2)),
        )
        for place in range(draw(st.integers(0, most)))
    ]


@st.composite
def facts_about(draw: st.DrawFn, plans: list[PlanAsk]) -> Facts:
    ids = [plan.plan_id for plan in plans]
    stats = {
        plan_id: ScoreStats(
            draw(st.fractions(1, 5, max_denominator=7)), draw(st.fractions(0, 1, max_denominator=7))
        )
        for plan_id in ids
    }
    proposals = {
        person: {plan_id: draw(CENTS) for plan_id in ids} for person in draw(st.sets(st.sampled_from(PEOPLE)))
    }
    scores = {plan_id: draw(st.dictionaries(st.sampled_from(PEOPLE), st.integers(1, 5))) for plan_id in ids}
    return Facts(stats=stats, proposals=proposals, panel=Panel(len(PEOPLE), scores))


def configs(rules: list[Rule], **fixed: st.SearchStrategy[object]) -> st.SearchStrategy[DivideConfig]:
    made = {
        "rule": st.sampled_from(rules),
        "unit_cents": st.sampled_from([1, 1, 100, 500, 7]),
        "min_policy": st.sampled_from(MinPolicy),
        "guarantee": st.fractions(0, 1, max_denominator=4),
        "on_no_fit": st.sampled_from(OnNoFit),
        "rest_offer": st.booleans(),
        "partial": st.booleans(),
        "score_weight": st.sampled_from(ScoreWeight),
        "trim": st.fractions(0, 1, max_denominator=5),
        "fit": st.sampled_from(Fit),
        "earmarks": st.dictionaries(st.sampled_from(["jeugd", "groen", "sport"]), CENTS),
        "earmark_spill": st.booleans(),
        "exclude_own_proposal": st.booleans(),
        **fixed,
    }
    return st.fixed_dictionaries(made).map(lambda found: DivideConfig(**found))


BUYING = st.builds(
    DivideConfig,
    rule=st.just(Rule.MES),
    completion=st.sampled_from(Completion),
    increment_cents=st.sampled_from([1, 10, 50]),
)
POTS = st.integers(0, 8000)
CAPS = st.none() | CENTS


def run(plans: list[PlanAsk], config: DivideConfig, pot: int, cap: int | None, facts: Facts) -> Division:
    ranking = [plan.plan_id for plan in plans]
    return divide(ranking, plans, config, budget_cents=pot, cap_cents=cap, facts=facts)


@given(st.data(), asks(), configs([*FILLING, Rule.GREEDY_FULL]) | BUYING, POTS, CAPS)
@settings(max_examples=EXAMPLES * 4, deadline=None)
def test_i1_to_i4_limits_minimums_and_the_pot_are_kept_to_the_cent(
    data: st.DataObject, plans: list[PlanAsk], config: DivideConfig, pot: int, cap: int | None
) -> None:
    division = run(plans, config, pot, cap, data.draw(facts_about(plans)))
    for plan in plans:
        amount = division.amounts[plan.plan_id]
        limit = plan.request_cents if cap is None else min(plan.request_cents, cap)
        assert 0 <= amount <= limit
        apart = division.status[plan.plan_id] is Status.EARMARK_ONLY or config.rule is Rule.MES
        assert amount == 0 or amount >= plan.min_cents or apart
    assert sum(division.amounts.values()) == division.total_cents <= pot
    assert division.total_cents + division.leftover_cents == pot
    assert list(division.amounts) == [plan.plan_id for plan in plans]


@given(st.data(), asks(), POTS, CAPS, st.sampled_from([Rule.EQUAL, Rule.PROP_SCORE, Rule.PROP_SCORE_REQUEST]))
@settings(max_examples=EXAMPLES, deadline=None)
def test_i5_a_higher_score_never_costs_money(
    data: st.DataObject, plans: list[PlanAsk], pot: int, cap: int | None, rule: Rule
) -> None:
    if not plans:
        return
    facts = data.draw(facts_about(plans))
    config = DivideConfig(rule=rule, unit_cents=1, guarantee=Fraction(1, 2))
    place = data.draw(st.integers(0, len(plans) - 1))
    plan_id = plans[place].plan_id
    assert facts.stats is not None
    mean = facts.stats[plan_id].mean
    assert mean is not None
    better = {**facts.stats, plan_id: ScoreStats(data.draw(st.fractions(mean, 5, max_denominator=9)), None)}
    before = run(plans, config, pot, cap, facts).amounts[plan_id]
    after = run(plans, config, pot, cap, replace(facts, stats=better)).amounts[plan_id]
    assert after >= before - 1
    # A better place in the ranking does not cost money either.
    risen = [plans[place], *plans[:place], *plans[place + 1 :]]
    assert run(risen, config, pot, cap, facts).amounts[plan_id] >= before - 1


@given(st.data(), asks(), POTS, CAPS, st.sampled_from([Rule.EQUAL, Rule.PROP_REQUEST]))
@settings(max_examples=EXAMPLES, deadline=None)
def test_i6_a_lower_own_minimum_never_costs_the_funding(
    data: st.DataObject, plans: list[PlanAsk], pot: int, cap: int | None, rule: Rule
) -> None:
    config = DivideConfig(rule=rule, unit_cents=1, guarantee=Fraction(0), rest_offer=False)
    before = run(plans, config, pot, cap, Facts())
    for place, plan in enumerate(plans):
        if not before.turns.get(plan.plan_id) or not before.turns[plan.plan_id].kept:
            continue
        lower = replace(plan, min_cents=data.draw(st.integers(0, plan.min_cents)))
        after = run([*plans[:place], lower, *plans[place + 1 :]], config, pot, cap, Facts())
        assert after.turns[plan.plan_id].kept


@given(st.data(), asks(), POTS, CAPS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_i7_asking_more_never_lowers_the_amount_without_a_guarantee(
    data: st.DataObject, plans: list[PlanAsk], pot: int, cap: int | None
) -> None:
    config = DivideConfig(unit_cents=1, guarantee=Fraction(0), rest_offer=False)
    before = run(plans, config, pot, cap, Facts())
    for place, plan in enumerate(plans):
        more = replace(plan, request_cents=plan.request_cents + data.draw(st.integers(0, 2000)))
        after = run([*plans[:place], more, *plans[place + 1 :]], config, pot, cap, Facts())
        assert after.amounts[plan.plan_id] >= before.amounts[plan.plan_id] - 1


@given(st.data(), asks(), POTS, CAPS, st.integers(0, 2000), st.sampled_from([Rule.EQUAL, Rule.PROP_REQUEST]))
@settings(max_examples=EXAMPLES, deadline=None)
def test_i8_with_the_same_plans_a_bigger_pot_gives_nobody_less(
    data: st.DataObject, plans: list[PlanAsk], pot: int, cap: int | None, more: int, rule: Rule
) -> None:
    config = DivideConfig(rule=rule, unit_cents=1, guarantee=Fraction(0), rest_offer=False)
    before, after = (run(plans, config, each, cap, Facts()) for each in (pot, pot + more))
    if [turn.kept for turn in before.turns.values()] == [turn.kept for turn in after.turns.values()]:
        for plan_id, exact in before.exact.items():
            assert after.exact[plan_id] >= exact


@given(asks(), POTS, CAPS, st.integers(0, 2000))
@settings(max_examples=EXAMPLES, deadline=None)
def test_i9_from_the_top_with_a_stop_a_bigger_pot_gives_nobody_less(
    plans: list[PlanAsk], pot: int, cap: int | None, more: int
) -> None:
    config = DivideConfig(rule=Rule.GREEDY_FULL, on_no_fit=OnNoFit.STOP)
    before, after = (run(plans, config, each, cap, Facts()) for each in (pot, pot + more))
    assert all(after.amounts[plan_id] >= amount for plan_id, amount in before.amounts.items())


def test_i9_in_general_a_bigger_pot_can_give_somebody_less_and_nobody_promises_otherwise() -> None:
    plans = [PlanAsk("a", 1, 100), PlanAsk("b", 2, 100, 100)]
    config = DivideConfig(unit_cents=1, guarantee=Fraction(0), rest_offer=False)
    assert run(plans, config, 99, None, Facts()).amounts == {"a": 99, "b": 0}
    assert run(plans, config, 100, None, Facts()).amounts == {"a": 0, "b": 100}


@given(st.data(), st.integers(2, 5), CENTS, POTS, configs(FILLING, earmarks=st.just({})))
@settings(max_examples=EXAMPLES, deadline=None)
def test_i10_equal_plans_that_are_kept_differ_by_at_most_one_unit(
    data: st.DataObject, many: int, request: int, pot: int, config: DivideConfig
) -> None:
    plans = [PlanAsk(f"p{place}", 1, request) for place in range(many)]
    facts = data.draw(facts_about(plans))
    assert facts.stats is not None
    assert facts.proposals is not None
    same = Facts(
        stats={plan.plan_id: facts.stats["p0"] for plan in plans},
        proposals={
            person: {plan.plan_id: given.get("p0", 0) for plan in plans}
            for person, given in facts.proposals.items()
        },
    )
    division = run(plans, config, pot, None, same)
    sharing = (Status.FULL, Status.SHARE, Status.AT_MINIMUM, Status.ZERO)
    amounts = [
        division.amounts[plan_id] for plan_id in division.amounts if division.status[plan_id] in sharing
    ]
    assert not amounts or max(amounts) - min(amounts) <= config.unit_cents


@given(st.data(), asks(), configs(FILLING), POTS, CAPS)
@settings(max_examples=EXAMPLES * 2, deadline=None)
def test_i11_and_i12_rounding_is_small_and_the_pot_is_used_up(
    data: st.DataObject, plans: list[PlanAsk], config: DivideConfig, pot: int, cap: int | None
) -> None:
    config = replace(config, unit_cents=1)
    division = run(plans, config, pot, cap, data.draw(facts_about(plans)))
    for plan_id, exact in division.exact.items():
        assert abs(division.amounts[plan_id] - exact) < 1
    if division.level is not None and config.fit is Fit.SCALE:
        # While a common level exists, only money kept apart for a theme may be left.
        assert division.leftover_cents <= (
            0 if config.earmark_spill else sum(division.earmarks_left.values())
        )


@given(st.data(), asks(), configs([*FILLING, Rule.GREEDY_FULL]) | BUYING, POTS, CAPS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_i13_and_i14_the_order_of_the_input_is_irrelevant_and_the_bytes_are_the_same(
    data: st.DataObject, plans: list[PlanAsk], config: DivideConfig, pot: int, cap: int | None
) -> None:
    facts = data.draw(facts_about(plans))
    ranking = [plan.plan_id for plan in plans]
    turned = Facts(
        stats=dict(reversed((facts.stats or {}).items())),
        proposals=dict(reversed((facts.proposals or {}).items())),
        panel=Panel(
            len(PEOPLE),
            {
                plan_id: dict(reversed(scores.items()))
                for plan_id, scores in reversed((facts.panel or Panel(0, {})).scores.items())
            },
        ),
    )
    one = divide(ranking, plans, config, budget_cents=pot, cap_cents=cap, facts=facts)
    other = divide(ranking, plans[::-1], config, budget_cents=pot, cap_cents=cap, facts=turned)
    assert canonical(one.to_json()) == canonical(other.to_json())
