"""A past round out of a file becomes a round of ours, to the cent, or nothing at all."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from pb.people.actions import add_area
from pb.people.tables import Area
from pb.plans import queries
from pb.plans.commands import import_pb
from pb.plans.importing import import_round
from pb.plans.rules.pabulib import read_pabulib
from pb.plans.rules.past_round import PastRoundTwice, past_plans, shortened
from pb.plans.tables import Plan
from pb.rounds.queries import current_rules, round_facts
from pb.rounds.tables import Round
from pb.store.engine import Store
from pb.store.journal import SYSTEM
from support.neighbourhood import NOW

SHARED = Path(__file__).parents[3] / "shared" / "data" / "pabulib"
FILES = sorted(SHARED.glob("*.pb"))
LONG = "Een heel lange naam van een project " * 7

SMALL = f"""META
key;value
description;Buurtbudget
country;Netherlands
unit;Voorbeeldstad
instance;2024
num_projects;3
num_votes;0
budget;1000.5
vote_type;approval
language;nl
currency;EUR
PROJECTS
project_id;cost;name;category
1;250;Bankjes;Groen
2;800.25;{LONG};
3;2000;Duurder dan de pot;
VOTES
voter_id;vote
"""


def brought_in(store: Store, text: str) -> int:
    with store.writing() as session:
        area_id = add_area(session, name="Voorbeeldwijk", now=NOW)
        return import_round(session, file=read_pabulib(text.encode()), area_id=area_id, who=SYSTEM, now=NOW)


def counts(store: Store) -> tuple[int | None, ...]:
    with store.reading() as session:
        return tuple(
            session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (Area, Round, Plan)
        )


def test_a_past_round_is_open_with_all_its_plans_ready_and_exact_to_the_cent(store: Store) -> None:
    round_id = brought_in(store, SMALL)
    with store.reading() as session:
        facts = round_facts(session, round_id=round_id)
        plans = queries.ready_plans(session, round_id=round_id)
        rules = current_rules(session, round_id=round_id)
    assert (facts.name, facts.pot_cents, facts.cap_cents, facts.state) == (
        "Buurtbudget 2024",
        100_050,
        100_050,
        "open",
    )
    assert [(plan.number, plan.ask_cents, plan.least_cents) for plan in plans] == [
        (1, 25_000, 0), (2, 80_025, 0), (3, 200_000, 0),
    ]  # fmt: skip
    assert rules is not None
    assert rules.rules["cap"] == 100_050


def test_a_name_that_is_too_long_is_cut_after_a_word_and_stands_whole_in_the_text(store: Store) -> None:
    round_id = brought_in(store, SMALL)
    with store.reading() as session:
        plan = queries.ready_plans(session, round_id=round_id)[1]
    assert len(plan.title) <= 90
    assert plan.title.endswith(" Een heel lange…")
    assert plan.want == LONG.strip()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("kort", "kort"),
        ("precies 10", "precies 10"),
        ("een twee drie", "een twee…"),
        ("een twee, drie", "een twee…"),
        ("abcdefghi jkl", "abcdefghi…"),
        ("w" * 20, "w" * 9 + "…"),
    ],
)
def test_text_is_cut_after_a_whole_word(text: str, short: str) -> None:
    assert shortened(text, most=10) == short


def test_the_same_round_twice_in_one_area_is_refused(store: Store) -> None:
    brought_in(store, SMALL)
    with pytest.raises(PastRoundTwice):
        brought_in(store, SMALL)
    assert counts(store) == (1, 1, 3)
    brought_in(store, SMALL.replace("250;Bankjes", "251;Bankjes"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALL.replace("800.25", "veel"), "Op regel 16 "),
        (SMALL.replace("1;250", "1;0"), "Project 1 kost 0"),
        (SMALL.replace("1;250", "1;-3"), "Op regel 15 "),
        (SMALL.replace("budget;1000.5", "budget;0"), "De pot is meer dan nul"),
        (SMALL.replace("PROJECTS", "PROJECTEN"), "regel 13"),
        ("", "Het bestand is leeg"),
        ("\ufeffPK\x03\x04\x00", "Regel 1 "),
        (SMALL.partition("1;250")[0] + "VOTES\nvoter_id;vote\n", "geen enkel project"),
    ],
)
def test_a_bad_file_gives_one_clear_line_and_stores_nothing(
    store: Store, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "ronde.pb"
    file.write_text(text)
    ran = CliRunner().invoke(import_pb, [str(file)], obj=lambda: store)
    assert ran.exit_code == 2
    assert said in ran.stderr
    assert ran.stderr.startswith("beslisavond: ronde.pb: ")
    assert len(ran.stderr.strip().splitlines()) == 1
    assert ran.stdout == ""
    assert counts(store) == (0, 0, 0)


def test_the_command_takes_the_area_of_the_file_unless_told_otherwise(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "ronde.pb"
    file.write_text(SMALL)
    ran = CliRunner().invoke(import_pb, [str(file)], obj=lambda: store)
    assert ran.exit_code == 0
    assert ran.stdout.endswith(": 3 plans\n")
    ran = CliRunner().invoke(
        import_pb, [str(file), "--area", "Andere wijk", "--name", "Proef"], obj=lambda: store
    )
    assert ran.exit_code == 0
    with store.reading() as session:
        assert session.scalars(sa.select(Area.name).order_by(Area.id)).all() == [
            "Voorbeeldstad",
            "Andere wijk",
        ]
        assert session.scalars(sa.select(Round.name).order_by(Round.id)).all() == [
            "Buurtbudget 2024",
            "Proef",
        ]


def test_amounts_in_another_currency_are_said_to_be_so(store: Store) -> None:
    round_id = brought_in(store, SMALL.replace("currency;EUR", "currency;PLN"))
    with store.reading() as session:
        assert "in PLN" in round_facts(session, round_id=round_id).summary


@pytest.mark.skipif(not FILES, reason="no Pabulib files beside the repository, in ../shared/data/pabulib")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_real_round_comes_in_whole(store: Store, path: Path) -> None:
    past = read_pabulib(path.read_bytes())
    ran = CliRunner().invoke(import_pb, [str(path)], obj=lambda: store)
    assert ran.exit_code == 0, ran.stderr
    with store.reading() as session:
        plans = queries.ready_plans(session, round_id=1)
        facts = round_facts(session, round_id=1)
    assert [plan.ask_cents for plan in plans] == [project.cost_cents for project in past.projects]
    assert [plan.number for plan in plans] == list(range(1, len(plans) + 1))
    assert facts.pot_cents == past.budget_cents
    for plan, made in zip(plans, past_plans(past), strict=True):
        assert 0 < len(plan.title) <= 90
        assert plan.title == made.title
