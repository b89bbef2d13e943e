"""Which plans get money: worked examples, what always holds, and a second opinion."""

import os
import statistics
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pb.decide.rules import (
    Ballots,
    DecideConfig,
    Decisions,
    Missing,
    MoreScoresThanPeople,
    Outcome,
    PlanAsk,
    Quorum,
    Rule,
    ScoreNotOnTheFloor,
    Status,
    Veto,
    changed_by_submitters,
    decide,
    decide_without_submitters,
)
from pb.decide.rules.strict import GivenTwice

EXAMPLES = int(os.environ.get("PB_EXAMPLES", "80"))
FREE = Quorum(Fraction(1, 2), min_scorers=0)
OPEN = DecideConfig(quorum=FREE, lot_seed="dobbelsteen 3-5-1")


def people(many: int) -> list[str]:
    return [f"r{number}" for number in range(many)]


def one(given: list[int], config: DecideConfig = OPEN, *, present: int | None = None) -> Outcome:
    """Decide about one plan that these scores were given to."""
    scores = dict(zip(people(len(given)), given, strict=True))
    here = people(len(given) if present is None else present)
    return decide([PlanAsk("p", 1, 100)], here, {"p": Ballots(scores)}, config).outcomes["p"]


# -- worked examples ------------------------------------------------------------------------------


def test_exactly_half_is_not_more_than_half() -> None:
    # 20 of 40 is not more than half; one person more is.
    assert one([4] * 20 + [3] * 20).status is Status.NO_THRESHOLD
    assert one([4] * 21 + [3] * 19).status is Status.YES
    assert one([4] * 20 + [3] * 20, replace(OPEN, strict=False)).status is Status.YES


def test_the_outcome_says_how_many_people_it_was_away_from_the_other() -> None:
    # 27 of 32 gave a 4 or 5; 17 is enough, so 11 would have had to choose otherwise.
    passed = one([5] * 27 + [1] * 5)
    assert (passed.supporters, passed.need, passed.margin_people) == (27, 17, 11)
    # 17 of 35: 18 were needed, one person more and it had passed.
    failed = one([4] * 17 + [2] * 18)
    assert (failed.status, failed.need, failed.margin_people) == (Status.NO_THRESHOLD, 18, 1)


def test_the_quorum_is_rounded_up() -> None:
    # Half of 11 people is 6: five scores are not enough.
    missed = one([5] * 5, present=11)
    assert (missed.status, missed.quorum_needed, missed.margin_people) == (Status.NO_QUORUM, 6, None)
    assert one([5] * 6, present=11).status is Status.YES


def test_three_friends_cannot_pass_a_plan() -> None:
    assert one([5, 5, 5, 5], DecideConfig()).status is Status.NO_QUORUM
    assert one([5, 5, 5, 5, 5], DecideConfig()).status is Status.YES


def test_nobody_scoring_is_no_quorum_even_without_a_quorum() -> None:
    silent = one([], replace(OPEN, quorum=None), present=8)
    assert silent.status is Status.NO_QUORUM
    assert (silent.mean, silent.median, silent.support, silent.gmj) == (None, None, None, None)


def test_abstaining_helps_the_quorum_only_where_the_rule_says_so() -> None:
    ballots = {"p": Ballots({"r0": 5, "r1": 5, "r2": 5, "r3": 5, "r4": 5}, abstained=["r5"])}
    plans = [PlanAsk("p", 1, 100)]
    counting = replace(OPEN, quorum=Quorum(Fraction(1, 2), 0, count_abstain=True))
    assert decide(plans, people(11), ballots, OPEN).outcomes["p"].status is Status.NO_QUORUM
    assert decide(plans, people(11), ballots, counting).outcomes["p"].status is Status.YES


