"""The list of addresses for a draw: one dwelling, one ticket."""

from typing import Any

import pytest

from pb.core.sheet import FileRefused, Problem
from pb.panel.rules.address import Address
from pb.panel.rules.address_columns import ADDRESS_COLUMNS, WEAK_NAMES
from pb.panel.rules.address_file import (
    ADDRESSES_MOST,
    AddressFile,
    Merged,
    read_addresses,
    read_in_steps,
)
from pb.panel.rules.address_rows import RegisterSheet
from pb.panel.rules.address_sieve import Seen, Uses
from pb.panel.rules.areas import count_per_area, count_per_neighbourhood

TWO = "Straat;Huisnummer;Postcode;Plaats;Opmerking\n"
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
    file = read("Hof;12;a;bis;1234ab;Dorp;Noord;0599200000000001\nHof;12-3;;;1234AB;Dorp;;\n")
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
        ("Hof;12;;;1234AB;Dorp;;599200000000002", "panel.address-id-zero-lost", "ID"),
        ("=A1;12;;;1234AB;Dorp;;", "panel.cell-is-formula", "Straat"),
        ("Hof;12;;;1234AB;@Dorp;;", "panel.cell-is-formula", "Plaats"),
    ],
)
def test_a_bad_row_refuses_the_whole_list_with_row_and_column(row: str, code: str, column: str) -> None:
    problem = problems_of(f"Hof;1;;;1234AB;Dorp;;0599200000000001\n{row}\n")[0]
    assert (problem.code, problem.row, problem.column) == (code, 3, column)


def test_a_clash_tells_what_was_typed() -> None:
    assert problems_of("Hof;12A;B;;1234AB;Dorp;;\n")[0].value == "12 A"


def test_one_identification_or_one_address_is_one_ticket_and_the_clash_is_told() -> None:
    first = "Weg;2;;;1234AC;Dorp;;\nHof;1;;;1234AB;Dorp;;0599200000000001\n"
    two_ids = read(first + "Hof;1;;;1234AB;Dorp;;0599200000000002\n")
    assert [(doubt.code, doubt.row, doubt.facts) for doubt in two_ids.doubts] == [
        ("panel.address-two-ids", 4, {"first_row": 3})
    ]
    one_id = [first, "Hof;3;;;1234AB;Dorp;;0599200000000001\n"]
    twice = read("".join(one_id))
    assert [(doubt.code, doubt.row, doubt.value) for doubt in twice.doubts] == [
        ("panel.address-id-twice", 4, "0599200000000001")
    ]
    assert twice.merged == (Merged("1234AB:1::", (3, 4), frozenset({"1234AB:3::"})),)
    assert set(read("".join(reversed(one_id))).addresses) == set(twice.addresses)
    assert [len(file.addresses) for file in (two_ids, twice)] == [2, 2]


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
    few = RegisterSheet(
        (TWO + "Hof;1;1234AB;Dorp;\n" * 3 + "\nTotaal;3;;;\n" + "Hof;1;1234AB;Dorp;\n" * 2).encode(),
        file_name="x.csv",
        columns=ADDRESS_COLUMNS,
        weak=WEAK_NAMES,
        most_rows=3,
        most_bytes=1000,
    )
    with pytest.raises(FileRefused) as refused:
        list(few.rows(anchor="postcode"))
    [problem] = refused.value.facts["problems"]  # type: ignore[misc]
    assert (problem.code, problem.facts) == ("core.sheet-too-many-rows", {"found": 5, "most": 3})
    assert ADDRESSES_MOST == 200_000


def test_addresses_are_counted_per_neighbourhood() -> None:
    file = read(
        "Hof;1;;;1234AB;Dorp;Zuid;\nHof;2;;;1234AB;Dorp;Noord;\nHof;3;;;1234AB;Dorp;Zuid;\nHof;4;;;1234AB;Dorp;;\n"
    )
    counts = count_per_neighbourhood(file.addresses)
    assert list(counts.items()) == [("", 1), ("Noord", 1), ("Zuid", 2)]
    assert count_per_area(file.addresses).by_postcode is False


def test_only_a_list_without_neighbourhoods_is_counted_per_area_of_postcodes() -> None:
    file = read("Hof;1;;;1234AB;Dorp;;\nHof;2;;;1234ZZ;Dorp;;\nHof;3;;;1100AB;Dorp;;\n")
    counts = count_per_area(file.addresses)
    assert counts.by_postcode
    assert list(counts.areas.items()) == [("1100", 1), ("1234", 2)]


def test_reading_in_steps_tells_ever_more_and_gives_the_same_list() -> None:
    raw = (HEADER + "".join(f"Hof;{n};;;1234AB;Dorp;;\n" for n in range(1, 9_001))).encode()
    told = []
    steps = read_in_steps(raw, file_name="adressen.csv")
    try:
        while True:
            told.append(next(steps))
    except StopIteration as end:
        file = end.value
    assert len(told) == 2
    assert 0 < told[0] < told[1] < 1
    assert file == read_addresses(raw, file_name="adressen.csv")


