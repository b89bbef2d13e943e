"""What the panel decides goes above what the rule computed; the order of the plans follows one chain."""

from dataclasses import replace
from fractions import Fraction

import pytest

from pb.decide.rules import Ballots, Criterion, DecideConfig, Decisions, Missing, PlanAsk, Quorum, decide
from pb.decide.rules.panel_decides import (
    NotAllDecided,
    ReasonNeeded,
    Way,
    WayNeeded,
    check_decision,
    follow_panel,
    said_yes,
)

PEOPLE = [f"r{number}" for number in range(6)]
CONFIG = DecideConfig(quorum=Quorum(Fraction(1, 2), 0), lot_seed="3-5-1")
SCORES = {"a": [5] * 6, "b": [4] * 4 + [1] * 2, "c": [2] * 6, "few": [5, 5], "nobody": []}


def evening(config: DecideConfig = CONFIG) -> tuple[list[PlanAsk], Decisions]:
    # Handed in in another order than the agenda's.
    order = {"few": 9, "nobody": 4}
    plans = [PlanAsk(plan_id, order.get(plan_id, 1), 100) for plan_id in SCORES]
    ballots = {plan_id: Ballots(dict(zip(PEOPLE, given, strict=False))) for plan_id, given in SCORES.items()}
    return plans, decide(plans, PEOPLE, ballots, config)


def test_where_the_panel_follows_the_scores_nothing_is_asked() -> None:
    for yes in (True, False):
        check_decision(computed_yes=yes, yes=yes, way=Way.RULE, reason="")


def test_where_it_differs_a_way_and_a_reason_are_asked() -> None:
    for yes in (True, False):
        with pytest.raises(WayNeeded):
            check_decision(computed_yes=not yes, yes=yes, way=Way.RULE, reason="omdat")
        with pytest.raises(ReasonNeeded):
            check_decision(computed_yes=not yes, yes=yes, way=Way.CONSENSUS, reason=" .- ")
        for way in (Way.CONSENSUS, Way.MAJORITY):
            check_decision(computed_yes=not yes, yes=yes, way=way, reason="omdat het moet")


def test_a_panel_that_follows_the_scores_keeps_their_order() -> None:
    plans, decisions = evening()
    yes = {plan_id: said_yes(decisions, plan_id) for plan_id in SCORES}
    assert yes == {"a": True, "b": True, "c": False, "few": False, "nobody": False}
    followed = follow_panel(decisions, plans, CONFIG, yes)
    assert (followed.ranking, followed.ties) == (decisions.ranking, decisions.ties) == (("a", "b"), ())
    assert followed.places == decisions.places
    assert followed.outcomes == decisions.outcomes


def test_a_plan_against_the_scores_takes_its_place_and_one_with_few_scores_comes_last() -> None:
    plans, decisions = evening()
    followed = follow_panel(decisions, plans, CONFIG, dict.fromkeys(SCORES, True))
    assert followed.ranking == ("a", "b", "c", "nobody", "few")
    assert [followed.places[each].place for each in followed.ranking] == [1, 2, 3, 4, 5]
    assert {place.of for place in followed.places.values()} == {5}
    for plan_id in ("nobody", "few"):
        assert (followed.places[plan_id].by, followed.places[plan_id].tied_with) == (Criterion.ORDER, ())
    assert followed.places["c"].by is Criterion.SUPPORT


def test_a_panel_can_say_yes_to_nothing_or_only_to_what_nobody_scored() -> None:
    plans, decisions = evening()
    none = follow_panel(decisions, plans, CONFIG, dict.fromkeys(SCORES, False))
    assert (none.ranking, none.ties, none.places) == ((), (), {})
    only = follow_panel(decisions, plans, CONFIG, {each: each == "nobody" for each in SCORES})
    assert only.ranking == ("nobody",)
    assert (only.places["nobody"].place, only.places["nobody"].of) == (1, 1)


def test_who_counts_as_a_one_does_not_make_an_unscored_plan_a_scored_one() -> None:
    config = replace(CONFIG, missing=Missing.LOWEST)
    plans, decisions = evening(config)
    followed = follow_panel(decisions, plans, config, dict.fromkeys(SCORES, True))
    assert followed.ranking[-2:] == ("nobody", "few")


def test_ties_of_what_the_panel_chose_are_told() -> None:
    plans = [PlanAsk(plan_id, place, 100) for place, plan_id in enumerate("pq")]
    ballots = {plan_id: Ballots(dict.fromkeys(PEOPLE, 2)) for plan_id in "pq"}
    decisions = decide(plans, PEOPLE, ballots, CONFIG)
    followed = follow_panel(decisions, plans, CONFIG, {"p": True, "q": True})
    assert len(followed.ties) == 1
    assert set(followed.ties[0]) == {"p", "q"}
    other = replace(CONFIG, rank=(Criterion.ORDER,))
    assert follow_panel(decisions, plans, other, {"p": True, "q": True}).ranking == ("p", "q")


def test_the_lot_and_the_number_of_scorers_count_here_as_well() -> None:
    plans = [PlanAsk(plan_id, place, 100) for place, plan_id in enumerate("pqrs")]
    ballots = {plan_id: Ballots(dict.fromkeys(PEOPLE, 2)) for plan_id in "pqrs"}
    ballots["s"] = Ballots(dict.fromkeys(PEOPLE[:4], 2))
    decisions = decide(plans, PEOPLE, ballots, CONFIG)
    everything = dict.fromkeys("pqrs", True)
    orders = {
        follow_panel(decisions, plans, replace(CONFIG, lot_seed=seed), everything).ranking
        for seed in "abcdef"
    }
    assert len(orders) > 1
    by_scorers = replace(CONFIG, rank=(Criterion.SCORERS, Criterion.ORDER))
    assert follow_panel(decisions, plans, by_scorers, everything).ranking == ("p", "q", "r", "s")
    few_first = [PlanAsk("s", 0, 100), *plans[:3]]
    assert follow_panel(decisions, few_first, by_scorers, everything).ranking == ("p", "q", "r", "s")


def test_one_score_is_enough_where_no_quorum_was_asked() -> None:
    config = replace(CONFIG, quorum=None)
    plans = [PlanAsk("late", 1, 100), PlanAsk("one", 2, 100)]
    decisions = decide(plans, PEOPLE, {"one": Ballots({"r1": 1})}, config)
    followed = follow_panel(decisions, plans, config, {"late": True, "one": True})
    assert followed.ranking == ("one", "late")


@pytest.mark.parametrize("yes", [{}, {"a": True}, {**dict.fromkeys(SCORES, True), "other": True}])
def test_as_long_as_not_every_plan_is_decided_there_is_no_order(yes: dict[str, bool]) -> None:
    plans, decisions = evening()
    with pytest.raises(NotAllDecided):
        follow_panel(decisions, plans, CONFIG, yes)
