"""The payment list as the program reads it that finance opens it with."""

import csv
import io
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pb.grants.actions import enter_payee
from pb.grants.rules.paying import PayeeKind
from pb.grants.rules.payments import PAYEE_MISSING
from pb.grants.rules.sheet import Column, Kind, Sheet, write_csv
from pb.grants.xlsx import write_xlsx
from pb.people.rules import Role
from pb.people.tables import Account
from pb.store.engine import Store
from support.evenings import Asked, divided, hold_evening
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.visitor import Visitor

SCORES = {
    "Eén moestuin": [5, 5, 4, 4, 3],
    "=HYPERLINK(\"https://evil.example\")": [5, 4, 4, 2, 4],
    "Buurtkeuken": [5, 5, 4, 4, 4],
}  # fmt: skip
PAYEES = {
    "Eén moestuin": ("Stichting Café Één", "NL57ABNA0000000019"),
    "=HYPERLINK(\"https://evil.example\")": ("=cmd|' /C calc'!A0", "NL91ABNA0417164300"),
}  # fmt: skip
NASTY = Sheet(
    "Proef",
    (Column("naam"), Column("nummer"), Column("bedrag", Kind.CENTS), Column("dag", Kind.DAY)),
    (
        ("=1+1", "R0012", 1_250_50, date(2026, 11, 22)),
        ("Café Één ß €", "NL57ABNA0000000019", 9, date(2027, 2, 28)),
    ),
    (("totaal_in_centen", "125059"),),
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Calc"]:
    """Give the spreadsheet program with a profile of its own."""
    program = shutil.which("soffice")
    assert program, "LibreOffice Calc is not installed; run: make system-packages"
    folder = tmp_path_factory.mktemp("calc")
    yield Calc(program, folder)
    shutil.rmtree(folder, ignore_errors=True)


class Calc:
    """Opens a file as the program would, and gives back what stands in its cells."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.folder = folder

    def cells(self, content: bytes, name: str) -> list[list[str]]:
        source = self.folder / name
        source.write_bytes(content)
        # How Dutch finance opens a CSV: semicolons, UTF-8, Dutch numbers.
        reading = ["--infilter=CSV:59,34,76,1,,1043,false,true"] if name.endswith(".csv") else []
        # What a cell comes to, not how it looks: a formula would show its result, a number has a point.
        subprocess.run(
            [
                self.program, f"-env:UserInstallation=file://{self.folder}/profile", "--headless",
                *reading, "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false",
                "--outdir", str(self.folder / "out"), str(source),
            ],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        written = (self.folder / "out" / f"{source.stem}.csv").read_text(encoding="utf-8-sig")
        return list(csv.reader(io.StringIO(written), delimiter=";"))


@pytest.fixture
def files(visitor: Visitor, store: Store, place: Neighbourhood) -> tuple[int, dict[str, bytes]]:
    """Download both files of an evening with odd amounts; one payee is missing."""
    asked = {"Eén moestuin": Asked(333_333), "Buurtkeuken": Asked(1_234_567)}
    evening_id = hold_evening(store, place, SCORES, asked=asked, budget_cents=1_800_001)
    with store.writing() as session:
        session.get_one(Account, place.staff[Role.FINANCE]).name = "Renée Proef"
        for line in divided(store, evening_id).funded:
            if line.plan.title in PAYEES:
                name, iban = PAYEES[line.plan.title]
                enter_payee(
                    session, plan_id=line.plan.id, kind=PayeeKind.FOUNDATION, holder_name=name, iban=iban,
                    kvk_number="", version=0, by_finance=False, on_paper=True,
                    who=place.who(Role.AREA_MANAGER), now=NOW,
                )  # fmt: skip
    visitor.log_in(email_of(Role.FINANCE))
    page = visitor.fill(f"/werk/avond/{evening_id}/betaallijst", {}, form="main form")
    links = [node.attributes["href"] or "" for node in page.all("main a.button")]
    given = {link.rpartition(".")[2]: visitor.raw("GET", link).data for link in links}
    return divided(store, evening_id).total_cents, given


def cents(held: str) -> int:
    return int(Decimal(held) * 100)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_list_that_finance_opens_adds_up_to_the_decision(
    calc: Calc, files: tuple[int, dict[str, bytes]], kind: str
) -> None:
    decided_cents, given = files
    header, *rows = calc.cells(given[kind], f"betaallijst.{kind}")
    assert "Renée Proef" in {cell for row in rows for cell in row}
    rows = [row for row in rows if row[header.index("valuta")] == "EUR"]
    column = {name: [row[place] for row in rows] for place, name in enumerate(header)}
    assert sum(cents(amount) for amount in column["bedrag"]) == decided_cents
    assert sorted(column["iban"]) == ["", "NL57ABNA0000000019", "NL91ABNA0417164300"]
    names = {"Stichting Cafe Een", "cmd/' /C calc'.A0", PAYEE_MISSING}
    assert set(column["naam_rekeninghouder"]) == names
    assert "Beslisavond R1-P2 HYPERLINK('https:/evil.example')" in column["omschrijving"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_text_stays_text_in_the_program(calc: Calc, kind: str) -> None:
    content = write_xlsx(NASTY, made_at=NOW) if kind == "xlsx" else write_csv(NASTY)
    rows = calc.cells(content, f"proef.{kind}")
    assert [row[0].removeprefix("'") for row in rows[1:3]] == ["=1+1", "Café Één ß €"]
    assert [row[1] for row in rows[1:3]] == ["R0012", "NL57ABNA0000000019"]
    assert sum(cents(row[2]) for row in rows[1:3]) == 125_059


def test_the_spreadsheet_holds_typed_cells(files: tuple[int, dict[str, bytes]]) -> None:
    decided_cents, given = files
    page = load_workbook(io.BytesIO(given["xlsx"])).active
    assert page is not None
    header, *rows = [list(row) for row in page.iter_rows()]
    place = {cell.value: index for index, cell in enumerate(header)}
    rows = [row for row in rows if row[place["valuta"]].value == "EUR"]
    amounts = [row[place["bedrag"]] for row in rows]
    assert {cell.data_type for cell in amounts} == {"n"}
    assert sum(round(Decimal(str(cell.value)) * 100) for cell in amounts) == decided_cents
    for row in rows:
        assert row[place["iban"]].value is None or row[place["iban"]].data_type == "s"
        assert row[place["naam_rekeninghouder"]].data_type == "s"
        assert row[place["omschrijving"]].data_type == "s"
    assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
