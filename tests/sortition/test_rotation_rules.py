"""Who makes room for newcomers: whoever sat the longest, and the lot between equals."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pb.core.lot import lot_key
from pb.sortition.rules.rotation import RotationCountWrong, Sitter, newcomers_for, step_down
from support.neighbourhood import NOW

DAYS = st.lists(st.integers(0, 3), min_size=2, max_size=12)


def sitters(days: list[int]) -> list[Sitter]:
    return [Sitter(f"C{place:02}", NOW + timedelta(days=day)) for place, day in enumerate(days)]


def test_a_worked_example() -> None:
    # A and B sit since the first day; C, D and E since the second. Of three, A and B go, and one by lot.
    panel = [Sitter("A", NOW), Sitter("B", NOW)] + [Sitter(one, NOW + timedelta(days=1)) for one in "CDE"]
    first = min("CDE", key=lambda code: lot_key("2-5-6", code))
    assert set(step_down(panel, 3, "2-5-6")) == {"A", "B", first}
    assert newcomers_for(40) == 14
    assert newcomers_for(12) == 4


@settings(max_examples=25, deadline=None)
@given(DAYS, st.data())
def test_exactly_so_many_go_and_nobody_stays_longer_than_who_goes(
    days: list[int], data: st.DataObject
) -> None:
    panel = sitters(days)
    count = data.draw(st.integers(1, len(panel) - 1))
    gone = step_down(panel, count, "seed")
    assert len(set(gone)) == len(gone) == count
    since = {one.code: one.since for one in panel}
    assert max(since[one] for one in gone) <= min(since[one.code] for one in panel if one.code not in gone)
    assert step_down(data.draw(st.permutations(panel)), count, "seed") == gone


def test_the_seed_decides_between_equals_and_everybody_can_be_chosen() -> None:
    panel = sitters([0] * 6)
    assert {step_down(panel, 1, str(seed))[0] for seed in range(200)} == {one.code for one in panel}


@pytest.mark.parametrize("count", [0, 3, -1])
def test_nobody_or_everybody_cannot_step_down(count: int) -> None:
    with pytest.raises(RotationCountWrong) as wrong:
        step_down(sitters([0, 0, 1]), count, "seed")
    assert wrong.value.facts["most"] == 2
