"""The payment list, and the files that it is handed over in."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pb.core.errors import Broken
from pb.grants.rules.payee import (
    DescriptionTooLong,
    EndToEndIdUnusable,
    PayeeNameNotLatin,
    PayeeNameTooLong,
)
from pb.grants.rules.payments import (
    PAYMENT_CENTS_MOST,
    PAYMENT_COLUMNS,
    NoPayments,
    PaymentAmountWrong,
    PaymentDayInWeekend,
    PaymentDayPast,
    PaymentIbanWrong,
    PaymentLine,
    PaymentTwice,
    check_wanted_on,
    content_sha256,
    payment_rows,
)
from pb.grants.rules.sheet import Column, Kind, Sheet, neutralise, total_cents, write_csv
from pb.grants.xlsx import write_xlsx

MADE_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST = PaymentLine(
    number=1,
    file_number="0012",
    decision_number="B-2026-1",
    payee_name="Jörg & Müller",
    iban="NL91ABNA0417164300",
    amount_cents=1_200_001,
    description="Moestuin op het plein",
    end_to_end_id="R1-0012-1",
    wanted_on=date(2026, 12, 1),
)
SECOND = replace(FIRST, number=2, file_number="0013", end_to_end_id="R1-0013-1", amount_cents=9)

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u00a0=1",
    "\u200b=1",
    ";=1",
    '"=1',
    "'=1",
    ",=1",
    '";=1',
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.nl";"klik")',
    "@x",
    "+31 6 12345678",
]


def rows_of(written: bytes) -> list[list[str]]:
    text = written.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def cells_of(written: bytes) -> list[dict[str, tuple[str, str | None]]]:
    """Read a spreadsheet as cell name -> (type, value), row by row, without the library that wrote it."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(written)) as book:
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(item.itertext()) for item in shared.findall("m:si", space)]
        page = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert page.findall(".//m:f", space) == []
    rows: list[dict[str, tuple[str, str | None]]] = []
    for row in page.findall(".//m:row", space):
        cells: dict[str, tuple[str, str | None]] = {}
        for cell in row.findall("m:c", space):
            value = cell.findtext("m:v", None, space)
            kind = cell.get("t", "n")
            cells[cell.attrib["r"].rstrip("0123456789")] = (
                kind,
                texts[int(value)] if kind == "s" and value is not None else value,
            )
        rows.append(cells)
    return rows


def test_a_payment_list_holds_what_finance_reads() -> None:
    made = payment_rows([FIRST, SECOND], batch_id="7", made_by="financiën")
    assert (made.row_count, made.total_cents) == (2, 1_200_010)
    named = dict(zip([column.name for column in PAYMENT_COLUMNS], made.sheet.rows[0], strict=True))
    filled = {name: cell for name, cell in named.items() if cell not in (None, "")}
    assert filled == {
        "batch_id": "7",
        "regelnr": 1,
        "dossiernummer": "0012",
        "besluitnummer": "B-2026-1",
        "naam_rekeninghouder": "Jorg + Muller",
        "iban": "NL91ABNA0417164300",
        "bedrag": 1_200_001,
        "valuta": "EUR",
        "omschrijving": "Moestuin op het plein",
        "end_to_end_id": "R1-0012-1",
        "soort": "voorschot",
        "termijn_nr": 1,
        "gewenste_datum": date(2026, 12, 1),
    }
    assert dict(made.sheet.trailer) == {
        "regels": "2",
        "totaal_in_centen": "1200010",
        "sha256": made.sha256,
        "gemaakt_door": "financiën",
    }


def test_the_columns_are_those_that_finance_named() -> None:
    names = (
        "batch_id; regelnr; dossiernummer; besluitnummer; verplichtingennummer; crediteurnummer; "
        "naam_rekeninghouder; iban; bedrag; valuta; omschrijving; end_to_end_id; soort; termijn_nr; "
        "gewenste_datum; uiterste_betaaldatum; grootboek; kostenplaats; kostensoort; taakveld; "
        "iv3_categorie; btw_code; iban_naam_check; iban_check_datum; iban_gewijzigd; akkoord_1; "
        "akkoord_1_op; akkoord_2; akkoord_2_op"
    )
    assert "; ".join(column.name for column in PAYMENT_COLUMNS) == names


