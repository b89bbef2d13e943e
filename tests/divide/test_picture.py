"""The pictures say what the division says: what is drawn is computed again here, with other means."""

from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from pb.divide.fitting import size_of_outcome
from pb.divide.given import tell_exact
from pb.divide.picture import HEIGHT, Kind, Picture, YearBar, glasses, pot_bar
from pb.divide.queries import DivisionFacts, Line
from pb.divide.shown import nearest
from support.neighbourhood import NOW

# What each plan asks, gets, and was computed; its reserved part; and why people changed it.
Drawn = tuple[int, int, int, int, str | None]
REST = "wat over was"


def line(place: int, drawn: Drawn) -> Line:
    asks, gets, computed, reserved, reason = drawn
    steps = [SimpleNamespace(code="reserved", facts={"low": reserved})] if reserved else []
    if reason and reason != REST:
        steps.append(SimpleNamespace(code="amended", facts={"reason": reason}))
    plan: Any = SimpleNamespace(
        id=place, number=place + 10, title=f"Plan {place}", ask_cents=asks, least_cents=0
    )
    return Line(plan, place, gets, computed, "rest" if reason == REST else "share", steps)


def division(rule: str, *drawn: Drawn, **more: Any) -> DivisionFacts:
    lines = tuple(line(place, one) for place, one in enumerate(drawn, start=1))
    total, budget = sum(one.amount_cents for one in lines), more.pop("budget", 10_000)
    return DivisionFacts(
        id=1, evening_id=1, budget_cents=budget, cap_cents=more.pop("cap", 5_000), total_cents=total,
        leftover_cents=budget - total, rule=rule, level_cents=more.pop("level", None), sha256="",
        inputs={"rules": {"divide": {"rule": rule}}, **more}, result=more, proposed_at=NOW, proposed_by=1,
        agreement=None, confirmed_at=None, confirmed_by=None, lines=lines,
    )  # fmt: skip


def part_full(picture: Picture, place: int) -> float:
    glass = picture.glasses[place]
    return glass.water / glass.height


def test_with_one_level_all_water_that_is_not_at_the_rim_or_on_stones_stands_at_that_level() -> None:
    found = division(
        "equal", (6_000, 3_000, 3_000, 0, None), (2_000, 2_000, 2_000, 0, None),
        (4_500, 4_000, 4_000, 4_000, None), level=3_000,
    )  # fmt: skip
    picture = glasses(found)
    assert picture.kind is Kind.LEVEL
    first, full, on_stones = picture.glasses
    assert first.water_top == picture.level_y
    assert full.water == full.height
    assert on_stones.water == on_stones.stones
    assert picture.level_y is not None
    assert on_stones.water_top < picture.level_y < full.water_top
    # What was asked above the maximum is cut off at its line.
    assert first.cut_off
    assert first.top == picture.cap_y
    assert [one.cut_off for one in (full, on_stones)] == [False, False]


def test_with_one_percentage_all_glasses_are_as_high_and_as_full() -> None:
    found = division(
        "prop_request", (4_000, 3_000, 3_000, 0, None), (1_000, 750, 750, 0, None),
        (9_000, 3_750, 3_750, 0, None), lam="3/4",
    )  # fmt: skip
    picture = glasses(found)
    assert picture.kind is Kind.PART
    assert {glass.height for glass in picture.glasses} == {HEIGHT}
    assert [part_full(picture, place) for place in range(3)] == [0.75] * 3
    assert {glass.water_top for glass in picture.glasses} == {picture.level_y}
    assert picture.per_hundred_cents == 7_500
    assert picture.cap_y is None


def test_a_figure_that_is_not_whole_is_rounded_to_the_nearest_cent_and_never_cut_off() -> None:
    """Half goes up: 64.68945 of every 100 euros is 64.69, and 1,286.775 is 1,286.78."""
    found = division("prop_request", (1_000, 646, 646, 0, None), (9_000, 29, 29, 0, REST), lam="64689/100000")
    picture = glasses(found)
    assert picture.per_hundred_cents == 6_469
    assert (picture.rests, picture.all_share, picture.all_full) == ([12], False, False)
    assert [nearest(Fraction(*exact)) for exact in ((257_355, 2), (7, 3), (-1, 2))] == [128_678, 2, 0]
    steps = [
        SimpleNamespace(code="level", facts={"lam": "1750088/10", "level_cents": 175_008}),
        SimpleNamespace(code="rounded", facts={"exact": "1286778/10"}),
    ]
    tell_exact(steps)
    assert steps[0].facts["level_cents"] == 175_009
    assert steps[0].facts["exact_cents"] == 128_678


def test_the_sentence_about_what_people_gave_says_the_figure_of_the_table(app: Flask) -> None:
    amounts = {"lam": "1/1", "side": "share", "amount": 128_700, "held_by": None, "rule": "mean_proposals"}
    steps = [
        SimpleNamespace(code="level", facts=amounts | {"level_cents": None, "per_hundred_cents": None}),
        SimpleNamespace(code="rounded", facts={"exact": "1286778/10"}),
    ]
    tell_exact(steps)
    with app.test_request_context():
        page = render_template_string(
            "{% from 'divide/_why.html' import why with context %}{{ why(steps) }}", steps=steps
        )
    assert "kwamen ze voor dit plan op € 1.286,78. Afgerond is dat € 1.287." in page.replace("\u00a0", " ")