def test_who_may_not_score_does_not_count_as_abstaining_either() -> None:
    plan = PlanAsk("p", 1, 100, submitters=frozenset({"r0"}))
    ballots = {"p": Ballots({"r1": 5, "r2": 4}, abstained=["r0", "r3", "absent"])}
    outcome = decide([plan], people(4), ballots, OPEN).outcomes["p"]
    assert (outcome.eligible, outcome.scorers, outcome.abstained) == (3, 2, 1)


def test_who_abstains_takes_the_score_back() -> None:
    ballots = {"p": Ballots({"r1": 5, "r2": 4}, abstained=["r2"])}
    outcome = decide([PlanAsk("p", 1, 100)], people(4), ballots, OPEN).outcomes["p"]
    assert (outcome.scorers, outcome.abstained, outcome.hist) == (1, 1, (0, 0, 0, 0, 1))


def test_a_mean_is_compared_exactly() -> None:
    half = replace(OPEN, rule=Rule.MEAN, threshold=Fraction(7, 2), strict=False)
    assert one([4] * 5 + [3] * 5, half).status is Status.YES
    assert one([4] * 5 + [3] * 4 + [2], half).status is Status.NO_THRESHOLD
    tenths = replace(half, threshold=Fraction(33, 10))
    # 33 points by ten people is 3.3 exactly, which no float is.
    assert one([3] * 8 + [4, 5], tenths).status is Status.YES
    assert (one([3] * 8 + [4, 5], tenths).points, one([3] * 8 + [4, 5], tenths).points_needed) == (33, 33)


def test_a_hurt_minority_can_stop_a_plan_where_the_round_chose_so() -> None:
    guarded = replace(OPEN, veto=Veto(grade=1, max_share=Fraction(1, 4)))
    stopped = one([5] * 7 + [1] * 3, guarded)
    assert (stopped.status, stopped.objections, stopped.objections_most) == (Status.NO_VETO, 3, 2)
    assert stopped.margin_people is None
    assert one([5] * 6 + [1] * 2, guarded).status is Status.YES


def test_usual_judgment_moves_the_median_towards_the_larger_side() -> None:
    # Three 5s and three 1s: the lower median is 1, half of the people stand above it.
    assert one([5, 5, 5, 1, 1, 1]).gmj == Fraction(3, 2)
    assert one([4, 4, 4, 4, 5, 5]).gmj == Fraction(17, 4)


def test_missing_people_count_as_the_round_chose() -> None:
    scores = [5] * 4
    lowest = one(scores, replace(OPEN, quorum=None, missing=Missing.LOWEST), present=10)
    assert (lowest.counted_hist, lowest.hist) == ((6, 0, 0, 0, 4), (0, 0, 0, 0, 4))
    assert (lowest.status, lowest.imputed) == (Status.NO_THRESHOLD, 6)
    middle = one(scores, replace(OPEN, quorum=None, missing=Missing.MIDDLE), present=10)
    assert middle.counted_hist == (0, 0, 6, 0, 4)
    # They never help the quorum.
    assert one(scores, replace(OPEN, missing=Missing.LOWEST), present=10).status is Status.NO_QUORUM


def test_people_on_the_floor_count_as_much_as_phones() -> None:
    named = decide(
        [PlanAsk("p", 1, 100)], people(40), {"p": Ballots(dict.fromkeys(people(21), 4))}, OPEN
    ).outcomes["p"]
    floor = decide(
        [PlanAsk("p", 1, 100)],
        people(40),
        {"p": Ballots(dict.fromkeys(people(5), 4), floor=(0, 0, 0, 16, 0))},
        OPEN,
    ).outcomes["p"]
    unnamed = decide(
        [PlanAsk("p", 1, 100)], [], {"p": Ballots({}, floor=(0, 0, 0, 21, 0))}, OPEN, unnamed_present=40
    ).outcomes["p"]
    assert named == floor == unnamed
    assert named.status is Status.YES


