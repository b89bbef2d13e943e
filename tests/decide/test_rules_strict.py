"""Settings come as JSON: read exactly, or refused with the field, what was expected, and what stood there."""

from enum import StrEnum
from fractions import Fraction

import pytest

from pb.core.errors import BadInput
from pb.decide.rules import strict as read


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def refused(kind: type[BadInput], read_it: object, *given: object, **more: object) -> dict[str, object]:
    with pytest.raises(kind) as told:
        read_it(*given, **more)  # type: ignore[operator]
    return dict(told.value.facts)


def test_every_kind_of_value_has_its_name() -> None:
    kinds = {
        "null": None, "boolean": True, "integer": 3, "float": 3.0, "text": "3", "list": [3], "record": {},
    }  # fmt: skip
    for name, value in kinds.items():
        assert read.kind_of(value) == name


def test_each_reader_refuses_every_other_kind_at_its_field() -> None:
    values: dict[str, object] = {
        "null": None, "boolean": True, "integer": 3, "float": 3.0, "text": "x", "list": [1, 2], "record": {},
    }  # fmt: skip
    readers: dict[object, tuple[str, set[str]]] = {
        read.record: ("record", {"record"}),
        read.mapping: ("record", {"record"}),
        read.whole: ("integer", {"integer"}),
        read.flag: ("boolean", {"boolean"}),
        read.text: ("text", {"text"}),
        read.name: ("text", {"text"}),
        read.ratio: ("ratio", {"integer", "list"}),
    }
    for reader, (expected, fine) in readers.items():
        for kind, value in values.items():
            if kind in fine:
                reader(value, "here")  # type: ignore[operator]
                continue
            facts = refused(read.WrongKind, reader, value, "here")
            assert facts == {"field": "here", "expected": expected, "found": kind}
    for kind, value in values.items():
        if kind != "text":
            expected = {"field": "here", "expected": "text", "found": kind}
            assert refused(read.WrongKind, read.word, value, "here", Colour) == expected
        if kind != "list":
            expected = {"field": "here", "expected": "list", "found": kind}
            assert refused(read.WrongKind, read.listing, value, "here", read.whole) == expected


def test_a_record_has_what_it_must_have_and_nothing_unknown() -> None:
    assert read.record({"a": 1}, "here", required=("a",), optional=("b",)) == {"a": 1}
    assert read.record({"a": 1, "b": 2}, "here", required=("a",), optional=("b",)) == {"a": 1, "b": 2}
    assert refused(read.MissingField, read.record, {"b": 2}, "here", required=("a",), optional=("b",)) == {
        "field": "here.a"
    }
    assert refused(read.MissingField, read.record, {}, "", required=("a",)) == {"field": "a"}
    assert refused(read.UnknownField, read.record, {"a": 1, "c": 2}, "here", required=("a",)) == {
        "field": "here.c"
    }
    assert refused(read.UnknownField, read.record, {"c\n": 2}, "") == {"field": "c?"}


def test_a_list_is_read_item_by_item_and_refused_at_the_item() -> None:
    assert read.listing([1, 2], "here", read.whole) == [1, 2]
    assert refused(read.WrongKind, read.listing, [1, 2.0], "here", read.whole)["field"] == "here[1]"


def test_a_whole_number_keeps_its_borders() -> None:
    assert read.whole(0, "here") == 0
    assert read.whole(10**15, "here") == 10**15
    assert [read.whole(value, "here", lowest=-1, highest=1) for value in (-1, 0, 1)] == [-1, 0, 1]
    assert refused(read.OutOfBounds, read.whole, -1, "here") == {
        "field": "here", "lowest": 0, "highest": 10**15, "found": "-1",
    }  # fmt: skip
    assert refused(read.OutOfBounds, read.whole, 10**15 + 1, "here")["found"] == str(10**15 + 1)
    assert refused(read.OutOfBounds, read.whole, 10**20 - 1, "here")["found"] == "9" * 20
    for large in (10**20, -(10**20), 10**400):
        assert refused(read.OutOfBounds, read.whole, large, "here")["found"] == "a very large number"


