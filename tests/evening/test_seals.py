"""The seal of a plan is always of what counts; one that holds no more is shown with when and why."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, get_flashed_messages

from pb import verify
from pb.evening.actions.paper import type_form
from pb.evening.actions.ways import stand
from pb.evening.queries import seals
from pb.evening.queries.held_back import held_back
from pb.evening.rules.floor import Way
from pb.evening.rules.held_back import late_seats
from pb.evening.rules.paper import Mark
from pb.evening.rules.seal import Link, plan_seals, replaced_seals, seal_code
from pb.evening.rules.steps import Stage
from pb.evening.views.new_seals import shown_seals, tell_new_seals
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.room import Hall, open_hall
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


def type_late(hall: Hall, by: Role, plan: int = 1) -> None:
    with hall.store.writing() as session:
        marks = {hall.now_at().items[plan - 1].id: Mark(1)}
        type_form(
            session, evening_id=hall.evening_id, seat_id=hall.seat_ids[5], marks=marks,
            who=hall.place.who(by), now=NOW + timedelta(minutes=9),
        )  # fmt: skip


def seal_of_first(hall: Hall) -> str:
    with hall.store.reading() as session:
        return seals(session, evening_id=hall.evening_id).plans[hall.now_at().items[0].id]


def words(page: Any) -> str:
    return str(page.text).replace("\u00a0", " ")


def test_new_seals_of_several_plans_are_told_at_once_in_the_order_of_the_evening(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place)
    hall.bring_to("closed 2")
    items = [item.id for item in hall.now_at().items]
    with hall.app.test_request_context():
        now = shown_seals(hall.evening_id)
        tell_new_seals(hall.evening_id, replace(now, shown=dict.fromkeys(reversed(items), "00000-00000")))
        (told,) = get_flashed_messages()
    assert f"plan 1: {now.shown[items[0]]} · plan 2: {now.shown[items[1]]}. De oude zegels" in told


def test_paper_that_is_typed_after_closing_replaces_the_seal_everywhere_and_the_verifier_follows(
    with_paper: Hall,
) -> None:
    hall, host = with_paper, with_paper.staff()
    room = Visitor(hall.app)
    old, screen = seal_of_first(hall), hall.screen_path()
    assert "Tellen alle formulieren mee? Dan komt er een nieuw zegel." in words(room.get(screen))
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
    assert "Tellen alle formulieren" not in words(shown)

    # The next plan closes: the change was long ago. But paper for the first plan after that is told.
    hall.bring_to("decide")
    assert [one.text() for one in room.get(screen).all(".seal del")] == [old]
    hall.bring_to("done")
    assert hall.now_at().stage is Stage.DONE
    minutes = words(host.get(f"{hall.path}/verslag"))
    assert f"Vervangen: plan 1: Moestuin op het plein {old}" in minutes
    assert f"Het zegel {old}" in minutes
    export = json.loads(hall.staff(Role.AREA_MANAGER).raw("GET", f"{hall.path}/uitvoer.json").data)
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


def test_the_room_sees_the_bars_change_once_when_all_late_paper_of_a_plan_is_in(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, seats_wanted=8)
    hall.bring_to("doors")
    with hall.store.writing() as session:
        for seat_id in hall.seat_ids[5:]:
            stand(
                session, evening_id=hall.evening_id, seat_id=seat_id, way=Way.PAPER,
                who=hall.place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip
    hall.bring_to("closed 1")
    room, host = Visitor(app), hall.staff()
    screen, console = hall.screen_path(), f"{hall.path}/console"
    item, old = hall.now_at().items[0].id, seal_of_first(hall)

    def seen() -> list[str]:
        shown, desk = room.get(screen), host.get(console)
        return [
            shown.one("main .histogram").text(), shown.one("main .said").text(),
            desk.one("section .histogram").text(), desk.one(".seal-line strong").text(),
            *(one.text() for one in (*desk.all(".agenda .of-plan"), *desk.all("#zegels li"))),
        ]  # fmt: skip

    def type_it(number: int, by: Role) -> str:
        typist = hall.staff(by)
        page = typist.get(f"{hall.path}/papier?stoel={number}")
        return words(typist.post(f"{hall.path}/papier", page.values("form.marks") | {f"plan_{item}": "1"}))

    before = seen()
    assert "5 van 8 gaven een cijfer. 3 formulieren tellen nog niet mee." in " ".join(before[1].split())
    for number, told in ((6, "nog 2 formulieren"), (7, "nog 1 formulier.")):
        type_it(number, Role.AREA_MANAGER)
        page = type_it(number, Role.FACILITATOR)
        assert seal_of_first(hall) != old, "the chain keeps each seal"
        assert told in page
        assert "1 cijfer klopt. Het telt zodra alle formulieren van dat plan er zijn." in page
        assert "3 formulieren tellen nog niet mee." in page
        assert "3 cijfers op papier tellen nog niet" in words(host.get(console))
        assert "Zeg het in de zaal" not in page
        assert seen() == before
    type_it(8, Role.AREA_MANAGER)
    page = type_it(8, Role.FACILITATOR)
    assert f"Het heeft nu een nieuw zegel: {seal_of_first(hall)}. Het oude zegel {old} geldt" in page
    assert "na het sluiten zijn er 3 formulieren van papier bij getypt" in words(room.get(screen))
    assert "8 van 8 gaven een cijfer." in words(room.get(screen))
    assert "tellen nog niet mee" not in words(room.get(screen))


def test_when_deciding_begins_the_paper_that_counts_is_shown_though_the_pile_is_not_complete(
    with_paper: Hall,
) -> None:
    with with_paper.store.writing() as session:
        stand(
            session, evening_id=with_paper.evening_id, seat_id=with_paper.seat_ids[4], way=Way.PAPER,
            who=with_paper.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip
    with_paper.bring_to("closed 2", (5, 4, 4, 2))
    for role in (Role.FACILITATOR, Role.AREA_MANAGER):
        type_late(with_paper, role, plan=2)

    def held() -> list[frozenset[int]]:
        with with_paper.store.reading() as session:
            return list(held_back(session, evening=with_paper.now_at()).seats.values())

    assert frozenset({with_paper.seat_ids[5]}) in held()
    at = with_paper.now_at()
    assert at.next is not None
    asked = with_paper.staff().get(f"{with_paper.path}/console?vraag={at.next.name}")
    told = [" ".join(one.text().split()) for one in asked.all(".waiting-paper li")]
    assert [one.rpartition(":")[2].strip() for one in told] == ["nog 1 formulier", "nog 1 formulier"]
    with_paper.bring_to("decide")
    assert held() == []


def test_late_paper_before_a_plan_opened_again_is_no_late_paper_any_more() -> None:
    told = [("scoring_closed", 7, 1), ("paper_scored", 7, 2), ("paper_scored", 8, 2)]
    events = [(kind, {"item": item, "seat": seat}) for kind, item, seat in told]
    assert late_seats(events) == {7: {2}}
    again = [*events, ("reopened", {"item": 7}), ("paper_scored", {"item": 7, "seat": 3})]
    assert late_seats(again) == {}
    assert late_seats(
        [*again, ("scoring_closed", {"item": 7}), ("paper_invalid", {"item": 7, "seat": 4})]
    ) == {7: {4}}
