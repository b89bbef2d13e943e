"""What a phone may send: five keys, whole numbers, and nothing that only looks like a score."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.errors import Broken
from pb.evening.rules.score import (
    BadCharacter,
    BodyTooLong,
    FieldsWrong,
    NotReadable,
    ScoreOutOfRange,
    ScoreRequest,
    Spread,
    check_form,
    check_score,
    read_request,
    spread_of,
)
from pb.evening.rules.screen_key import screen_key

OP = "A" * 22
GOOD = {"op": OP, "n": 1, "item": 7, "score": 4, "v": 1}


def body(**changes: Any) -> bytes:
    whole = {name: value for name, value in (GOOD | changes).items() if value is not ...}
    return json.dumps(whole).encode()


def raw(name: str, text: str) -> bytes:
    """Write a good message with one value spelled exactly like this."""
    return body(**{name: "@"}).replace(b'"@"', text.encode())


def test_a_good_message_is_read_as_it_is() -> None:
    assert read_request(body()) == ScoreRequest(op=OP, n=1, item=7, score=4, v=1)


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5, None])
def test_the_five_figures_and_a_score_taken_back_are_read(score: int | None) -> None:
    assert read_request(body(score=score)).score == score


# The numbers are those of the list of bad inputs for score requests.
@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        *[(text, ScoreOutOfRange) for text in ("0", "6", "-1", "99", "-0")],  # 1
        *[(text, ScoreOutOfRange) for text in ("true", "false")],  # 2
        *[(text, ScoreOutOfRange) for text in ("4.9", "4.0", "4e0", "1E0")],  # 3
        *[(text, ScoreOutOfRange) for text in ('"4"', '"٣"', '"0_3"', '" 3 "', '"+3"', '"３"', '""')],  # 4
        *[(text, ScoreOutOfRange) for text in ("NaN", "Infinity", "-Infinity", "1e400")],  # 5
        *[(text, ScoreOutOfRange) for text in ("[4]", '{"score":4}', "[]")],
        *[(text, NotReadable) for text in ("04", "+4", "4.", "0x4", "4_0", "'4'", "None", "", "٣")],
    ],
)
def test_what_only_looks_like_a_score_is_refused(text: str, refusal: type[Broken]) -> None:
    with pytest.raises(refusal):
        read_request(raw("score", text))


@pytest.mark.parametrize("name", ["op", "n", "item", "score", "v"])
def test_a_message_without_one_of_its_keys_is_refused(name: str) -> None:  # 6
    with pytest.raises(FieldsWrong):
        read_request(body(**{name: ...}))


@pytest.mark.parametrize("name", ["n", "item", "v"])
@pytest.mark.parametrize(
    "text",
    [
        str(2**70),
        str(-(2**63) - 1),
        str(2**31),
        "-1",
        "true",
        "1.0",
        '"1"',
        "null",
        "[1]",
        "1" * 21,
        "-" + "1" * 20,
    ],
)
def test_a_number_that_no_page_of_ours_sends_is_refused(name: str, text: str) -> None:  # 7
    with pytest.raises(FieldsWrong):
        read_request(raw(name, text))


@pytest.mark.parametrize("name", ["n", "item", "score", "v"])
def test_an_integer_of_five_thousand_digits_is_refused_without_being_computed(name: str) -> None:  # 8
    with pytest.raises((FieldsWrong, ScoreOutOfRange)):
        read_request(raw(name, "9" * 5000))


@pytest.mark.parametrize("text", [r'"\ud800"', r'"A\udfffA"', r'"\u0000"', r'"AAAAAAAAAAAAAAAAAAAAA\u0000"'])
@pytest.mark.parametrize("name", ["op", "score", "item"])
def test_half_a_character_and_nul_are_called_what_they_are(name: str, text: str) -> None:  # 9, 10
    with pytest.raises(BadCharacter):
        read_request(raw(name, text))


def test_half_a_character_in_a_key_is_refused() -> None:
    with pytest.raises(BadCharacter):
        read_request(body()[:-1] + rb', "\ud800": 1}')


@pytest.mark.parametrize("name", ["op", "n", "item", "score", "v"])
def test_a_key_that_stands_there_twice_is_refused(name: str) -> None:  # 11
    value = json.dumps(GOOD[name])
    with pytest.raises(FieldsWrong):
        read_request(body()[:-1] + f', "{name}": {value}}}'.encode())


@pytest.mark.parametrize("extra", [{"seat": 2}, {"admin": True}, {"seat": 2, "admin": True}, {"": None}])
def test_a_key_that_nobody_asked_for_is_refused(extra: dict[str, Any]) -> None:  # 12
    with pytest.raises(FieldsWrong):
        read_request(body(**extra))


@pytest.mark.parametrize("depth", [200, 990, 1500, 7000])
@pytest.mark.parametrize(("opens", "shuts"), [("[", "]"), ('{"a":', "}")])
def test_a_message_nested_seven_thousand_deep_is_refused(depth: int, opens: str, shuts: str) -> None:  # 13
    if len(opens + shuts) * depth < 15_000:
        with pytest.raises((FieldsWrong, ScoreOutOfRange)):
            read_request(raw("score", opens * depth + "1" * (opens != "[") + shuts * depth))


def test_a_body_of_twenty_thousand_bytes_is_too_long() -> None:  # 14
    with pytest.raises(BodyTooLong):
        read_request(body(op="A" * 20_000))


@pytest.mark.parametrize("text", ["", " ", "null", "[]", '"x"', "1", "{", "{}x", "{'op': 1}", "﻿{}"])
def test_what_is_no_json_object_cannot_be_read(text: str) -> None:  # 15
    with pytest.raises(NotReadable):
        read_request(text.encode())


@pytest.mark.parametrize(
    "bad", [b"\xff\xfe", b'{"op": "\xc3"}', b"\xc0\x80", json.dumps(GOOD).encode("utf-16")]
)
def test_what_is_no_utf8_cannot_be_read(bad: bytes) -> None:  # 16
    with pytest.raises(NotReadable):
        read_request(bad)


@pytest.mark.parametrize(
    "op",
    [
        "",
        "abc",
        "A" * 21,
        "A" * 23,
        "A" * 10_000,
        "A" * 21 + "+",
        "A" * 21 + "/",
        "A" * 21 + "=",
        "A" * 21 + "\n",
        "A" * 21 + "é",
        " " + "A" * 21,
        "A" * 22 + "\n",
        4,
        None,
        ["A" * 22],
    ],
)
def test_a_name_of_a_tap_is_exactly_128_bits_in_base64url(op: Any) -> None:  # 19
    with pytest.raises(FieldsWrong):
        read_request(body(op=op))


@given(
    st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_no_bytes_at_all_break_the_reading(bad: bytes) -> None:
    with pytest.raises(Broken):
        read_request(bad)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(GOOD, json_values)), st.sampled_from(sorted(GOOD)))
def test_whatever_stands_in_the_five_keys_is_a_score_or_a_refusal(
    changes: dict[str, Any], left_out: str
) -> None:
    try:
        found = read_request(body(**(changes | ({} if changes else {left_out: ...}))))
    except Broken as refusal:
        status = refusal.status
        assert status in (400, 413, 422)
    else:
        assert found.score in (None, 1, 2, 3, 4, 5)
        assert {type(number) for number in (found.n, found.item, found.v)} == {int}


@pytest.mark.parametrize(
    "changes",
    [{"op": "kort"}, {"op": "A" * 21 + "é"}, {"item": "-1"}, {"item": ""}, {"item": "٣"}, {"item": "1" * 10},
     {"v": "1.0"}, {"v": "²"}, {"item": " 1"}],
)  # fmt: skip
def test_a_plain_form_is_read_as_strictly(changes: dict[str, str]) -> None:
    with pytest.raises(FieldsWrong):
        check_form(**({"op": OP, "item": "7", "v": "1"} | changes), score=4)


@pytest.mark.parametrize("score", [True, False, 0, 6, 4.0, "4", [4]])
def test_only_a_whole_number_from_one_to_five_is_a_score(score: object) -> None:
    with pytest.raises(ScoreOutOfRange):
        check_score(score)


@given(st.lists(st.none() | st.integers(1, 5)))
def test_a_spread_counts_people_per_figure_and_nobody_who_took_a_score_back(scores: list[int | None]) -> None:
    spread = spread_of(scores)
    assert spread.counts == tuple(scores.count(figure) for figure in range(1, 6))
    assert spread.people == len(scores) - scores.count(None)
    assert spread.high == scores.count(4) + scores.count(5)


def test_a_spread_names_nobody() -> None:
    assert set(Spread.__dataclass_fields__) == {"counts"}


def test_every_evening_has_a_screen_key_of_its_own_that_nobody_makes_without_the_secret() -> None:
    keys = {screen_key(secret, evening) for secret in (b"one" * 12, b"two" * 12) for evening in range(50)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {22}
