"""What the console asks before closing, and whom it says was not heard yet."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.decide.rules.config import DecideConfig, Quorum
from pb.decide.rules.deciding import quorum_of
from pb.evening.rules.closing import Gaps, scores_needed
from pb.evening.rules.score import Spread, spread_of
from pb.evening.rules.talk import NoSuchFigure, check_figure, unheard

FULL = Gaps(seats=(), floor=0, scores=30, needed=20)


def test_when_everybody_scored_nothing_is_asked() -> None:
    assert not FULL.any


@pytest.mark.parametrize(
    "gaps",
    [
        Gaps(seats=(3,), floor=0, scores=30, needed=20),
        Gaps(seats=(), floor=1, scores=30, needed=20),
        Gaps(seats=(), floor=0, scores=19, needed=20),
        Gaps(seats=(), floor=0, scores=0, needed=0),
    ],
)
def test_it_is_asked_when_somebody_is_missing_or_when_too_few_scored(gaps: Gaps) -> None:
    assert gaps.any


@given(
    st.one_of(
        st.none(),
        st.builds(
            Quorum,
            st.fractions(min_value=0, max_value=1, max_denominator=12),
            st.integers(0, 40),
            st.booleans(),
        ),
    ),
    st.integers(0, 500),
)
def test_the_console_asks_for_as_many_scores_as_the_decision_will(quorum: Quorum | None, people: int) -> None:
    frozen = DecideConfig(quorum=quorum).to_json()
    assert scores_needed(frozen, people) == quorum_of(quorum, people)


def test_a_round_without_a_word_about_it_asks_for_a_half_and_five() -> None:
    assert scores_needed({}, 11) == quorum_of(Quorum(Fraction(1, 2), 5), 11) == 6
    assert scores_needed({}, 4) == 5


def test_unheard_are_the_low_and_high_figures_with_people_and_without_a_turn() -> None:
    spread = Spread((3, 4, 6, 0, 14))
    assert unheard(spread, {}) == (1, 2, 5)
    assert unheard(spread, {5: 2}) == (1, 2)
    assert unheard(spread, {1: 1, 2: 1, 5: 1}) == ()


def test_the_middle_is_never_asked_to_speak_by_itself_and_an_empty_figure_neither() -> None:
    assert unheard(spread_of([3, 3, 3]), {}) == ()
    assert unheard(spread_of([]), {}) == ()


@pytest.mark.parametrize("figure", [0, 6, -1, 100])
def test_a_figure_that_is_not_there_gets_no_turn(figure: int) -> None:
    with pytest.raises(NoSuchFigure):
        check_figure(figure)