def test_the_same_content_has_the_same_hash_whoever_makes_it() -> None:
    one = payment_rows([FIRST, SECOND], batch_id="7", made_by="a")
    other = payment_rows([FIRST, SECOND], batch_id="8", made_by="b")
    assert one.sha256 == other.sha256 == content_sha256([FIRST, SECOND])
    assert content_sha256([FIRST, replace(SECOND, amount_cents=10)]) != one.sha256
    assert content_sha256([SECOND, FIRST]) != one.sha256


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        (replace(FIRST, amount_cents=0), PaymentAmountWrong),
        (replace(FIRST, amount_cents=-1), PaymentAmountWrong),
        (replace(FIRST, amount_cents=PAYMENT_CENTS_MOST + 1), PaymentAmountWrong),
        (replace(FIRST, iban="NL91ABNA0417164301"), PaymentIbanWrong),
        (replace(FIRST, iban="nl91abna0417164300"), PaymentIbanWrong),
        (replace(FIRST, iban=""), PaymentIbanWrong),
        (replace(FIRST, payee_name="a" * 71), PayeeNameTooLong),
        (replace(FIRST, payee_name="Иван"), PayeeNameNotLatin),
        (replace(FIRST, description="a" * 141), DescriptionTooLong),
        (replace(FIRST, end_to_end_id="x" * 36), EndToEndIdUnusable),
        (replace(FIRST, end_to_end_id=""), EndToEndIdUnusable),
        (SECOND, PaymentTwice),
        (replace(SECOND, number=3), PaymentTwice),
        (replace(SECOND, number=3, end_to_end_id="other"), PaymentTwice),
    ],
)
def test_a_payment_that_must_not_be_made_stops_the_list(line: PaymentLine, refusal: type[Broken]) -> None:
    with pytest.raises(refusal):
        payment_rows([SECOND, line], batch_id="7", made_by="a")


def test_a_second_instalment_of_the_same_file_may_be_in_the_list() -> None:
    later = replace(FIRST, number=2, instalment=2, end_to_end_id="R1-0012-2")
    assert payment_rows([FIRST, later], batch_id="7", made_by="a").row_count == 2


def test_an_empty_list_is_not_made() -> None:
    with pytest.raises(NoPayments):
        payment_rows([], batch_id="7", made_by="a")


@pytest.mark.parametrize("amount", [1.0, True, "5"])
def test_a_payment_that_is_no_whole_number_is_a_mistake_of_ours(amount: object) -> None:
    with pytest.raises(TypeError):
        payment_rows([replace(FIRST, amount_cents=amount)], batch_id="7", made_by="a")  # type: ignore[arg-type]


@given(st.lists(st.integers(min_value=1, max_value=PAYMENT_CENTS_MOST), min_size=1, max_size=20))
@example([6_623_257])
def test_the_total_is_exact_in_every_file(amounts: list[int]) -> None:
    lines = [
        replace(FIRST, number=place, file_number=str(place), end_to_end_id=f"E{place}", amount_cents=cents)
        for place, cents in enumerate(amounts, start=1)
    ]
    made = payment_rows(lines, batch_id="7", made_by="a")
    place = [column.name for column in PAYMENT_COLUMNS].index("bedrag")
    in_csv = [row[place] for row in rows_of(write_csv(made.sheet))[1:-1]]
    assert sum(int(cell.replace(",", "")) for cell in in_csv) == sum(amounts) == made.total_cents
    total = cells_of(write_xlsx(made.sheet, made_at=MADE_AT))[len(lines) + 1]["I"][1]
    assert total is not None
    whole, _, rest = total.partition(".")
    assert int(whole) * 100 + int(rest.ljust(2, "0")) == sum(amounts)


@pytest.mark.parametrize(
    ("day", "told"),
    [(date(2026, 11, 20), 0), (date(2026, 11, 21), 1), (date(2026, 11, 22), 1), (date(2026, 11, 23), 0)],
)
def test_a_payment_day_in_the_weekend_is_told(day: date, told: int) -> None:
    warnings = check_wanted_on(day, today=date(2026, 11, 20))
    assert len(warnings) == told
    assert all(isinstance(warning, PaymentDayInWeekend) for warning in warnings)


def test_a_payment_day_that_is_over_is_refused() -> None:
    with pytest.raises(PaymentDayPast):
        check_wanted_on(date(2026, 11, 19), today=date(2026, 11, 20))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_stays_text(text: str) -> None:
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "Feest", "1250,50", "a=b", "'t Pleintje", "(x)", '"Samen"', "#1", "3 - 4"]
)
def test_plain_text_is_left_alone(text: str) -> None:
    assert neutralise(text) == text


NASTY = Sheet(
    "Bedragen: 1/2",
    (Column("tekst"), Column("bedrag", Kind.CENTS), Column("dag", Kind.DAY), Column("aantal", Kind.WHOLE)),
    (
        ("=1+1", -500, date(2026, 2, 1), 3),
        ('een;twee"drie\r\nvier\rvijf', 125_050, None, -1),
        ("0012", None, date(2027, 2, 28), None),
        ("https://evil.nl", 1, None, 0),
    ),
)


