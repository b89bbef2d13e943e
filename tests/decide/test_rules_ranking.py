"""In which order the decided plans stand, and what put them there."""

import hashlib
from dataclasses import replace
from fractions import Fraction

import pytest

from pb.decide.rules import Ballots, Criterion, DecideConfig, Decisions, PlanAsk, Quorum, decide

CONFIG = DecideConfig(quorum=Quorum(Fraction(1, 2), 0), lot_seed="dobbelsteen 3-5-1-6-2")


def ranked(scores: dict[str, list[int]], *chain: Criterion, seed: str = "a", **asks: int) -> Decisions:
    people = [f"r{number}" for number in range(max(len(given) for given in scores.values()))]
    plans = [PlanAsk(plan_id, place, asks.get(plan_id, 100)) for place, plan_id in enumerate(scores)]
    ballots = {plan_id: Ballots(dict(zip(people, given, strict=False))) for plan_id, given in scores.items()}
    config = replace(CONFIG, rank=chain or CONFIG.rank, lot_seed=seed, quorum=None)
    return decide(plans, people, ballots, config)


def test_support_comes_before_the_mean_and_the_mean_before_the_ones() -> None:
    decisions = ranked(
        {"a": [5, 5, 5, 1], "b": [4, 4, 4, 4], "c": [5, 5, 5, 2], "d": [5, 4, 4, 3], "e": [5, 5, 4, 2]}
    )
    assert decisions.ranking == ("b", "c", *sorted(("d", "e"), key=_lot("a")), "a")


def _lot(seed: str):  # type: ignore[no-untyped-def]
    return lambda plan_id: hashlib.sha256(f"{seed}:{plan_id}".encode()).hexdigest()


def test_equal_plans_are_parted_by_a_lot_that_anybody_can_draw_again() -> None:
    for seed in ("a", "b", "dobbelsteen 3-5-1"):
        decisions = ranked({plan_id: [5, 5, 4] for plan_id in "pqrs"}, seed=seed)
        assert decisions.ranking == tuple(sorted("pqrs", key=_lot(seed)))
        assert decisions.ties == (decisions.ranking,)
        place = decisions.places[decisions.ranking[1]]
        assert (place.place, place.of, place.by) == (2, 4, Criterion.LOT)
        assert set(place.tied_with) == set("pqrs") - {decisions.ranking[1]}


def test_a_tie_before_the_order_of_submission_is_told_too() -> None:
    decisions = ranked(
        {"b": [5, 5], "a": [5, 5], "c": [5, 4]}, Criterion.SUPPORT, Criterion.MEAN, Criterion.ORDER
    )
    assert decisions.ranking == ("b", "a", "c")
    assert decisions.ties == (("b", "a"),)
    assert decisions.places["c"].by is Criterion.MEAN


def test_a_chain_without_order_or_lot_ends_with_the_lot() -> None:
    decisions = ranked({"a": [5], "b": [5]}, Criterion.SUPPORT, seed="x")
    assert decisions.ranking == tuple(sorted("ab", key=_lot("x")))


@pytest.mark.parametrize(
    ("link", "best", "worst"),
    [
        (Criterion.SUPPORT, [4, 4, 4], [5, 5, 3]),
        (Criterion.MEAN, [5, 5, 3], [4, 4, 4]),
        (Criterion.MEDIAN, [5, 5, 1], [4, 4, 5]),
        (Criterion.GMJ, [4, 4, 4, 5], [4, 4, 4, 3]),
        (Criterion.MJ_GAUGE, [4, 4, 4, 5], [4, 4, 4, 3]),
        (Criterion.MJ_GAUGE, [4, 4, 4, 4, 3], [4, 4, 5, 3]),
        (Criterion.FEWEST_LOWEST, [4, 4, 4, 2], [5, 5, 5, 1]),
        (Criterion.SCORERS, [4, 4, 4], [5, 5]),
    ],
)
def test_each_link_of_the_chain_puts_the_better_plan_first(
    link: Criterion, best: list[int], worst: list[int]
) -> None:
    decisions = ranked({"w": worst, "b": best}, link, Criterion.LOT)
    assert decisions.ranking == ("b", "w")
    assert {place.by for place in decisions.places.values()} == {link}
    assert decisions.ties == ()


def test_a_smaller_request_can_come_first() -> None:
    decisions = ranked({"a": [5], "b": [5]}, Criterion.REQUEST, a=300, b=200)
    assert decisions.ranking == ("b", "a")
