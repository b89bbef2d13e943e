"""The same divisions, worked out in another way: by halving, by single cents, person by person."""

import os
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pb.decide.rules import PlanAsk
from pb.divide.rules import Completion, DivideConfig, OnNoFit, Rule, SelectConfig, SelectRule, divide, select
from pb.divide.rules.config import UtilityMode
from pb.divide.rules.equal_shares import Offer, buy
from pb.divide.rules.phantoms import independent_markets, per_euro
from pb.divide.rules.rounding import round_to_units
from pb.divide.rules.water_level import Vessel, fill

EXAMPLES = int(os.environ.get("PB_EXAMPLES", "60"))

WEIGHTS = st.fractions(0, 5, max_denominator=9)


@st.composite
def vessels(draw: st.DrawFn) -> list[Vessel]:
    found = []
    for place in range(draw(st.integers(0, 7))):
        high = draw(st.integers(0, 500))
        found.append(Vessel(f"p{place}", draw(WEIGHTS), draw(st.integers(0, high)), high))
    return found


def halved(plans: Sequence[Vessel], pot: int) -> Fraction:
    """Find the level by halving an interval, in exact fractions."""
    low, high = Fraction(0), Fraction(1)
    while sum(each.at(high) for each in plans) < pot:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        if sum(each.at(middle) for each in plans) <= pot:
            low = middle
        else:
            high = middle
    return low


@given(vessels(), st.integers(0, 3000))
@settings(max_examples=EXAMPLES * 2, deadline=None)
def test_halving_finds_the_same_level(plans: list[Vessel], extra: int) -> None:
    pot = sum(each.low for each in plans) + extra
    filled = fill(plans, pot)
    reachable = sum(each.high if each.weight > 0 else each.low for each in plans)
    assert sum(filled.exact.values()) == min(pot, reachable)
    if filled.level is None:
        assert all(filled.exact[each.plan_id] == each.high for each in plans if each.weight > 0)
        return
    level = halved(plans, pot)
    for each in plans:
        assert abs(each.at(level) - filled.exact[each.plan_id]) < Fraction(1, 10**9)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6), st.integers(0, 150))
@settings(max_examples=EXAMPLES, deadline=None)
def test_pouring_cent_by_cent_into_the_lowest_gives_the_same(
    pairs: list[tuple[int, int]], extra: int
) -> None:
    plans = [Vessel(f"p{place}", Fraction(1), min(pair), max(pair)) for place, pair in enumerate(pairs)]
    pot = sum(each.low for each in plans) + extra
    poured = {each.plan_id: each.low for each in plans}
    for _ in range(extra):
        open_plans = [each for each in plans if poured[each.plan_id] < each.high]
        if not open_plans:
            break
        lowest = min(open_plans, key=lambda each: poured[each.plan_id])
        poured[lowest.plan_id] += 1
    rounded = round_to_units(plans, fill(plans, pot).exact, 1)
    # Who gets the odd cent differs when it is a tie; how many cents stand at which height does not.
    assert sorted(rounded.values()) == sorted(poured.values())
    assert all(abs(rounded[plan] - cents) <= 1 for plan, cents in poured.items())


@given(vessels(), st.integers(0, 3000), st.sampled_from([1, 5, 7, 100]))
@settings(max_examples=EXAMPLES, deadline=None)
def test_rounding_keeps_limits_and_leaves_less_than_a_unit(
    plans: list[Vessel], extra: int, unit: int
) -> None:
    pot = sum(each.low for each in plans) + extra
    exact = fill(plans, pot).exact
    rounded = round_to_units(plans, exact, unit)
    free = [each for each in plans if exact[each.plan_id] not in (each.low, each.high)]
    for each in plans:
        assert each.low <= rounded[each.plan_id] <= each.high
        if each not in free:
            assert rounded[each.plan_id] == exact[each.plan_id]
    left = sum(exact.values()) - sum(rounded.values())
    assert left >= 0
    assert left < unit or all(rounded[each.plan_id] + unit > each.high for each in free)


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 200), st.integers(0, 3)), max_size=7),
    st.integers(0, 900),
    st.fractions(0, 1, max_denominator=4),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=EXAMPLES * 2, deadline=None)