def test_a_csv_is_written_as_dutch_bookkeeping_reads_it() -> None:
    assert (
        write_csv(NASTY)
        == (
            '\ufeff"tekst";"bedrag";"dag";"aantal"\r\n'
            '"\'=1+1";"-5,00";"01-02-2026";"3"\r\n'
            '"een;twee""drie\nvier\nvijf";"1250,50";"";"-1"\r\n'
            '"0012";"";"28-02-2027";""\r\n'
            '"https://evil.nl";"0,01";"";"0"\r\n'
        ).encode()
    )


def test_a_csv_of_payments_ends_with_what_can_be_checked() -> None:
    made = payment_rows([FIRST], batch_id="7", made_by="=financiën")
    rows = rows_of(write_csv(made.sheet))
    assert len({len(row) for row in rows}) == 1
    label, *pairs = rows[-1][:9]
    assert label == "TRAILER"
    assert dict(zip(pairs[::2], pairs[1::2], strict=True)) == {
        "regels": "1",
        "totaal_in_centen": "1200001",
        "sha256": made.sha256,
        "gemaakt_door": "'=financiën",
    }


def test_a_spreadsheet_holds_typed_cells_and_no_formula() -> None:
    header, first, second, third, fourth, total = cells_of(write_xlsx(NASTY, made_at=MADE_AT))
    assert [cell[1] for cell in header.values()] == ["tekst", "bedrag", "dag", "aantal"]
    assert first == {"A": ("s", "=1+1"), "B": ("n", "-5.00"), "C": ("n", "46054"), "D": ("n", "3")}
    assert second["A"] == ("s", 'een;twee"drie\nvier\nvijf')
    assert second["B"] == ("n", "1250.50")
    assert second["C"] == ("n", None)
    assert third["A"] == ("s", "0012")
    assert fourth["A"] == ("s", "https://evil.nl")
    assert total == {"A": ("s", "Totaal"), "B": ("n", "1245.51")}


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_text_in_a_spreadsheet_too(text: str) -> None:
    sheet = Sheet("x", (Column("tekst"),), ((text,),))
    cell = cells_of(write_xlsx(sheet, made_at=MADE_AT))[1]["A"]
    assert cell == ("s", text.replace("\r", "\n"))


def test_a_spreadsheet_has_a_header_that_stays_and_amounts_in_euros() -> None:
    with zipfile.ZipFile(io.BytesIO(write_xlsx(NASTY, made_at=MADE_AT))) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert 'state="frozen"' in page
    assert 'ySplit="1"' in page
    assert "<b/>" in styles
    assert "[$€-413]" in styles
    assert "hyperlink" not in page
    assert 'name="Bedragen  1 2"' in names


def test_the_same_table_gives_the_same_bytes() -> None:
    assert write_xlsx(NASTY, made_at=MADE_AT) == write_xlsx(NASTY, made_at=MADE_AT)
    assert write_csv(NASTY) == write_csv(NASTY)


def test_a_table_without_rows_is_a_header_only() -> None:
    empty = Sheet("x", NASTY.columns, ())
    assert write_csv(empty) == '\ufeff"tekst";"bedrag";"dag";"aantal"\r\n'.encode()
    assert cells_of(write_xlsx(empty, made_at=MADE_AT))[1]["B"] == ("n", "0.00")


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (Kind.CENTS, 1.5),
        (Kind.CENTS, True),
        (Kind.CENTS, "1"),
        (Kind.TEXT, 5),
        (Kind.WHOLE, "5"),
        (Kind.DAY, MADE_AT),
        (Kind.DAY, "01-01-2026"),
    ],
)
def test_a_cell_of_another_kind_is_a_mistake_of_ours(kind: Kind, cell: object) -> None:
    with pytest.raises(TypeError):
        Sheet("x", (Column("a", kind),), ((cell,),))  # type: ignore[arg-type]


def test_a_row_of_another_length_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError):
        Sheet("x", (Column("a"),), (("1", "2"),))


def test_a_spreadsheet_never_rounds_or_cuts() -> None:
    for kind, cell in ((Kind.WHOLE, 10**15), (Kind.CENTS, 10**15), (Kind.TEXT, "a" * 32_768)):
        with pytest.raises(ValueError):
            write_xlsx(Sheet("x", (Column("a", kind),), ((cell,),)), made_at=MADE_AT)
    with pytest.raises(ValueError):
        write_xlsx(NASTY, made_at=MADE_AT.replace(tzinfo=None))


def test_only_amounts_can_be_added_up() -> None:
    assert total_cents(NASTY, "bedrag") == 124_551
    with pytest.raises(TypeError):
        total_cents(NASTY, "aantal")
