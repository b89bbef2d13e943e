"""What of a panel waits on the first page of staff."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.inviting.tables import Appeal
from pb.people.rules import Role
from pb.rounds.tables import Round
from pb.sortition.actions.steps import take_step
from pb.sortition.queries.waiting import open_draws, seats_waiting
from pb.sortition.rules.steps import Step
from pb.sortition.tables import BeaconReading, SeatDraw
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood, email_of
from support.panel import key_of
from support.seat_draws import read_number
from support.seated import seat_panel
from support.today import now, today
from support.visitor import Visitor

Desk = Callable[..., str]


@pytest.fixture
def desk_of(app: Flask) -> Desk:
    """Give a look at the first page of somebody, who stays logged in during the test."""
    here: dict[str, Visitor] = {}

    def look(role: Role, area: str = "wijk") -> str:
        email = email_of(role, area)
        if email not in here:
            here[email] = Visitor(app).log_in(email)
        return here[email].get("/werk").text

    return look


def test_a_caller_begins_with_whom_to_phone_and_nobody_else_does(
    app: Flask, store: Store, place: Neighbourhood, desk_of: Desk
) -> None:
    seat_panel(store, place, key=key_of(app))
    assert "Nog 12 mensen te bellen voor Voorbeeldronde." in desk_of(Role.CALLER)
    assert "te bellen" not in desk_of(Role.CALLER, "andere-wijk")
    assert "te bellen" not in desk_of(Role.AREA_MANAGER)


def test_a_number_that_came_waits_for_whoever_may_type_it(
    app: Flask, store: Store, place: Neighbourhood, desk_of: Desk
) -> None:
    made = seat_panel(store, place, key=key_of(app))
    with store.writing() as session:
        draw = session.get_one(SeatDraw, made.draw_id)
        draw.value = draw.number = draw.decided_at = None
        draw.beacon_at = now() - timedelta(minutes=1)
    read_number(store, place, made.draw_id, Role.AREA_MANAGER, "ab" * 32)
    assert "Nu moet iemand anders het ook typen." in desk_of(Role.AREA_MANAGER)
    assert "Er is nog één persoon nodig." in desk_of(Role.FACILITATOR)
    read_number(store, place, made.draw_id, Role.FACILITATOR, "cd" * 32)
    for role in (Role.AREA_MANAGER, Role.FACILITATOR):
        assert "verschillen. Kijk samen opnieuw." in desk_of(role)
    read_number(store, place, made.draw_id, Role.FACILITATOR, "ab" * 32)
    given = "De stoelen zijn nog niet gegeven."
    assert given in desk_of(Role.AREA_MANAGER)
    assert given not in desk_of(Role.FACILITATOR) + desk_of(Role.AREA_MANAGER, "andere-wijk")
    with store.writing() as session:
        session.execute(sa.delete(BeaconReading))
        draw = session.get_one(SeatDraw, made.draw_id)
        draw.value = draw.number = None
    for role in (Role.AREA_MANAGER, Role.FACILITATOR):
        assert "Het moment van de loting van Voorbeeldronde is er." in desk_of(role)
        assert "moment van de loting" not in desk_of(role, "andere-wijk")
    assert "moment van de loting" not in desk_of(Role.CALLER)
    with store.writing() as session:
        session.get_one(SeatDraw, made.draw_id).beacon_at = now() + timedelta(hours=1)
    assert "moment van de loting" not in desk_of(Role.AREA_MANAGER)
    with store.writing() as session:
        session.get_one(SeatDraw, made.draw_id).published_at = None
    assert "is nog niet openbaar." in desk_of(Role.AREA_MANAGER)
    with store.writing() as session:
        session.get_one(SeatDraw, made.draw_id).spare_at = now()
    assert "ligt nog niet vast." not in desk_of(Role.AREA_MANAGER)
    with store.writing() as session:
        session.get_one(Appeal, place.round_id).answers_close_on = today(-2)
    assert "ligt nog niet vast. Leg de lijst vast" in desk_of(Role.AREA_MANAGER)
    assert "ligt nog niet vast." not in desk_of(Role.FACILITATOR)


def test_a_manager_sees_seats_that_are_empty_as_long_as_they_can_be_drawn(
    app: Flask, store: Store, place: Neighbourhood, desk_of: Desk
) -> None:
    made = seat_panel(store, place, key=key_of(app))
    assert "leeg" not in desk_of(Role.AREA_MANAGER)
    with store.writing() as session:
        for seat in made.seats[:2]:
            take_step(
                session, round_id=place.round_id, seat_id=seat.id, step=Step.WITHDRAWN,
                seen=seat.standing.seen, who=place.who(Role.CALLER), now=now(),
            )  # fmt: skip
    assert "2 stoelen zijn leeg in het panel van Voorbeeldronde. Loot vervangers" in desk_of(
        Role.AREA_MANAGER
    )
    assert "leeg" not in desk_of(Role.CALLER) + desk_of(Role.AREA_MANAGER, "andere-wijk")
    with store.writing() as session:
        session.get_one(Appeal, place.round_id).deleted_at = now()
    assert "Loot" not in desk_of(Role.AREA_MANAGER)
    with store.writing() as session:
        session.get_one(Round, place.round_id).state = "closed"
    assert "leeg" not in desk_of(Role.AREA_MANAGER)


def test_the_first_page_asks_the_database_as_often_for_one_round_as_for_three(
    store: Store, place: Neighbourhood
) -> None:
    seat_panel(store, place)
    asked: list[str] = []

    def count() -> int:
        asked.clear()
        with store.reading() as session:
            sa.event.listen(session.bind, "before_cursor_execute", note)
            assert seats_waiting(session)
            open_draws(session)
            sa.event.remove(session.bind, "before_cursor_execute", note)
        return len(asked)

    def note(*what: object) -> None:
        asked.append(str(what[2]))

    once = count()
    with store.writing() as session:
        row = session.get_one(Round, place.round_id)
        columns = {one.key: getattr(row, one.key) for one in Round.__table__.columns if one.key != "id"}
        for name in ("Tweede", "Derde"):
            other = Round(**(columns | {"name": name}))
            session.add(other)
            session.flush()
            draw = session.scalars(sa.select(SeatDraw)).first()
            kept = {one.key: getattr(draw, one.key) for one in SeatDraw.__table__.columns if one.key != "id"}
            session.add(SeatDraw(**(kept | {"round_id": other.id})))
    assert count() == once