def test_in_a_queue_each_plan_is_filled_from_what_the_others_left() -> None:
    found = division(
        "greedy_full", (4_000, 4_000, 4_000, 0, None), (5_000, 5_000, 5_000, 0, None),
        (2_000, 0, 1_000, 0, None), (1_000, 800, 0, 0, "Toch wel."),
    )  # fmt: skip
    picture = glasses(found)
    assert picture.kind is Kind.QUEUE
    # What people settled goes first: 800 of 10,000.
    assert [glass.free_cents for glass in picture.glasses] == [9_200, 5_200, 200, None]
    assert [glass.changed for glass in picture.glasses] == [False, False, False, True]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("trimmed_mean_proposals", 1_500),
        ("mean_proposals", 1_950),
        ("median_proposals", 1_500),
        ("per_euro", None),
    ],
)
def test_what_people_gave_is_worked_out_as_the_rule_does(rule: str, expected: int | None) -> None:
    """Ten people, a tenth is left out at each end: 0 and 6,000 go; the others are 1,000, 1,500 or 2,000."""
    given_amounts = [0, 1_000, 1_000, 1_500, 1_500, 1_500, 1_500, 2_000, 2_000, 6_000 + 1_500]
    found = division(
        rule, (5_000, 1_500, 1_500, 0, None), proposals={"11": given_amounts}
    )  # fmt: skip
    picture = glasses(found)
    assert picture.given == ({} if expected is None else {1: expected})


def test_plans_that_are_bought_whole_stand_in_the_order_of_purchase() -> None:
    found = division(
        "mes", (4_000, 0, 0, 0, None), (2_000, 2_000, 2_000, 0, None), (3_000, 3_000, 3_000, 0, None),
        order=["13", "12"],
    )  # fmt: skip
    picture = glasses(found)
    assert picture.kind is Kind.WHOLE
    assert [glass.number for glass in picture.glasses] == [13, 12, 11]
    assert [part_full(picture, place) for place in range(3)] == [1, 1, 0]


def test_a_changed_plan_shows_both_amounts_and_only_it_is_called_changed() -> None:
    found = division(
        "equal", (4_000, 3_500, 2_000, 0, "Daarom."), (4_000, 1_000, 2_000, 0, None), level=1_000
    )
    changed, after = glasses(found).glasses
    assert changed.changed
    assert not after.changed
    assert changed.computed_y == after.computed_y
    assert changed.water_top < (changed.computed_y or 0)
    assert after.water_top > (after.computed_y or 0)


@given(
    st.lists(st.tuples(st.integers(1, 10**8), st.integers(0, 100)), min_size=1, max_size=14),
    st.integers(1, 10**8),
    st.sampled_from(["equal", "prop_request", "greedy_full", "prop_score", "mes", "per_euro"]),
    st.booleans(),
)
def test_whatever_is_divided_stays_inside_its_glass_and_its_bar(
    plans: list[tuple[int, int]], cap: int, rule: str, slim: bool
) -> None:
    drawn: list[Drawn] = []
    for ask, part in plans:
        amount = min(ask, cap) * part // 100
        drawn.append((ask, amount, amount, amount // 2, None))
    total = sum(one[1] for one in drawn)
    found = division(rule, *drawn, budget=total + 7, cap=cap, level=cap // 2, lam="1/2")
    picture = glasses(found, slim=slim)
    assert len(picture.glasses) == len(plans)
    for glass in picture.glasses:
        assert 0 <= glass.stones <= glass.water <= glass.height
        assert glass.top + glass.height == glass.water_top + glass.water == picture.bottom
        assert 0 <= glass.x <= picture.labels_x - picture.glass
    bar = pot_bar(found)
    assert sum(part.amount_cents for part in bar) == total
    assert all(part.x >= before.x + before.width for before, part in pairwise(bar))
    assert not bar or bar[-1].x + bar[-1].width <= 1000


def test_the_year_bar_holds_what_was_spent_what_is_divided_and_what_is_left() -> None:
    """public-16 in one round: 300,000; what is left after 267,450 is 32,550."""
    year = YearBar(pot_cents=30_000_000, spent_cents=20_000_000, now_cents=6_745_000)
    assert year.left_cents == 3_255_000
    assert [year.part(cents) for cents in (20_000_000, 6_745_000)] == [666, 224]
    assert YearBar(pot_cents=0, spent_cents=0, now_cents=0).part(0) == 0


def test_an_outcome_is_set_smaller_before_the_seal_under_it_would_leave_the_screen() -> None:
    """Measured at 1280 by 720: eight names of one line stand large, sixteen stand in small lines."""
    found = {count: division("equal", *[(600, 600, 600, 0, None)] * count) for count in (8, 9, 12, 16)}
    assert [size_of_outcome(one) for one in found.values()] == ["", "many", "many", "many tight"]
    reason = "Het panel wil dit, want het kan ook met minder. " * 4
    assert size_of_outcome(division("equal", *[(600, 500, 600, 0, reason)] * 6)) == "many tight"


def test_labels_of_two_lines_that_almost_touch_stand_apart() -> None:
    found = division("equal", (6_000, 4_950, 4_950, 0, None), (6_000, 4_950, 4_950, 0, None), level=4_950)
    for slim in (False, True):
        picture = glasses(found, slim=slim)
        assert picture.level_label_y - picture.cap_label_y >= 50


def test_a_plan_in_the_room_goes_by_its_place_on_the_agenda() -> None:
    found = division("equal", (4_000, 2_000, 2_000, 0, None), level=2_000)
    assert [glass.number for glass in glasses(found, {1: 7}).glasses] == [7]
    assert [part.number for part in pot_bar(found, {1: 7})] == [7]
    assert [part.number for part in pot_bar(found)] == [11]
