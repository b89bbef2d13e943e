"""Everybody's best possible chance, and panels that keep every target."""

from collections import Counter
from fractions import Fraction
from math import ceil, floor
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pb.core.errors import BadInput
from pb.sortition.lottery.columns import mix_panels
from pb.sortition.lottery.drawing import freeze, make_panels, panels_advised
from pb.sortition.lottery.foreseeing import foresee
from pb.sortition.rules.binding import Cause
from pb.sortition.rules.exact import solve_exactly
from pb.sortition.rules.invited import Seated
from pb.sortition.rules.pack import Terms
from pb.sortition.rules.pool import Pool
from pb.sortition.rules.refusals import LotteryTargetsContradict
from support.lots import every_panel, fits, homes_of_two, no_whole_panel, one_without_chance, pool_of


@st.composite
def pools(draw: st.DrawFn, features: int = 2, *, fitting: bool = False) -> Pool:
    """Make a small pool; with ``fitting`` at least one panel meets its targets."""
    count = draw(st.integers(3, 9))
    names = "abc"
    people = draw(st.lists(st.tuples(*[st.sampled_from(names)] * features), min_size=count, max_size=count))
    homes = draw(st.lists(st.sampled_from([None, None, "h1", "h2", "h3"]), min_size=count, max_size=count))
    apart = [number for number, home in enumerate(homes) if home is None or home not in homes[:number]]
    seats = draw(st.integers(1, min(5, len(apart) if fitting else count)))
    chosen = draw(st.permutations(apart))[:seats]
    bounds = {}
    for number in range(features):
        held = Counter(people[one][number] for one in (chosen if fitting else range(count)))
        bounds[f"f{number}"] = {}
        for name in names:
            low = draw(st.integers(0, min(2, held[name], seats)))
            bounds[f"f{number}"][name] = (
                low,
                draw(st.integers(max(low, held[name]) if fitting else low, seats)),
            )
    return pool_of(people, bounds, seats, homes)


@given(pools())
@settings(max_examples=80, deadline=None)
def test_chances_are_the_best_that_any_way_of_drawing_could_give(pool: Pool) -> None:
    panels = every_panel(pool)
    if not panels:
        with pytest.raises(BadInput):
            foresee(pool)
        return
    prospect = foresee(pool)
    seen = {one for panel in panels for one in panel}
    assert {one for one, chance in prospect.by_id.items() if chance} == seen
    chances = prospect.chances
    assert chances.is_exact
    assert sum(prospect.by_id.values()) == pool.seats
    # The bound is a proof for every way of drawing; here every panel is known, so try them all at random.
    assert chances.bound is not None
    assert chances.lowest <= chances.bound.limit <= chances.lowest * Fraction(1001, 1000)
    turns = Counter(one for panel in panels for one in panel)
    assert min(Fraction(turns[one], len(panels)) for one in seen) <= chances.bound.limit


@given(pools(fitting=True))
@settings(max_examples=40, deadline=None)
def test_every_panel_keeps_every_target_and_address(pool: Pool) -> None:
    prospect = foresee(pool)
    panels = make_panels(prospect, 24, "seed")
    assert len(panels) == 24
    for panel in panels:
        assert panel == tuple(sorted(panel))
        assert fits(pool, [pool.by_id[one] for one in panel])


@given(pools(features=1, fitting=True), st.integers(2, 40))
@settings(max_examples=40, deadline=None)
def test_turns_are_the_chance_rounded_down_or_up(pool: Pool, count: int) -> None:
    prospect = foresee(pool)
    turns = Counter(one for panel in make_panels(prospect, count, "seed") for one in panel)
    for one, chance in prospect.by_id.items():
        assert floor(chance * count) <= turns[one] <= ceil(chance * count)


@pytest.mark.drill
@given(st.one_of(pools(), pools(features=3), pools(features=3, fitting=True)))
@settings(max_examples=1500, deadline=None)
def test_of_many_pools_each_is_drawn_well_or_refused(pool: Pool) -> None:
    panels = every_panel(pool)
    if not panels:
        with pytest.raises(BadInput):
            foresee(pool)
        return
    prospect = foresee(pool)
    assert {one for one, chance in prospect.by_id.items() if chance} == {
        one for each in panels for one in each
    }
    assert set(make_panels(prospect, 12, "seed")) <= set(panels)


def test_of_two_at_each_of_twenty_addresses_one_is_drawn() -> None:
    pool = homes_of_two()
    prospect = foresee(pool)
    assert set(prospect.by_id.values()) == {Fraction(1, 2)}
    panels = make_panels(prospect, 1000, "seed")
    assert all({pool.by_id[one].household for one in panel} == set(pool.households) for panel in panels)
    assert set(Counter(one for panel in panels for one in panel).values()) == {500}
    assert len(set(panels)) == 1000


def test_somebody_whom_no_panel_can_hold_is_named_and_takes_nothing_from_others() -> None:
    prospect = foresee(one_without_chance())
    assert prospect.chances.without_chance() == ("p40",)
    assert set(prospect.by_id.values()) == {Fraction(0), Fraction(1, 4)}
    assert [doubt.code for doubt in prospect.doubts] == [
        "sortition.value-shut-out",
        "sortition.no-chance",
    ]


