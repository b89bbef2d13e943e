"""Targets out of shares: exact, and never more than there are seats."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.inviting.rules.asking_features import (
    NewFeature,
    NewValue,
    TargetCrossed,
    TargetNegative,
    TargetNotWhole,
    TargetTooHigh,
    ValueTwice,
    check_feature,
    read_count,
    shut_out,
)
from pb.inviting.rules.shares import (
    Bounds,
    MaximaBelowSeats,
    MinimaExceedSeats,
    SharesMissing,
    ToleranceWrong,
    check_sums,
    read_tolerance,
    share_of,
    targets_from_shares,
)


@given(
    st.lists(st.integers(0, 200_000), min_size=2, max_size=12).filter(any),
    st.integers(2, 500),
    st.fractions(0, Fraction(1, 2), max_denominator=1000),
)
def test_targets_from_shares_always_fit_the_seats(people: list[int], seats: int, tolerance: Fraction) -> None:
    """Minima fit, maxima are enough, shares lie between them, no bound is further off than asked."""
    bounds = targets_from_shares(people, seats, tolerance)
    check_sums("leeftijd", bounds, seats)
    room = max(tolerance * seats, Fraction(1))
    for count, bound in zip(people, bounds, strict=True):
        ideal = Fraction(count * seats, sum(people))
        assert bound.least is not None
        assert bound.most is not None
        assert 0 <= bound.least <= ideal <= max(bound.most, ideal)
        assert bound.most <= seats
        assert ideal - bound.least <= room or bound.least == 0
        assert bound.most - ideal <= room
        assert bound.least >= 1 or ideal < 1
        assert bound.most >= 1


def test_a_neighbourhood_of_a_thousand_worked_by_hand() -> None:
    """Of 40 seats with 10 points: four seats of room; 61 of 1,000 are worth 2.44 seats, so at least one."""
    bounds = targets_from_shares([61, 200, 300, 279, 160], 40, Fraction(10, 100))
    assert bounds == [Bounds(1, 6), Bounds(4, 12), Bounds(8, 16), Bounds(8, 15), Bounds(3, 10)]
    # Without room a target still leaves a seat on both sides.
    assert targets_from_shares([1, 1], 40, Fraction(0)) == [Bounds(19, 21), Bounds(19, 21)]
    # Nobody in the neighbourhood: no promise, and no closed door.
    assert targets_from_shares([50, 50, 0], 40, Fraction(10, 100))[2] == Bounds(0, 4)


def test_shares_need_every_number() -> None:
    """A missing number is not a zero."""
    assert share_of([1, None]) is None
    assert share_of([0, 0]) is None
    assert share_of([1, 2]) == [Fraction(1, 3), Fraction(2, 3)]
    with pytest.raises(SharesMissing):
        targets_from_shares([0, 0], 40, Fraction(1, 10))


@pytest.mark.parametrize(
    ("typed", "points"),
    [("10", Fraction(1, 10)), ("7,5", Fraction(3, 40)), ("7.5 %", Fraction(3, 40)), ("0", 0)],
)
def test_a_tolerance_is_read_exactly(typed: str, points: Fraction) -> None:
    """A comma, a point or a percent sign are all fine."""
    assert read_tolerance(typed) == points


@pytest.mark.parametrize("typed", ["", "-1", "51", "tien", "1e1", "1.2.3", ",5", "٣"])
def test_what_is_no_tolerance_is_refused(typed: str) -> None:
    """Half the seats is the most that makes sense."""
    with pytest.raises(ToleranceWrong):
        read_tolerance(typed)


def test_counts_are_whole_and_not_negative() -> None:
    """The sentences of a list of targets hold for typed ones too."""
    assert read_count("", "least") is None
    assert read_count(" 12 ", "most") == 12
    assert read_count("1.250", "people") == 1250
    assert read_count("12 500", "people") == 12500
    for typed in ("4.5", "4,5", "vier", "1e3", "1.250", "1250000000"):
        with pytest.raises(TargetNotWhole):
            read_count(typed, "least")
    with pytest.raises(TargetNegative):
        read_count("-3", "least")


def feature(*values: NewValue) -> NewFeature:
    return NewFeature("woning", "?", "", "", values)


def test_impossible_targets_are_refused_before_anybody_is_asked() -> None:
    """Crossed, too high, twice, too many minima, too few maxima."""
    huur, koop = NewValue("huur", 1, 2, 6), NewValue("koop", 1, 2, 6)
    check_feature(feature(huur, koop), 8)
    for wrong, refusal in (
        (feature(NewValue("huur", 1, 5, 4), koop), TargetCrossed),
        (feature(NewValue("huur", 1, 2, 9), koop), TargetTooHigh),
        (feature(huur, NewValue("Huur")), ValueTwice),
        (feature(NewValue("huur", 1, 5, 8), NewValue("koop", 1, 4, 8)), MinimaExceedSeats),
        (feature(NewValue("huur", 1, 0, 3), NewValue("koop", 1, 0, 4)), MaximaBelowSeats),
    ):
        with pytest.raises(refusal):
            check_feature(wrong, 8)
    assert [told.facts for told in shut_out((huur, NewValue("boot", 3, 0, 0)))] == [{"value": "boot"}]
