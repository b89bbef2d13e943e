"""Lists as people save and send them: what is taken in, and what is refused with its place."""

import contextlib
import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.errors import BadInput
from pb.core.sheet import Column, Encoding, FileRefused, Problem, Row, Sheet, read_sheet, shown


class TooShort(BadInput):
    code = "core.sheet-test-too-short"


def read_postcode(cell: str) -> str:
    if len(cell.strip()) < 6:
        raise TooShort()
    return cell.strip().upper()


COLUMNS = (
    Column("naam"),
    Column("e-mail", required=False, may_be_blank=True, synonyms=("mail", "e-mailadres")),
    Column("postcode", read_postcode, synonyms=("pc",)),
)


def read(
    raw: bytes | str, *, name: str = "lijst.csv", most_rows: int = 100, most_bytes: int = 100_000
) -> Sheet:
    raw = raw.encode() if isinstance(raw, str) else raw
    return read_sheet(raw, file_name=name, columns=COLUMNS, most_rows=most_rows, most_bytes=most_bytes)


def problems_of(raw: bytes | str, *, most_bytes: int = 100_000) -> list[Problem]:
    with pytest.raises(FileRefused) as refused:
        read(raw, most_bytes=most_bytes)
    problems = refused.value.facts["problems"]
    assert isinstance(problems, tuple)
    return list(problems)


def names(sheet: Sheet) -> list[str]:
    return [row.values["naam"] for row in sheet.rows]


GOOD = "naam;e-mail;postcode\nJörg €;j@x.nl;1234 ab\nAnna;;1234 AC\n"