# -- an extract of the register, as it is handed over ------------------------------------------------

BAG = (
    "Nummeraanduiding identificatie{0}Openbare ruimte{0}Huisnummer{0}Huisletter{0}Huisnummertoevoeging{0}"
    "Postcode{0}Woonplaats{0}Gebruiksdoel{0}Status{0}Buurtcode{0}Buurtnaam{0}Oppervlakte{0}{0}\r\n"
    "0599200000000001{0}Hof{0}1{0}{0}{0}1234AB{0}Dorp{0}woonfunctie{0}"
    "Naamgeving uitgegeven{0}BU01{0}Noord{0}80{0}{0}\r\n"
    '0599200000000002{0}Höf{0}2{0}a{0}bis{0}1234 ab{0}Dorp{0}"winkelfunctie, woonfunctie"{0}'
    "Naamgeving uitgegeven{0}BU01{0}Noord{0}90{0}{0}\r\n{0}{0}{0}{0}{0}{0}{0}{0}{0}{0}{0}{0}{0}\r\n"
)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_an_extract_is_read_however_it_was_saved(separator: str, encoding: str) -> None:
    file = read_addresses(BAG.format(separator).encode(encoding), file_name="bag.csv")
    assert file.addresses == (
        Address("Hof", 1, "", "", "1234 AB", "Dorp", "Noord (BU01)", "0599200000000001"),
        Address("Höf", 2, "A", "bis", "1234 AB", "Dorp", "Noord (BU01)", "0599200000000002"),
    )
    assert (file.source.row_count, file.source.blank_rows, file.aside.unused) == (2, 1, ("Oppervlakte",))
    assert file.source.encoding_is_guess is (encoding == "windows-1252")


@pytest.mark.parametrize(
    "header",
    [
        "straatnaam;huisnummer;huisletter;huisnummertoevoeging;postcode;woonplaats;gebruiksdoel;status",
        "openbare_ruimte_naam;huisnummer;huisletter;toevoeging;postcode;woonplaats_naam;gebruiksdoel;status",
        "OpenbareRuimteNaam;Huisnr;Letter;Toev;PC6;Woonplaatsnaam;Gebruiksdoelen;Verblijfsobject status",
        '"Naam\nopenbare ruimte";nr;huisletter;"huisnummer\n-toevoeging";postcode;plaats;gebruiksdoel;status',
    ],
)
def test_columns_are_known_by_many_names(header: str) -> None:
    row = "Hof;1;A;bis;1234AB;Dorp;woonfunctie;Naamgeving uitgegeven"
    file = read_addresses(f"{header}\n{row}\n".encode(), file_name="x.csv")
    assert file.addresses == (Address("Hof", 1, "A", "bis", "1234 AB", "Dorp", "", ""),)


def test_a_better_name_of_a_column_is_chosen_whatever_stands_first() -> None:
    raw = (
        "identificatie;nummeraanduiding identificatie;straat;huisnummer;postcode;plaats\n"
        "0599010000000009;0599200000000001;Hof;1;1234AB;Dorp\n"
    )
    file = read_addresses(raw.encode(), file_name="x.csv")
    assert (file.addresses[0].bag_id, file.aside.unused) == ("0599200000000001", ("identificatie",))


def test_a_cell_may_hold_line_breaks_and_is_one_row_as_in_a_spreadsheet() -> None:
    raw = TWO + '"Hof\nvan Dorp";1;1234AB;Dorp;"tuin\r\n\r\nachter"\nHof;x;1234AB;Dorp;\n'
    with pytest.raises(FileRefused) as refused:
        read_addresses(raw.encode(), file_name="x.csv")
    assert [problem.row for problem in refused.value.facts["problems"]] == [3]  # type: ignore[attr-defined]
    good = read_addresses(raw.replace("x;", "2;").encode(), file_name="x.csv")
    assert good.addresses[0].street == "Hof van Dorp"


def test_two_quotes_left_open_never_make_one_address_out_of_two() -> None:
    raw = TWO + 'Hof;1;1234AB;Dorp;"tuin\nHof;2;1234AB;Dorp;tuin"\nHof;3;1234AB;Dorp;\n'
    with pytest.raises(FileRefused) as refused:
        read_addresses(raw.encode(), file_name="x.csv")
    problems = refused.value.facts["problems"]
    assert [(one.code, one.row, one.column) for one in problems] == [  # type: ignore[attr-defined]
        ("core.sheet-unbalanced-quote", 2, "E"),
    ]


