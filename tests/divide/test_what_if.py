"""What else could have come of an evening: other rules on the same scores, and fewer voices."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from pb.decide.rules import Ballots, DecideConfig, PlanAsk, Quorum, Status, decide
from pb.divide.rules import PRESETS, DivideConfig, Facts, Panel, Rule, ScoreStats, divide
from pb.divide.what_if import Room, by_each_preset, scorers_among, without_scores_of

SEATS = tuple(str(seat) for seat in range(1, 16))
MONEY = {"budget_cents": 5_000_000, "cap_cents": 3_000_000}
CONFIG = DecideConfig(quorum=Quorum(min_scorers=3), lot_seed="3-1-4")


def room_of(seed: int, floor: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)) -> Room:
    """Make up a room by a seed; some made a plan, some were away for one."""
    chance = random.Random(seed)
    plans = tuple(
        PlanAsk(
            plan_id=str(number),
            order=number,
            request_cents=chance.choice([500_000, 1_500_000, 3_500_000]),
            min_cents=chance.choice([0, 400_000]),
            submitters=frozenset(chance.sample(SEATS, chance.choice([0, 1, 3]))),
        )
        for number in range(1, 6)
    )
    scores = {
        plan.plan_id: {seat: chance.choice([1, 2, 3, 4, 4, 5, 5]) for seat in SEATS if chance.random() < 0.8}
        for plan in plans
    }
    people = len([*SEATS]) + sum(floor)
    present = frozenset([*SEATS, *(f"floor {number}" for number in range(sum(floor)))])
    assert len(present) == people
    ballots = {plan: Ballots(given, floor=floor) for plan, given in scores.items()}
    outcomes = decide(plans, present, ballots, CONFIG).outcomes
    yes = {plan: outcome.status is Status.YES for plan, outcome in outcomes.items()}
    return Room(plans=plans, present=present, scores=scores, outcomes=outcomes, yes=yes)


def facts_of(room: Room) -> Facts:
    return Facts(
        stats={plan: ScoreStats.of(outcome) for plan, outcome in room.outcomes.items()},
        panel=Panel(present=len(room.present), scores=room.scores),
    )


def ranking_of(room: Room) -> list[str]:
    return [plan for plan, yes in room.yes.items() if yes]


def test_the_announced_rule_is_among_the_presets_as_it_was_frozen_and_others_as_they_are_offered() -> None:
    room = room_of(1)
    announced = DivideConfig(rule=Rule.PROP_REQUEST, unit_cents=500)
    found = by_each_preset(ranking_of(room), room.plans, announced, **MONEY, facts=facts_of(room))
    assert [one.name for one in found] == ["equal", "prop_request", "greedy_full", "mes"]
    assert [one.name for one in found if one.announced] == ["prop_request"]
    again = divide(ranking_of(room), room.plans, announced, **MONEY, facts=facts_of(room))
    assert next(one for one in found if one.announced).division == again
    for one in found:
        assert one.division.total_cents + one.division.leftover_cents == 5_000_000
        assert one.funded == sum(amount > 0 for amount in one.division.amounts.values())


def test_a_way_of_which_the_facts_are_not_there_is_not_shown() -> None:
    room = room_of(1)
    ranking, plans = ranking_of(room), room.plans
    bare = by_each_preset(ranking, plans, PRESETS["equal"], **MONEY, facts=Facts())
    assert [one.name for one in bare] == ["equal", "prop_request", "greedy_full"]
    given_by_all = Facts(proposals={seat: {ranking[0]: 500_000} for seat in SEATS})
    own = by_each_preset(ranking, plans, PRESETS["trimmed_mean_proposals"], **MONEY, facts=given_by_all)
    assert [one.name for one in own if one.announced] == ["trimmed_mean_proposals"]
    assert "mes" not in [one.name for one in own]


def test_a_rule_that_is_no_preset_stands_beside_them() -> None:
    room = room_of(1)
    announced = DivideConfig(rule=Rule.PROP_SCORE)
    found = by_each_preset(ranking_of(room), room.plans, announced, **MONEY, facts=facts_of(room))
    assert [one.name for one in found if one.announced] == ["prop_score"]


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 10**9),
    people=st.frozensets(st.sampled_from([*SEATS, "nobody"]), max_size=6),
    floor=st.tuples(*[st.integers(0, 3)] * 5),
)
def test_leaving_people_out_is_deciding_again_without_them(
    seed: int, people: frozenset[str], floor: tuple[int, int, int, int, int]
) -> None:
    room = room_of(seed, floor)
    config = DivideConfig()
    fewer = without_scores_of(people, room, CONFIG, room.plans, config, **MONEY, facts=facts_of(room))
    kept = {
        plan: Ballots({seat: score for seat, score in given.items() if seat not in people}, floor=floor)
        for plan, given in room.scores.items()
    }
    decisions = decide(room.plans, room.present - people, kept, CONFIG)
    assert fewer.yes == {plan: one.status is Status.YES for plan, one in decisions.outcomes.items()}
    again = divide(decisions.ranking, room.plans, config, **MONEY)
    assert dict(fewer.division.amounts) == dict(again.amounts)


def test_what_the_panel_decided_against_the_scores_stays_without_some_people() -> None:
    room = room_of(4)
    turned = Room(
        plans=room.plans, present=room.present, scores=room.scores, outcomes=room.outcomes,
        yes={plan: not yes for plan, yes in room.yes.items()},
    )  # fmt: skip
    fewer = without_scores_of(
        frozenset(SEATS[:9]), turned, CONFIG, room.plans, DivideConfig(), **MONEY, facts=facts_of(room)
    )
    assert fewer.yes == turned.yes


def test_who_only_scored_an_own_plan_or_was_not_there_is_no_scorer() -> None:
    plan = PlanAsk("1", 1, 500_000, submitters=frozenset({"1"}))
    room = Room(
        plans=(plan,), present=frozenset({"1", "2"}), scores={"1": {"1": 5, "2": 4, "3": 1}}, outcomes={},
        yes={},
    )  # fmt: skip
    assert scorers_among({"1", "2", "3", "4"}, room) == 1