@pytest.mark.parametrize(
    ("raw", "encoding", "is_guess"),
    [
        (GOOD.encode(), Encoding.UTF_8, False),
        (GOOD.encode("utf-8-sig"), Encoding.UTF_8, False),
        (GOOD.encode("utf-16"), Encoding.UTF_16, False),
        (b"\xfe\xff" + GOOD.encode("utf-16-be"), Encoding.UTF_16, False),
        (GOOD.encode("windows-1252"), Encoding.WINDOWS_1252, True),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 little", "utf-16 big", "windows"],
)
def test_a_list_reads_the_same_in_every_encoding_and_a_guess_is_told(
    raw: bytes, encoding: Encoding, is_guess: bool
) -> None:
    sheet = read(raw)
    assert sheet.rows == (
        Row(2, {"naam": "Jörg €", "e-mail": "j@x.nl", "postcode": "1234 AB"}),
        Row(3, {"naam": "Anna", "e-mail": None, "postcode": "1234 AC"}),
    )
    assert (sheet.source.encoding, sheet.source.encoding_is_guess) == (encoding, is_guess)
    assert sheet.source.separator == ";"
    assert sheet.source.row_count == 2


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_list_may_be_cut_by_semicolons_commas_or_tabs_and_end_its_lines_in_any_way(
    separator: str, line_end: str
) -> None:
    lines = ["naam|e-mail|postcode", "Anna||1234AB", "Bo|b@x.nl|1234AC"]
    sheet = read(line_end.join(lines).replace("|", separator))
    assert names(sheet) == ["Anna", "Bo"]
    assert [row.number for row in sheet.rows] == [2, 3]
    assert sheet.source.separator == separator


def test_line_ends_may_be_mixed() -> None:
    sheet = read("naam;postcode\r\nAnna;1234AB\rBo;1234AC\nCo;1234AD")
    assert [(row.number, row.values["naam"]) for row in sheet.rows] == [(2, "Anna"), (3, "Bo"), (4, "Co")]


def test_only_line_ends_of_a_file_end_a_row() -> None:
    assert names(read("naam;postcode\nAn\u2028na\x0b\x85;1234AB\n")) == ["An\u2028na"]


def test_a_line_that_announces_the_separator_is_no_row_of_the_spreadsheet() -> None:
    sheet = read("sep=,\nnaam,postcode\n\nAnna;Bo,1234AB\n")
    assert names(sheet) == ["Anna;Bo"]
    assert sheet.rows[0].number == 3
    assert sheet.source.blank_rows == 1


def test_headers_may_differ_in_case_spaces_dashes_and_synonyms() -> None:
    sheet = read(" NAAM ;E mailadres;Pc\nAnna;a@x.nl;1234AB")
    assert sheet.rows[0].values == {"naam": "Anna", "e-mail": "a@x.nl", "postcode": "1234AB"}
    assert sheet.source.headers == {"naam": "NAAM", "e-mail": "E mailadres", "postcode": "Pc"}
    assert sheet.header_of("postcode") == "Pc"


def test_an_optional_column_that_is_not_there_has_nothing_in_it() -> None:
    assert read("postcode,naam\n1234AB,Anna").rows[0].values == {
        "naam": "Anna",
        "e-mail": None,
        "postcode": "1234AB",
    }


def test_blank_rows_are_skipped_and_counted_and_keep_their_number() -> None:
    sheet = read(
        '\n;;\nnaam;postcode;\n\nAnna;1234AB;\n;;\n"";"";\n \t;\u00a0;\nBo;1234AC;\n' + ";;\n" * 10_000
    )
    assert [(row.number, row.values["naam"]) for row in sheet.rows] == [(5, "Anna"), (9, "Bo")]
    assert sheet.source.blank_rows == 2 + 4 + 10_000


def test_quoted_cells_may_hold_separators_and_doubled_quotes() -> None:
    sheet = read('"naam";"postcode"\n"Jansen; ""Jopie""";"1234AB"\nCo;1234AC\n"""Bo""";1234AD')
    assert names(sheet) == ['Jansen; "Jopie"', "Co", '"Bo"']


def test_an_empty_cell_may_stand_before_a_quoted_one() -> None:
    assert read('e-mail;naam;postcode\n;"Anna";"1234AB"\n').rows[0].values["e-mail"] is None


def test_a_list_of_one_column_needs_no_separator() -> None:
    sheet = read_sheet(b"naam\nJansen; Anna\n", file_name="x.csv", columns=(Column("naam"),), most_rows=5)
    assert names(sheet) == ["Jansen; Anna"]


def test_a_list_of_only_the_one_column_that_is_needed_needs_no_separator() -> None:
    columns = (Column("naam"), Column("e-mail", required=False, may_be_blank=True))
    sheet = read_sheet(b"Naam\nJansen, Anna\nBo\n", file_name="x.csv", columns=columns, most_rows=5)
    assert names(sheet) == ["Jansen, Anna", "Bo"]
    with pytest.raises(FileRefused) as refused:
        read_sheet(b"Naam\nAnna;a@x.nl\n", file_name="x.csv", columns=columns, most_rows=5)
    problems = refused.value.facts["problems"]
    assert isinstance(problems, tuple)
    assert problems[0].code == "core.sheet-without-separator"


def workbook(*names: bytes) -> bytes:
    return b"PK\x03\x04\x14\0\0\0" + b"\0\0PK\x01\x02".join(names) + b"\0" * 30


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 100

BAD_FILES: list[tuple[str, bytes | str, str, int | None, str | None]] = [
    ("nothing", b"", "empty", None, None),
    ("only a mark", b"\xef\xbb\xbf", "empty", None, None),
    ("only blank lines", "\r\n ; ;\n\t\n", "empty", None, None),
    ("only sep=", "sep=;\n", "empty", None, None),
    ("only a header", "naam;postcode\n", "without-rows", 1, None),
    ("a header and blank rows", "naam;postcode\n;\n\n", "without-rows", 1, None),
    ("no separator", "naam postcode\nAnna 1234AB", "without-separator", 1, None),
    ("a bar between", "naam|postcode\nAnna|1234AB", "without-separator", 1, None),
    ("one column of two", "naam\nAnna", "without-separator", 1, None),
    ("too many columns", "naam;postcode" + ";x" * 99, "too-wide", 1, None),
    ("a million columns", "naam;postcode" + ";x" * 400_000, "too-wide", 1, None),
    ("a million quoted", "naam;postcode" + ';"x"' * 200_000, "too-wide", 1, None),
    ("a huge header", "naam;" + "x" * 900_000, "header-unknown", 1, "x" * 60 + "…"),
    ("a huge header in one", "x" * 900_000, "without-separator", 1, None),
    ("a row of a million", "naam;postcode\nAnna" + ";x" * 400_000, "row-ragged", 2, None),
    ("a separator of its own", "sep=|\nnaam|postcode\nAnna|1234AB", "without-separator", 1, None),
    ("two separators", "naam,e-mail;postcode\nAnna;1234AB", "header-unknown", 1, "naam,e-mail"),
    ("nameless AB", "naam;postcode" + ";" * 26 + "\nA;1234AB" + ";" * 26 + "x", "header-blank", 1, "AB"),
    ("nameless Z", "naam;postcode" + ";" * 24 + "\nA;1234AB" + ";" * 24 + "x", "header-blank", 1, "Z"),
    ("no header", "Anna;1234AB\nBo;1234AC", "without-header", 1, None),
    ("no header after a blank", "\nAnna;1234AB\nBo;1234AC", "without-header", 2, None),
    ("an unknown column", "naam;postcode;bsn\nAnna;1234AB;1", "header-unknown", 1, "bsn"),
    ("a misspelt column", "naam;postcoode\nAnna;1234AB", "header-unknown", 1, "postcoode"),
    ("a missing column", "naam;e-mail\nAnna;a@x.nl", "header-missing", 1, "postcode"),
    ("a column twice", "naam;postcode;Naam\nAnna;1234AB;x", "header-twice", 1, "Naam"),
    ("a synonym twice", "naam;postcode;PC\nAnna;1234AB;x", "header-twice", 1, "PC"),
    ("a nameless column", "naam;postcode;\nAnna;1234AB;x\nBo;1234AB;y", "header-blank", 1, "C"),
    ("a quote left open", 'naam;postcode\nAnna;1234AB\n"Bo;1234AC\nCo;1234AD', "unbalanced-quote", 3, "naam"),
    ("a quote left open at the end", 'naam;postcode\nAnna;"1234AB', "unbalanced-quote", 2, "postcode"),
    ("two people merged", 'naam;postcode\nAnna;"1234AB\nBo";1234AC', "unbalanced-quote", 2, "postcode"),
    ("a line break in a cell", 'naam;postcode\n"An\nna";1234AB\nBo;1234AC', "unbalanced-quote", 2, "naam"),
    ("a mark in a cell", 'naam;postcode\nAn"na;1234AB', "unbalanced-quote", 2, "naam"),
    ("marks within a cell", 'naam;postcode\nAn "x" na;1234AB', "unbalanced-quote", 2, "naam"),
    ("text after a mark", 'naam;postcode\n"An"na;1234AB', "unbalanced-quote", 2, "naam"),
    ("a space before a mark", 'naam;postcode\nAnna; "1234AB"', "unbalanced-quote", 2, "postcode"),
    ("a mark in a nameless column", 'naam;postcode;\nAnna;1234AB;"', "unbalanced-quote", 2, "C"),
    ("a quote open in the header", '"naam;postcode\nAnna;1234AB', "unbalanced-quote", 1, None),
    ("a row too long", "naam;postcode\nAnna;1234AB\nBo;1234AC;x", "row-ragged", 3, None),
    ("a row too short", "naam;e-mail;postcode\nAnna;1234AB", "row-ragged", 2, None),
    ("another separator below", "naam;postcode\nAnna,1234AB", "row-ragged", 2, None),
    ("a huge cell", "naam;postcode\n" + "x" * 200_000 + ";1234AB", "cell-too-long", 2, "naam"),
    ("a long cell", "naam;postcode\nA;1234AB\n" + "x" * 1001 + ";1234AB", "cell-too-long", 3, "naam"),
    ("NUL in a cell", "naam;postcode\nAnna;1234\0AB", "holds-nul", 2, "postcode"),
    ("NUL in a broken row", 'naam;postcode\nAnna;"1234\0AB', "holds-nul", 2, None),
    ("NUL in the header", "naam\0;postcode\nAnna;1234AB", "holds-nul", 1, None),
    ("an empty cell", "naam;postcode\n ;1234AB", "cell-blank", 2, "naam"),
    ("an error of Excel", "Naam ;postcode\n#n/b;1234AB", "cell-is-error", 2, "Naam"),
    ("a wrong value", "naam;postcode\nAnna;12AB", "test-too-short", 2, "postcode"),
    ("too many rows", "naam;postcode\n" + "Anna;1234AB\n" * 101, "too-many-rows", None, None),
    ("too many bytes", "naam;postcode\n" + "Anna;1234AB\n" * 100_000, "too-big", None, None),
    ("two encodings", "naam;postcode\nJörg;1234AB\nJ".encode() + b"\xf6rg;1234AC", "encoding-mixed", 3, None),
    ("cut half-way a letter", "naam;postcode\nZoë;1234AB\nJö".encode()[:-1], "encoding-mixed", 3, None),
    ("a mark and then Windows", b"\xef\xbb\xbfnaam;postcode\nJ\xf6rg;1234AB", "encoding-mixed", 2, None),
    ("no encoding at all", b"naam;postcode\r\nJ\x81rg;1234AB", "encoding-unknown", 2, None),
    ("bytes of a program", b"naam;postcode\n\x02\xff\x07", "encoding-unknown", 2, None),
    ("UTF-16 without a mark", GOOD.encode("utf-16-le"), "encoding-unknown", None, None),
    ("UTF-16, the other way", GOOD.encode("utf-16-be"), "encoding-unknown", None, None),
    ("half a UTF-16 letter", GOOD.encode("utf-16")[:-1], "encoding-unknown", None, None),
    ("UTF-32", GOOD.encode("utf-32"), "encoding-unknown", None, None),
    ("xlsx", workbook(b"[Content_Types].xml", b"xl/workbook.xml"), "is-spreadsheet", None, None),
    ("xlsm", workbook(b"xl/workbook.xml", b"xl/vbaProject.bin"), "is-spreadsheet", None, None),
    ("xlsb", workbook(b"xl/workbook.bin"), "is-spreadsheet", None, None),
    ("ods", workbook(b"application/vnd.oasis.opendocument.spreadsheet"), "is-spreadsheet", None, None),
    ("numbers", workbook(b"Index/Document.iwa"), "is-spreadsheet", None, None),
    ("xls", OLE, "is-spreadsheet", None, None),
    ("xml of Excel", "<?xml?><urn:schemas-microsoft-com:office:spreadsheet>", "is-spreadsheet", None, None),
    ("workbook with a password", OLE + "EncryptedPackage".encode("utf-16-le"), "is-protected", None, None),
    ("docx", workbook(b"word/document.xml"), "is-other", None, None),
    ("zip", workbook(b"lijst.csv"), "is-other", None, None),
    ("empty zip", b"PK\x05\x06" + b"\0" * 18, "is-other", None, None),
    ("gzip", b"\x1f\x8b\x08\0", "is-other", None, None),
    ("pdf", b"%PDF-1.7\n%\xe2\xe3", "is-other", None, None),
    ("png", b"\x89PNG\r\n\x1a\n\0\0\0", "is-other", None, None),
    ("jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF", "is-other", None, None),
    ("bitmap", b"BM\x36\0\0\0\0\0", "is-other", None, None),
    ("heic", b"\0\0\0\x18ftypheic\0\0", "is-other", None, None),
    ("webp", b"RIFF\x10\0\0\0WEBPVP8 ", "is-other", None, None),
    ("html", "\ufeff\n <!DOCTYPE HTML><table>", "is-other", None, None),
    ("html in UTF-16", "<html><table>".encode("utf-16"), "is-other", None, None),
    ("a bare table", "<table><tr><td>naam", "is-other", None, None),
    ("xml", "<?xml version='1.0'?><lijst/>", "is-other", None, None),
    ("json", '[{"naam": "Anna"}]', "is-other", None, None),
    ("rtf", r"{\rtf1 naam}", "is-other", None, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "code", "row", "column"), [bad[1:] for bad in BAD_FILES], ids=[bad[0] for bad in BAD_FILES]
)
def test_a_bad_file_is_refused_with_the_place_of_what_is_wrong(
    raw: bytes | str, code: str, row: int | None, column: str | None
) -> None:
    problem = problems_of(raw, most_bytes=1_000_000)[0]
    assert (problem.code, problem.row, problem.column) == (f"core.sheet-{code}", row, column)


@pytest.mark.parametrize(
    ("raw", "facts"),
    [
        ("naam;e-mail;postcode\nAnna", {"found": 1, "expected": 3}),
        ("naam;postcode\n" + ";x" * 199, {"found": 200, "expected": 2}),
        ("naam;postcode\n" + ";x" * 400_000, {"found": 201, "expected": 2}),
        ('naam;postcode\n"";' + ';"x"' * 400_000, {"found": 201, "expected": 2}),
        ("naam;postcoode\nAnna;1", {"expected": ("naam", "e-mail", "postcode"), "nearest": "postcode"}),
        ("naam;zwemdiploma\nAnna;1", {"expected": ("naam", "e-mail", "postcode"), "nearest": ""}),
        ("pc;naam;postcode\n1;Anna;2", {"name": "postcode", "first_place": "A"}),
        ("naam;postcode\n" + "\n;\nAnna;1234AB" * 101, {"found": 101, "most": 100}),
        ("x" * 3_500_000, {"megabytes_most": 3}),
        (b"%PDF-1.7", {"kind": "pdf", "named": ".xlsx"}),
        (b"{", {"kind": "json", "named": ".xlsx"}),
        (workbook(b"xl/workbook.bin", b"xl/a"), {"kind": "xlsb"}),
        (workbook(b"xl/vbaProject.bin", b"xl/a"), {"kind": "xlsm"}),
        (workbook(b"xl/a"), {"kind": "xlsx"}),
        (OLE, {"kind": "xls"}),
        (workbook(b"word/a"), {"kind": "document", "named": ".xlsx"}),
        ("naam;postcode\n" + "x" * 1001 + ";1234AB", {"length": 1001, "most": 1000}),
    ],
)
def test_a_problem_carries_the_figures_for_its_sentence(raw: bytes | str, facts: dict[str, object]) -> None:
    with pytest.raises(FileRefused) as refused:
        read(raw, name="Lijst.XLSX", most_bytes=3_000_000)
    problems = refused.value.facts["problems"]
    assert isinstance(problems, tuple)
    assert problems[0].facts == facts


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_rows() -> None:
    raw = 'naam;postcode;e-mail\nAnna;12;\n;34;a@x.nl\nBo\n"Co;1234AB;\nDe;1234AC;\n\nEf;\0;\nGa;1;\n'
    assert [
        (problem.row, problem.column, problem.code.removeprefix("core.sheet-"))
        for problem in problems_of(raw)
    ] == [
        (2, "postcode", "test-too-short"),
        (3, "naam", "cell-blank"),
        (3, "postcode", "test-too-short"),
        (4, None, "row-ragged"),
        (5, "naam", "unbalanced-quote"),
        (8, "postcode", "holds-nul"),
        (9, "postcode", "test-too-short"),
    ]


def test_the_header_and_the_rows_are_told_together() -> None:
    raw = "naam;bsn;e-mail\nAnna;1;\n;2;\n"
    assert [(problem.row, problem.column) for problem in problems_of(raw)] == [
        (1, "bsn"),
        (1, "postcode"),
        (3, "naam"),
    ]


def test_rows_below_a_cell_with_line_breaks_keep_the_number_of_the_spreadsheet() -> None:
    raw = 'naam;postcode\n"An\n\nna";1234AB\nBo;12\n'
    assert [problem.row for problem in problems_of(raw)] == [2, 3]


def test_every_ragged_row_is_told_up_to_fifty_and_the_rest_is_counted() -> None:
    with pytest.raises(FileRefused) as refused:
        read("naam;postcode\n" + "Anna\n" * 60)
    problems = refused.value.facts["problems"]
    assert isinstance(problems, tuple)
    assert [problem.row for problem in problems] == list(range(2, 52))
    assert refused.value.facts["total"] == 60


def test_exactly_as_many_rows_and_bytes_as_allowed_are_taken_in() -> None:
    raw = b"naam;postcode\n" + b"Anna;1234AB\n" * 100
    assert len(read(raw, most_bytes=len(raw)).rows) == 100
    assert len(read(raw + b";\n\n").rows) == 100
    assert problems_of(raw, most_bytes=len(raw) - 1)[0].code == "core.sheet-too-big"
    assert names(read("naam;postcode\n" + "x" * 1000 + ";1234AB")) == ["x" * 1000]


def test_a_value_is_shown_cut_off_and_with_unseen_characters_seen() -> None:
    assert shown("a\u202eb\0") == "a[U+202E]b[U+0000]"
    assert shown("x" * 60) == "x" * 60
    assert shown("x" * 61) == "x" * 60 + "…"
    assert problems_of("naam;postcode\nAnna;1\u200b2\n")[0].value == "1[U+200B]2"


def test_what_a_file_holds_stays_out_of_logs() -> None:
    with pytest.raises(FileRefused) as refused:
        read("naam;geheim@x.nl\nAnna;geheim@x.nl;geheim\n")
    assert "geheim" not in str(refused.value) + repr(refused.value)


@pytest.mark.parametrize(
    ("name", "to_show"),
    [
        ("lijst.csv", "lijst.csv"),
        ("../../etc/lijst.csv", "lijst.csv"),
        ("C:\\Users\\lijst.csv", "lijst.csv"),
        ("exe\u202efdp\n.csv", "exefdp.csv"),
        ("n" * 80, "n" * 80),
        ("n" * 496 + ".csv", "n" * 60 + "…" + "n" * 11 + ".csv"),
    ],
)
def test_the_name_of_a_file_is_only_something_to_show(name: str, to_show: str) -> None:
    assert read(GOOD, name=name).source.file_name == to_show


def test_the_same_bytes_have_the_same_fingerprint() -> None:
    assert read(GOOD).source.sha256 == read(GOOD, name="kopie.csv").source.sha256
    assert read(GOOD).source.sha256 != read(GOOD + "\n").source.sha256


def test_asking_one_spelling_for_two_columns_is_a_mistake_of_the_asker() -> None:
    columns = (Column("naam", synonyms=("Pc",)), Column("postcode", synonyms=("pc",)))
    with pytest.raises(ValueError, match="names two columns"):
        read_sheet(b"naam;postcode\nx;y", file_name="x.csv", columns=columns, most_rows=5)


@pytest.mark.parametrize("header", ["BM-nummer", "RIFF-nummer", "RIFF1234WAVEnummer", "1234RIFFWEBP"])
def test_a_header_that_starts_like_an_image_is_none(header: str) -> None:
    columns = (Column(header), Column("naam"))
    raw = f"{header};naam\n1;Anna\n".encode()
    assert names(read_sheet(raw, file_name="x.csv", columns=columns, most_rows=5)) == ["Anna"]


CELL = st.text(
    st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), min_size=1, max_size=20
).filter(lambda cell: cell.strip() and not re.match(r"\s*#", cell) and cell.strip("\ufeff \t\u00a0"))


