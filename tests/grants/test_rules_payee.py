"""Who is paid: names for banks, account numbers, numbers of organisations."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN

from pb.core.errors import BadInput
from pb.core.text import TextBidiControl, TextControlCharacter, TextTooLong
from pb.grants.iban import (
    IbanEmpty,
    IbanFromSpreadsheet,
    IbanOutsideSepa,
    IbanUnknownCountry,
    IbanUnreadable,
    IbanWrongCheckDigits,
    IbanWrongLength,
    IbanWrongShape,
    check_iban,
    grouped_iban,
)
from pb.grants.rules.payee import (
    SEPA_CHARACTERS,
    DescriptionTooLong,
    EndToEndIdUnusable,
    KvkNumberWrong,
    PayeeNameEmpty,
    PayeeNameNotLatin,
    PayeeNameTooLong,
    check_description,
    check_end_to_end_id,
    check_kvk_number,
    check_payee_name,
    sepa_text,
)
from pb.grants.rules.sheet import neutralise


@pytest.mark.parametrize(
    ("typed", "iban"),
    [
        ("NL91ABNA0417164300", "NL91ABNA0417164300"),
        ("nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
        (" NL91\u00a0ABNA\u00a00417\u00a01643\u00a000\n", "NL91ABNA0417164300"),
        ("IBAN: NL91-ABNA-0417.1643.00", "NL91ABNA0417164300"),
        ("\u200eNL91ABNA0417164300\u200b", "NL91ABNA0417164300"),
        ("DE89370400440532013000", "DE89370400440532013000"),
        ("FR1420041010050500013M02606", "FR1420041010050500013M02606"),
        ("GB29NWBK60161331926819", "GB29NWBK60161331926819"),
        ("CH9300762011623852957", "CH9300762011623852957"),
        ("RS35260005601001611379", "RS35260005601001611379"),
        ("MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S"),
    ],
)
def test_an_account_number_is_read_as_people_type_it(typed: str, iban: str) -> None:
    assert check_iban(typed) == iban


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", IbanEmpty),
        ("  ", IbanEmpty),
        ("NL91ABNA0417164301", IbanWrongCheckDigits),
        ("NL00ABNA0417164300", IbanWrongCheckDigits),
        ("NL91ABNA0417164030", IbanWrongCheckDigits),
        ("NL91ABNA041716430", IbanWrongLength),
        ("NL91ABNA04171643000", IbanWrongLength),
        ("DE91ABNA0417164300", IbanWrongLength),
        ("NL91" + "A" * 30, IbanWrongLength),
        ("NL91ABNA04171643OO", IbanWrongShape),
        ("NL91AB1A0417164300", IbanWrongShape),
        ("ZZ91ABNA0417164300", IbanUnknownCountry),
        ("US64SVBKUS6S3300958879", IbanUnknownCountry),
        ("SA0380000000608010167519", IbanOutsideSepa),
        ("TR330006100519786457841326", IbanOutsideSepa),
        ("0417164300", IbanUnreadable),
        ("417164300", IbanUnreadable),
        ("NL", IbanUnreadable),
        ("NL91\u0410BNA0417164300", IbanUnreadable),
        ("NL\u0669\u0661ABNA0417164300", IbanUnreadable),
        ("ＮＬ91ABNA0417164300", IbanUnreadable),
        ("NL91/ABNA/0417164300", IbanUnreadable),
        ("=NL91ABNA0417164300", IbanUnreadable),
        ("A" * 34, IbanUnreadable),
        ("4,17E+09", IbanFromSpreadsheet),
        ("4.17164E+09", IbanFromSpreadsheet),
        ("\u202eNL91ABNA0417164300", TextBidiControl),
        ("NL91ABNA0417164300\x00", TextControlCharacter),
        ("N" * 500, TextTooLong),
    ],
)
def test_an_account_number_that_cannot_be_paid_is_refused_with_the_reason(
    typed: str, refusal: type[BadInput]
) -> None:
    with pytest.raises(BadInput) as told:
        check_iban(typed)
    assert type(told.value) is refusal
    assert "0417164" not in str(told.value)


@given(st.sampled_from(["NL", "BE", "DE", "FR"]), st.integers(min_value=0, max_value=10_000), st.data())
def test_one_wrong_digit_is_always_noticed(country: str, seed: int, data: st.DataObject) -> None:
    iban = str(IBAN.random(country_code=country, random=Random(seed)))
    assert check_iban(iban.lower()) == iban
    digits = [place for place, sign in enumerate(iban) if sign.isdigit()]
    place = data.draw(st.sampled_from(digits))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != iban[place]]))
    with pytest.raises(BadInput):
        check_iban(iban[:place] + other + iban[place + 1 :])


def test_an_account_number_is_shown_as_on_a_bank_card() -> None:
    assert grouped_iban("NL91ABNA0417164300") == "NL91 ABNA 0417 1643 00"


@pytest.mark.parametrize(
    ("name", "for_bank"),
    [
        ("Stichting 't Pleintje", "Stichting 't Pleintje"),
        ("Jörg & Müller", "Jorg + Muller"),
        ("Ægir Þórsson", "Aegir Thorsson"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Đặng Thị", "Dang Thi"),
        ("Straße", "Strasse"),
        ("Çağlar Ümit", "Caglar Umit"),
        ("’s-Gravenhage", "'s-Gravenhage"),
        ("De Ĳssel", "De IJssel"),
        ("Vereniging “Samen” <3", "Vereniging 'Samen' (3"),
        ("Bloemen\U0001f33b en bijen", "Bloemen en bijen"),
        ("/wijk//hof/ ", "wijk/hof"),
        ("a / / b", "a / b"),
        ("=cmd|x", "cmd/x"),
        ("+31 feest", "31 feest"),
        ("１２", "12"),
        ("½", "1/2"),
        ("", ""),
        ("\U0001f33b", ""),
    ],
)
def test_a_name_is_written_in_the_characters_of_every_bank(name: str, for_bank: str) -> None:
    assert sepa_text(name) == for_bank


@pytest.mark.parametrize("name", ["李", "Ивáн", "محمد", "Ελένη", "٣"])
def test_another_script_is_not_guessed_at(name: str) -> None:
    with pytest.raises(PayeeNameNotLatin):
        sepa_text(name)


@given(st.text(max_size=40))
def test_whatever_is_sent_to_a_bank_is_safe_in_every_file(name: str) -> None:
    try:
        for_bank = sepa_text(name)
    except PayeeNameNotLatin:
        return
    assert SEPA_CHARACTERS.fullmatch(for_bank)
    assert not for_bank.startswith("/")
    assert not for_bank.endswith("/")
    assert "//" not in for_bank
    assert sepa_text(for_bank) == for_bank
    assert neutralise(for_bank) == for_bank


def test_the_name_of_an_account_holder_stays_as_people_write_it() -> None:
    assert check_payee_name("  Jörg  & Müller ") == "Jörg & Müller"
    assert check_payee_name("a" * 70) == "a" * 70


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("", PayeeNameEmpty),
        ("...", PayeeNameEmpty),
        ("123", PayeeNameEmpty),
        ("\U0001f33b", PayeeNameEmpty),
        ("a" * 71, PayeeNameTooLong),
        ("ß" * 36, PayeeNameTooLong),
        ("Иван", PayeeNameNotLatin),
        ("a\u202eb", TextBidiControl),
        ("a" * 501, TextTooLong),
    ],
)
def test_a_name_that_no_bank_can_carry_is_refused(raw: str, refusal: type[BadInput]) -> None:
    with pytest.raises(refusal):
        check_payee_name(raw)


def test_a_description_is_never_cut_silently() -> None:
    assert check_description("Moestuin;\nronde 2026") == "Moestuin, ronde 2026"
    assert len(check_description("a" * 140)) == 140
    with pytest.raises(DescriptionTooLong):
        check_description("a" * 141)


@pytest.mark.parametrize("given_id", ["R12-0001", "a", "A/B", "x" * 35])
def test_a_reference_travels_unchanged(given_id: str) -> None:
    assert check_end_to_end_id(given_id) == given_id


@pytest.mark.parametrize("given_id", ["", "x" * 36, "/a", "a/", "a//b", "é", "a_b", " a", "a ", "a\n", "=a"])
def test_a_reference_that_a_bank_would_alter_is_refused(given_id: str) -> None:
    with pytest.raises(EndToEndIdUnusable):
        check_end_to_end_id(given_id)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("", ""),
        ("12345678", "12345678"),
        ("01234567", "01234567"),
        ("1234 5678", "12345678"),
        ("12.34.56.78", "12345678"),
    ],
)
def test_a_kvk_number_has_eight_digits(raw: str, number: str) -> None:
    assert check_kvk_number(raw) == number


@pytest.mark.parametrize(
    "raw", ["1234567", "123456782", "000012345678", "1234567a", "١٢٣٤٥٦٧٨", "-1234567", "1e7"]
)
def test_another_number_is_no_kvk_number(raw: str) -> None:
    with pytest.raises(KvkNumberWrong):
        check_kvk_number(raw)
