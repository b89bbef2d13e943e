"""The list of asked people: taken in whole, or refused with every place; who may be double is shown."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.sheet import FileRefused, Problem
from pb.panel.rules.origins import Origin
from pb.panel.rules.people_file import Alike, InvitedPerson, Likeness, PeopleFile, leave_out, read_people


def read(text: str) -> PeopleFile:
    return read_people(text.encode(), file_name="lijst.csv")


def problems_of(text: str) -> list[Problem]:
    with pytest.raises(FileRefused) as refused:
        read(text)
    problems = refused.value.facts["problems"]
    assert isinstance(problems, tuple)
    return list(problems)


def test_a_full_list_is_read() -> None:
    file = read(
        "Naam;E-mailadres;Tel.;Bron\n"
        "O'Brien;Jan@X.nl;06-12345678;ambassadeur\n"
        "\n"
        "=cmd|x;;;\n"
        "Null;n@x.nl;;netwerk\n"
    )
    assert file.people == (
        InvitedPerson(2, "O'Brien", "jan@x.nl", "+31612345678", Origin.AMBASSADOR),
        InvitedPerson(4, "=cmd|x", "", "", Origin.INVITED),
        InvitedPerson(5, "Null", "n@x.nl", "", Origin.INVITED),
    )
    assert file.alike == ()
    assert file.doubts == ()
    assert (file.source.row_count, file.source.blank_rows) == (3, 1)


def test_names_alone_are_a_list_too() -> None:
    assert [person.name for person in read("naam\nJansen, Anna\nBo\n").people] == ["Jansen, Anna", "Bo"]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (";a@x.nl;;", "core.sheet-cell-blank", "Naam"),
        ("\u200b;a@x.nl;;", "panel.name-missing", "Naam"),
        ("x" * 121 + ";;;", "core.text-too-long", "Naam"),
        ("An\u202ena;;;", "core.text-bidi-control", "Naam"),
        ("An\x07na;;;", "core.text-control-character", "Naam"),
        ("#NAAM?;;;", "core.sheet-cell-is-error", "Naam"),
        ("Anna;jan@localhost;;", "panel.email-host-incomplete", "Mail"),
        ("Anna;Jan <j@x.nl>;;", "panel.email-with-name", "Mail"),
        ("Anna;a@b@x.nl;;", "panel.email-two-ats", "Mail"),
        ("Anna;geen;;", "panel.email-unreadable", "Mail"),
        ('Anna;"a@b.nl\r\nBcc: c@d.nl";;', "core.sheet-unbalanced-quote", "Mail"),
        ('Anna;"a@b.nl\n";;', "core.sheet-unbalanced-quote", "Mail"),
        ("Anna;;6,12E+08;", "panel.phone-by-spreadsheet", "telefoon"),
        ("Anna;;612345678;", "panel.phone-start-missing", "telefoon"),
        ("Anna;;onbekend;", "panel.phone-unreadable", "telefoon"),
        ("Anna;;;loting", "panel.origin-drawn-in-list", "Herkomst"),
        ("Anna;;;buurman", "panel.origin-unknown", "Herkomst"),
        ("Anna;;", "core.sheet-row-ragged", None),
    ],
)
def test_a_bad_row_refuses_the_whole_list_with_row_and_column(
    row: str, code: str, column: str | None
) -> None:
    problem = problems_of(f"Naam;Mail;telefoon;Herkomst\nBo;b@x.nl;;\n{row}\n")[0]
    assert (problem.code, problem.row, problem.column) == (code, 3, column)


def test_all_that_is_wrong_in_a_list_is_told_at_once() -> None:
    text = "naam;e-mail;telefoon\nAnna;geen;12\n;b@x.nl;\n"
    assert [(problem.row, problem.column, problem.value) for problem in problems_of(text)] == [
        (2, "e-mail", "geen"),
        (2, "telefoon", "12"),
        (3, "naam", ""),
    ]


def test_a_list_holds_at_most_five_thousand_people() -> None:
    problem = problems_of("naam;e-mail\n" + "Anna;\n" * 100_001)[0]
    assert (problem.code, problem.facts) == ("core.sheet-too-many-rows", {"found": 100_001, "most": 5_000})
    assert len(read("naam;e-mail\n" + "Anna;\n" * 5_000).people) == 5_000


def test_a_column_about_people_that_nobody_asked_for_is_refused() -> None:
    assert problems_of("naam;geboortedatum\nAnna;1-1-1980")[0].column == "geboortedatum"


def test_rows_that_may_be_one_person_are_shown_and_not_decided() -> None:
    file = read(
        "naam;e-mail\nJörg de Boer;j@x.nl\nAnna;a@x.nl\nJORG DE BOER;\nBo;A@X.nl\nJo;\nJörg  de-Boer;\n"
    )
    assert len(file.people) == 6
    assert file.alike == (Alike(Likeness.EMAIL, (3, 5)), Alike(Likeness.NAME, (2, 4, 7)))


def test_leaving_rows_out_leaves_nobody_alike_who_stands_alone() -> None:
    file = read("naam;e-mail\nAnna;j@x.nl\nAnna;јan@x.nl\nBo;\n")
    assert [doubt.row for doubt in file.doubts] == [3]
    left = leave_out(file, {3})
    assert [person.row for person in left.people] == [2, 4]
    assert (left.alike, left.doubts, left.doubts_total) == ((), (), 0)
    assert leave_out(file, {4}).alike == (Alike(Likeness.NAME, (2, 3)),)
    assert leave_out(file, {4}).doubts_total == 1


def test_letters_that_look_like_others_are_a_doubt_and_no_refusal() -> None:
    file = read("Naam;Mail\nЈan;jan@x.nl\nAnna;аnna@x.nl\nBo;b@x.nl\n")
    assert [(doubt.code, doubt.row, doubt.column, doubt.value) for doubt in file.doubts] == [
        ("panel.name-odd-letters", 2, "Naam", "Јan"),
        ("panel.email-odd-letters", 3, "Mail", "аnna@x.nl"),
    ]
    assert file.doubts_total == 2


NAMES = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=1, max_size=20)


@given(
    st.lists(st.tuples(NAMES, st.sampled_from(["", "a@x.nl", "o'b@y.nl"])), min_size=1, max_size=10),
    st.sampled_from(";,\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_list_that_a_program_wrote_is_read_whole(
    people: list[tuple[str, str]], separator: str, encoding: str
) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator)
    writer.writerows([("naam", "e-mail"), *people])
    file = read_people(written.getvalue().encode(encoding), file_name="x.csv")
    assert [(person.name, person.email) for person in file.people] == people
    assert [person.row for person in file.people] == list(range(2, len(people) + 2))
