"""The run sheet changes until the doors open, leaves a trace of every change, and counts who may score."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from pb import verify
from pb.core.errors import NotFound
from pb.decide.queries import item_decisions
from pb.evening.actions.agenda import draw_order, place_item, put_on, set_minutes, take_off
from pb.evening.actions.choosing import choose, tell_wifi
from pb.evening.actions.planning import involve
from pb.evening.queries import (
    eligible_seats,
    evening_facts,
    involved_seats,
    involvements,
    spreads,
)
from pb.evening.rules.agenda import (
    Choices,
    DoorsOpen,
    InitiatorStays,
    LastPlan,
    Reason,
    SheetClosed,
    order_by_lot,
)
from pb.evening.rules.lot import SeedMissing, SeedUnclear
from pb.evening.rules.steps import AlreadyBegan
from pb.evening.tables import Event
from pb.panel.actions import add_invited
from pb.people.actions import add_account
from pb.people.rules import Role
from pb.plans.queries import ready_plans
from pb.store import journal
from pb.store.engine import Store
from pb.store.journal import JournalLine
from support.evenings import Asked, hold_evening, put_plans
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY, somebody
from support.room import Hall, Phone, nothing_changes, open_hall

from .test_actions_at_once import follows

TICKED = Choices(stickers=True, spread_on_screen=True, coaches_score=True, host_decides=False)


@pytest.fixture
def long_hall(app: Any, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening with four plans whose doors are still shut."""
    return open_hall(app, store, place, plans=4)


def do(hall: Hall, action: Callable[..., Any], **what: Any) -> Any:
    """Let the facilitator do something."""
    with hall.store.writing() as session:
        return action(
            session, evening_id=hall.evening_id, who=hall.place.who(Role.FACILITATOR), now=NOW, **what
        )


def item_ids(hall: Hall) -> list[int]:
    return [item.id for item in hall.now_at().items]


def last_event(hall: Hall) -> tuple[str, dict[str, Any]]:
    with hall.store.reading() as session:
        row = session.scalars(sa.select(Event).order_by(Event.seq.desc()).limit(1)).one()
        return row.kind, json.loads(row.facts)


def last_line(hall: Hall) -> str:
    with hall.store.reading() as session:
        return journal.lines(session, most=1)[0].what


def test_a_plan_moves_and_moving_it_twice_to_the_same_place_is_once(long_hall: Hall) -> None:
    first, second, third, fourth = item_ids(long_hall)
    do(long_hall, place_item, item_id=fourth, to=1)
    assert item_ids(long_hall) == [fourth, first, second, third]
    assert [item.position for item in long_hall.now_at().items] == [1, 2, 3, 4]
    assert last_event(long_hall) == ("agenda", {"items": [fourth, first, second, third], "seed": ""})
    assert last_line(long_hall) == "agenda put in order"
    with nothing_changes(long_hall.store):
        do(long_hall, place_item, item_id=fourth, to=1)
        do(long_hall, place_item, item_id=fourth, to=0)
        with pytest.raises(NotFound):
            do(long_hall, place_item, item_id=9999, to=1)
    do(long_hall, place_item, item_id=fourth, to=3)
    assert item_ids(long_hall) == [first, second, fourth, third]


def test_a_drawn_order_is_the_order_of_its_seed_until_somebody_moves_a_plan(long_hall: Hall) -> None:
    do(long_hall, draw_order, seed=" 3-5-1-6-2 ")
    at = long_hall.now_at()
    assert at.agenda_seed == "3-5-1-6-2"
    numbers = [item.plan.number for item in at.items]
    assert numbers == order_by_lot("3-5-1-6-2", numbers)
    assert last_event(long_hall) == ("agenda", {"items": item_ids(long_hall), "seed": "3-5-1-6-2"})
    with nothing_changes(long_hall.store):
        do(long_hall, draw_order, seed="3-5-1-6-2")
        for seed, refusal in (("  ", SeedMissing), ("6", SeedUnclear)):
            with pytest.raises(refusal):
                do(long_hall, draw_order, seed=seed)
    do(long_hall, place_item, item_id=at.items[0].id, to=2)
    assert long_hall.now_at().agenda_seed == ""


def test_a_plan_that_is_taken_off_is_ready_for_another_evening_and_the_lot_still_holds(
    long_hall: Hall, store: Store, place: Neighbourhood
) -> None:
    do(long_hall, draw_order, seed="1-1-1-1-1")
    items = long_hall.now_at().items
    gone = items[1]
    do(long_hall, involve, position=2, seat_id=long_hall.seat_ids[0], involved=True, reason=Reason.COACH)
    do(long_hall, take_off, item_id=gone.id)
    at = long_hall.now_at()
    assert [item.plan.id for item in at.items] == [item.plan.id for item in items if item.id != gone.id]
    assert [item.position for item in at.items] == [1, 2, 3]
    assert at.agenda_seed == "1-1-1-1-1"
    with store.reading() as session:
        assert [plan.id for plan in ready_plans(session, round_id=place.round_id)] == [gone.plan.id]
        kinds = session.scalars(sa.select(Event.kind).order_by(Event.seq.desc()).limit(2)).all()
        assert kinds == ["agenda", "not_involved"]
    with nothing_changes(store):
        do(long_hall, take_off, item_id=gone.id)
    hold_evening(store, place, {gone.plan.title: [5] * 6}, budget_cents=1_000_000, name="Tweede avond")


