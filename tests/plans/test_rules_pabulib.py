"""Files of past rounds in the format of Pabulib."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.errors import BadInput
from pb.plans.rules.pabulib import (
    PabulibCountDiffers,
    PabulibDayUnreadable,
    PabulibDuplicate,
    PabulibEmpty,
    PabulibMissingColumn,
    PabulibMissingKey,
    PabulibMissingSection,
    PabulibNegative,
    PabulibNotANumber,
    PabulibNotUtf8,
    PabulibPointsDiffer,
    PabulibTooLarge,
    PabulibUnknownProject,
    PabulibUnknownSection,
    PabulibUnreadableLine,
    PabulibVote,
    read_pabulib,
    read_pabulib_votes,
)
from pb.plans.rules.pabulib import lines as pabulib_lines

SHARED = Path(__file__).parents[3] / "shared" / "data" / "pabulib"
FILES = sorted(SHARED.glob("*.pb"))

SMALL = """META
key;value
description;Buurtbudget
country;Netherlands
unit;Voorbeeldstad
instance;2024
num_projects;2
num_votes;2
budget;1000.5
vote_type;cumulative
date_begin;31.03.2024
date_end;2024
language;nl
currency;EUR
PROJECTS
project_id;cost;name;category;votes;score;selected
1;250;Bankjes;Groen;2;4.5;1
a/2;800.25;"Feest; met ""muziek"" erbij";;1;;0
VOTES
voter_id;vote;points
v1;1,a/2;3,1.5
v2;1;
"""


def changed(old: str, new: str) -> bytes:
    assert old in SMALL
    return SMALL.replace(old, new, 1).encode()


def test_a_file_tells_the_round_and_its_projects() -> None:
    found = read_pabulib(SMALL.encode())
    assert (found.description, found.unit, found.instance) == ("Buurtbudget", "Voorbeeldstad", "2024")
    assert (found.country, found.language, found.currency) == ("Netherlands", "nl", "EUR")
    assert found.budget_cents == 100_050
    assert (found.begins_on, found.ends_on) == (date(2024, 3, 31), date(2024, 12, 31))
    assert (found.vote_type, found.vote_count, found.warnings) == ("cumulative", 2, ())
    bench, party = found.projects
    assert (bench.project_id, bench.cost_cents) == ("1", 25_000)
    assert (bench.name, bench.category) == ("Bankjes", "Groen")
    assert (bench.votes, bench.score, bench.selected) == (2, Fraction(9, 2), 1)
    assert (party.cost_cents, party.name) == (80_025, 'Feest; met "muziek" erbij')
    assert (party.score, party.target) == (None, "")


def test_the_votes_are_read_when_they_are_asked_for() -> None:
    assert list(read_pabulib_votes(SMALL.encode())) == [
        PabulibVote("v1", ("1", "a/2"), (Fraction(3), Fraction(3, 2))),
        PabulibVote("v2", ("1",), ()),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + SMALL.encode(),
        SMALL.replace("\n", "\r\n").encode(),
        SMALL.replace("\n", "\r").encode(),
        SMALL.replace("PROJECTS\n", "\nprojects \n").encode(),
        SMALL.replace("key;value", "Key ; Value").encode(),
        SMALL.encode().rstrip(),
        changed("budget;1000.5", "budget;1000.50000"),
        changed("v2;1;", "v2;1;;;"),
    ],
)
def test_a_file_may_come_from_any_machine(data: bytes) -> None:
    assert read_pabulib(data) == read_pabulib(SMALL.encode())


REFUSED: list[tuple[bytes, type[BadInput], dict[str, object]]] = [
    (b"", PabulibEmpty, {}),
    (b" \r\n\n", PabulibEmpty, {}),
    (b"\xef\xbb\xbf", PabulibEmpty, {}),
    ("META\nkey;value\nunit;Málaga".encode("latin-1"), PabulibNotUtf8, {"line": 3}),
    (SMALL.encode("utf-16"), PabulibNotUtf8, {"line": 1}),
    (b"\x89PNG\r\n\x1a\n", PabulibNotUtf8, {"line": 1}),
    (b"<!doctype html><p>Niet gevonden", PabulibUnknownSection, {"line": 1}),
    (b"project_id;cost\n1;2\n", PabulibUnknownSection, {"line": 1}),
    (changed("PROJECTS\n", "WIJKEN\n"), PabulibUnknownSection, {"line": 15}),
    (changed("VOTES\n", "EXTRA\na;b\nVOTES\n"), PabulibUnknownSection, {"line": 19}),
    (changed("META\n", "META\n\x00"), PabulibUnreadableLine, {"line": 2}),
    (changed("Bankjes", "Bank\u202ejes"), PabulibUnreadableLine, {"line": 17}),
    (changed('"Feest', 'Feest"" "'), PabulibUnreadableLine, {"line": 18}),
    (changed('""muziek"" erbij"', '""muziek"" erbij'), PabulibUnreadableLine, {"line": 18}),
    (changed("Bankjes", '"Bank"jes'), PabulibUnreadableLine, {"line": 17}),
    (changed("v2;1;", 'v2;1;"'), PabulibUnreadableLine, {"line": 22}),
    (changed("Feest; met", "Feest;\nmet").replace(b"v2;1;", b"v2;1"), PabulibUnreadableLine, {"line": 23}),
    (changed("Bankjes", "x" * 140_000), PabulibUnreadableLine, {"line": 17}),
    (changed("1;250;Bankjes;", "1;250;Bankjes;extra;"), PabulibUnreadableLine, {"line": 17}),
    (changed("v2;1;", "v2;1"), PabulibUnreadableLine, {"line": 22}),
    (changed("\n1;250", "\n;250"), PabulibUnreadableLine, {"line": 17}),
    (SMALL[: SMALL.index("VOTES")].encode(), PabulibMissingSection, {"section": "VOTES"}),
    (SMALL[SMALL.index("PROJECTS") :].encode(), PabulibMissingSection, {"section": "META"}),
    (changed("budget;1000.5\n", ""), PabulibMissingKey, {"key": "budget"}),
    (changed("unit;Voorbeeldstad", "unit;"), PabulibMissingKey, {"key": "unit"}),
    (changed("key;value", "sleutel;waarde"), PabulibMissingColumn, {"line": 2, "section": "META"}),
    (changed(";cost;", ";prijs;"), PabulibMissingColumn, {"line": 16, "column": "cost"}),
    (changed("voter_id;vote;", "voter_id;stem;"), PabulibMissingColumn, {"line": 20, "column": "vote"}),
    (changed(";250;", ";duur;"), PabulibNotANumber, {"line": 17, "column": "cost"}),
    (changed(";250;", ";;"), PabulibNotANumber, {"line": 17, "column": "cost"}),
    (changed(";250;", ";1e9;"), PabulibNotANumber, {"line": 17, "column": "cost"}),
    (changed(";250;", ";NaN;"), PabulibNotANumber, {"line": 17, "column": "cost"}),
    (changed(";250;", ";٣;"), PabulibNotANumber, {"line": 17, "column": "cost"}),
    (changed(";250;", ";2_5;"), PabulibNotANumber, {"line": 17, "column": "cost"}),
    (changed(";250;", ";1,250.00;"), PabulibNotANumber, {"line": 17, "column": "cost"}),
    (changed(";250;", ";0.333;"), PabulibNotANumber, {"line": 17, "column": "cost"}),
    (changed(";250;", ";" + "9" * 5000 + ";"), PabulibNotANumber, {"line": 17, "column": "cost"}),
    (changed("num_votes;2", "num_votes;veel"), PabulibNotANumber, {"line": 8, "column": "num_votes"}),
    (changed(";4.5;1", ";4.5;ja"), PabulibNotANumber, {"line": 17, "column": "selected"}),
    (changed(";250;", ";-250;"), PabulibNegative, {"line": 17, "column": "cost"}),
    (changed("budget;1000.5", "budget;-1"), PabulibNegative, {"line": 9, "column": "budget"}),
    (changed("a/2;800", "1;800"), PabulibDuplicate, {"line": 18, "value": "1"}),
    (changed("language;nl", "budget;5"), PabulibDuplicate, {"line": 13, "value": "budget"}),
    (changed("VOTES\n", "META\n"), PabulibDuplicate, {"line": 19, "value": "META"}),
    (changed("votes;score", "score;score"), PabulibDuplicate, {"line": 16, "value": "score"}),
]


@pytest.mark.parametrize(("data", "refusal", "facts"), REFUSED)
def test_a_file_that_cannot_be_trusted_is_refused_with_its_line(
    data: bytes, refusal: type[BadInput], facts: dict[str, object]
) -> None:
    with pytest.raises(BadInput) as told:
        read_pabulib(data)
    assert type(told.value) is refusal
    assert told.value.facts | facts == told.value.facts


@pytest.mark.parametrize(
    ("data", "refusal", "line"),
    [
        (changed("v1;1,a/2", "v1;1,9"), PabulibUnknownProject, 21),
        (changed("v1;1,a/2", "v1;1,"), PabulibUnknownProject, 21),
        (changed("v1;1,a/2", "v1;1,1"), PabulibDuplicate, 21),
        (changed("v2;1;", "v1;1;"), PabulibDuplicate, 22),
        (changed("3,1.5", "3"), PabulibPointsDiffer, 21),
        (changed("3,1.5", "3,veel"), PabulibNotANumber, 21),
        (changed("v2;1;", ";1;"), PabulibUnreadableLine, 22),
    ],
)
def test_a_vote_that_cannot_be_counted_is_refused_with_its_line(
    data: bytes, refusal: type[BadInput], line: int
) -> None:
    read_pabulib(data)
    with pytest.raises(BadInput) as told:
        list(read_pabulib_votes(data))
    assert type(told.value) is refusal
    assert told.value.facts["line"] == line


def test_a_count_that_does_not_match_is_a_warning() -> None:
    found = read_pabulib(changed("num_projects;2", "num_projects;3"))
    (warning,) = found.warnings
    assert isinstance(warning, PabulibCountDiffers)
    assert warning.facts == {"key": "num_projects", "promised": 3, "found": 2}


@pytest.mark.parametrize("written", ["31.02.2024", "2024-03-31", "maart", "0000"])
def test_a_day_that_cannot_be_read_is_a_warning(written: str) -> None:
    found = read_pabulib(changed("31.03.2024", written))
    assert found.begins_on is None
    (warning,) = found.warnings
    assert isinstance(warning, PabulibDayUnreadable)
    assert warning.facts == {"key": "date_begin", "line": 11}


def test_a_file_above_the_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pabulib_lines, "BYTES_MOST", 100)
    with pytest.raises(PabulibTooLarge):
        read_pabulib(SMALL.encode())


@given(
    st.binary(max_size=200)
    | st.text(alphabet=st.characters(codec="utf-8"), max_size=200).map(lambda text: b"META\n" + text.encode())
)
def test_any_bytes_give_a_refusal_and_nothing_worse(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_pabulib(data)


@pytest.mark.skipif(not FILES, reason="no Pabulib files beside the repository, in ../shared/data/pabulib")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_published_file_is_read_without_a_warning(path: Path) -> None:
    data = path.read_bytes()
    found = read_pabulib(data)
    assert found.warnings == ()
    assert found.projects
    votes = list(read_pabulib_votes(data))
    assert len(votes) == found.vote_count
    if found.vote_type == "approval" and all(project.votes is not None for project in found.projects):
        counted = {project.project_id: 0 for project in found.projects}
        for vote in votes:
            for project_id in vote.project_ids:
                counted[project_id] += 1
        assert counted == {project.project_id: project.votes for project in found.projects}