def test_targets_that_only_fit_on_paper_are_refused_with_the_smallest_change() -> None:
    with pytest.raises(LotteryTargetsContradict) as refused:
        foresee(no_whole_panel())
    assert refused.value.facts["fits_on_paper"]
    changes = refused.value.facts["changes"]
    assert isinstance(changes, tuple)
    assert sum(abs(change["before"] - change["after"]) for change in changes) == 2
    assert refused.value.facts["losers"]


def test_whoever_fits_on_paper_only_is_set_aside() -> None:
    """Two kinds can be mixed to look like a third; nobody can sit beside the odd one in a whole panel."""
    pairs = [("ja", "nee"), ("nee", "ja")] * 3
    pool = pool_of(
        [(*pair, "x") for pair in pairs] + [("ja", "ja", "y")],
        {
            "f1": {"ja": (1, 1), "nee": (1, 1)},
            "f2": {"ja": (1, 1), "nee": (1, 1)},
            "f3": {"x": (0, 2), "y": (0, 2)},
        },
        2,
    )
    assert foresee(pool).chances.without_chance() == ("p06",)


def test_the_lowest_chance_has_its_reason() -> None:
    many = [("hbo",)] * 113 + [("mbo",)] * 87
    found = foresee(pool_of(many[:90] + many[150:160], {"o": {"hbo": (0, 9), "mbo": (0, 20)}}, 12)).binding
    assert found is not None
    assert (found.cause, found.value, found.people, found.seats) == (Cause.MOST, "hbo", 90, 9)
    rest = foresee(
        pool_of(
            [("a",)] * 5 + [("b",)] * 5 + [("c",)] * 20, {"f": {"a": (3, 9), "b": (3, 9), "c": (0, 9)}}, 8
        )
    ).binding
    assert rest is not None
    assert (rest.cause, rest.targets, rest.people, rest.seats) == (Cause.REST, (("f", "c"),), 20, 2)


def test_the_highest_chance_is_no_higher_than_it_must_be() -> None:
    pool = pool_of(
        [("a", "x")] * 10 + [("b", "x")] * 5 + [("b", "y")] * 5,
        {"f": {"a": (0, 2), "b": (0, 8)}, "g": {"x": (0, 9), "y": (0, 9)}},
        6,
    )
    chances = foresee(pool).chances
    assert (chances.lowest, chances.highest) == (Fraction(1, 5), Fraction(2, 5))


def test_when_whole_panels_cannot_reach_the_best_chances_that_is_told() -> None:
    """Whoever has a partner can be drawn; the sums on paper let others lend theirs."""
    chance = Random("pairs")
    people = [tuple(chance.choice("jn") for _ in range(4)) for _ in range(40)]
    pool = pool_of(people, {f"f{number}": {"j": (1, 1), "n": (1, 1)} for number in range(4)}, 2)
    drawn = freeze(pool, Seated(pool, (), ()), Terms(panels=200))
    turns = Counter(one for panel in drawn.panels for one in panel)
    fewest = min(turns[one] for one, share in drawn.prospect.by_id.items() if share)
    told = [doubt.facts for doubt in drawn.doubts if doubt.code == "sortition.chances-off"]
    assert bool(told) == (fewest < 200 * drawn.prospect.chances.lowest // 1 - 1)
    assert set(drawn.panels) <= set(every_panel(pool))


def test_everybody_in_the_pool_may_be_needed() -> None:
    pool = pool_of([("a",)] * 3, {"f": {"a": (3, 3)}}, 3)
    prospect = foresee(pool)
    assert prospect.chances.always() == ("p00", "p01", "p02")
    assert make_panels(prospect, 4, "seed") == [("p00", "p01", "p02")] * 4


def test_mixing_whole_panels_comes_as_near_as_halving() -> None:
    prospect = foresee(one_without_chance())
    frame = prospect.frame
    shares = [prospect.by_id[group.members[0]] for group in frame.grouping.groups]
    mixed = mix_panels(frame, shares, 40, "seed")
    assert mixed is not None
    for seats, share, group in zip(np.sum(mixed, axis=0), shares, frame.grouping.groups, strict=True):
        assert abs(seats / group.size - 40 * share) <= 1


def test_small_chances_ask_for_more_panels() -> None:
    assert panels_advised(foresee(homes_of_two())) == 1000
    assert panels_advised(foresee(pool_of([("a",)] * 100, {"f": {"a": (1, 1)}}, 1))) == 10_000


def test_equations_that_say_too_little_or_too_much_are_not_solved() -> None:
    one = Fraction(1)
    assert solve_exactly([({0: 2, 1: 1}, one), ({0: 1}, one)], 2) == [1, -1]
    assert solve_exactly([({0: 1, 1: 1}, one)], 2) is None
    assert solve_exactly([({0: 1}, one), ({0: 2}, one)], 1) is None
