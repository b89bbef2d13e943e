"""Stickers: three colours with a word, counted and never named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.evening.rules.stickers import (
    Colour,
    MoreStickersThanPeople,
    NoSuchSticker,
    StickerTally,
    check_counted,
    read_colour,
    tally_of,
)

counts = st.integers(0, 60)


@pytest.mark.parametrize("typed", ["", "groen", "GREEN", "green ", "blue", "\0", "red" * 900, "gréén"])
def test_another_sticker_than_the_three_is_refused(typed: str) -> None:
    with pytest.raises(NoSuchSticker):
        read_colour(typed)


@given(st.lists(st.sampled_from(Colour)))
def test_every_sticker_is_counted_once(colours: list[Colour]) -> None:
    tally = tally_of(colours)
    assert tally.people == len(colours)
    assert tally.green == colours.count(Colour.GREEN)
    assert tally.shown == (len(colours) >= 5)


@given(counts, counts, counts, counts)
def test_counted_stickers_never_exceed_the_people_without_a_phone(
    green: int, orange: int, red: int, people: int
) -> None:
    counted = StickerTally(green, orange, red)
    if green + orange + red <= people:
        check_counted(counted, without_phone=people)
    else:
        with pytest.raises(MoreStickersThanPeople) as refusal:
            check_counted(counted, without_phone=people)
        assert refusal.value.facts == {"people": people}


def test_a_negative_count_does_not_make_room_for_another() -> None:
    with pytest.raises(MoreStickersThanPeople):
        check_counted(StickerTally(5, -3, 0), without_phone=3)