def test_a_floor_counted_too_high_is_refused() -> None:
    with pytest.raises(MoreScoresThanPeople) as refused:
        decide([PlanAsk("p", 1, 100)], people(4), {"p": Ballots({"r0": 4}, floor=(0, 0, 0, 4, 0))}, OPEN)
    assert refused.value.facts == {"plan_id": "p", "scores": 5, "people": 4}


@pytest.mark.parametrize("score", [0, 6, -1, True, 4.0, "4", None])
def test_what_is_no_score_is_refused(score: object) -> None:
    with pytest.raises(ScoreNotOnTheFloor) as refused:
        decide([PlanAsk("p", 1, 100)], ["r0"], {"p": Ballots({"r0": score})}, OPEN)  # type: ignore[dict-item]
    assert refused.value.facts == {"plan_id": "p"}


def test_a_plan_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(GivenTwice) as refused:
        decide([PlanAsk("p", 1, 100), PlanAsk("p", 2, 100)], ["r0"], {}, OPEN)
    assert refused.value.facts == {"field": "plans[1]", "found": "p"}


def test_a_line_to_compare_with_leaves_out_the_scores_of_everybody_with_a_plan() -> None:
    plans = [
        PlanAsk("p", 1, 100, submitters=frozenset({"r0"})),
        PlanAsk("q", 2, 100, submitters=frozenset({"r1"})),
    ]  # fmt: skip
    ballots = {
        "p": Ballots({"r1": 1, "r2": 5, "r3": 5, "r4": 1}), "q": Ballots({"r0": 5, "r2": 5, "r3": 5}),
    }  # fmt: skip
    decisions = decide(plans, people(5), ballots, OPEN)
    without = decide_without_submitters(plans, people(5), ballots, replace(OPEN, exclude_submitters=False))
    assert [decisions.outcomes[each].status for each in "pq"] == [Status.NO_THRESHOLD, Status.YES]
    assert [without.outcomes[each].status for each in "pq"] == [Status.YES, Status.YES]
    assert [without.outcomes[each].eligible for each in "pq"] == [3, 3]
    assert [without.outcomes[each].scorers for each in "pq"] == [3, 2]
    assert changed_by_submitters(decisions, without) == ["p"]
    assert changed_by_submitters(decisions, decisions) == []
    floor = {"p": Ballots({}, floor=(0, 0, 0, 2, 0))}
    unnamed = decide_without_submitters(plans, people(1), floor, OPEN, unnamed_present=4)
    assert (unnamed.outcomes["p"].eligible, unnamed.outcomes["p"].scorers) == (4, 2)


# -- what always holds ----------------------------------------------------------------------------

HERE = people(12)
SCORES = st.dictionaries(st.sampled_from([*HERE, "absent"]), st.integers(1, 5))


@st.composite
def evenings(draw: st.DrawFn) -> tuple[list[PlanAsk], dict[str, Ballots]]:
    ids = [f"p{number}" for number in range(draw(st.integers(1, 4)))]
    plans = [
        PlanAsk(
            plan_id,
            place,
            draw(st.integers(0, 3)),
            0,
            None,
            draw(st.frozensets(st.sampled_from(HERE), max_size=3)),
        )
        for place, plan_id in enumerate(ids)
    ]
    ballots = {}
    for plan_id in ids:
        scores = draw(SCORES)
        silent = draw(st.frozensets(st.sampled_from(HERE), max_size=3)) - scores.keys()
        ballots[plan_id] = Ballots(scores, silent)
    return plans, ballots


CONFIGS = st.builds(
    DecideConfig,
    rule=st.just(Rule.SUPPORT),
    min_grade=st.integers(1, 5),
    threshold=st.fractions(0, 1, max_denominator=6),
    strict=st.booleans(),
    quorum=st.none()
    | st.builds(Quorum, st.fractions(0, 1, max_denominator=4), st.integers(0, 6), st.booleans()),
    missing=st.sampled_from(Missing),
    exclude_submitters=st.booleans(),
    veto=st.none() | st.builds(Veto, st.integers(1, 2), st.fractions(0, 1, max_denominator=5)),
    lot_seed=st.sampled_from(["a", "b"]),
) | st.builds(
    DecideConfig,
    rule=st.sampled_from([Rule.MEAN, Rule.MEDIAN]),
    threshold=st.fractions(1, 5, max_denominator=4),
    strict=st.booleans(),
    quorum=st.none() | st.just(FREE),
)