def test_an_evening_keeps_at_least_one_plan(hall: Hall) -> None:
    first, second = item_ids(hall)
    do(hall, take_off, item_id=second)
    with nothing_changes(hall.store), pytest.raises(LastPlan):
        do(hall, take_off, item_id=first)


def test_a_plan_can_come_back_on_the_agenda_at_the_end_with_its_maker_marked(
    hall: Hall, store: Store, place: Neighbourhood
) -> None:
    with store.writing() as session:
        maker = add_account(session, email="maker@post.example", name="", now=NOW)
        (seat_id,) = add_invited(
            session, round_id=place.round_id, people=[somebody(1, email="maker@post.example")],
            card_key=KEY, who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    (plan_id,) = put_plans(store, place, {"Later": Asked(initiator_id=maker)}).values()
    do(hall, put_on, plan_id=plan_id)
    at = hall.now_at()
    assert [item.plan.id for item in at.items] == [*hall.plan_ids, plan_id]
    with store.reading() as session:
        assert involved_seats(session, evening_id=hall.evening_id) == {at.items[2].id: frozenset({seat_id})}
    with nothing_changes(store):
        do(hall, put_on, plan_id=plan_id)
        with pytest.raises(NotFound):
            do(hall, put_on, plan_id=9999)
        # Whoever handed it in gives it no score, whatever the host says: those are the frozen rules.
        with pytest.raises(InitiatorStays):
            do(hall, involve, position=3, seat_id=seat_id, involved=False)


def test_somebody_who_was_marked_as_initiator_by_mistake_may_score_again(hall: Hall) -> None:
    seat_id = hall.seat_ids[0]
    do(hall, involve, position=1, seat_id=seat_id, involved=True, reason=Reason.INITIATOR)
    assert do(hall, involve, position=1, seat_id=seat_id, involved=False)
    assert last_event(hall) == ("not_involved", {"item": item_ids(hall)[0], "seat": seat_id})
    assert not do(hall, involve, position=1, seat_id=seat_id, involved=False)


def test_after_the_doors_open_nothing_changes_but_minutes_and_wifi(hall: Hall) -> None:
    first = item_ids(hall)[0]
    hall.press()
    refused: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (place_item, {"item_id": first, "to": 2}),
        (draw_order, {"seed": "1-2-3-4-5"}),
        (take_off, {"item_id": first}),
        (put_on, {"plan_id": 1}),
        (choose, {"choices": TICKED}),
    ]
    with nothing_changes(hall.store):
        for action, what in refused:
            with pytest.raises(DoorsOpen):
                do(hall, action, **what)
    do(hall, set_minutes, minutes={first: 25})
    do(hall, tell_wifi, name="Gasten", password="welkom123")
    at = hall.now_at()
    assert (at.items[0].minutes, at.wifi_name, at.wifi_password) == (25, "Gasten", "welkom123")


def test_when_the_evening_is_over_the_run_sheet_stays_as_it_was(hall: Hall) -> None:
    hall.bring_to("done")
    first = item_ids(hall)[0]
    with nothing_changes(hall.store):
        for action, what in (
            (set_minutes, {"minutes": {first: 25}}),
            (tell_wifi, {"name": "Gasten", "password": ""}),
        ):
            with pytest.raises(SheetClosed):
                do(hall, action, **what)
        with pytest.raises(AlreadyBegan):
            do(hall, involve, position=1, seat_id=hall.seat_ids[0], involved=False)


def test_minutes_of_another_evening_are_not_there_and_the_same_minutes_leave_no_trace(hall: Hall) -> None:
    first = item_ids(hall)[0]
    with nothing_changes(hall.store):
        do(hall, set_minutes, minutes={first: 10})
        with pytest.raises(NotFound):
            do(hall, set_minutes, minutes={first: 12, 9999: 12})
    do(hall, set_minutes, minutes={first: 12})
    assert last_event(hall) == ("settings", {"changed": {"minutes": [[first, 12]]}})


def test_choices_leave_what_changed_in_the_chain_and_the_wifi_leaves_only_that_there_is_one(
    hall: Hall,
) -> None:
    do(hall, choose, choices=TICKED)
    assert last_event(hall) == (
        "settings",
        {
            "changed": {
                "stickers": True,
                "spread_on_screen": True,
                "coaches_score": True,
                "host_decides": False,
            }
        },
    )
    with nothing_changes(hall.store):
        do(hall, choose, choices=TICKED)
    do(hall, tell_wifi, name="Geheime gasten", password="heel geheim 99")
    assert last_event(hall) == ("settings", {"changed": {"wifi": True}})
    with hall.store.reading() as session:
        texts = [*session.scalars(sa.select(Event.facts)), *(line.facts for line in journal.lines(session))]
    assert not any("eheim" in text for text in texts)