@given(
    rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8),
    separator=st.sampled_from(";,\t"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_whatever_the_csv_module_writes_is_read_back_exactly(
    rows: list[tuple[str, str]], separator: str, line_end: str, encoding: str, quoting: int
) -> None:
    written = io.StringIO(newline="")
    # The csv module takes the last of these two settings as what makes it quote.
    writer = csv.writer(written, delimiter=separator, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([("kop", "ander"), *rows])
    columns = (Column("kop", str), Column("ander", str))
    raw = written.getvalue().encode(encoding)
    sheet = read_sheet(raw, file_name="x.csv", columns=columns, most_rows=10)
    assert [(row.values["kop"], row.values["ander"]) for row in sheet.rows] == rows
    assert [row.number for row in sheet.rows] == list(range(2, len(rows) + 2))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(raw: bytes) -> None:
    for start in (b"", b"naam;postcode\n", b"\xff\xfe", b'naam;postcode\n"'):
        with contextlib.suppress(FileRefused):
            assert read(start + raw).rows


@given(st.lists(st.sampled_from(['"', ";", "\n", "a", '""', "\r", " "]), max_size=30).map("".join))
def test_no_play_of_quotes_makes_one_person_of_two_lines(text: str) -> None:
    try:
        sheet = read_sheet(
            f"x;y\n{text}".encode(),
            file_name="x.csv",
            columns=(Column("x", str, may_be_blank=True), Column("y", str, may_be_blank=True)),
            most_rows=50,
        )
    except FileRefused:
        return
    for row in sheet.rows:
        for cell in row.values.values():
            assert cell is None or not {"\n", "\r"} & set(cell)