@given(evenings(), CONFIGS, st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_d1_a_higher_score_never_turns_a_yes_into_a_no(
    evening: tuple[list[PlanAsk], dict[str, Ballots]], config: DecideConfig, data: st.DataObject
) -> None:
    plans, ballots = evening
    before = decide(plans, HERE, ballots, config)
    plan_id = data.draw(st.sampled_from(sorted(ballots)))
    raisable = sorted(person for person, score in ballots[plan_id].scores.items() if score < 5)
    if not raisable:
        return
    person = data.draw(st.sampled_from(raisable))
    raised = {**ballots[plan_id].scores, person: ballots[plan_id].scores[person] + 1}
    after = decide(plans, HERE, {**ballots, plan_id: replace(ballots[plan_id], scores=raised)}, config)
    if before.outcomes[plan_id].status is Status.YES:
        assert after.outcomes[plan_id].status is Status.YES


@given(evenings(), CONFIGS, st.integers(1, 5))
@settings(max_examples=EXAMPLES, deadline=None)
def test_d2_who_is_barred_or_absent_changes_nothing(
    evening: tuple[list[PlanAsk], dict[str, Ballots]], config: DecideConfig, score: int
) -> None:
    plans, ballots = evening
    config = replace(config, exclude_submitters=True)
    more = {
        plan.plan_id: replace(
            ballots[plan.plan_id],
            scores={**ballots[plan.plan_id].scores, "absent": score, **dict.fromkeys(plan.submitters, score)},
        )
        for plan in plans
    }
    assert decide(plans, HERE, more, config) == decide(plans, HERE, ballots, config)


@given(evenings(), CONFIGS, st.randoms(use_true_random=False))
@settings(max_examples=EXAMPLES, deadline=None)
def test_d4_order_and_names_of_people_change_nothing(
    evening: tuple[list[PlanAsk], dict[str, Ballots]], config: DecideConfig, random: object
) -> None:
    plans, ballots = evening
    names = dict(zip([*HERE, "absent"], [f"x{place}" for place in range(13)], strict=True))
    renamed = {
        plan_id: Ballots(
            {names[person]: score for person, score in reversed(each.scores.items())},
            [names[person] for person in each.abstained],
        )
        for plan_id, each in ballots.items()
    }
    others = [
        replace(plan, submitters=frozenset(names[person] for person in plan.submitters)) for plan in plans
    ]
    here = [names[person] for person in reversed(HERE)]
    after = decide(list(reversed(others)), here, renamed, config)
    before = decide(plans, HERE, ballots, config)
    assert after.outcomes == before.outcomes
    assert (after.ranking, after.ties, after.places) == (before.ranking, before.ties, before.places)


@given(evenings(), CONFIGS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_d5_another_plan_does_not_change_what_was_decided_about_this_one(
    evening: tuple[list[PlanAsk], dict[str, Ballots]], config: DecideConfig
) -> None:
    plans, ballots = evening
    together = decide(plans, HERE, ballots, config)
    for plan in plans:
        assert decide([plan], HERE, ballots, config).outcomes[plan.plan_id] == together.outcomes[plan.plan_id]
    kept = [plan.plan_id for plan in plans if together.outcomes[plan.plan_id].status is Status.YES]
    assert sorted(together.ranking) == sorted(kept)


@given(evenings(), CONFIGS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_d6_no_more_people_score_or_abstain_than_may(
    evening: tuple[list[PlanAsk], dict[str, Ballots]], config: DecideConfig
) -> None:
    plans, ballots = evening
    for outcome in decide(plans, HERE, ballots, config).outcomes.values():
        assert outcome.eligible >= outcome.scorers + outcome.abstained >= 0
        assert sum(outcome.hist) == outcome.scorers
        assert outcome.counted == sum(outcome.counted_hist) >= outcome.scorers


# -- a second opinion -----------------------------------------------------------------------------


def _by_hand(plan: PlanAsk, ballots: Ballots, config: DecideConfig) -> tuple[Status, list[int]]:
    """Decide with lists of scores and the statistics module, person by person."""
    may = [person for person in HERE if not (config.exclude_submitters and person in plan.submitters)]
    silent = [person for person in may if person in ballots.abstained]
    gave = [ballots.scores[person] for person in may if person in ballots.scores and person not in silent]
    filler = {Missing.IGNORE: [], Missing.LOWEST: [1], Missing.MIDDLE: [3]}[config.missing]
    counted = gave + filler * (len(may) - len(gave) - len(silent))
    if not gave:
        return Status.NO_QUORUM, counted
    if config.quorum is not None:
        heard = len(gave) + (len(silent) if config.quorum.count_abstain else 0)
        if heard < config.quorum.fraction * len(may) or heard < config.quorum.min_scorers:
            return Status.NO_QUORUM, counted
    if config.veto is not None:
        objections = sum(score <= config.veto.grade for score in counted)
        if Fraction(objections, len(counted)) > config.veto.max_share:
            return Status.NO_VETO, counted
    number = {
        Rule.SUPPORT: lambda: Fraction(sum(score >= config.min_grade for score in counted), len(counted)),
        Rule.MEAN: lambda: Fraction(sum(counted), len(counted)),
        Rule.MEDIAN: lambda: Fraction(statistics.median_low(counted)),
    }[config.rule]()
    passes = number > config.threshold if config.strict else number >= config.threshold
    return Status.YES if passes else Status.NO_THRESHOLD, counted


def _flips(plan: PlanAsk, counted: list[int], config: DecideConfig) -> int | None:
    """Move people over the line, one more at a time, until the threshold says otherwise."""

    def passes(scores: list[int]) -> bool:
        support = Fraction(sum(score >= config.min_grade for score in scores), len(scores))
        return support > config.threshold if config.strict else support >= config.threshold

    now = passes(counted)
    scores = sorted(counted, reverse=now)
    for moved in range(len(scores)):
        if (scores[moved] >= config.min_grade) is not now:
            return None
        scores[moved] = config.min_grade - 1 if now else config.min_grade
        if passes(scores) is not now:
            return moved + 1
    return None


@given(evenings(), CONFIGS)
@settings(max_examples=EXAMPLES * 2, deadline=None)
def test_counting_person_by_person_gives_the_same(
    evening: tuple[list[PlanAsk], dict[str, Ballots]], config: DecideConfig
) -> None:
    plans, ballots = evening
    decisions: Decisions = decide(plans, HERE, ballots, config)
    for plan in plans:
        outcome = decisions.outcomes[plan.plan_id]
        status, counted = _by_hand(plan, ballots[plan.plan_id], config)
        assert outcome.status is status
        if counted:
            assert outcome.mean == Fraction(sum(counted), len(counted))
            assert outcome.median == statistics.median_low(counted)
        if config.rule is Rule.SUPPORT and status in (Status.YES, Status.NO_THRESHOLD):
            assert outcome.margin_people == _flips(plan, counted, config)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30), st.integers(2, 5))
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_strict_majority_is_the_same_as_the_lower_median(scores: list[int], grade: int) -> None:
    support = one(scores, replace(OPEN, min_grade=grade))
    median = one(scores, replace(OPEN, rule=Rule.MEDIAN, threshold=Fraction(grade), strict=False))
    assert support.status is median.status
