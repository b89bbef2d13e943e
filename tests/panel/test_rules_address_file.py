"""The list of addresses for a draw: one dwelling, one ticket."""

import pytest

from pb.core.sheet import FileRefused, Problem
from pb.panel.rules.address import Address
from pb.panel.rules.address_file import AddressFile, Merged, count_per_neighbourhood, read_addresses

HEADER = "Straat;Huisnummer;Huisletter;Toevoeging;Postcode;Plaats;Buurt;ID\n"


def read(rows: str) -> AddressFile:
    return read_addresses((HEADER + rows).encode(), file_name="adressen.csv")


def problems_of(rows: str) -> list[Problem]:
    with pytest.raises(FileRefused) as refused:
        read(rows)
    problems = refused.value.facts["problems"]
    assert isinstance(problems, tuple)
    return list(problems)


def test_a_full_list_is_read() -> None:
    file = read("Hof;12;a;bis;1234ab;Dorp;Noord;599200000000001\nHof;12-3;;;1234AB;Dorp;;\n")
    assert file.addresses == (
        Address("Hof", 12, "A", "bis", "1234 AB", "Dorp", "Noord", "0599200000000001"),
        Address("Hof", 12, "", "3", "1234 AB", "Dorp", "", ""),
    )
    assert (file.merged, file.doubts, file.doubts_total) == ((), (), 0)
    assert file.source.row_count == 2


def test_the_columns_of_an_extract_from_the_register_are_known() -> None:
    raw = (
        "Nummeraanduiding ID,Openbare ruimte naam,Huisnummer,Huisletter,Huisnummertoevoeging,"
        "Postcode,Woonplaatsnaam\n"
        "0599200000000001,Hof,1,,,1234AB,Dorp\n"
    )
    assert read_addresses(raw.encode(), file_name="x.csv").addresses[0].bag_id == "0599200000000001"


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (";12;;;1234AB;Dorp;;", "core.sheet-cell-blank", "Straat"),
        ("Ho\u202ef;12;;;1234AB;Dorp;;", "core.text-bidi-control", "Straat"),
        ("Hof;;;;1234AB;Dorp;;", "core.sheet-cell-blank", "Huisnummer"),
        ("Hof;12-mrt;;;1234AB;Dorp;;", "panel.house-number-is-date", "Huisnummer"),
        ("Hof;-1;;;1234AB;Dorp;;", "panel.house-number-unreadable", "Huisnummer"),
        ("Hof;1e3;;;1234AB;Dorp;;", "panel.house-number-by-spreadsheet", "Huisnummer"),
        ("Hof;12 t/m 18;;;1234AB;Dorp;;", "panel.house-number-is-range", "Huisnummer"),
        ("Hof;12A;B;;1234AB;Dorp;;", "panel.house-number-twice", "Huisnummer"),
        ("Hof;12-3;;4;1234AB;Dorp;;", "panel.house-number-twice", "Huisnummer"),
        ("Hof;12;AB;;1234AB;Dorp;;", "panel.house-letter-unreadable", "Huisletter"),
        ("Hof;12;;1-feb;1234AB;Dorp;;", "panel.house-number-is-date", "Toevoeging"),
        ("Hof;12;;#1;1234AB;Dorp;;", "panel.house-addition-unreadable", "Toevoeging"),
        ("Hof;12;;;0123 AB;Dorp;;", "panel.postcode-starts-with-zero", "Postcode"),
        ("Hof;12;;;1234 SS;Dorp;;", "panel.postcode-never-issued", "Postcode"),
        ("Hof;12;;;12345;Dorp;;", "panel.postcode-unreadable", "Postcode"),
        ("Hof;12;;;1234;Dorp;;", "panel.postcode-without-letters", "Postcode"),
        ("Hof;12;;;1234AB;;;", "core.sheet-cell-blank", "Plaats"),
        ("Hof;12;;;1234AB;Dorp;" + "x" * 81 + ";", "core.text-too-long", "Buurt"),
        ("Hof;12;;;1234AB;Dorp;;5,992E+14", "panel.address-id-by-spreadsheet", "ID"),
        ("Hof;12;;;1234AB;Dorp;;12", "panel.address-id-unreadable", "ID"),
        ("Weg;1;;;1234AC;Dorp;;0599200000000001", "panel.address-id-twice", "ID"),
        ("Hof;1;;;1234AB;Dorp;;0599200000000002", "panel.address-two-ids", "ID"),
    ],
)
def test_a_bad_row_refuses_the_whole_list_with_row_and_column(row: str, code: str, column: str) -> None:
    problem = problems_of(f"Hof;1;;;1234AB;Dorp;;0599200000000001\n{row}\n")[0]
    assert (problem.code, problem.row, problem.column) == (code, 3, column)


