"""What one person can give: whole euros, never above a limit, never more than there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.divide.rules.own import (
    GivenAboveLimit,
    GivenTooMuch,
    OwnPlan,
    SumDiffers,
    UnreadableShares,
    check_own,
    check_sum,
    parts,
    step_cents,
    whole_euros,
    wrong_shares,
)

EUROS = st.integers(0, 100_000).map(lambda euros: euros * 100)
LIMITS = st.dictionaries(st.integers(1, 9), EUROS, min_size=1)


@given(st.integers(1, 10_000_000_000))
def test_a_step_is_round_whole_euros_and_a_pot_has_forty_of_them_or_a_little_more(pot_cents: int) -> None:
    step = step_cents(pot_cents)
    assert step % 100 == 0
    assert str(step).rstrip("0") in ("1", "25", "5")
    if 400_000 <= pot_cents <= 20_000_000:
        assert 40 <= pot_cents // step <= 100


@pytest.mark.parametrize(
    ("pot_euros", "step_euros"),
    [(100, 1), (1_000, 10), (20_000, 500), (75_000, 1_000), (100_000, 2_500), (1_000_000, 5_000)],
)
def test_the_step_that_belongs_to_a_pot(pot_euros: int, step_euros: int) -> None:
    assert step_cents(pot_euros * 100) == step_euros * 100


@given(LIMITS, st.data())
def test_whatever_stays_below_every_limit_and_the_pot_can_be_given(
    limits: dict[int, int], data: st.DataObject
) -> None:
    shares = {plan_id: data.draw(st.integers(0, most // 100)) * 100 for plan_id, most in limits.items()}
    check_own(shares, limits, (), pot_cents=sum(shares.values()))
    if sum(shares.values()):
        with pytest.raises(GivenTooMuch) as refused:
            check_own(shares, limits, (), pot_cents=sum(shares.values()) - 1)
        assert refused.value.facts["over_cents"] == 1


@given(LIMITS, st.data())
def test_what_cannot_be_given_is_said_at_its_own_plan(limits: dict[int, int], data: st.DataObject) -> None:
    plan_id = data.draw(st.sampled_from(sorted(limits)))
    above = {plan_id: limits[plan_id] + 100}
    assert wrong_shares(above, limits, ())[plan_id].facts == {"limit_cents": limits[plan_id]}
    with pytest.raises(GivenAboveLimit):
        check_own(above, limits, (), pot_cents=10**12)
    for wrong in (-100, 50, 101):
        with pytest.raises(UnreadableShares):
            check_own({plan_id: wrong}, limits, (), pot_cents=10**12)
    with pytest.raises(UnreadableShares):
        check_own({99: 0}, limits, (), pot_cents=10**12)
    check_own({plan_id: 0}, limits, {plan_id}, pot_cents=0)
    with pytest.raises(OwnPlan):
        check_own({plan_id: 100}, limits, {plan_id}, pot_cents=10**12)


@given(st.lists(EUROS, max_size=8), EUROS)
def test_the_sum_on_the_paper_is_the_sum_of_its_amounts(amounts: list[int], typed: int) -> None:
    check_sum(amounts, typed_cents=sum(amounts))
    if typed != sum(amounts):
        with pytest.raises(SumDiffers):
            check_sum(amounts, typed_cents=typed)


@given(st.dictionaries(st.integers(1, 9), EUROS), EUROS)
def test_the_bar_never_runs_out_of_the_pot(shares: dict[int, int], left: int) -> None:
    bar = parts(shares, pot_cents=sum(shares.values()) + left)
    assert [plan_id for plan_id, _begin, _width in bar] == list(shares)
    at = 0
    for _plan_id, begin, width in bar:
        assert begin == at
        assert width >= 0
        at = begin + width
    assert at <= 1000


def test_loose_cents_are_not_given() -> None:
    assert [whole_euros(cents) for cents in (0, 99, 100, 721_848)] == [0, 0, 100, 721_800]
