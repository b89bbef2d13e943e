"""An evening on which everything happens: phones, floor, paper, tablet, late taps, a plan opened again."""

import secrets

from flask import Flask

from pb.decide.actions import record_decision
from pb.decide.queries import item_decisions
from pb.decide.rules.panel_decides import Way as How
from pb.evening.actions.at_the_table import take_at_table
from pb.evening.actions.counting import count_floor
from pb.evening.actions.paper import type_form
from pb.evening.actions.reopening import agree_reopening, ask_reopening
from pb.evening.actions.ways import stand
from pb.evening.queries import evening_facts
from pb.evening.rules.floor import Way
from pb.evening.rules.paper import Mark
from pb.people.rules import Role
from pb.store.engine import Store
from support.evenings import Asked
from support.neighbourhood import NOW, Neighbourhood
from support.room import Hall, Phone, open_hall

REASON = "Twee mensen hoorden de vraag niet goed"
AMENDED = "Het kan ook met een tweedehands kas"
MINORITY = "De minderheid wil eerst weten wie de tuin onderhoudt"
ASKED = {
    "Moestuin op het plein": Asked(ask_cents=1_250_000, least_cents=400_000),
    "Repaircafé": Asked(ask_cents=900_000),
    "Zwemles voor moeders": Asked(ask_cents=2_500_000, least_cents=2_000_000),
}
# How people stand when each plan has closed for good.
STOOD = {
    "Moestuin op het plein": [0, 0, 1, 4, 6],
    "Repaircafé": [1, 1, 0, 5, 4],
    "Zwemles voor moeders": [7, 1, 1, 0, 2],
}


def rich_evening(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Hold it to the end: twelve seats, three on the floor, one on paper, one at the tablet, one involved."""
    hall = open_hall(app, store, place, asked=ASKED, seats_wanted=12, moment="doors")
    phones = {number: Phone(hall, number) for number in range(1, 8)}
    for number in (9, 10, 11):
        stand_as(hall, number, Way.FLOOR)
    stand_as(hall, 12, Way.PAPER)
    _first_plan(hall, phones)
    phones[8] = Phone(hall, 8)  # at the tablet for the first plan; a seat whose phone sits cannot be there
    _plan(hall, phones, {1: 4, 2: 4, 3: 4, 4: 4, 5: 4, 6: 1, 7: 5, 8: 2}, (0, 0, 0, 0, 2), paper=5)
    _plan(hall, phones, {1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 5, 8: 2}, (0, 0, 1, 0, 1), paper=1)
    hall.press()
    decide(hall)
    hall.divide()
    hall.amend(1, 1_100_000, AMENDED)
    hall.amend(2, 800_000, "Bij nader inzien minder")
    hall.take_back(2)
    hall.confirm()
    return hall


def stand_as(hall: Hall, number: int, way: Way) -> None:
    """Let a seat stand another way."""
    with hall.store.writing() as session:
        stand(
            session, evening_id=hall.evening_id, seat_id=hall.seat_ids[number - 1], way=way,
            who=hall.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip


def count(hall: Hall, *counts: int) -> None:
    """Count the floor for the plan at hand."""
    at = hall.now_at()
    assert at.current is not None
    one, two, three, four, five = counts
    with hall.store.writing() as session:
        count_floor(
            session, evening_id=hall.evening_id, item_id=at.current.id, counts=(one, two, three, four, five),
            who=hall.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip


def type_paper(hall: Hall, number: int, score: int) -> None:
    """Let two people type what is on a paper for the plan at hand."""
    at = hall.now_at()
    assert at.current is not None
    for role in (Role.FACILITATOR, Role.AREA_MANAGER):
        with hall.store.writing() as session:
            type_form(
                session, evening_id=hall.evening_id, seat_id=hall.seat_ids[number - 1],
                marks={at.current.id: Mark(score)}, who=hall.place.who(role), now=NOW,
            )  # fmt: skip


def at_the_tablet(hall: Hall, number: int, score: int) -> None:
    """Let a seat say its figure at the tablet."""
    at = hall.now_at()
    assert at.current is not None
    with hall.store.writing() as session:
        take_at_table(
            session, evening_id=hall.evening_id, seat_id=hall.seat_ids[number - 1], item_id=at.current.id,
            v=at.current.scoring_version, score=score, op=secrets.token_urlsafe(16), now=NOW,
        )  # fmt: skip


def open_again(hall: Hall, position: int) -> None:
    """Open a plan again: one asks, another agrees."""
    with hall.store.writing() as session:
        asked = ask_reopening(
            session, evening_id=hall.evening_id, position=position, reason=REASON,
            who=hall.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip
    with hall.store.writing() as session:
        agree_reopening(
            session, evening_id=hall.evening_id, reopening_id=asked, who=hall.place.who(Role.AREA_MANAGER),
            now=NOW,
        )  # fmt: skip


def decide(hall: Hall) -> None:
    """Follow the scores, but for the last plan: that gets a yes, with a reason and what others thought."""
    with hall.store.writing() as session:
        for one in item_decisions(session, evening=evening_facts(session, evening_id=hall.evening_id)):
            other = one.item.position == 3
            record_decision(
                session, evening_id=hall.evening_id, position=one.item.position,
                yes=other or one.computed_yes, way=How.MAJORITY if other else How.RULE,
                reason="Er is nog geen zwemles in de wijk" if other else "",
                minority_view=MINORITY if other else "", who=hall.place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip


def _first_plan(hall: Hall, phones: dict[int, Phone]) -> None:
    hall.press(2)
    for number, score in {1: 5, 2: 5, 3: 4, 4: 4, 5: 2, 6: 1}.items():
        phones[number].tap(score)
    late = phones[6].message(4)
    phones[6].tap(3)
    phones[6].send_json(phones[6].score_path, late)  # overtaken: stays a 3
    phones[7].tap(5)
    phones[7].tap(None)
    at_the_tablet(hall, 8, 5)
    type_paper(hall, 12, 5)
    count(hall, 0, 0, 1, 1, 1)
    hall.press()
    open_again(hall, 1)
    phones[5].tap(4)
    phones[7].tap(5)
    # Somebody goes from phone to floor: the figure on the phone goes, and the floor is counted again.
    stand_as(hall, 6, Way.FLOOR)
    count(hall, 0, 0, 1, 1, 1)
    hall.press()
    stand_as(hall, 6, Way.PHONE)


def _plan(
    hall: Hall, phones: dict[int, Phone], scores: dict[int, int], floor: tuple[int, ...], paper: int
) -> None:
    hall.press(2)
    for number, score in scores.items():
        phones[number].tap(score)
    count(hall, *floor)
    type_paper(hall, 12, paper)
    hall.press()