@pytest.mark.parametrize("coaches_score", [False, True])
def test_a_coach_scores_a_plan_they_helped_only_where_the_evening_says_so(
    hall: Hall, coaches_score: bool
) -> None:
    coach, interested = hall.seat_ids[0], hall.seat_ids[1]
    do(hall, involve, position=1, seat_id=coach, involved=True, reason=Reason.COACH)
    do(hall, involve, position=1, seat_id=interested, involved=True)
    do(
        hall, choose, choices=Choices(stickers=False, spread_on_screen=False, coaches_score=coaches_score,
                                      host_decides=True),
    )  # fmt: skip
    hall.bring_to("open 1", scores=())
    item = hall.now_at().items[0]
    stays_out = {interested} if coaches_score else {coach, interested}
    with hall.store.reading() as session:
        assert involved_seats(session, evening_id=hall.evening_id) == {item.id: frozenset(stays_out)}
        eligible = eligible_seats(session, evening_id=hall.evening_id, item_id=item.id)
        assert eligible == frozenset(hall.seat_ids) - stays_out
        told = involvements(session, evening_id=hall.evening_id)[item.id]
        assert [(one.seat_number, one.reason, one.may_score) for one in told] == [
            (1, Reason.COACH, coaches_score), (2, Reason.INTEREST, False),
        ]  # fmt: skip
    assert Phone(hall, 1).tap(5).status_code == (200 if coaches_score else 403)
    for number, figure in ((3, 5), (4, 5), (5, 1), (6, 1)):
        Phone(hall, number).tap(figure)
    hall.bring_to("decide", scores=())
    with hall.store.reading() as session:
        counted = item_decisions(session, evening=evening_facts(session, evening_id=hall.evening_id))[0]
    # The coach's five is what makes it more than half of the people.
    assert counted.computed_yes == coaches_score


def test_marking_twice_is_once_and_an_interest_outweighs_having_coached(hall: Hall) -> None:
    seat_id = hall.seat_ids[2]
    assert do(hall, involve, position=2, seat_id=seat_id, involved=True, reason=Reason.COACH)
    with nothing_changes(hall.store):
        assert not do(hall, involve, position=2, seat_id=seat_id, involved=True, reason=Reason.COACH)
    assert do(hall, involve, position=2, seat_id=seat_id, involved=True, reason=Reason.INTEREST)
    with nothing_changes(hall.store):
        assert not do(hall, involve, position=2, seat_id=seat_id, involved=True, reason=Reason.COACH)


def test_who_is_marked_while_the_film_runs_sees_it_on_the_phone(hall: Hall) -> None:
    hall.bring_to("film 1")
    before = hall.now_at().version
    do(hall, involve, position=1, seat_id=hall.seat_ids[0], involved=True)
    assert hall.now_at().version == before + 1
    do(hall, involve, position=2, seat_id=hall.seat_ids[0], involved=True)
    assert hall.now_at().version == before + 1
    hall.press()
    with nothing_changes(hall.store), pytest.raises(AlreadyBegan):
        do(hall, involve, position=1, seat_id=hall.seat_ids[0], involved=False)


def test_who_is_found_to_be_involved_while_scores_are_open_loses_the_score(hall: Hall) -> None:
    hall.bring_to("open 1")
    host, before = hall.staff(), hall.now_at().version
    first = item_ids(hall)[0]
    page = host.fill(
        f"{hall.path}/draaiboek",
        {"number": "1", "plan": str(first), "reason": "interest"},
        form="form[action$=betrokken]",
    )
    assert "Het cijfer dat deze stoel dit plan al gaf, telt niet meer." in page.text
    assert hall.now_at().version == before + 1
    with hall.store.reading() as session:
        assert spreads(session, evening_id=hall.evening_id)[first].counts == (0, 1, 0, 2, 1)
        line = session.scalars(sa.select(JournalLine).where(JournalLine.what == "involvement marked")).one()
        events = session.scalars(sa.select(Event).order_by(Event.seq)).all()[-2:]
    assert json.loads(line.facts)["score_taken"] is True
    assert [one.kind for one in events] == ["involved", "scored"]
    assert json.loads(events[1].facts)["score"] is None
    follows(hall)
    hall.press()
    with nothing_changes(hall.store), pytest.raises(AlreadyBegan):
        do(hall, involve, position=1, seat_id=hall.seat_ids[1], involved=True)
    hall.bring_to("done")
    export = json.loads(hall.staff(Role.AREA_MANAGER).raw("GET", f"{hall.path}/uitvoer.json").data)
    assert not verify.check(export, export["seals"]["end"]).wrong
