"""The seal of a plan is always of what counts; one that holds no more is shown with when and why."""

import json
from datetime import timedelta
from typing import Any

import pytest

from pb import verify
from pb.evening.actions.paper import type_form
from pb.evening.actions.ways import stand
from pb.evening.queries import seals
from pb.evening.rules.floor import Way
from pb.evening.rules.paper import Mark
from pb.evening.rules.seal import Link, plan_seals, replaced_seals, seal_code
from pb.evening.rules.steps import Stage
from pb.people.rules import Role
from support.neighbourhood import NOW
from support.room import Hall
from support.visitor import Visitor


def links(*told: tuple[str, int]) -> list[Link]:
    return [
        Link(seq, NOW + timedelta(minutes=seq), kind, {"item": item}, f"{seq:064x}")
        for seq, (kind, item) in enumerate(told, start=1)
    ]


def test_paper_after_a_closing_makes_a_new_seal_and_paper_before_it_none() -> None:
    found = plan_seals(
        links(
            ("scoring_opened", 7), ("paper_scored", 7), ("scoring_closed", 7),
            ("scoring_opened", 8), ("paper_scored", 7), ("paper_scored", 8), ("paper_invalid", 7),
            ("scoring_closed", 8),
        )
    )  # fmt: skip
    assert [(one.seq, one.forms) for one in found[7]] == [(3, 0), (5, 1), (7, 2)]
    assert [(one.seq, one.forms) for one in found[8]] == [(8, 0)]


def test_a_pile_of_paper_is_told_as_one_change_and_opening_again_as_another() -> None:
    first, paper, last = 2, 5, 8
    found = plan_seals(
        links(
            ("scoring_opened", 7), ("scoring_closed", 7), ("paper_scored", 7), ("paper_scored", 7),
            ("paper_invalid", 7), ("reopened", 7), ("paper_scored", 7), ("scoring_closed", 7),
        )
    )  # fmt: skip
    told = replaced_seals(found[7])
    at = NOW + timedelta(minutes=1)
    assert [(one.old, one.new, one.forms) for one in told] == [
        (seal_code(f"{first:064x}"), seal_code(f"{paper:064x}"), 3),
        (seal_code(f"{paper:064x}"), seal_code(f"{last:064x}"), 0),
    ]
    assert [(one.closed_at - at, one.at - at) for one in told] == [
        (timedelta(minutes=1), timedelta(minutes=4)),
        (timedelta(minutes=4), timedelta(minutes=7)),
    ]
    assert replaced_seals(found[7][:1]) == replaced_seals(()) == ()


@pytest.fixture
def with_paper(hall: Hall) -> Hall:
    """Give an evening of which the first plan closed while the paper of seat 6 was not typed yet."""
    hall.bring_to("doors")
    with hall.store.writing() as session:
        stand(
            session, evening_id=hall.evening_id, seat_id=hall.seat_ids[5], way=Way.PAPER,
            who=hall.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip
    hall.bring_to("closed 1")
    return hall


def type_late(hall: Hall, by: Role) -> None:
    with hall.store.writing() as session:
        marks = {hall.now_at().items[0].id: Mark(1)}
        type_form(
            session, evening_id=hall.evening_id, seat_id=hall.seat_ids[5], marks=marks,
            who=hall.place.who(by), now=NOW + timedelta(minutes=9),
        )  # fmt: skip


def seal_of_first(hall: Hall) -> str:
    with hall.store.reading() as session:
        return seals(session, evening_id=hall.evening_id).plans[hall.now_at().items[0].id]


def words(page: Any) -> str:
    return str(page.text).replace("\u00a0", " ")


def test_paper_that_is_typed_after_closing_replaces_the_seal_everywhere_and_the_verifier_follows(
    with_paper: Hall,
) -> None:
    hall, host = with_paper, with_paper.staff()
    room = Visitor(hall.app)
    old, screen = seal_of_first(hall), hall.screen_path()
    assert "Komt er nog een cijfer van papier bij?" in words(room.get(screen))
    assert not host.get(f"{hall.path}/console").all("#zegels li br")
    type_late(hall, Role.AREA_MANAGER)
    assert seal_of_first(hall) == old  # one person alone changes nothing that counts
    item = hall.now_at().items[0].id
    page = host.get(f"{hall.path}/papier?stoel=6")
    typed = page.values("form.marks") | {f"plan_{item}": "1"}
    page = host.post(f"{hall.path}/papier", typed)
    new = seal_of_first(hall)
    assert new != old
    assert f"Het heeft nu een nieuw zegel: {new}. Het oude zegel {old} geldt niet meer." in words(page)

    console = host.get(f"{hall.path}/console")
    assert console.one(".seal-line strong").text() == new
    assert f"Het zegel {old}" in words(console)
    assert "na het sluiten is er 1 formulier van papier bij getypt" in words(console)
    shown = room.get(screen)
    assert shown.one(".seal b").text() == new
    assert [one.text() for one in shown.all(".seal del")] == [old]
    assert "Komt er nog" not in words(shown)

    # The next plan closes: the change was long ago. But paper for the first plan after that is told.
    hall.bring_to("decide")
    assert [one.text() for one in room.get(screen).all(".seal del")] == [old]
    hall.bring_to("done")
    assert hall.now_at().stage is Stage.DONE
    minutes = words(host.get(f"{hall.path}/verslag"))
    assert f"Vervangen: plan 1: Moestuin op het plein {old}" in minutes
    assert f"Het zegel {old}" in minutes
    export = json.loads(host.raw("GET", f"{hall.path}/uitvoer.json").data)
    end = export["seals"]["end"]
    named = [one["seal"] for one in export["seals"]["plans"] if one["item"] == item]
    assert named == [old, new]
    report = verify.check(export, end)
    assert not report.wrong
    assert any(f"{new} (event" in line and f"in place of {old} (event" in line for line in report.checked)
    assert any("yours is of event" in line for line in verify.check(export, old).wrong)
    # What the first release would have named of each plan is still read; another seal is not.
    closings = [one for one in export["seals"]["plans"] if one["seal"] != new]
    export["seals"]["plans"] = closings
    assert not verify.check(export, end).wrong
    export["seals"]["plans"] = closings[1:]
    assert verify.check(export, end).wrong


def test_the_seal_of_an_earlier_plan_that_changed_stands_on_the_screen_of_the_plan_at_hand(
    with_paper: Hall,
) -> None:
    old = seal_of_first(with_paper)
    with_paper.bring_to("closed 2")
    type_late(with_paper, Role.FACILITATOR)
    type_late(with_paper, Role.AREA_MANAGER)
    page = Visitor(with_paper.app).get(with_paper.screen_path())
    assert f"Nieuw zegel van plan 1 {seal_of_first(with_paper)} in plaats van {old}" in words(page)
    assert "Plan 1 heeft een nieuw zegel" in words(with_paper.staff().get(f"{with_paper.path}/console"))
