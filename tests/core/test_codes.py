"""Codes on cards: what people type wrong is noticed, and what they may type otherwise is read."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.codes import (
    ALPHABET,
    CodeMistyped,
    CodeUnknownCharacter,
    CodeWrongLength,
    check_character,
    code_from_bytes,
    read_code,
    receipt_code,
)

BYTES = st.binary(min_size=6, max_size=32)


def test_a_code_is_worked_out_by_hand() -> None:
    # 45 bits, five at a time: 00001 00010 00011 00100 00101 00110 00111 01000 01001, and 3 bits unused.
    raw = int("000010001000011001000010100110001110100001001" + "111", 2).to_bytes(6, "big")
    # Doubled nine times, eight times and so on in the field of 32, they become:
    # 26 ^ 26 ^ 25 ^ 13 ^ 17 ^ 15 ^ 29 ^ 5 ^ 18 = 0.
    assert code_from_bytes(raw) == "12345-67890"


def test_the_check_of_a_single_character_doubles_once_per_place_in_the_field_of_32() -> None:
    # x^5 = x^2 + 1, so doubling 16 gives 5. Source: any table of GF(32) with this polynomial.
    powers = [1, 2, 4, 8, 16, 5, 10, 20, 13, 26]
    for place in range(9):
        body = ["0"] * 9
        body[place] = "1"
        assert check_character("".join(body)) == ALPHABET[powers[9 - place]]


def test_the_weights_of_the_ten_places_all_differ_and_none_is_zero() -> None:
    weights = {check_character("".join("1" if at == place else "0" for at in range(9))) for place in range(9)}
    assert len(weights | {"1"}) == 10
    assert "0" not in weights


@given(BYTES, BYTES)
def test_the_check_adds_up_so_a_slip_is_noticed_in_one_code_when_it_is_in_all(
    one: bytes, other: bytes
) -> None:
    bodies = [code_from_bytes(raw).replace("-", "")[:9] for raw in (one, other)]
    both = "".join(ALPHABET[ALPHABET.index(a) ^ ALPHABET.index(b)] for a, b in zip(*bodies, strict=True))
    values = [ALPHABET.index(check_character(body)) for body in (*bodies, both)]
    assert values[0] ^ values[1] == values[2]


@pytest.mark.parametrize("place", range(10))
@pytest.mark.parametrize("raw", [b"\0" * 6, b"\xff" * 6, b"beslis", b"avond!"])
def test_every_single_wrong_character_is_noticed(raw: bytes, place: int) -> None:
    code = code_from_bytes(raw).replace("-", "")
    for wrong in ALPHABET.replace(code[place], ""):
        with pytest.raises(CodeMistyped):
            read_code(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("place", range(9))
def test_every_swap_of_neighbours_is_noticed(place: int) -> None:
    for one, other in itertools.permutations(ALPHABET, 2):
        if place < 8:
            body = ["0"] * 9
            body[place : place + 2] = one, other
            code = "".join(body) + check_character("".join(body))
        else:
            # The last of the nine and the check: find a body whose check is the other character.
            code = next(
                code
                for first in ALPHABET
                if (body_text := f"{first}0000000{one}")
                and (code := body_text + check_character(body_text))[-1] == other
            )
        assert read_code(code)
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        with pytest.raises(CodeMistyped):
            read_code(swapped)


@given(BYTES, st.integers(0, 9), st.integers(0, 9))
def test_a_swap_of_any_two_characters_is_noticed(raw: bytes, one: int, other: int) -> None:
    code = list(code_from_bytes(raw).replace("-", ""))
    if code[one] == code[other]:
        return
    code[one], code[other] = code[other], code[one]
    with pytest.raises(CodeMistyped):
        read_code("".join(code))


@given(BYTES)
def test_a_code_has_one_form_and_is_read_back(raw: bytes) -> None:
    code = code_from_bytes(raw)
    assert len(code) == 11
    assert code[5] == "-"
    assert set(code) <= set(ALPHABET) | {"-"}
    assert read_code(code) == code


@given(BYTES, st.data())
def test_people_may_type_look_alikes_small_letters_spaces_and_dashes(raw: bytes, data: st.DataObject) -> None:
    code = code_from_bytes(raw)
    typed = ""
    for character in code.replace("-", ""):
        alike = {"0": "0Oo", "1": "1IiLl"}.get(character, character + character.lower())
        typed += data.draw(st.sampled_from(alike))
        typed += data.draw(st.sampled_from(["", "", " ", "-", "\u2013", "\u00a0", " - ", "\u2011", ".", "_"]))
    assert read_code(typed) == code


ZEROS = "00000-00000"


@pytest.mark.parametrize(
    ("typed", "found"), [("", 0), (" - ", 0), ("00000-0000", 9), ("00000-00000-0", 11), ("0" * 5000, 5000)]
)
def test_a_code_that_is_too_short_or_too_long_says_how_many(typed: str, found: int) -> None:
    with pytest.raises(CodeWrongLength) as refused:
        read_code(typed)
    assert refused.value.facts == {"found": found, "expected": 10}


@pytest.mark.parametrize(
    ("typed", "character", "place"),
    [
        ("00000-0000U", "U", 10),
        ("u0000-00000", "u", 1),
        ("0000*", "*", 5),
        ("00 0ß0", "ß", 4),
        ("0ı", "ı", 2),
        ("٣0000-00000", "٣", 1),
        ("0\u202e000-00000", "U+202E", 2),
        ("\0", "U+0000", 1),
        ("Ⅰ", "Ⅰ", 1),
    ],
)
def test_a_character_of_no_code_is_named(typed: str, character: str, place: int) -> None:
    with pytest.raises(CodeUnknownCharacter) as refused:
        read_code(typed)
    assert refused.value.facts == {"character": character, "place": place}


def test_a_code_is_made_of_the_first_45_bits_only() -> None:
    assert code_from_bytes(b"abcdef") == code_from_bytes(b"abcdef and more")
    assert code_from_bytes(b"abcdef") != code_from_bytes(b"abcdeg"[:5] + b"n")
    assert code_from_bytes(b"\0" * 6) == ZEROS
    with pytest.raises(ValueError, match="45 bits"):
        code_from_bytes(b"abcde")


def test_a_receipt_code_is_the_first_25_bits() -> None:
    assert receipt_code(int("0000100010000110010000101" + "1111111", 2).to_bytes(4, "big")) == "12345"
    assert receipt_code(b"\xff" * 32) == "ZZZZZ"
    with pytest.raises(ValueError, match="25 bits"):
        receipt_code(b"abc")


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        code = read_code(typed)
    except (CodeMistyped, CodeUnknownCharacter, CodeWrongLength):
        return
    assert read_code(code) == code
