"""The lot's throw: read as people type it, and never one or two signs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.evening.rules.lot import LotSettled, SeedMissing, SeedUnclear, check_throw_again, read_seed

BETWEEN = st.sampled_from(["", " ", "-", ",", ", ", " - ", "\u2013", ".", ";", "\t"])


@given(st.lists(st.integers(1, 6), min_size=5, max_size=50), BETWEEN, BETWEEN)
def test_throws_are_read_however_they_are_written(throws: list[int], between: str, around: str) -> None:
    read = read_seed(around + between.join(map(str, throws)) + around)
    assert read == "-".join(map(str, throws))
    assert read_seed(read) == read


@pytest.mark.parametrize(
    "typed",
    [
        "1", "11", "3-5-1-6", "3-5-1-6-7", "0-1-2-3-4", "351628", "٣-٥-١-٦-٢", "-----", "6, 6", "!!!!!!!!!",
        "abc", "zes-zes", "6" * 51, "lot " * 30,
    ],
)  # fmt: skip
def test_too_few_throws_figures_that_are_on_no_die_and_short_words_are_refused(typed: str) -> None:
    with pytest.raises(SeedUnclear):
        read_seed(typed)


@pytest.mark.parametrize("typed", ["", " ", "\t\n", "\u00a0"])
def test_nothing_is_no_throw(typed: str) -> None:
    with pytest.raises(SeedMissing):
        read_seed(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Kaarten:  klaver 7,\nharten 2 ", "Kaarten: klaver 7, harten 2"), ("lotto 08", "lotto 08"),
     ("قرعة رقم ١٢", "قرعة رقم ١٢")],
)  # fmt: skip
def test_whoever_draws_another_way_writes_down_in_words_what_came(typed: str, kept: str) -> None:
    assert read_seed(typed) == kept


@given(st.text(max_size=120))
def test_what_is_kept_is_at_least_five_throws_or_eight_signs(typed: str) -> None:
    try:
        read = read_seed(typed)
    except (SeedMissing, SeedUnclear):
        return
    assert re.fullmatch("[1-6](-[1-6]){4,}", read) or 8 <= len(read) <= 100


def test_nobody_throws_again_once_a_plan_was_open() -> None:
    check_throw_again(scored_versions=0)
    with pytest.raises(LotSettled):
        check_throw_again(scored_versions=1)
