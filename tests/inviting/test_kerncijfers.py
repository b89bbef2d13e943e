"""Key figures of Statistics Netherlands, in the shapes in which they are given; the numbers are made up."""

import io
import json
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask import Flask
from xlsxwriter import Workbook

from pb.core.sheet import FileRefused
from pb.inviting import queries
from pb.inviting.rules.appeal import Feature, Value
from pb.inviting.rules.kerncijfers import (
    Place,
    PlaceNotFound,
    PlacesTooMany,
    PlaceUnreadable,
    find_places,
    pack_place,
    read_figure,
    unpack_place,
)
from pb.inviting.rules.kerncijfers_columns import Key
from pb.inviting.rules.kerncijfers_filling import propose
from pb.people.rules import Role
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import Neighbourhood, email_of
from support.visitor import Page, Visitor

# The yearly file, saved from a spreadsheet.
YEARLY = (
    "gwb_code_10;gwb_code_8;regio;gm_naam;recs;gwb_code;a_inw;a_man;a_vrouw;a_00_14;a_15_24;a_25_44;a_45_64;"
    "a_65_oo;p_koopw;p_huurw;p_wcorpw;p_ov_hw;a_opl_lg;a_opl_md;a_opl_hg\r\n"
    "GM9990;9990;Voorbeeldstad;Voorbeeldstad;Gemeente;GM9990;80000;39500;40500;12000;10000;22000;20000;16000;"
    "50;49;35;14;20000;22000;18000\r\n"
    "WK999001;999001;Voorbeeldwijk;Voorbeeldstad;Wijk;WK999001;8200;4100;4100;1400;1200;2600;1900;1100;"
    "24;76;58;18;2600;2300;1400\r\n"
    "BU99900101;99900101;Voorbeeldbuurt-Noord;Voorbeeldstad;Buurt;BU99900101;1710;855;855;135;75;485;515;500;"
    "41;58;.;.;.; ;\r\n"
)
# The open data: quoted, padded, a dot for unknown, and a number behind every name.
OPEN_DATA = (
    '"ID";"WijkenEnBuurten";"Gemeentenaam_1";"SoortRegio_2";"Codering_3";"AantalInwoners_5";"Mannen_6";'
    '"Vrouwen_7";"k_0Tot15Jaar_8";"k_15Tot25Jaar_9";"k_25Tot45Jaar_10";"k_45Tot65Jaar_11";'
    '"k_65JaarOfOuder_12";"Koopwoningen_47";"HuurwoningenTotaal_48";"InBezitWoningcorporatie_49";'
    '"InBezitOverigeVerhuurders_50";"BasisonderwijsVmboMbo1_67";"HavoVwoMbo24_68";"HboWo_69"\n'
    '2;"WK999001  ";"Voorbeeldstad    ";"Wijk      ";"WK999001  ";"    8200";"    4100";"    4100";'
    '"    1400";'
    '"    1200";"    2600";"    1900";"    1100";"      24";"      76";"      58";"      18";"    2600";'
    '"    2300";"       ."\n'
)
# StatLine writes a title above, the whole path of a figure, and where it comes from below.
STATLINE = (
    '"Kerncijfers wijken en buurten 2025"\n'
    '"Wijken en buurten";"Regioaanduiding/Gemeentenaam (naam)";"Regioaanduiding/Codering (code)";'
    '"Bevolking/Aantal inwoners (aantal)";"Bevolking/Geslacht/Mannen (aantal)";'
    '"Bevolking/Geslacht/Vrouwen (aantal)";"Bevolking/Leeftijdsgroepen/0 tot 15 jaar (aantal)";'
    '"Bevolking/Leeftijdsgroepen/15 tot 25 jaar (aantal)";'
    '"Bevolking/Leeftijdsgroepen/25 tot 45 jaar (aantal)";'
    '"Bevolking/Leeftijdsgroepen/45 tot 65 jaar (aantal)";'
    '"Bevolking/Leeftijdsgroepen/65 jaar of ouder (aantal)";"Wonen/Woningen naar eigendom/Koopwoningen (%)";'
    '"Wonen/Woningen naar eigendom/Huurwoningen/In bezit woningcorporatie (%)"\n'
    '"Voorbeeldwijk";"Voorbeeldstad";"WK999001";"8.200";"4.100";"4.100";"1.400";"1.200";"2.600";"1.900";'
    '"1.100";"24";"57,5"\n'
    '"Bron: CBS"\n'
)
# The chapters got other names in 2023, and places of one name have their code behind it.
STATLINE_NOW = (
    STATLINE.replace("Wonen/", "Wonen en vastgoed/")
    .replace('"Voorbeeldwijk";', '"Voorbeeldwijk (WK999001)";')
    .replace('(%)"\n', '(%)";"Onderwijs/Hoogst behaald onderwijsniveau/Hbo, wo (aantal)"\n')
    .replace('"57,5"\n', '"57,5";"."\n')
)
# The open data service itself answers in JSON: one object, null for what is unknown, codes without names.
ANSWER = json.dumps(
    {
        "odata.metadata": "https://opendata.cbs.nl/ODataApi/OData/86165NED/$metadata#TypedDataSet",
        "value": [
            {
                "ID": number, "WijkenEnBuurten": code, "Gemeentenaam_1": "Voorbeeldstad    ",
                "SoortRegio_2": "Wijk      ", "Codering_3": code, "AantalInwoners_5": 8200, "Mannen_6": 4100,
                "Vrouwen_7": 4100, "k_0Tot15Jaar_8": 1400, "k_15Tot25Jaar_9": 1200, "k_25Tot45Jaar_10": 2600,
                "k_45Tot65Jaar_11": 1900, "k_65JaarOfOuder_12": 1100, "Koopwoningen_47": 24.0,
                "InBezitWoningcorporatie_49": 57.5, "HboWo_69": None,
            }
            for number, code in enumerate(("WK999001  ", "WK999002  "))
        ],
    }
)  # fmt: skip
FIGURES = {
    Key.INHABITANTS: 8200, Key.MEN: 4100, Key.WOMEN: 4100, Key.AGE_0: 1400, Key.AGE_15: 1200,
    Key.AGE_25: 2600, Key.AGE_45: 1900, Key.AGE_65: 1100, Key.OWNED: 24, Key.SOCIAL: 58,
}  # fmt: skip


