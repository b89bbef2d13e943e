"""Dutch addresses: many ways to write one dwelling, and what spreadsheets do to them."""

import pytest

from pb.core.errors import BadInput
from pb.panel.rules.address import (
    Address,
    HouseNumber,
    address_key,
    read_addition,
    read_bag_id,
    read_house_letter,
    read_house_number,
    read_place_name,
    read_postcode,
)


@pytest.mark.parametrize(
    "typed", ["1234AB", "1234 ab", "1234\u00a0AB", " 1234  Ab ", "1234\u2009aB", "\u200b1234AB"]
)
def test_a_postcode_has_one_form(typed: str) -> None:
    assert read_postcode(typed) == "1234 AB"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0123 AB", "panel.postcode-starts-with-zero"),
        ("1234 SS", "panel.postcode-never-issued"),
        ("1234sd", "panel.postcode-never-issued"),
        ("1234 Sa", "panel.postcode-never-issued"),
        ("1234", "panel.postcode-without-letters"),
        ("1000", "panel.postcode-without-letters"),
        ("12345", "panel.postcode-unreadable"),
        ("B-1000", "panel.postcode-unreadable"),
        ("1234.0", "panel.postcode-unreadable"),
        ("1234 A", "panel.postcode-unreadable"),
        ("1234 ABC", "panel.postcode-unreadable"),
        ("1234-AB", "panel.postcode-unreadable"),
        ("AB 1234", "panel.postcode-unreadable"),
        ("123 AB", "panel.postcode-unreadable"),
        ("1234 ÄB", "panel.postcode-unreadable"),
        ("١٢٣٤ AB", "panel.postcode-unreadable"),
        ("", "panel.postcode-unreadable"),
        ("1234\u202eAB", "core.text-bidi-control"),
    ],
)
def test_what_is_no_dutch_postcode_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_postcode(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "house"),
    [
        ("12", (12, "", "")),
        (" 012 ", (12, "", "")),
        ("12A", (12, "A", "")),
        ("12 a", (12, "A", "")),
        ("12-a", (12, "A", "")),
        ("12-3", (12, "", "3")),
        ("12/3", (12, "", "3")),
        ("12 3", (12, "", "3")),
        ("12 bis", (12, "", "bis")),
        ("12bis", (12, "", "bis")),
        ("12 A bis", (12, "A", "bis")),
        ("12A-3", (12, "A", "3")),
        ("12a3", (12, "A", "3")),
        ("12-II", (12, "", "II")),
        ("12 1-hoog", (12, "", "1-hoog")),
        ("12-", (12, "", "")),
        ("99999", (99999, "", "")),
        ("1E", (1, "E", "")),
        ("12 e", (12, "E", "")),
    ],
)
def test_a_house_number_may_hold_its_letter_and_addition(typed: str, house: tuple[int, str, str]) -> None:
    assert read_house_number(typed) == house


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12-mrt", "panel.house-number-is-date"),
        ("12-mrt-24", "panel.house-number-is-date"),
        ("12 mrt.", "panel.house-number-is-date"),
        ("1-Mar", "panel.house-number-is-date"),
        ("mrt-12", "panel.house-number-is-date"),
        ("okt-1999", "panel.house-number-is-date"),
        ("3 mei", "panel.house-number-is-date"),
        ("12-3-2024", "panel.house-number-is-date"),
        ("12/3/24", "panel.house-number-is-date"),
        ("2024-03-12", "panel.house-number-is-date"),
        ("2024-03-12 00:00:00", "panel.house-number-is-date"),
        ("1e3", "panel.house-number-by-spreadsheet"),
        ("1,2E+03", "panel.house-number-by-spreadsheet"),
        ("12.0", "panel.house-number-by-spreadsheet"),
        ("12,00", "panel.house-number-by-spreadsheet"),
        ("12 t/m 18", "panel.house-number-is-range"),
        ("12 en 14", "panel.house-number-is-range"),
        ("12 tot 14", "panel.house-number-is-range"),
        ("12 tm 14", "panel.house-number-is-range"),
        ("-1", "panel.house-number-unreadable"),
        ("0", "panel.house-number-unreadable"),
        ("000", "panel.house-number-unreadable"),
        ("100000", "panel.house-number-unreadable"),
        ("A12", "panel.house-number-unreadable"),
        ("12,14", "panel.house-number-unreadable"),
        ("12.5", "panel.house-number-unreadable"),
        ("12½", "panel.house-number-unreadable"),
        ("١٢", "panel.house-number-unreadable"),
        ("", "panel.house-number-unreadable"),
        ("12 éénhoog", "panel.house-addition-unreadable"),
        ("12 A \N{HOUSE BUILDING}", "panel.house-addition-unreadable"),
        ("12 achterhuis links", "panel.house-addition-unreadable"),
        ("1\u202e2", "core.text-bidi-control"),
    ],
)
def test_what_is_no_house_number_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_house_number(typed)
    assert refused.value.code == code


