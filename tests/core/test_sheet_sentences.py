"""Every refusal of a list or a code has words for it."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pb.core.codes import CodeMistyped, CodeUnknownCharacter, CodeWrongLength
from pb.core.errors import BadInput
from pb.core.sheet import (
    CellBlank,
    CellIsError,
    CellTooLong,
    FileRefused,
    HeaderBlank,
    HeaderMissing,
    HeaderTwice,
    HeaderUnknown,
    Problem,
    QuoteUnbalanced,
    RowRagged,
    SheetEmpty,
    SheetEncodingMixed,
    SheetEncodingUnknown,
    SheetHoldsNul,
    SheetIsOther,
    SheetIsProtected,
    SheetIsSpreadsheet,
    SheetTooBig,
    SheetTooManyRows,
    SheetTooWide,
    SheetWithoutHeader,
    SheetWithoutRows,
    SheetWithoutSeparator,
)

REFUSALS = [
    CellBlank(),
    CellIsError(),
    CellTooLong(length=1001, most=1000),
    CodeMistyped(),
    CodeUnknownCharacter(character="U", place=3),
    CodeWrongLength(found=9, expected=10),
    HeaderBlank(place="C"),
    HeaderMissing(expected="postcode"),
    HeaderTwice(name="telefoon", first_place="B"),
    HeaderUnknown(expected=("naam", "e-mail"), nearest=""),
    HeaderUnknown(expected=("naam", "e-mail"), nearest="naam"),
    QuoteUnbalanced(),
    RowRagged(found=2, expected=3),
    SheetEmpty(),
    SheetEncodingMixed(),
    SheetEncodingUnknown(),
    SheetHoldsNul(),
    *(SheetIsOther(kind=kind, named=".xlsx") for kind in ("pdf", "image", "html", "zip", "document", "json")),
    SheetIsOther(kind="xml", named=""),
    SheetIsProtected(),
    *(SheetIsSpreadsheet(kind=kind) for kind in ("xlsx", "xls", "ods", "numbers")),
    SheetTooBig(megabytes_most=10),
    SheetTooManyRows(found=100_001, most=5_000),
    SheetTooWide(most=100),
    SheetWithoutHeader(expected=("naam",)),
    SheetWithoutRows(),
    SheetWithoutSeparator(expected=("naam", "e-mail")),
]


def sentence(broken: BadInput) -> str:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parents[2] / "templates"),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        autoescape=True,
    )
    pages.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    name = broken.code.replace(".", "/broken/", 1)
    return pages.get_template(f"{name}.html").render(facts=broken.facts).strip()


@pytest.mark.parametrize("broken", REFUSALS, ids=str)
def test_each_refusal_says_in_plain_sentences_what_to_do(broken: BadInput) -> None:
    text = sentence(broken)
    assert text.endswith((".", "?"))
    assert "<" not in text
    assert "  " not in text


def test_a_refused_file_lists_row_column_value_and_the_fix_of_each_problem() -> None:
    problems = (
        Problem(RowRagged(found=2, expected=3), row=4, value="Jansen;x"),
        Problem(CellBlank(), row=7, column="<b>naam", value=""),
    )
    text = sentence(FileRefused(problems=problems, total=2))
    assert "2 dingen kloppen niet" in text
    assert "Rij 4: <q>Jansen;x</q>. Deze rij heeft 2 vakken en de kop heeft er 3." in text
    assert "Rij 7, kolom &lt;b&gt;naam: Dit vak is leeg." in text
    assert "Dit zijn de eerste" not in text


def test_a_long_list_of_problems_says_that_it_is_cut() -> None:
    problems = tuple(Problem(CellBlank(), row=row, column="naam") for row in range(2, 52))
    assert "Dit zijn de eerste 50." in sentence(FileRefused(problems=problems, total=51))


def test_one_problem_is_told_in_the_singular() -> None:
    assert "één ding" in sentence(FileRefused(problems=(Problem(SheetEmpty()),), total=1))


def test_no_refusal_of_a_list_or_a_code_was_forgotten_here() -> None:
    ours = {
        kind
        for kind in BadInput.__subclasses__()
        if kind.__module__.startswith(("pb.core.sheet", "pb.core.codes"))
    }
    assert ours - {type(broken) for broken in REFUSALS} == {FileRefused}