def test_text_keeps_its_length_and_its_letters() -> None:
    assert read.text("ə\n€", "here") == "ə\n€"
    assert read.text("a" * 10_000, "here") == "a" * 10_000
    assert refused(read.OutOfBounds, read.text, "a" * 10_001, "here") == {
        "field": "here", "lowest": 0, "highest": 10_000, "found": 10_001,
    }  # fmt: skip
    assert refused(read.WrongKind, read.text, "a\ud800", "here") == {
        "field": "here", "expected": "text", "found": "half a character",
    }  # fmt: skip
    assert read.name("a" * 200, "here") == "a" * 200
    assert refused(read.OutOfBounds, read.name, "a" * 201, "here")["highest"] == 200
    assert refused(read.OutOfBounds, read.name, "", "here") == {
        "field": "here", "lowest": 1, "highest": 200, "found": 0,
    }  # fmt: skip


def test_a_word_is_one_of_the_words() -> None:
    assert read.word("blue", "here", Colour) is Colour.BLUE
    assert refused(read.UnknownWord, read.word, "green\n", "here", Colour) == {
        "field": "here", "found": "green?", "known": ["red", "blue"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1/2", Fraction(1, 2)), ("2/4", Fraction(1, 2)), ("3", Fraction(3)), ("3.5", Fraction(7, 2)),
        ("0.125", Fraction(1, 8)), ("3.40", Fraction(17, 5)), ("0", Fraction(0)), (0, Fraction(0)),
        (3, Fraction(3)), (10**15, Fraction(10**15)), ([1, 2], Fraction(1, 2)), ([0, 1], Fraction(0)),
        ([10**15, 10**15], Fraction(1)), ("9" * 18, Fraction(10**18 - 1)), ("0/7", Fraction(0)),
    ],
)  # fmt: skip
def test_a_ratio_is_read_exactly(written: object, meant: Fraction) -> None:
    assert read.ratio(written, "here") == meant


@pytest.mark.parametrize(
    "written",
    ["1/0", "-1/2", "1/-2", "1.", ".5", "1/2/3", "1,5", "", "a", "9" * 19, "1/" + "9" * 19, "0." + "1" * 19,
     -1, 10**15 + 1, [1], [1, 2, 3], [1, 0], [-1, 2], [1, -2], [1.0, 2], [1, 2.0], [True, 2], [1, True],
     [10**15 + 1, 1], [1, 10**15 + 1], "1/2\n"],
)  # fmt: skip
def test_what_is_no_ratio_is_refused(written: object) -> None:
    assert refused(read.WrongKind, read.ratio, written, "here") == {
        "field": "here", "expected": "ratio", "found": read.kind_of(written),
    }  # fmt: skip


def test_a_ratio_above_the_highest_is_told_in_lowest_terms() -> None:
    assert read.ratio("1", "here", highest=1) == 1
    assert refused(read.OutOfBounds, read.ratio, "6/4", "here", highest=1) == {
        "field": "here", "lowest": 0, "highest": 1, "found": "3/2",
    }  # fmt: skip
    assert read.written(Fraction(6, 4)) == "3/2"
    assert read.written(Fraction(4)) == "4/1"


def test_an_id_that_stands_twice_is_told_at_its_second_place() -> None:
    read.once_each(["a", "b", "c"], "here")
    read.once_each([], "here")
    assert refused(read.GivenTwice, read.once_each, ["a", "b", "c", "b", "a"], "here") == {
        "field": "here[3]", "found": "b",
    }  # fmt: skip


def test_what_was_typed_is_shown_on_one_short_line_in_ascii() -> None:
    assert read.shown("plain") == "plain"
    assert read.shown("a" * 40) == "a" * 40
    assert read.shown("a" * 41) == "a" * 40 + "..."
    assert read.shown("\u20ac\n\ud800") == "\\u20ac?\\ud800"
