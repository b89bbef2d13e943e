"""Steps that fit the pot: few presses to a large amount, and small enough to finish it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.divide.own_steps import steps_cents


@pytest.mark.parametrize(
    ("pot_euros", "steps_euros"),
    [
        (50, (1,)), (100, (1,)), (1_000, (10, 1)), (5_000, (100, 10)), (20_000, (500, 100)),
        (75_000, (1_000, 250)), (100_000, (2_500, 500)), (300_000, (5_000, 1_000)),
    ],
)  # fmt: skip
def test_the_steps_that_belong_to_a_pot(pot_euros: int, steps_euros: tuple[int, ...]) -> None:
    assert [step // 100 for step in steps_cents(pot_euros * 100)] == list(steps_euros)


@given(st.integers(1, 10_000_000_000))
def test_steps_are_whole_euros_and_ten_small_ones_make_at_least_a_large_one(pot_cents: int) -> None:
    large, small = (*steps_cents(pot_cents), 100)[:2]
    assert large % 100 == small % 100 == 0
    assert small <= large <= 10 * small
    assert (large == small) == (large < 400) or len(steps_cents(pot_cents)) == 2


@given(st.integers(400_000, 30_000_000), st.data())
def test_every_amount_of_small_steps_is_few_presses_away(pot_cents: int, data: st.DataObject) -> None:
    large, small = steps_cents(pot_cents)
    wanted = data.draw(st.integers(0, pot_cents // small)) * small
    presses = wanted // large + wanted % large // small
    assert presses <= 110