def test_a_division_worked_out_plainly_is_the_same(
    asked: list[tuple[int, int, int]], pot: int, guarantee: Fraction, stop: bool, proportional: bool
) -> None:
    plans = [PlanAsk(f"p{place}", 1, ask, least) for place, (ask, least, _) in enumerate(asked)]
    cap = 250
    config = DivideConfig(
        rule=Rule.PROP_REQUEST if proportional else Rule.EQUAL,
        unit_cents=1,
        guarantee=guarantee,
        on_no_fit=OnNoFit.STOP if stop else OnNoFit.SKIP,
        rest_offer=False,
    )
    division = divide([plan.plan_id for plan in plans], plans, config, budget_cents=pot, cap_cents=cap)

    kept: list[Vessel] = []
    closed = False
    for plan in plans:
        high = min(plan.request_cents, cap)
        if plan.min_cents > high or high == 0:
            continue
        low = plan.min_cents
        while low < guarantee * high:
            low += 1
        fits = sum(each.low for each in kept) + low <= pot
        if fits and not closed:
            kept.append(Vessel(plan.plan_id, Fraction(high if proportional else 1), low, high))
        closed = closed or (stop and not fits)
    assert {each.plan_id for each in kept} == division.exact.keys()
    if sum(each.high for each in kept) <= pot:
        assert all(division.exact[each.plan_id] == each.high for each in kept)
        return
    level = halved(kept, pot)
    for each in kept:
        assert abs(each.at(level) - division.exact[each.plan_id]) < Fraction(1, 10**9)
    parts = {each.plan_id: division.exact[each.plan_id] for each in kept}
    cents = {plan_id: int(part) for plan_id, part in parts.items()}
    by_remainder = sorted(parts, key=lambda plan_id: cents[plan_id] - parts[plan_id])
    for plan_id in by_remainder[: pot - sum(cents.values())]:
        cents[plan_id] += 1
    assert cents == {plan_id: division.amounts[plan_id] for plan_id in parts}


# -- people divide the money themselves -----------------------------------------------------------


def phantoms_by_halving(
    votes: list[list[int]], pot: int, phantom: Callable[[int, int, Fraction], Fraction]
) -> list[Fraction]:
    """Move the phantoms by halving time, with medians of plain sorted lists; the last one is to keep."""
    people = len(votes[0])
    rows = [*votes, [pot - sum(row[person] for row in votes) for person in range(people)]]

    def medians(time: Fraction) -> list[Fraction]:
        stands = [pot * phantom(k, people, time) for k in range(people + 1)]
        return [sorted([*map(Fraction, row), *stands])[people] for row in rows]

    low, high = Fraction(0), Fraction(1)
    for _ in range(60):
        middle = (low + high) / 2
        if sum(medians(middle)) <= pot:
            low = middle
        else:
            high = middle
    return medians(low)[:-1]


@st.composite
def ballots_of_money(draw: st.DrawFn) -> tuple[list[list[int]], int]:
    pot, many = draw(st.integers(1, 400)), draw(st.integers(1, 4))
    rows: list[list[int]] = [[] for _ in range(many)]
    for _ in range(draw(st.integers(1, 6))):
        left = pot
        for row in rows:
            row.append(draw(st.integers(0, left)))
            left -= row[-1]
    return rows, pot


@given(ballots_of_money())
@settings(max_examples=EXAMPLES, deadline=None)
def test_moving_phantoms_end_where_halving_ends(money: tuple[list[list[int]], int]) -> None:
    votes, pot = money
    rules: dict[Callable[..., list[Fraction]], Callable[[int, int, Fraction], Fraction]] = {
        independent_markets: lambda k, n, time: min(Fraction(1), time * (n - k)),
        per_euro: lambda k, n, time: max(Fraction(0), min(Fraction(1), (n + 1) * time - k)),
    }
    for rule, phantom in rules.items():
        found = rule(votes, pot)
        for mine, other in zip(found, phantoms_by_halving(votes, pot, phantom), strict=True):
            assert abs(mine - other) < Fraction(1, 10**9)
        assert 0 <= sum(found) <= pot


