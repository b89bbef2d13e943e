"""What of the road to a panel waits for somebody at work: people to phone, a public number to read."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.people.login import my_account_id
from pb.people.rules import Role
from pb.rounds.desk_pieces import hang
from pb.rounds.tables import Round
from pb.sortition.queries.steps import seats_now
from pb.sortition.rules.steps import Step
from pb.sortition.tables import BeaconReading, SeatDraw
from pb.web.clock import now
from pb.web.doors import may


@dataclass(frozen=True)
class Waiting:
    """A round in which something waits: people to phone, or a number to read."""

    round_id: int
    round_name: str
    people: int = 0
    draw_id: int = 0


@hang("sortition/_to_phone.html")
def people_to_phone(session: Session) -> Sequence[Waiting]:
    """List the rounds in which a caller still has people to phone."""
    if not may(Role.CALLER):
        return []
    rounds = session.execute(
        sa.select(Round.id, Round.name, Round.area_id)
        .where(sa.exists().where(SeatDraw.round_id == Round.id, SeatDraw.decided_at.is_not(None)))
        .order_by(Round.id.desc())
    ).all()
    found = []
    for row in rounds:
        if may(Role.CALLER, row.area_id):
            seats = seats_now(session, round_id=row.id)
            waiting = sum(seat.gone_at is None and seat.state in (Step.DRAWN, Step.ASKED) for seat in seats)
            found += [Waiting(row.id, row.name, people=waiting)] if waiting else []
    return found


@hang("sortition/_to_read.html")
def numbers_to_read(session: Session) -> Sequence[Waiting]:
    """List the draws whose public number the visitor may read now and did not read yet."""
    mine = sa.select(BeaconReading.draw_id).where(BeaconReading.read_by == my_account_id())
    rows = session.execute(
        sa.select(SeatDraw.id, Round.id.label("round_id"), Round.name, Round.area_id)
        .join(Round, Round.id == SeatDraw.round_id)
        .where(
            SeatDraw.published_at.is_not(None), SeatDraw.spare_at.is_(None), SeatDraw.value.is_(None),
            SeatDraw.beacon_at <= now(), SeatDraw.id.not_in(mine),
        )
        .order_by(SeatDraw.id)
    ).all()  # fmt: skip
    return [
        Waiting(row.round_id, row.name, draw_id=row.id)
        for row in rows
        if may(Role.AREA_MANAGER, row.area_id) or may(Role.FACILITATOR, row.area_id)
    ]
