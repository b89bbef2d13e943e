"""What of the road to a panel waits for somebody at work: a list, a number, people to tell, seats."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pb.people.login import my_account_id
from pb.people.rules import Role
from pb.rounds.desk_pieces import hang
from pb.sortition.queries.telling import Telling
from pb.sortition.queries.waiting import (
    OfRound,
    OpenDraw,
    lists_to_freeze,
    open_draws,
    outcomes_untold,
    seats_waiting,
)
from pb.web.clock import now, today
from pb.web.doors import may


@dataclass(frozen=True)
class Waiting:
    """What waits in a round, in one word for its template; with a count, and a draw where it is about one."""

    what: str
    round_id: int
    round_name: str
    count: int = 0
    draw_id: int = 0


@hang("sortition/_to_do_draw.html")
def draws_that_wait(session: Session) -> Sequence[Waiting]:
    """Say how far each draw is and what the visitor can do for it."""
    if not any(map(may, (Role.AREA_MANAGER, Role.FACILITATOR, Role.CALLER))):
        return []
    found: list[Waiting] = []
    if may(Role.AREA_MANAGER):
        closed = lists_to_freeze(session, today=today())
        found += [_waiting("freeze", of) for of in closed if may(Role.AREA_MANAGER, of.area_id)]
    for draw in open_draws(session):
        area_id = draw.of.area_id
        manages, calls = may(Role.AREA_MANAGER, area_id), may(Role.CALLER, area_id)
        if manages:
            found += _for_manager(draw)
        if manages or may(Role.FACILITATOR, area_id):
            found += _to_read(draw)
        if draw.number is None and (manages or calls):
            found += _to_tell("tell", draw.of, draw.draw_id, draw.telling, manages=manages)
    for told in outcomes_untold(session):
        manages = may(Role.AREA_MANAGER, told.of.area_id)
        if manages or may(Role.CALLER, told.of.area_id):
            found += _to_tell("tell outcome", told.of, told.draw_id, told.telling, manages=manages)
    return found


@hang("sortition/_to_do_seats.html")
def seats_that_wait(session: Session) -> Sequence[Waiting]:
    """List whom a caller still has to phone, and which seats an area manager can have filled."""
    if not any(map(may, (Role.AREA_MANAGER, Role.CALLER))):
        return []
    found: list[Waiting] = []
    for panel in seats_waiting(session):
        if panel.to_phone and may(Role.CALLER, panel.of.area_id):
            found.append(_waiting("phone", panel.of, panel.to_phone))
        if panel.to_write and may(Role.AREA_MANAGER, panel.of.area_id):
            found.append(_waiting("write", panel.of, panel.to_write))
        if panel.empty and may(Role.AREA_MANAGER, panel.of.area_id):
            found.append(_waiting("empty" if panel.can_be_drawn else "empty for good", panel.of, panel.empty))
    return found


def _for_manager(draw: OpenDraw) -> list[Waiting]:
    if draw.number is not None:
        return [_waiting("give seats", draw.of, draw.number, draw.draw_id)]
    if draw.published_at is None:
        what = "publish" if draw.beacon_at > now() else "too late"
        return [_waiting(what, draw.of, draw_id=draw.draw_id)]
    return []


def _to_read(draw: OpenDraw) -> list[Waiting]:
    """Say who has to type the number, once it can be known."""
    if draw.published_at is None or draw.number is not None or draw.beacon_at > now():
        return []
    what = "read"
    if len(draw.readings) > 1:
        what = "differ"
    elif draw.readings:
        what = "other reads" if draw.readings[0][0] == my_account_id() else "read too"
    return [_waiting(what, draw.of, draw_id=draw.draw_id)]


def _to_tell(what: str, of: OfRound, draw_id: int, telling: Telling, *, manages: bool) -> list[Waiting]:
    """Count whom the visitor can still tell: a caller sees only whom to phone."""
    people = telling.people if manages else telling.by_phone
    untold = sum(one.told_at is None for one in people)
    return [_waiting(what, of, untold, draw_id)] if untold else []


def _waiting(what: str, of: OfRound, count: int = 0, draw_id: int = 0) -> Waiting:
    return Waiting(what, of.round_id, of.name, count, draw_id)