def book(text: str) -> bytes:
    """Write the rows as a workbook, numbers as numbers; a title of the sheet stands beside it."""
    file = io.BytesIO()
    with Workbook(file) as made:
        made.add_worksheet("Toelichting").write(0, 0, "Kerncijfers")
        sheet = made.add_worksheet("KWB2025")
        for row, line in enumerate(text.splitlines()):
            for column, cell in enumerate(line.split(";")):
                if cell.strip().isdigit():
                    sheet.write_number(row, column, int(cell))
                else:
                    sheet.write_string(row, column, cell)
    return file.getvalue()


def raw_book(sheet: str, words: str = "<sst></sst>") -> bytes:
    """Pack parts of a workbook that no spreadsheet would write."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", sheet)
        made.writestr("xl/sharedStrings.xml", words)
    return file.getvalue()


def read(text: str, sought: str, file_name: str = "kwb-2025.csv") -> tuple[Place, ...]:
    return find_places(text.encode("utf-8-sig"), file_name=file_name, sought=sought)


@pytest.mark.parametrize(
    "text", [YEARLY, OPEN_DATA, STATLINE, STATLINE_NOW, ANSWER, YEARLY.replace(";", ",")]
)
def test_every_kind_of_file_gives_the_same_figures(text: str) -> None:
    """By code or by name; a dot is unknown, never nobody."""
    (place,) = read(text, "wk999001")
    assert place.code == "WK999001"
    assert place.town == "Voorbeeldstad"
    assert place.year == "2025"
    assert {key: place.figures[key] for key in FIGURES} == FIGURES
    assert place.source.startswith("CBS Kerncijfers wijken en buurten 2025, WK999001 Voorbeeld")
    assert unpack_place(pack_place(place)) == place
    assert "(" not in place.name


def test_the_yearly_workbook_gives_the_same_places_as_its_text() -> None:
    """With the row of a spreadsheet at what is wrong."""
    for sought in ("WK999001", "voorbeeldbuurt-noord", "voorbeeld"):
        found = find_places(book(YEARLY), file_name="kwb-2025.xlsx", sought=sought)
        assert found == read(YEARLY, sought)
    wrong = YEARLY.replace(";4100;4100;1400;", ";veel & meer;4100;1400;")
    with pytest.raises(FileRefused) as refused:
        find_places(book(wrong), file_name="kwb-2025.xlsx", sought="WK999001")
    (problem,) = refused.value.facts["problems"]  # type: ignore[misc]
    assert (problem.row, problem.column, problem.value) == (3, "a_man", "veel & meer")


@pytest.mark.parametrize(
    ("file_name", "year"),
    [
        ("85984NED_UntypedDataSet_22112026_101010.csv", "2024"),
        ("kwb-2023.csv", "2023"),
        ("99999NED.csv", ""),
    ],
)
def test_the_year_follows_from_the_name_of_the_file(file_name: str, year: str) -> None:
    """Open data are named after their table, and the day of the download is no year."""
    (place,) = read(OPEN_DATA, "WK999001", file_name)
    assert place.year == year
    (answered,) = read(ANSWER, "WK999002", "TypedDataSet.json")
    assert answered.year == "2025"


@pytest.mark.parametrize("answer", ['{"value": [', '{"value": []}', '{"error": "no"}', "[1, 2]", "[" * 9999])
def test_an_answer_without_places_is_refused(answer: str) -> None:
    """Cut off, empty, or another answer."""
    with pytest.raises(FileRefused) as refused:
        read(answer, "WK999001", "TypedDataSet.json")
    assert refused.value.facts["problems"][0].code == "inviting.answer-unreadable"  # type: ignore[index]


def test_what_is_secret_is_unknown() -> None:
    """Small neighbourhoods have dots and blanks."""
    (place,) = read(YEARLY, "Voorbeeldbuurt-Noord")
    assert [place.figures[key] for key in (Key.SOCIAL, Key.LOW, Key.MIDDLE, Key.HIGH)] == [None] * 4
    assert place.figures[Key.OWNED] == 41
    assert [read_figure(text) for text in ("       .", "", ",", "-99999999", "1.250", "12 500", " 7 ")] == [
        None, None, None, None, 1250, 12500, 7,
    ]  # fmt: skip
    assert [read_figure(text, is_percentage=True) for text in ("57,5", "57.4", "100")] == [58, 57, 100]


def test_more_rows_that_fit_are_all_offered_and_an_exact_one_comes_alone() -> None:
    """Too many ask for more of the name."""
    assert [place.code for place in read(YEARLY, "voorbeeld")] == ["GM9990", "WK999001", "BU99900101"]
    assert [place.code for place in read(YEARLY, "Voorbeeldwijk")] == ["WK999001"]
    with pytest.raises(PlaceNotFound):
        read(YEARLY, "Nergenshuizen")
    row = YEARLY.splitlines()[2]
    many = YEARLY + "".join(row.replace("Voorbeeldwijk", f"Buurt {n}") + "\n" for n in range(40))
    with pytest.raises(PlacesTooMany):
        read(many, "buurt")


def test_what_is_wrong_is_told_with_its_row_and_column() -> None:
    """A word among numbers, a short row, another file, a spreadsheet."""
    with pytest.raises(FileRefused) as refused:
        read(YEARLY.replace(";4100;4100;1400;", ";veel;4100;1400;"), "WK999001")
    (problem,) = refused.value.facts["problems"]  # type: ignore[misc]
    assert (problem.row, problem.column, problem.value) == (3, "a_man", "veel")
    for text, code in (
        ("naam;leeftijd\nA;3\n", "core.sheet-without-header"),
        (YEARLY.splitlines()[0], "core.sheet-without-rows"),
        ("", "core.sheet-without-header"),
        (YEARLY.replace(";1400\r\n", "\r\n"), "core.sheet-row-ragged"),
    ):
        with pytest.raises(FileRefused) as refused:
            read(text, "WK999001")
        assert refused.value.facts["problems"][0].code == code  # type: ignore[index]
    for raw, code in (
        (b"PK\x03\x04 xl/workbook", "inviting.book-unreadable"),
        (b"PK\x03\x04 xl/vbaProject", "core.sheet-is-spreadsheet"),
        (b"%PDF-1.7", "core.sheet-is-other"),
        (book("naam;leeftijd\nA;3"), "core.sheet-without-header"),
    ):
        with pytest.raises(FileRefused) as refused:
            find_places(raw, file_name="kwb-2025.xlsx", sought="x")
        assert refused.value.facts["problems"][0].code == code  # type: ignore[index]


MANY = 300_000
HEAD = '<row r="1"><c t="inlineStr"><is><t>gwb_code</t></is></c></row>'


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("<row>" * MANY, ""),
        ("<row " * MANY, ""),
        (HEAD + "<row>" * MANY, ""),
        (f"<row>{'<c>' * MANY}</row>", ""),
        (f"<row>{'<c ' * MANY}></row>", ""),
        (f"<row><c>{'<v>' * MANY}</c></row>", ""),
        (f"<row><c>{'<v ' * MANY}</c></row>", ""),
        (f'<row><c t="inlineStr">{"<t>" * MANY}</c></row>', ""),
        (f'<row><c t="inlineStr">{"<t " * MANY}</c></row>', ""),
        ("<row>" + '<c r="A1"/>' * MANY + "</row>", ""),
        ("<row></row>" * 1_100_000, ""),
        (HEAD, "<si>" * MANY),
        (HEAD, "<si " * MANY),
        (HEAD, f"<si>{'<t>' * MANY}</si>"),
        (HEAD, f"<si>{'<t ' * MANY}</si>"),
    ],
    ids=lambda text: f"{text[:30]}…{len(text)}",
)
def test_a_workbook_of_tags_that_never_end_is_refused(sheet: str, words: str) -> None:
    """Looking for each end to the end of the file would hold up everybody for hours."""
    with pytest.raises(FileRefused) as told:
        find_places(raw_book(sheet, words), file_name="kwb-2025.xlsx", sought="x")
    assert told.value.facts["problems"][0].code == "inviting.book-unreadable"  # type: ignore[index]


def test_a_workbook_is_read_by_its_tags_and_not_by_what_begins_like_one() -> None:
    """Columns are no cells, breaks are no rows; an element may hold nothing; a damaged part is refused."""
    text = '<c t="inlineStr"><is><t/><t xml:space="preserve">{}</t><tab/></is></c>'
    head = "".join(text.format(name) for name in ("gwb_code", "regio", "a_inw", "a_man"))
    row = f'<c t="s"><v>1</v></c>{text.format("Voorbeeldwijk")}<c/><c r="D7"><v>41</v></c>'
    sheet = f'<cols><col/></cols><row>{head}</row><row r="5"/><row r="7" s="1">{row}</row><rowBreaks>'
    raw = raw_book(sheet, "<sst><si/><si><r><t>WK99</t></r><r><t>9001</t></r></si></sst>")
    (place,) = find_places(raw, file_name="kwb-2025.xlsx", sought="wk999001")
    assert (place.name, place.figures[Key.INHABITANTS], place.figures[Key.MEN]) == ("Voorbeeldwijk", None, 41)
    whole = book(YEARLY)
    with ZipFile(io.BytesIO(whole)) as parts:
        part = parts.getinfo("xl/worksheets/sheet2.xml")
    at = part.header_offset + 30 + len(part.filename)
    for damaged in (whole[:at] + b"\xff" * 40 + whole[at + 40 :], whole[: len(whole) // 2]):
        with pytest.raises(FileRefused) as told:
            find_places(damaged, file_name="kwb-2025.xlsx", sought="WK999001")
        assert told.value.facts["problems"][0].code == "inviting.book-unreadable"  # type: ignore[index]


@pytest.mark.parametrize(
    "packed", ["", "[]", '["a","b","c","d",[1]]', "{", "[1,2,3,4,5]", '["\\u0000","","","",[]]']
)
def test_a_place_that_our_page_did_not_write_is_refused(packed: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(PlaceUnreadable):
        unpack_place(packed)


def asked(name: str, *values: str) -> Feature:
    return Feature(1, name, "?", "", "", tuple(Value(at, value) for at, value in enumerate(values, start=1)))


def test_figures_fill_the_answers_that_they_fit() -> None:
    """Nobody counts a third gender; other ages are offered as groups of their own."""
    (place,) = read(YEARLY, "WK999001")
    gender = propose(asked("geslacht", "vrouw", "man", "anders"), place)
    assert gender is not None
    assert [line.value.people for line in gender.lines] == [4100, 4100, 0]
    schools = ("basis, vmbo of mbo 1", "mbo 2-4, havo of vwo", "hbo of universiteit")
    learned = propose(asked("opleiding", *schools), place)
    assert learned is not None
    assert [line.value.people for line in learned.lines] == [2600, 2300, 1400]
    homes = propose(asked("woning", "sociale huur", "particuliere huur", "koop"), place)
    assert homes is not None
    assert homes.in_percentages
    assert [line.value.people for line in homes.lines] == [58, 18, 24]
    ages = propose(asked("leeftijd", "16–29", "30–44", "45–59", "60–74", "75 en ouder"), place)
    assert ages is not None
    assert [(one.name, one.people) for one in ages.instead] == [
        ("15–24", 1200), ("25–44", 2600), ("45–64", 1900), ("65 en ouder", 1100),
    ]  # fmt: skip
    same = propose(asked("leeftijd", "15-24", "25 t/m 44", "45 tot en met 64 jaar", "65+"), place)
    assert same is not None
    assert not same.instead
    assert [line.value.people for line in same.lines] == [1200, 2600, 1900, 1100]
    assert propose(asked("taal thuis", "Nederlands", "een andere taal"), place) is None
    assert propose(asked("buurt", "Noord", "Zuid"), place) is None
    boats = propose(asked("woning", "huur", "koop", "woonboot"), place)
    assert boats is not None
    assert [line.value.people for line in boats.lines] == [76, 24, None]


def send(visitor: Visitor, path: str, sought: str, text: str = YEARLY, status: int = 200) -> Page:
    visitor.get(path)
    file = (io.BytesIO(text.encode("utf-8-sig")), "kwb-2025.csv")
    return visitor.post(path, {"file": file, "place": sought}, status, content_type="multipart/form-data")


def test_an_area_manager_takes_over_the_numbers_of_the_area(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """File, row, look, correct, targets; the file is not kept."""
    ask(store, place, seats=40)
    visitor = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    listed = f"/werk/ronde/{place.round_id}/panel/kenmerken"
    path = f"{listed}/kerncijfers"
    for name in ("leeftijd", "opleiding", "taal thuis"):
        visitor.post(listed, {"do": f"ready-{name}"})
    page = send(visitor, path, "voorbeeld")
    assert "3 rijen passen erbij" in page.text
    assert "8200 inwoners" in page.text
    chosen = page.all("input[name=gekozen]")[1].attributes["value"]
    page = visitor.post(path, {"gekozen": chosen})
    assert "In 15–24 zitten ook mensen van 15" in page.text
    assert "taal thuis" not in page.text
    assert "Er is nog niets bewaard" in page.text
    held = page.values()
    wrong = visitor.post(path, held | {"do": "fill", "tolerance": "10", "v-1-0": "half"}, status=422)
    assert "geen heel getal" in wrong.text
    assert wrong.values()["v-1-0"] == "half"
    done = visitor.post(path, held | {"do": "fill", "v-1-0": "4200"})
    assert "De aantallen van 4 kenmerken staan er." in done.text
    with store.reading() as session:
        found = {one.name: one for one in queries.appeal(session, round_id=place.round_id).features}
    assert next((one.name, one.people) for one in found["leeftijd"].values) == ("15–24", 1200)
    assert found["leeftijd"].source == "CBS Kerncijfers wijken en buurten 2025, WK999001 Voorbeeldwijk"
    assert [(one.people, one.least, one.most) for one in found["geslacht"].values] == [
        (4200, 17, 24), (4100, 16, 23),
    ]  # fmt: skip
    assert [one.people for one in found["woning"].values] == [76, 24]
    assert [one.people for one in found["opleiding"].values] == [2600, 2300, 1400]
    assert all(one.people is None for one in found["taal thuis"].values)


def test_what_cannot_be_taken_over_is_told(app: Flask, store: Store, place: Neighbourhood) -> None:
    """Nothing found, nothing readable, and groups of ages that somebody chose already."""
    ask(store, place)
    visitor = Visitor(app).log_in(email_of(Role.AREA_MANAGER))
    listed = f"/werk/ronde/{place.round_id}/panel/kenmerken"
    path = f"{listed}/kerncijfers"
    assert "geen rij met ‘Elders’" in send(visitor, path, "Elders", status=422).text
    refused = send(visitor, path, "WK999001", YEARLY.replace(";4100;4100;", ";veel;4100;"), status=422)
    assert "Rij 3, kolom a_man" in refused.text
    visitor.post(path, {}, status=422)
    visitor.post(path, {"gekozen": "nergens"}, status=422)
    visitor.post(listed, {"do": "ready-leeftijd"})
    invite_yes(store, place, 3)
    page = send(visitor, path, "WK999001")
    assert "De groepen blijven daarom zoals ze zijn." in page.text
    assert not page.all("input[value=cbs]")
