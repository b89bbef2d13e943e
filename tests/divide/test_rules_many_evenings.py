"""A few thousand small evenings, always the same ones, worked out twice: small numbers meet at borders."""

import os
from fractions import Fraction
from random import Random

import pytest

from pb.decide.rules import (
    Ballots,
    Criterion,
    DecideConfig,
    Histogram,
    Missing,
    PlanAsk,
    Quorum,
    Veto,
    decide,
)
from pb.decide.rules import Rule as DecideRule
from pb.divide.rules import (
    Amendment,
    Completion,
    DivideConfig,
    Facts,
    Fit,
    MinPolicy,
    OnNoFit,
    Panel,
    Rule,
    ScoreStats,
    ScoreWeight,
    SelectConfig,
    SelectRule,
    UtilityMode,
    divide,
    divide_with_amendments,
    select,
)
from pb.divide.rules.equal_shares import Offer, _Price, _Purse, buy
from pb.divide.rules.phantoms import independent_markets, per_euro
from support.plain_deciding import decide_plainly
from support.plain_division import (
    amend_plainly,
    complete_plainly,
    divide_plainly,
    greedy_plainly,
    phantoms_at_every_bend,
    phragmen_plainly,
    turns_plainly,
)

EVENINGS = max(120, int(os.environ.get("PB_EXAMPLES", "0")) // 10)
PEOPLE = [f"r{number}" for number in range(5)]
Case = tuple[list[str], list[PlanAsk], int, int | None, Facts]


def made_up(chance: Random, most: int = 5) -> Case:
    """Plans and people with amounts so small that they often meet."""
    plans = [
        PlanAsk(
            f"p{place}", chance.randrange(3), chance.choice((0, 1, 3, 4, 6, 9, 10, 12)),
            chance.choice((0, 0, 1, 3, 5, 6)), chance.choice((None, "jeugd", "groen")),
            frozenset(chance.sample(PEOPLE, chance.choice((0, 0, 1, 2)))),
        )
        for place in range(chance.randrange(1, most + 1))
    ]  # fmt: skip
    ids = [plan.plan_id for plan in plans]
    facts = Facts(
        stats={
            each: ScoreStats(Fraction(chance.randrange(4, 21), 4), Fraction(chance.randrange(5), 4))
            for each in ids
        },
        proposals={
            person: {each: chance.choice((0, 1, 2, 5, 9)) for each in ids if chance.random() < 0.9}
            for person in chance.sample(PEOPLE, chance.randrange(1, 6))
        },
        panel=Panel(
            5 + chance.randrange(3),
            {each: {person: chance.randrange(1, 6) for person in PEOPLE if chance.random() < 0.8}
             for each in ids if chance.random() < 0.95},
        ),
    )  # fmt: skip
    ranking = chance.sample(ids, len(ids))
    return (
        ranking,
        plans,
        chance.choice((0, 1, 7, 10, 15, 20, 26, 40)),
        chance.choice((None, None, 0, 4, 10)),
        facts,
    )


def settings_of(rule: Rule, chance: Random) -> DivideConfig:
    earmarks = {"jeugd": chance.choice((0, 4, 9, 30)), "groen": chance.choice((0, 5, 12))}
    return DivideConfig(
        rule=rule,
        unit_cents=chance.choice((1, 1, 1, 2, 5)),
        min_policy=chance.choice((MinPolicy.FLOOR, MinPolicy.FLOOR, MinPolicy.DROP)),
        guarantee=chance.choice((Fraction(0), Fraction(0), Fraction(1, 2), Fraction(2, 3), Fraction(1))),
        on_no_fit=chance.choice(list(OnNoFit)),
        rest_offer=chance.random() < 0.5,
        partial=chance.random() < 0.6,
        score_weight=chance.choice(list(ScoreWeight)),
        trim=chance.choice((Fraction(0), Fraction(1, 5), Fraction(1, 3), Fraction(1, 2), Fraction(1))),
        fit=chance.choice(list(Fit)),
        earmarks=earmarks if rule is not Rule.MES and chance.random() < 0.5 else {},
        earmark_spill=chance.random() < 0.5,
        exclude_own_proposal=chance.random() < 0.6,
        utility=chance.choice(((0, 0, 0, 1, 2), (0, 0, 0, 1, 1), (1, 2, 3, 4, 5))),
        utility_mode=chance.choice(list(UtilityMode)),
        completion=chance.choice(list(Completion)),
        increment_cents=chance.choice((1, 2, 3)),
    )


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_gives_the_same_amounts_and_the_same_turns(rule: Rule) -> None:
    for number in range(EVENINGS):
        chance = Random(f"{rule} {number}")
        ranking, plans, pot, cap, facts = made_up(chance)
        config = settings_of(rule, chance)
        found = divide(ranking, plans, config, budget_cents=pot, cap_cents=cap, facts=facts)
        plain = divide_plainly(ranking, plans, config, budget=pot, cap=cap, facts=facts)
        assert found.to_json() == plain, (number, config)
        assert (found.pot_cents, found.rule) == (pot, rule)
        turns = turns_plainly(ranking, plans, config, budget=pot, cap=cap, facts=facts)
        assert {
            each: (turn.kept, turn.free, turn.reserved, turn.because.value, turn.earmarked, turn.offered)
            for each, turn in found.turns.items()
        } == turns, (number, config)
        assert all(
            turn.status is None or turn.status.value == found.status[each] or found.status[each] == "rest"
            for each, turn in found.turns.items()
        )


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_divides_again_the_same_after_a_change(rule: Rule) -> None:
    for number in range(EVENINGS // 2):
        chance = Random(f"amended {rule} {number}")
        ranking, plans, pot, cap, facts = made_up(chance)
        config = settings_of(rule, chance)
        wishes = [
            Amendment(
                chance.choice([*ranking, "p9"]), chance.choice((-1, 0, 1, 3, 4, 5, 6, 10, 13)),
                chance.choice(("om de fasen", "om de fasen", "om de fasen", " \n")),
            )
            for _ in range(chance.randrange(4))
        ]  # fmt: skip
        found = divide_with_amendments(
            ranking, plans, config, wishes, budget_cents=pot, cap_cents=cap, facts=facts
        )
        plain = amend_plainly(ranking, plans, config, wishes, budget=pot, cap=cap, facts=facts)
        assert found.to_json() == plain, (number, config, wishes)
        assert found.settled.pot_cents == found.computed.pot_cents == pot
        assert (found.settled is found.computed) is (not found.amendments)


def test_phantoms_end_where_trying_every_bend_ends() -> None:
    for number in range(EVENINGS * 3):
        chance = Random(f"phantoms {number}")
        pot, people = chance.randrange(1, 60), chance.randrange(1, 6)
        rows = [[chance.randrange(pot + 1) for _ in range(people)] for _ in range(chance.randrange(1, 5))]
        for rule, settle in ((Rule.INDEPENDENT_MARKETS, independent_markets), (Rule.PER_EURO, per_euro)):
            assert settle(rows, pot) == phantoms_at_every_bend(rows, people, pot, rule), (number, rule)


def election(chance: Random) -> tuple[dict[str, int], list[dict[str, int]], int]:
    ids = [f"p{place}" for place in range(chance.randrange(1, 7))]
    costs = {
        each: chance.choice((0, 1, 2, 3, 4, 5, 6, 6, 8, 10, 12, 15)) for each in chance.sample(ids, len(ids))
    }
    points = chance.choice(((1,), (1, 2), (1, 2, 3, 5), (0, 1)))
    ballots = [
        {each: chance.choice(points) for each in ids if chance.random() < 0.5}
        for _ in range(chance.randrange(1, 9))
    ]
    return costs, ballots, chance.choice((0, 5, 10, 12, 20, 30, 41))


@pytest.mark.parametrize("completion", Completion)
@pytest.mark.parametrize("mode", UtilityMode)
@pytest.mark.parametrize("rule", SelectRule)
def test_every_way_of_choosing_whole_plans_gives_the_same(
    rule: SelectRule, mode: UtilityMode, completion: Completion
) -> None:
    for number in range(EVENINGS):
        chance = Random(f"{rule} {mode} {completion} {number}")
        costs, ballots, budget = election(chance)
        config = SelectConfig(rule, chance.random() < 0.5, mode, completion, chance.choice((1, 2, 5)))
        people = [f"v{voter}" for voter in range(len(ballots))]
        in_order = {each: costs[each] for each in sorted(costs)}
        times = in_order if mode is UtilityMode.SCORE_X_COST and rule is SelectRule.MES else {}
        wants = {
            each: {
                person: ballot[each] * times.get(each, 1)
                for person, ballot in zip(people, ballots, strict=True)
                if ballot.get(each, 0) * times.get(each, 1) > 0
            }
            for each in in_order
        }
        if rule is SelectRule.MES:
            plain = complete_plainly(in_order, wants, people, budget, completion, config.increment)
        elif rule is SelectRule.PHRAGMEN:
            plain = phragmen_plainly(in_order, wants, people, budget)
        else:
            plain = greedy_plainly(in_order, wants, budget, per_cost=config.per_cost)
        assert select(costs, ballots, budget, config) == plain, (number, costs, ballots, budget, config)


def test_until_the_announced_endowment_a_run_buys_the_same() -> None:
    for number in range(EVENINGS * 10):
        chance = Random(f"run {number}")
        costs, ballots, _ = election(chance)
        offers = []
        for each in sorted(costs):
            wanted: dict[int, list[int]] = {}
            for voter, ballot in enumerate(ballots):
                if ballot.get(each, 0) > 0:
                    wanted.setdefault(ballot[each], []).append(voter)
            offers.append(Offer(costs[each], wanted))
        endowment = Fraction(chance.randrange(1, 40), chance.choice((1, 2, 3, 7)))
        found = buy(offers, len(ballots), endowment)
        if found.same_until is None:
            assert buy(offers, len(ballots), endowment * 1000).bought == found.bought
            continue
        for part in (Fraction(1, 3), Fraction(9, 10), Fraction(999, 1000)):
            again = buy(offers, len(ballots), endowment + found.same_until * part)
            assert again.bought == found.bought, (number, endowment, found)
            # What changes the outcome stays where it is, seen from nearer.
            assert again.same_until is not None


def test_every_purchase_is_paid_to_the_last_coin_and_every_slope_is_what_it_says() -> None:
    for number in range(EVENINGS * 2):
        chance = Random(f"purse {number}")
        people = chance.choice((1, 2, 3, 5, 20, 40))
        # Some so fine that no machine word holds them.
        coin = chance.choice((1, 2, 3, 2**61 - 1, 10**19, 3**40))
        endowment = Fraction(chance.randrange(1, 30) * coin + chance.randrange(coin), coin)
        more = Fraction(1, 10**9)
        purse, richer = (_Purse(people, each, watching=True) for each in (endowment, endowment + more))
        for _ in range(4):
            voters = chance.sample(range(people), chance.randrange(1, people + 1))
            wanted: dict[int, list[int]] = {}
            for voter in voters:
                wanted.setdefault(chance.choice((1, 1, 2, 5)), []).append(voter)
            offer = Offer(chance.randrange(1, 20), wanted)
            before, price, other = coins(purse), purse.price(offer), richer.price(offer)
            if price is None or other is None:
                assert price is not None or sum(before[voter] for voter in voters) < offer.cost
                continue
            purse.pay(offer, price)
            richer.pay(offer, other)
            after = coins(purse)
            assert sum(before) - sum(after) == offer.cost
            asked = Fraction(price.above, price.below)
            for points, those in wanted.items():
                for voter in those:
                    assert before[voter] - after[voter] == min(before[voter], asked * points)
            if purse.same_until is None or purse.same_until > more:
                grown = [(b - a) / more for a, b in zip(after, coins(richer), strict=True)]
                slopes = [Fraction(purse._slope[kind], purse._base) for kind in purse._kind]
                assert grown == slopes, number


def coins(purse: _Purse) -> list[Fraction]:
    return [Fraction(purse._left[kind], purse._base) for kind in purse._kind]


def test_two_prices_meet_where_their_lines_meet() -> None:
    for mine, other, meet in (
        ((3, 2, -1), (5, 2, -3), Fraction(1)),
        ((3, 2, -3), (5, 2, -1), None),
        ((3, 2, -1), (5, 2, -1), None),
        ((3, 2, 0), (10, 4, -1), Fraction(4)),
        ((1, 3, -1), (1, 2, -2), Fraction(1, 4)),
        ((1, 2, 0), (1, 2, -1), Fraction(0)),
    ):
        purse = _Purse(1, Fraction(1), watching=True)
        purse.watch_order(_Price(*mine), _Price(*other))
        assert purse.same_until == meet
    # The nearest counts, whichever came first.
    purse = _Purse(1, Fraction(1), watching=True)
    for other in ((9, 1, -2), (5, 1, -2), (7, 1, -2)):
        purse.watch_order(_Price(1, 1, 0), _Price(*other))
    assert purse.same_until == 2


def test_of_two_prices_the_lower_comes_first_and_of_equal_ones_the_first_of_the_list() -> None:
    tiny = 10**30
    for mine, place, other, other_place, first in (
        ((1, 2, 0), 5, (2, 3, 0), 1, True),
        ((2, 3, 0), 1, (1, 2, 0), 5, False),
        ((1, 2, 0), 1, (2, 4, 0), 2, True),
        ((1, 2, 0), 2, (2, 4, 0), 1, False),
        ((tiny, 3 * tiny, 0), 2, (tiny + 1, 3 * tiny, 0), 1, True),
        ((tiny + 1, 3 * tiny, 0), 1, (tiny, 3 * tiny, 0), 2, False),
    ):
        assert _Price(*mine).is_before(place, _Price(*other), other_place) is first


def test_a_third_of_nine_amounts_on_each_side_leaves_the_middle_three() -> None:
    given_amounts = (0, 0, 1, 4, 5, 9, 20, 50, 90)
    facts = Facts(proposals={f"r{place}": {"p": amount} for place, amount in enumerate(given_amounts)})
    config = DivideConfig(
        rule=Rule.TRIMMED_MEAN_PROPOSALS, trim=Fraction(1, 3), fit=Fit.DOWN_ONLY, unit_cents=1,
        guarantee=Fraction(0),
    )  # fmt: skip
    found = divide(["p"], [PlanAsk("p", 1, 100)], config, budget_cents=100, cap_cents=None, facts=facts)
    assert found.amounts == {"p": 6}


def deciding(rule: DecideRule, chance: Random) -> DecideConfig:
    thresholds = (0, 1, Fraction(1, 2), Fraction(1, 3), Fraction(2, 3), Fraction(3, 5))
    grades = (1, 2, 3, Fraction(7, 2), Fraction(10, 3), 4, 5)
    return DecideConfig(
        rule=rule,
        min_grade=chance.choice((4, 4, 3, 5, 1)),
        threshold=Fraction(chance.choice(thresholds if rule is DecideRule.SUPPORT else grades)),
        strict=chance.random() < 0.5,
        quorum=chance.choice((
            None, Quorum(Fraction(1, 2), 0), Quorum(Fraction(2, 3), 3, count_abstain=True),
            Quorum(Fraction(1, 3), 2), Quorum(Fraction(0), 0), Quorum(Fraction(1), 0, count_abstain=True),
        )),
        missing=chance.choice(list(Missing)),
        exclude_submitters=chance.random() < 0.7,
        veto=chance.choice(
            (None, None, Veto(1, Fraction(1, 4)), Veto(2, Fraction(1, 2)), Veto(3, Fraction(0)))
        ),
        rank=tuple(chance.sample(list(Criterion), chance.randrange(4))),
        lot_seed=chance.choice(("a", "b")),
    )  # fmt: skip


@pytest.mark.parametrize("rule", DecideRule)
def test_every_way_of_deciding_gives_the_same(rule: DecideRule) -> None:
    for number in range(EVENINGS * 3):
        chance = Random(f"{rule} {number}")
        _, plans, _, _, _ = made_up(chance)
        config = deciding(rule, chance)
        ballots = {
            plan.plan_id: Ballots(
                {person: chance.randrange(1, 6) for person in [*PEOPLE, "absent"] if chance.random() < 0.7},
                [person for person in [*PEOPLE, "absent"] if chance.random() < 0.2],
            )
            for plan in plans
            if chance.random() < 0.95
        }
        found = decide(plans, PEOPLE, ballots, config)
        assert found.to_json() == decide_plainly(plans, PEOPLE, ballots, config), (number, config)
        for outcome in found.outcomes.values():
            _numbers_of_the_reason(outcome.counted_hist, config, found, outcome.plan_id)


def _numbers_of_the_reason(hist: Histogram, config: DecideConfig, found: object, plan_id: str) -> None:
    """What a reason says was needed is the least that passes, found by trying."""
    outcome = found.outcomes[plan_id]  # type: ignore[attr-defined]
    grades = [grade for grade, people in enumerate(hist, 1) for _ in range(people)]
    assert (outcome.counted, outcome.points) == (len(grades), sum(grades))
    assert outcome.imputed == len(grades) - outcome.scorers
    assert outcome.supporters == sum(grade >= config.min_grade for grade in grades)
    assert (outcome.rule, outcome.min_grade, outcome.threshold, outcome.strict) == (
        config.rule, config.min_grade, config.threshold, config.strict,
    )  # fmt: skip

    def least(of: int) -> int:
        value = 0
        while not (value > config.threshold * of if config.strict else value >= config.threshold * of):
            value += 1
        return value

    assert outcome.need == (least(len(grades)) if config.rule is DecideRule.SUPPORT else None)
    assert outcome.points_needed == (least(len(grades)) if config.rule is DecideRule.MEAN else None)
    assert outcome.grade_needed == (least(1) if config.rule is DecideRule.MEDIAN else None)
    if config.veto is None:
        assert outcome.objections is outcome.objections_most is outcome.veto_grade is None
        return
    veto = config.veto
    assert outcome.veto_grade == veto.grade
    assert outcome.objections == sum(grade <= veto.grade for grade in grades)
    most = 0
    while most + 1 <= veto.max_share * len(grades):
        most += 1
    assert outcome.objections_most == most
