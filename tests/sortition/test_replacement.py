"""Drawing for people who withdrew."""

from collections import Counter

import pytest

from pb.sortition.lottery.drawing import freeze
from pb.sortition.lottery.replacing import replace_withdrawn
from pb.sortition.rules.invited import Seated
from pb.sortition.rules.pack import Terms
from pb.sortition.rules.pool import Pool
from pb.sortition.rules.refusals import LotteryConfirmedUnknown, LotteryReplacementFails
from support.lots import fits, pool_of

AGAIN = Terms(panels=100, seed="announced", household=True)


def neighbourhood() -> Pool:
    people = [(("man", "vrouw")[number % 2], ("jong", "oud")[number % 3 == 0]) for number in range(60)]
    return pool_of(
        people,
        {"geslacht": {"man": (5, 7), "vrouw": (5, 7)}, "leeftijd": {"jong": (7, 9), "oud": (3, 5)}},
        12,
        [f"h{number // 2}" for number in range(60)],
    )


def test_whoever_stays_keeps_the_seat_and_the_whole_panel_meets_its_targets() -> None:
    pool = neighbourhood()
    first = freeze(pool, Seated(pool, (), ()), Terms(panels=20, household=True)).panels[3]
    stay, gone = first[3:], set(first[:3])
    again = replace_withdrawn(pool, stay, first, AGAIN)
    assert len(again.panels) == 100
    homes = {pool.by_id[one].household for one in stay}
    for panel in again.panels:
        assert not gone & set(panel)
        assert fits(pool, [pool.by_id[one] for one in (*panel, *stay)])
        assert not homes & {pool.by_id[one].household for one in panel}
    assert replace_withdrawn(pool, stay, first, AGAIN).frozen.public == again.frozen.public
    assert max(Counter(one for panel in again.panels for one in panel).values()) < 100


def test_a_replacement_that_cannot_keep_a_target_says_which_and_by_how_much() -> None:
    pool = pool_of([("a",)] * 3 + [("b",)] * 8, {"f": {"a": (3, 3), "b": (2, 2)}}, 5)
    with pytest.raises(LotteryReplacementFails) as failed:
        replace_withdrawn(pool, ["p00", "p01", "p03", "p04"], ["p00", "p01", "p02", "p03", "p04"], AGAIN)
    (value,) = failed.value.facts["values"]  # type: ignore[misc]
    assert (value["value"], value["found"], value["needed"]) == ("a", 0, 1)  # type: ignore[has-type]


def test_nobody_stays_who_was_never_there() -> None:
    with pytest.raises(LotteryConfirmedUnknown):
        replace_withdrawn(neighbourhood(), ["p00", "x"], ["p00"], AGAIN)