def test_three_people_divide_ten_euros() -> None:
    # Source: the knapsack example in the code of Stanford's platform, which ends at 3, 5 and 2.
    votes = [[400, 300, 0], [500, 500, 0], [100, 200, 1000]]
    assert per_euro(votes, 1000) == [300, 500, 200]
    assert independent_markets(votes, 1000) == [300, Fraction(1400, 3), Fraction(700, 3)]


# -- whole plans ----------------------------------------------------------------------------------


@st.composite
def elections(draw: st.DrawFn) -> tuple[dict[str, int], list[dict[str, int]], int]:
    costs = {f"p{place}": draw(st.integers(1, 60)) for place in range(draw(st.integers(1, 5)))}
    ballot = st.dictionaries(st.sampled_from(sorted(costs)), st.integers(0, 5))
    return costs, draw(st.lists(ballot, min_size=1, max_size=6)), draw(st.integers(0, 120))


def shares_once(
    costs: Mapping[str, int], ballots: Sequence[Mapping[str, int]], each_has: Fraction, *, times_cost: bool
) -> list[str]:
    """Buy with fractions, voter by voter, looking at every plan every time."""
    left = [each_has] * len(ballots)
    bought: list[str] = []
    while True:
        best: tuple[Fraction, str] | None = None
        for plan in sorted(costs):
            wants = {
                voter: ballot[plan] * (costs[plan] if times_cost else 1)
                for voter, ballot in enumerate(ballots)
                if ballot.get(plan, 0) > 0
            }
            if plan in bought or not wants or sum(left[voter] for voter in wants) < costs[plan]:
                continue
            order = sorted(wants, key=lambda voter: left[voter] / wants[voter])
            paid, points = Fraction(0), sum(wants.values())
            for voter in order:
                if left[voter] * points >= (costs[plan] - paid) * wants[voter]:
                    break
                paid += left[voter]
                points -= wants[voter]
            price = (costs[plan] - paid) / points
            if best is None or price < best[0]:
                best = price, plan
        if best is None:
            return bought
        price, plan = best
        for voter, ballot in enumerate(ballots):
            if ballot.get(plan, 0) > 0:
                owes = price * ballot[plan] * (costs[plan] if times_cost else 1)
                left[voter] -= min(left[voter], owes)
        bought.append(plan)


def shares_step_by_step(
    costs: Mapping[str, int],
    ballots: Sequence[Mapping[str, int]],
    budget: int,
    step: int,
    *,
    times_cost: bool,
) -> list[str]:
    """Raise the endowments one step at a time, leaping over nothing."""
    wanted = {plan for ballot in ballots for plan, points in ballot.items() if points > 0}
    endowment = Fraction(budget, len(ballots))
    bought = shares_once(costs, ballots, endowment, times_cost=times_cost)
    while True:
        left = budget - sum(costs[plan] for plan in bought)
        if all(costs[plan] > left for plan in wanted - set(bought)):
            return bought
        endowment += step
        richer = shares_once(costs, ballots, endowment, times_cost=times_cost)
        if sum(costs[plan] for plan in richer) > budget:
            return bought
        bought = richer


@given(elections(), st.sampled_from(UtilityMode), st.integers(1, 4))
@settings(max_examples=EXAMPLES, deadline=None)
def test_equal_shares_leap_to_where_small_steps_end(
    election: tuple[dict[str, int], list[dict[str, int]], int], mode: UtilityMode, step: int
) -> None:
    costs, ballots, budget = election
    times_cost = mode is UtilityMode.SCORE_X_COST
    plain = SelectConfig(SelectRule.MES, utility_mode=mode)
    once = shares_once(costs, ballots, Fraction(budget, len(ballots)), times_cost=times_cost)
    assert select(costs, ballots, budget, plain) == once
    raised = SelectConfig(SelectRule.MES, utility_mode=mode, completion=Completion.ADD1, increment=step)
    slow = shares_step_by_step(costs, ballots, budget, step, times_cost=times_cost)
    assert select(costs, ballots, budget, raised) == slow


