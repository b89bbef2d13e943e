"""Euros as Dutch people type and read them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pb.core.errors import BadInput
from pb.core.money import (
    MOST_CENTS,
    MoneyAmbiguous,
    MoneyEmpty,
    MoneyForeign,
    MoneyNegative,
    MoneyNotAnAmount,
    MoneyTooLarge,
    MoneyTooManyDecimals,
    MoneyWrongGroups,
    euros,
    euros_plain,
    parse_euros,
)
from pb.core.text import TextBidiControl, TextBrokenCharacter, TextControlCharacter, TextTooLong

sentences = Environment(
    loader=FileSystemLoader(Path(__file__).parents[2] / "templates"),
    extensions=["jinja2.ext.i18n"],
    undefined=StrictUndefined,
    autoescape=True,
)
sentences.filters["euros"] = euros
sentences.install_null_translations(newstyle=True)  # type: ignore[attr-defined]


def sentence(broken: BadInput) -> str:
    room, what = broken.code.split(".")
    return sentences.get_template(f"{room}/broken/{what}.html").render(facts=broken.facts).strip()


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("30000", 3_000_000),
        ("30.000", 3_000_000),
        ("300.000", 30_000_000),
        ("30 000", 3_000_000),
        ("€ 30.000,-", 3_000_000),
        ("€\u00a030.000,–", 3_000_000),
        ("€1.250,--", 125_000),
        ("1.250,=", 125_000),
        ("1.250,50", 125_050),
        ("1250,50", 125_050),
        ("1250,5", 125_050),
        ("  1250  ", 125_000),
        ("\u200e1250", 125_000),
        ("EUR 1.250", 125_000),
        ("1.250 euro", 125_000),
        ("1250 Euro", 125_000),
        ("1250€", 125_000),
        ("0", 0),
        ("0,01", 1),
        ("0,50", 50),
        ("1.000.000.000", MOST_CENTS),
    ],
)
def test_an_amount_is_read_as_dutch_people_type_it(typed: str, cents: int) -> None:
    assert parse_euros(typed) == cents


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", MoneyEmpty),
        ("   ", MoneyEmpty),
        ("€", MoneyEmpty),
        ("\u200b", MoneyEmpty),
        ("300,000", MoneyAmbiguous),
        ("1,250", MoneyAmbiguous),
        ("1,250.00", MoneyForeign),
        ("1,250,000", MoneyForeign),
        ("300,000.01", MoneyForeign),
        ("1.25", MoneyForeign),
        ("12.50", MoneyForeign),
        ("12.5", MoneyForeign),
        ("-1", MoneyNegative),
        ("−€ 5", MoneyNegative),
        ("€ -5,00", MoneyNegative),
        ("0.001", MoneyTooManyDecimals),
        ("0,001", MoneyTooManyDecimals),
        ("1250,505", MoneyTooManyDecimals),
        ("1.250,505", MoneyTooManyDecimals),
        ("0,30000000000000004", MoneyTooManyDecimals),
        ("3.0000", MoneyWrongGroups),
        ("1250.000", MoneyWrongGroups),
        ("001.250", MoneyWrongGroups),
        ("1.250.00", MoneyWrongGroups),
        ("1.2.3", MoneyWrongGroups),
        ("12 50", MoneyWrongGroups),
        ("1.250 000", MoneyWrongGroups),
        ("1e9", MoneyNotAnAmount),
        ("٣", MoneyNotAnAmount),
        ("0_3", MoneyNotAnAmount),
        ("３", MoneyNotAnAmount),
        ("３０.０００", MoneyNotAnAmount),
        ("²", MoneyNotAnAmount),
        ("+3", MoneyNotAnAmount),
        ("5-", MoneyNotAnAmount),
        ("30k", MoneyNotAnAmount),
        ("dertigduizend", MoneyNotAnAmount),
        ("$ 30", MoneyNotAnAmount),
        ("=30", MoneyNotAnAmount),
        ("NaN", MoneyNotAnAmount),
        ("Infinity", MoneyNotAnAmount),
        ("0x1f", MoneyNotAnAmount),
        ("1250,", MoneyNotAnAmount),
        (",50", MoneyNotAnAmount),
        ("1.250,5,0", MoneyNotAnAmount),
        ("1000000000,01", MoneyTooLarge),
        ("9" * 60, MoneyTooLarge),
        ("9" * 5000, TextTooLong),
        ("1\x00", TextControlCharacter),
        ("1\ud800", TextBrokenCharacter),
        ("\u202e001", TextBidiControl),
    ],
)
def test_an_amount_with_another_reading_is_refused_with_the_fix(typed: str, refusal: type[BadInput]) -> None:
    with pytest.raises(refusal) as told:
        parse_euros(typed)
    assert type(told.value) is refusal
    assert sentence(told.value).endswith(".")


def test_the_sentence_offers_what_was_probably_meant() -> None:
    with pytest.raises(MoneyForeign) as told:
        parse_euros("12.5")
    assert "Bedoel je 12,50?" in sentence(told.value)
    with pytest.raises(MoneyAmbiguous) as doubted:
        parse_euros("300,000")
    assert "Schrijf 300.000 voor een groot bedrag, of 300,00" in sentence(doubted.value)


@given(st.sampled_from(["12.5", "1,250.00", "12.50", "1,250,000", "300,000.01", "7.05"]))
def test_what_was_probably_meant_can_be_typed(typed: str) -> None:
    with pytest.raises(MoneyForeign) as told:
        parse_euros(typed)
    parse_euros(str(told.value.facts["meant"]))


@pytest.mark.parametrize(
    ("cents", "text", "plain"),
    [
        (3_000_000, "€\u00a030.000", "30000,00"),
        (125_050, "€\u00a01.250,50", "1250,50"),
        (125_005, "€\u00a01.250,05", "1250,05"),
        (0, "€\u00a00", "0,00"),
        (1, "€\u00a00,01", "0,01"),
        (-500, "−€\u00a05", "-5,00"),
        (-5, "−€\u00a00,05", "-0,05"),
        (100_000_000_000, "€\u00a01.000.000.000", "1000000000,00"),
    ],
)
def test_an_amount_is_written_for_people_and_for_files(cents: int, text: str, plain: str) -> None:
    assert euros(cents) == text
    assert euros_plain(cents) == plain


@given(st.integers(min_value=0, max_value=MOST_CENTS))
def test_what_is_written_can_be_typed_again(cents: int) -> None:
    assert parse_euros(euros(cents)) == cents
    assert parse_euros(euros_plain(cents)) == cents


@given(st.text(alphabet="0123456789.,-–€ euro", max_size=20))
def test_reading_an_amount_gives_whole_cents_or_a_refusal(typed: str) -> None:
    try:
        cents = parse_euros(typed)
    except BadInput:
        return
    assert type(cents) is int
    assert 0 <= cents <= MOST_CENTS


@pytest.mark.parametrize("cents", [1.0, True, "100", None])
def test_money_that_is_no_whole_number_is_a_mistake_of_ours(cents: object) -> None:
    for write in (euros, euros_plain):
        with pytest.raises(TypeError):
            write(cents)  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", [30000, 1.5, True, None, b"30"])
def test_an_amount_that_is_no_text_is_a_mistake_of_ours(typed: object) -> None:
    with pytest.raises(TypeError):
        parse_euros(typed)  # type: ignore[arg-type]