def test_totals_below_the_list_and_missing_empty_cells_are_told() -> None:
    rows = "Hof;1;1234AB;Dorp;\nHof;2;1234AB;Dorp\nHof;3;1234AB;Dorp;;;\n;;;;\n"
    file = read_addresses((TWO + rows + "Totaal;3;;;\n\n(3 rijen)\n\n").encode(), file_name="x.csv")
    assert (len(file.addresses), file.source.row_count, file.source.blank_rows) == (3, 3, 3)
    assert (file.aside.short_rows, file.aside.sum_rows) == (1, (6, 8))
    inside = [
        TWO,
        "Hof;1;1234AB;Dorp;\nSubtotaal;1;;;\nHof;2;1234AB;Dorp;\nHof;3;1234AB;Dorp;;x\nHof;4;1234AB\n",
    ]
    with pytest.raises(FileRefused) as refused:
        read_addresses("".join(inside).encode(), file_name="x.csv")
    problems = refused.value.facts["problems"]
    assert [(one.code, one.row) for one in problems] == [  # type: ignore[attr-defined]
        ("panel.sum-row-inside", 3),
        ("core.sheet-row-ragged", 5),
        ("core.sheet-row-ragged", 6),
    ]


def test_text_that_a_program_wrote_as_a_formula_is_text() -> None:
    raw = HEADER + '"=""Hof""";="12";;;1234AB;Dorp;NULL;="0599200000000001"\n'
    address = read_addresses(raw.encode(), file_name="x.csv").addresses[0]
    assert (address.street, address.number, address.neighbourhood, address.bag_id) == (
        "Hof", 12, "", "0599200000000001",
    )  # fmt: skip


def test_identifications_that_a_spreadsheet_rounded_are_refused_all_together() -> None:
    rows = [f"Hof;{number};;;1234AB;Dorp;;16402000001234{number:02d}\n" for number in range(10, 30)]
    assert len(read("".join(rows)).addresses) == 20
    problem = problems_of("".join(row[:-2] + "0\n" for row in rows))[0]
    assert (problem.code, problem.column) == ("panel.address-ids-rounded", "ID")


def test_rows_of_other_uses_and_states_are_counted_and_not_looked_at_further() -> None:
    raw = (
        b"straat;huisnummer;postcode;plaats;gebruiksdoel;status;status verblijfsobject\n"
        b"Hof;1;1234AB;Dorp;woonfunctie;Naamgeving uitgegeven;Verblijfsobject in gebruik\n"
        b"Hof;2;1234AB;Dorp;;Plaats aangewezen;\n"
        b"Hof;oeps;;;kantoorfunctie;Naamgeving uitgegeven;\n"
        b"Hof;4;1234AB;Dorp;woonfunctie;Naamgeving ingetrokken;\n"
        b"Hof;5;1234AB;Dorp;woonfunctie;Naamgeving uitgegeven;Verblijfsobject gevormd\n"
        b"Hof;6;1234AB;Dorp;woonfunctie|winkelfunctie;Naamgeving uitgegeven;Verbouwing verblijfsobject\n"
    )

    def numbers(**chosen: Any) -> list[int]:
        return [address.number for address in read_addresses(raw, file_name="x", **chosen).addresses]

    file = read_addresses(raw, file_name="x.csv")
    assert numbers() == [1, 6]
    assert file.aside.seen == Seen(other_uses=1, blank_uses=1, not_in_use=2)
    assert numbers(uses=Uses.HOMES_AND_BLANK) == [1, 2, 6]
    assert numbers(in_use_only=False) == [1, 4, 5, 6]
    with pytest.raises(FileRefused) as refused:
        numbers(uses=Uses.EVERYTHING)
    assert refused.value.facts["problems"][0].row == 4  # type: ignore[index]
    for bad, code in (("huis", "panel.use-unknown"), ("woonfunctie;bewoond", "panel.status-unknown")):
        cells = f"{bad};Naamgeving uitgegeven;" if ";" not in bad else f"{bad};"
        with pytest.raises(FileRefused) as refused:
            read_addresses(raw + f"Hof;7;1234AB;Dorp;{cells}\n".encode(), file_name="x.csv")
        problem = refused.value.facts["problems"][0]  # type: ignore[index]
        assert (problem.code, problem.row) == (code, 8)


def test_a_list_of_nothing_but_one_address_takes_no_square_of_time() -> None:
    one = "Hof;1;;;1234AB;Dorp;;0599200000000001\n"
    assert len(read(one * 20_000).merged[0].rows) == 20_000
    assert len(problems_of('Hof;"1;;;1234AB;Dorp;;\n' * 20_000)) == 50


def test_a_list_with_residents_in_it_is_not_kept() -> None:
    for header in ("Achternaam", "e-mail", "BSN", "geboortedatum"):
        raw = f"straat;huisnummer;postcode;plaats;{header}\nHof;1;1234AB;Dorp;iets\n"
        with pytest.raises(FileRefused) as refused:
            read_addresses(raw.encode(), file_name="x.csv")
        problems = refused.value.facts["problems"]
        assert [(one.code, one.row, one.column) for one in problems] == [  # type: ignore[attr-defined]
            ("panel.people-in-list", 1, header)
        ]
