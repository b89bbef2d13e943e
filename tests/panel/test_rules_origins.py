"""Where seats come from, and what a panel may be called."""

import pytest

from pb.core.errors import BadInput
from pb.panel.rules.origins import (
    MixKind,
    Origin,
    next_seat_numbers,
    origin_mix,
    read_origin,
    read_seat_number,
)

LOT, INVITED, AMBASSADOR, EXPERIENCE = Origin


@pytest.mark.parametrize(
    ("origins", "kind"),
    [
        ([], MixKind.EMPTY),
        ([LOT], MixKind.DRAWN),
        ([LOT] * 40, MixKind.DRAWN),
        ([LOT] * 39 + [INVITED], MixKind.MIXED),
        ([LOT] * 39 + [AMBASSADOR], MixKind.MIXED),
        ([INVITED], MixKind.INVITED),
        ([INVITED] * 30 + [EXPERIENCE], MixKind.INVITED),
        ([INVITED] * 39 + [LOT], MixKind.MIXED),
    ],
)
def test_a_panel_is_called_drawn_only_when_every_seat_was(origins: list[Origin], kind: MixKind) -> None:
    assert origin_mix(origins).kind is kind


def test_the_mix_counts_every_origin_and_merges_none() -> None:
    mix = origin_mix([INVITED, LOT, EXPERIENCE, INVITED, AMBASSADOR])
    assert mix.seats == {LOT: 1, INVITED: 2, AMBASSADOR: 1, EXPERIENCE: 1}
    assert list(mix.seats) == list(Origin)
    assert mix.total == 5
    assert origin_mix([LOT]).seats == {LOT: 1, INVITED: 0, AMBASSADOR: 0, EXPERIENCE: 0}


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("netwerk", INVITED),
        (" Uitgenodigd ", INVITED),
        ("invited", INVITED),
        ("Ambassadeur", AMBASSADOR),
        ("ERVARING", EXPERIENCE),
        ("ervaringsdeskundige", EXPERIENCE),
    ],
)
def test_an_origin_is_read_as_lists_name_it(typed: str, origin: Origin) -> None:
    assert read_origin(typed) is origin


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("geloot", "panel.origin-drawn-in-list"),
        ("Loting", "panel.origin-drawn-in-list"),
        ("lot", "panel.origin-drawn-in-list"),
        ("buurman", "panel.origin-unknown"),
        ("", "panel.origin-unknown"),
    ],
)
def test_a_list_makes_nobody_drawn_and_an_unknown_origin_is_refused(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_origin(typed)
    assert refused.value.code == code


def test_new_seats_are_numbered_after_the_highest_ever_given() -> None:
    assert list(next_seat_numbers([], 3)) == [1, 2, 3]
    assert list(next_seat_numbers([7, 2], 2)) == [8, 9]
    assert list(next_seat_numbers([7], 0)) == []


@pytest.mark.parametrize(("typed", "number"), [("1", 1), (" 47 ", 47), ("007", 7), ("9999", 9999)])
def test_a_seat_number_is_read(typed: str, number: int) -> None:
    assert read_seat_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "0", "-1", "+1", "10000", "4.0", "4½", "٣", "0_3", "1 2", "x", "²", "9" * 5000]
)
def test_what_is_no_seat_number_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_seat_number(typed)
    assert refused.value.code == "panel.seat-number-wrong"
    assert refused.value.facts == {"most": 9999}