def test_a_clash_tells_what_was_typed_and_the_row_it_clashes_with() -> None:
    assert problems_of("Hof;12A;B;;1234AB;Dorp;;\n")[0].value == "12 A"
    first = "Weg;2;;;1234AC;Dorp;;\nHof;1;;;1234AB;Dorp;;0599200000000001\n"
    two_ids = problems_of(first + "Hof;1;;;1234AB;Dorp;;0599200000000002\n")
    assert [(problem.value, problem.facts) for problem in two_ids] == [("0599200000000002", {"first_row": 3})]
    twice = problems_of(first + "Hof;3;;;1234AB;Dorp;;0599200000000001\n")
    assert [(problem.row, problem.value, problem.facts) for problem in twice] == [
        (4, "0599200000000001", {"first_row": 3})
    ]


def test_letter_and_addition_may_be_said_twice_when_they_agree() -> None:
    assert read("Hof;12a-bis;A;BIS;1234AB;Dorp;;\n").addresses[0][1:4] == (12, "A", "BIS")


def test_rows_of_one_dwelling_become_one_ticket_and_are_told() -> None:
    file = read(
        "Hofstraat;12A;;;1234AB;Dorp;;0599200000000001\n"
        "Weg;1;;;1234AC;Dorp;;\n"
        "Hofstr.;12;;A;1234 ab;DORP;Noord;\n"
        "Hofstraat;12;a;;1234AB;Dorp;;\n"
    )
    assert file.merged == (Merged("1234AB:12:A:", (2, 4, 5)),)
    assert [address.key for address in file.addresses] == ["1234AB:12:A:", "1234AC:1::"]
    assert file.addresses[0] == Address(
        "Hofstr.", 12, "", "A", "1234 AB", "DORP", "Noord", "0599200000000001"
    )
    assert file.doubts == ()


def test_two_rows_are_enough_to_be_told() -> None:
    file = read("Hof;1;;;1234AB;Dorp;;\nHof;1;;;1234AB;Dorp;;\n")
    assert file.merged == (Merged("1234AB:1::", (2, 3)),)


def test_merged_rows_give_the_same_address_in_any_order() -> None:
    rows = [
        "Hofstraat;12A;;;1234AB;Dorp;;0599200000000001\n",
        "Hofstr.;12;;A;1234AB;Dorp;Noord;\n",
        "Hofstraat;12A;;;1234AB;Dorp;Zuid;\n",
    ]
    seen = {read("".join(rows[place:] + rows[:place])).addresses for place in range(3)}
    assert len(seen | {read("".join(reversed(rows))).addresses}) == 1


def test_a_postcode_in_two_towns_is_a_doubt_and_no_refusal() -> None:
    file = read(
        "Hof;1;;;1234AB;Dorp;;\nHof;2;;;1234AB;dorp;;\nHof;3;;;1234AB;Stad;;\nWeg;3;;;1234AC;Stad;;\n"
    )
    assert [(doubt.code, doubt.row, doubt.column, doubt.value, doubt.facts) for doubt in file.doubts] == [
        ("panel.postcode-two-towns", 4, "Plaats", "Stad", {"first_row": 2})
    ]
    assert file.doubts_total == 1
    assert len(file.addresses) == 4


def test_a_list_holds_at_most_two_hundred_thousand_addresses() -> None:
    problem = problems_of("Hof;1;;;1234AB;Dorp;;\n" * 200_001)[0]
    assert (problem.code, problem.facts) == ("core.sheet-too-many-rows", {"found": 200_001, "most": 200_000})


def test_addresses_are_counted_per_neighbourhood() -> None:
    file = read(
        "Hof;1;;;1234AB;Dorp;Zuid;\nHof;2;;;1234AB;Dorp;Noord;\nHof;3;;;1234AB;Dorp;Zuid;\nHof;4;;;1234AB;Dorp;;\n"
    )
    counts = count_per_neighbourhood(file.addresses)
    assert list(counts.items()) == [("", 1), ("Noord", 1), ("Zuid", 2)]