def test_a_house_letter_is_one_letter() -> None:
    assert read_house_letter(" a ") == "A"
    for typed in ("", "AB", "1", "é", "-"):
        with pytest.raises(BadInput) as refused:
            read_house_letter(typed)
        assert refused.value.code == "panel.house-letter-unreadable"


def test_an_addition_is_short_and_no_date() -> None:
    assert read_addition(" -bis ") == "bis"
    assert read_addition("1-hoog links") == "1-hoog links"
    for typed, code in [
        ("1-feb", "panel.house-number-is-date"),
        ("1-hoog rechts", "panel.house-addition-unreadable"),
        ("", "panel.house-addition-unreadable"),
        ("#1", "panel.house-addition-unreadable"),
    ]:
        with pytest.raises(BadInput) as refused:
            read_addition(typed)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("'t Hof", "'t Hof"),
        ("’s-Gravenhage", "’s-Gravenhage"),
        ("Ĳsselstraat", "IJsselstraat"),
        ("Vĳverweg", "Vijverweg"),
        ("Cafe\u0301weg", "Caféweg"),
        (" 1e\u00a0 Pijnacker\u200bstraat", "1e Pijnackerstraat"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_street_is_kept_with_composed_letters_and_nothing_unseen(typed: str, name: str) -> None:
    assert read_place_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("\u200b", "panel.place-name-missing"),
        ("x" * 81, "core.text-too-long"),
        ("Dorps\u202estraat", "core.text-bidi-control"),
    ],
)
def test_a_street_that_cannot_be_read_is_refused(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_place_name(typed)
    assert refused.value.code == code


def test_an_identification_has_exactly_sixteen_digits() -> None:
    assert read_bag_id(" 0599200000123456 ") == "0599200000123456"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5,992E+14", "panel.address-id-by-spreadsheet"),
        ("3,63E+15", "panel.address-id-by-spreadsheet"),
        ("599200000123456.0", "panel.address-id-by-spreadsheet"),
        ("0599200000123456.0", "panel.address-id-by-spreadsheet"),
        ("599200000123456", "panel.address-id-zero-lost"),
        ("0599010000123456", "panel.address-id-unreadable"),
        ("59920000012345", "panel.address-id-unreadable"),
        ("05992000001234567", "panel.address-id-unreadable"),
        ("05992000001234x6", "panel.address-id-unreadable"),
        ("٠599200000123456", "panel.address-id-unreadable"),
        ("", "panel.address-id-unreadable"),
    ],
)
def test_what_is_no_identification_is_refused(typed: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_bag_id(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("12", "a", ""), ("12", "A", "")),
        (("12", "", "A"), ("12", "A", "")),
        (("12", "", "bis"), ("12", "", "BIS")),
        (("12", "", "1-hoog"), ("12", "", "1 HOOG")),
    ],
)
def test_two_ways_to_write_one_dwelling_have_one_key(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    keys = [address_key("1234 AB", HouseNumber(int(n), letter, more)) for n, letter, more in (one, other)]
    assert keys[0] == keys[1]


def test_the_key_of_an_address_is_worked_out_by_hand() -> None:
    address = Address("Dorpsstraat", 12, "A", "1-hoog", "1234 AB", "Dorp", "Noord", "")
    assert address.key == "1234AB:12:A:1HOOG"
    assert address.street_line == "Dorpsstraat 12A-1-hoog"
    assert Address("Hof", 1, "", "", "1234 AB", "Dorp", "", "").key == "1234AB:1::"
    assert Address("Hof", 1, "", "", "1234 AB", "Dorp", "", "").street_line == "Hof 1"


def test_different_dwellings_have_different_keys() -> None:
    houses = [
        HouseNumber(12, "", ""),
        HouseNumber(12, "A", ""),
        HouseNumber(12, "", "1"),
        HouseNumber(12, "A", "1"),
        HouseNumber(12, "", "A1"),
        HouseNumber(121, "", ""),
        HouseNumber(1, "", "2"),
    ]
    assert len({address_key("1234 AB", house) for house in houses}) == len(houses)
    assert address_key("1234 AB", houses[0]) != address_key("1234 AC", houses[0])
