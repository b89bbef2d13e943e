"""What of a panel waits on the first page of staff."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from pb.people.rules import Role
from pb.sortition.tables import SeatDraw
from pb.store.engine import Store
from support.neighbourhood import Neighbourhood, email_of
from support.panel import key_of
from support.seated import seat_panel
from support.visitor import Visitor


def desk_of(app: Flask, role: Role, area: str = "wijk") -> str:
    return Visitor(app).log_in(email_of(role, area)).get("/werk").text


def test_a_caller_begins_with_whom_to_phone_and_nobody_else_does(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    seat_panel(store, place, key=key_of(app))
    assert "Nog 12 mensen te bellen voor Voorbeeldronde." in desk_of(app, Role.CALLER)
    assert "te bellen" not in desk_of(app, Role.CALLER, "andere-wijk")
    assert "te bellen" not in desk_of(app, Role.AREA_MANAGER)


def test_a_number_that_came_waits_for_whoever_may_type_it(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    made = seat_panel(store, place, key=key_of(app))
    with store.writing() as session:
        draw = session.get_one(SeatDraw, made.draw_id)
        draw.value = draw.number = draw.decided_at = None
        draw.beacon_at = datetime.now(UTC) - timedelta(minutes=1)
    for role in (Role.AREA_MANAGER, Role.FACILITATOR):
        assert "Het moment van de loting van Voorbeeldronde is er." in desk_of(app, role)
        assert "moment van de loting" not in desk_of(app, role, "andere-wijk")
    assert "moment van de loting" not in desk_of(app, Role.CALLER)
    with store.writing() as session:
        session.get_one(SeatDraw, made.draw_id).beacon_at = datetime.now(UTC) + timedelta(hours=1)
    assert "moment van de loting" not in desk_of(app, Role.AREA_MANAGER)