@given(elections(), st.fractions(1, 60, max_denominator=7), st.lists(st.fractions(0, 1), max_size=3))
@settings(max_examples=EXAMPLES * 2, deadline=None)
def test_a_run_knows_how_much_more_money_would_change_nothing(
    election: tuple[dict[str, int], list[dict[str, int]], int], endowment: Fraction, parts: list[Fraction]
) -> None:
    costs, ballots, _ = election
    offers = [
        Offer(
            cost,
            {
                points: [voter for voter, each in enumerate(ballots) if each.get(plan, 0) == points]
                for points in range(1, 6)
                if any(each.get(plan, 0) == points for each in ballots)
            },
        )
        for plan, cost in costs.items()
    ]
    found = buy(offers, len(ballots), endowment)
    for part in [*parts, Fraction(99, 100)]:
        if part < 1:
            further = 1000 * part if found.same_until is None else found.same_until * part
            assert buy(offers, len(ballots), endowment + further).bought == found.bought


@given(elections(), st.booleans())
@settings(max_examples=EXAMPLES, deadline=None)
def test_whole_plans_are_chosen_from_the_top_while_they_fit(
    election: tuple[dict[str, int], list[dict[str, int]], int], per_cost: bool
) -> None:
    costs, ballots, budget = election
    points = {plan: sum(ballot.get(plan, 0) for ballot in ballots) for plan in costs}
    order = sorted(
        (plan for plan in sorted(costs) if points[plan]),
        key=lambda plan: -Fraction(points[plan], costs[plan] if per_cost else 1),
    )
    left, chosen = budget, []
    for plan in order:
        if costs[plan] <= left:
            chosen.append(plan)
            left -= costs[plan]
    assert select(costs, ballots, budget, SelectConfig(SelectRule.GREEDY, per_cost=per_cost)) == chosen


@given(elections())
@settings(max_examples=EXAMPLES, deadline=None)
def test_phragmen_loads_supporters_evenly(
    election: tuple[dict[str, int], list[dict[str, int]], int],
) -> None:
    costs, ballots, budget = election
    load = [Fraction(0)] * len(ballots)
    chosen: list[str] = []
    while True:
        heavy = {}
        for plan in sorted(costs):
            backers = [voter for voter, ballot in enumerate(ballots) if ballot.get(plan, 0) > 0]
            if backers and plan not in chosen and costs[plan] <= budget:
                heavy[plan] = (costs[plan] + sum(load[voter] for voter in backers)) / len(backers)
        tied = [plan for plan, each in heavy.items() if each == min(heavy.values())]
        spent = sum(costs[plan] for plan in chosen)
        if not tied or any(spent + costs[plan] > budget for plan in tied):
            break
        for voter, ballot in enumerate(ballots):
            if ballot.get(tied[0], 0) > 0:
                load[voter] = heavy[tied[0]]
        chosen.append(tied[0])
    assert select(costs, ballots, budget, SelectConfig(SelectRule.PHRAGMEN)) == chosen


def test_when_equal_plans_do_not_all_fit_phragmen_stops() -> None:
    # Two plans would weigh 60 on everybody who wants them; one of them does not fit any more.
    costs = {"a": 60, "b": 120, "c": 30}
    ballots = [{"a": 1}, {"b": 1}, {"b": 1}, {"c": 1}]
    assert select(costs, ballots, 140, SelectConfig(SelectRule.PHRAGMEN)) == ["c"]
    assert select(costs, ballots, 100, SelectConfig(SelectRule.PHRAGMEN)) == ["c", "a"]


def test_a_plan_that_costs_exactly_what_is_left_is_chosen_and_one_that_nobody_wants_never() -> None:
    costs = {"a": 60, "b": 40, "c": 1}
    ballots = [{"a": 5}, {"a": 1, "b": 1}]
    for rule in SelectRule:
        config = SelectConfig(rule, completion=Completion.ADD1_UTIL)
        assert select(costs, ballots, 100, config) == ["a", "b"] or rule is SelectRule.PHRAGMEN
        assert set(select(costs, ballots, 100, config)) == {"a", "b"}
        assert "c" not in select(costs, ballots, 101, config)
