"""Text as people type and paste it."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pb.core.errors import BadInput
from pb.core.text import (
    TextBidiControl,
    TextBrokenCharacter,
    TextControlCharacter,
    TextHoldsBsn,
    TextStackedMarks,
    TextTooLong,
    bsn_warning,
    clean_line,
    clean_text,
    find_bsn,
    has_letters,
)

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
RAINBOW_FLAG = "\U0001f3f3\ufe0f\u200d\U0001f308"
DARK_GARDENER = "\U0001f9d1\U0001f3ff\u200d\U0001f33e"
NODDING = "\U0001f642\u200d\u2195\ufe0f"
WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
SINHALA = "\u0dc1\u0dca\u200d\u0dbb\u0dd3"
MALAYALAM_CHILLU = "\u0d28\u0d4d\u200d"
ARABIC_VOWELLED = "\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f"

sentences = Environment(
    loader=FileSystemLoader(Path(__file__).parents[2] / "templates"),
    extensions=["jinja2.ext.i18n"],
    undefined=StrictUndefined,
    autoescape=True,
)
sentences.install_null_translations(newstyle=True)  # type: ignore[attr-defined]


def sentence(broken: BadInput) -> str:
    room, what = broken.code.split(".")
    return sentences.get_template(f"{room}/broken/{what}.html").render(facts=broken.facts).strip()


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("", ""),
        ("   ", ""),
        ("  Moestuin \u00a0 voor\tiedereen  ", "Moestuin voor iedereen"),
        ("cafe\u0301", "caf\u00e9"),
        ("\ufeffBuurtfeest", "Buurtfeest"),
        ("Buurt\u200bfeest", "Buurtfeest"),
        ("Buurt\u00adfeest", "Buurtfeest"),
        ("Buurt\u200dfeest", "Buurtfeest"),
        ("Buurt\u200cfeest", "Buurtfeest"),
        ("\u200eBuurtfeest\u200f", "Buurtfeest"),
        ("\u200d\u200c\u200b", ""),
        ("\u3164\uffa0", ""),
        ("van\u2028regel\r\nnaar\x0bregel", "van regel naar regel"),
        ("hi\U000e0068\U000e0069", "hi"),
        ("a\ufe0fb\U000e0101", "ab"),
        ("1\ufe0f en 2", "1 en 2"),
        ("’s-Gravenhage, IJburg, \u0132", "’s-Gravenhage, IJburg, \u0132"),
        ("O'Brien <b>&amp; {{7*7}}", "O'Brien <b>&amp; {{7*7}}"),
    ],
)
def test_a_line_keeps_what_is_seen_and_nothing_else(raw: str, clean: str) -> None:
    assert clean_line(raw, most=90) == clean


@pytest.mark.parametrize(
    "text",
    [
        FAMILY,
        RAINBOW_FLAG,
        DARK_GARDENER,
        NODDING,
        WALES,
        "1\ufe0f\u20e3",
        "\u2764\ufe0f",
        "\U0001fae8",
        PERSIAN,
        SINHALA,
        MALAYALAM_CHILLU,
        ARABIC_VOWELLED,
        "\u06dd",
        "\u845b\U000e0100",
        "Đặng Thị Hồng",
        "\u0e17\u0e35\u0e48",
        "\u05d1\u05bc\u05b0\u0591",
        "Çağlar Ümit-Łukasz",
    ],
)
def test_other_scripts_and_joined_emoji_survive(text: str) -> None:
    assert clean_line(text, most=90) == unicodedata.normalize("NFC", text)
    assert clean_text(text, most=90) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("veilig\u202egpj.exe", TextBidiControl),
        ("\u2067omgekeerd\u2069", TextBidiControl),
        ("nul\x00teken", TextControlCharacter),
        ("bel\x07", TextControlCharacter),
        ("\x1b[31mrood", TextControlCharacter),
        ("c1\x9b", TextControlCharacter),
        ("halve \ud800 letter", TextBrokenCharacter),
        ("geen teken \uffff", TextBrokenCharacter),
        ("geen teken \ufdd0", TextBrokenCharacter),
        ("Z" + "\u0300\u0301\u0302\u0303\u0304" + "algo", TextStackedMarks),
        ("Z" + "\u0336\u0300\u200b\u0301\u0302\u0303\u0304", TextStackedMarks),
        ("a" * 91, TextTooLong),
        ("a" * 100_000, TextTooLong),
    ],
)
def test_text_that_nobody_can_trust_is_refused_with_a_sentence(raw: str, refusal: type[BadInput]) -> None:
    for clean in (clean_line, clean_text):
        with pytest.raises(refusal) as told:
            clean(raw, most=90)
        assert told.value.status == 422
        assert sentence(told.value).endswith(".")


def test_the_length_is_counted_after_tidying() -> None:
    assert clean_line(" " * 50 + "a" * 90 + "\u200b" * 50, most=90) == "a" * 90
    assert clean_line("e\u0301" * 90, most=90) == "é" * 90
    with pytest.raises(TextTooLong) as told:
        clean_line("é" * 91, most=90)
    assert told.value.facts == {"most": 90, "length": 91}


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("een\r\ntwee\rdrie", "een\ntwee\ndrie"),
        ("een  \n\n\n\n\ttwee\u00a0", "een\n\n twee"),
        ("een\n \n \ntwee", "een\n\ntwee"),
        ("\n\n een \n", "een"),
        ("- punt\n  - onder", "- punt\n  - onder"),
        ("een\u2029twee", "een\ntwee"),
        ("\r\n", ""),
    ],
)
def test_a_text_keeps_its_lines(raw: str, clean: str) -> None:
    assert clean_text(raw, most=90) == clean


@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing_more(raw: str) -> None:
    for clean in (clean_line, clean_text):
        try:
            once = clean(raw, most=200)
        except BadInput:
            continue
        assert clean(once, most=200) == once
        once.encode()


@given(st.text(alphabet="a\u0301\u0627\u0651\u200c\u200d\u200b\ufe0f\u20e3\U0001f469 1\n\u0dca", max_size=30))
def test_tidying_joiners_twice_changes_nothing_more(raw: str) -> None:
    try:
        once = clean_line(raw, most=200)
    except TextStackedMarks:
        return
    assert clean_line(once, most=200) == once


@pytest.mark.parametrize("text", ["moestuin", "ب", "字", "é", "3 bomen", "Ω"])
def test_a_letter_of_any_script_can_be_read(text: str) -> None:
    assert has_letters(text)


@pytest.mark.parametrize("text", ["", " ", "...", "2026", FAMILY, "\u200d\u200b", "\u3164", "\u0301", "!?"])
def test_emoji_signs_and_unseen_characters_are_not_letters(text: str) -> None:
    assert not has_letters(text)


@pytest.mark.parametrize("text", ["111222333", "mijn bsn: 1112.22.333.", "111 222 333", "x123456782y"])
def test_a_number_like_a_bsn_gives_a_warning(text: str) -> None:
    (warning,) = bsn_warning(text)
    assert isinstance(warning, TextHoldsBsn)
    assert "BSN" in sentence(warning)
    assert "1112" not in str(warning)


@pytest.mark.parametrize(
    "text", ["", "111222334", "000000000", "1112223330", "06 11122233", "NL91ABNA0417164300", "١١١٢٢٢٣٣٣"]
)
def test_other_numbers_give_no_warning(text: str) -> None:
    assert bsn_warning(text) == ()


def test_the_place_of_a_bsn_is_told_without_repeating_it() -> None:
    assert find_bsn("bel 111222333 of 123456782") == ((4, 13), (17, 26))


def test_something_else_than_text_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError):
        clean_line(5, most=90)  # type: ignore[arg-type]
