"""Read what became of each seat, which are empty, and who comes next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.inviting.tables import Answer
from pb.panel.rules.origins import Origin
from pb.panel.tables import Seat
from pb.sortition.queries.draws import FIRST, DrawFacts, draws
from pb.sortition.rules.steps import EMPTY, SITTING, Line, Standing, Step, standing_of
from pb.sortition.tables import Reserve, SeatDraw, Seating, SeatStep


@dataclass(frozen=True, slots=True)
class SeatNow:
    """A seat with its history, without who sits there; gone seats too.

    ``answer_id`` and ``code`` are None for a seat that was given without a draw; ``left`` says that this
    person took their own answer back, or was erased.
    """

    id: int
    number: int
    origin: Origin
    made_at: datetime
    gone_at: datetime | None
    answer_id: int | None
    code: str | None
    draw_id: int | None
    left: bool
    lines: tuple[Line, ...]
    standing: Standing

    @property
    def state(self) -> Step:
        """Give where it stands; whoever took the answer back has withdrawn."""
        if self.left and self.standing.state in SITTING:
            return Step.WITHDRAWN
        return self.standing.state

    @property
    def is_empty(self) -> bool:
        """Say whether this seat waits for somebody else."""
        return self.gone_at is None and self.state in EMPTY

    @property
    def waits_for_call(self) -> bool:
        """Say whether whoever has this seat still has to say that they come."""
        return self.gone_at is None and self.state in (Step.DRAWN, Step.ASKED)

    @property
    def sits(self) -> bool:
        return self.gone_at is None and self.state in SITTING


@dataclass(frozen=True, slots=True)
class ReserveFacts:
    """Somebody on the reserve list. Units: ``place`` counts from 1 in the order of the lot."""

    draw_id: int
    place: int
    answer_id: int
    code: str


def seats_now(session: Session, *, round_id: int) -> list[SeatNow]:
    """List all seats of a round with what became of them, by number; also those that are gone."""
    return seats_by_round(session, round_ids=[round_id]).get(round_id, [])


def seats_by_round(session: Session, *, round_ids: Collection[int]) -> dict[int, list[SeatNow]]:
    """Give the seats of several rounds at once, as ``seats_now`` gives those of one."""
    if not round_ids:
        return {}
    rows = session.execute(
        sa.select(
            Seat.id, Seat.round_id, Seat.number, Seat.origin, Seat.made_at, Seat.gone_at,
            Seating.answer_id, Seating.draw_id, Answer.code, Answer.withdrawn_at, Answer.erased_at,
            SeatStep.id.label("line"), SeatStep.what, SeatStep.at, SeatStep.by, SeatStep.by_seat_id,
            SeatStep.evening_number,
        )
        .outerjoin(Seating, Seating.seat_id == Seat.id)
        .outerjoin(Answer, Answer.id == Seating.answer_id)
        .outerjoin(SeatStep, SeatStep.seat_id == Seat.id)
        .where(Seat.round_id.in_(round_ids))
        .order_by(Seat.round_id, Seat.number, Seat.id, SeatStep.id)
    )  # fmt: skip
    found: dict[int, list[SeatNow]] = {}
    for _seat_id, of_seat in groupby(rows, key=lambda row: row.id):
        same = list(of_seat)
        row = same[0]
        lines = tuple(
            Line(one.line, Step(one.what), one.at, one.by, one.by_seat_id, one.evening_number)
            for one in same
            if one.line is not None
        )
        seat = SeatNow(
            id=row.id, number=row.number, origin=Origin(row.origin), made_at=row.made_at, gone_at=row.gone_at,
            answer_id=row.answer_id, code=row.code, draw_id=row.draw_id,
            left=row.withdrawn_at is not None or row.erased_at is not None,
            lines=lines, standing=standing_of(lines),
        )  # fmt: skip
        found.setdefault(row.round_id, []).append(seat)
    return found


def counts_by_state(seats: list[SeatNow]) -> Mapping[Step, int]:
    """Count the seats that are not gone, per state."""
    counts = dict.fromkeys(Step, 0)
    for seat in seats:
        if seat.gone_at is None:
            counts[seat.state] += 1
    return counts


def decided_draws(session: Session, *, round_id: int) -> list[DrawFacts]:
    """List the draws of a round that were decided, oldest first."""
    return [draw for draw in draws(session, round_id=round_id) if draw.decided_at is not None and draw.stands]


def first_decided(session: Session, *, round_id: int) -> DrawFacts | None:
    """Find the first draw of a panel, once it was decided; the last one when there were more."""
    found = [draw for draw in decided_draws(session, round_id=round_id) if draw.kind == FIRST]
    return found[-1] if found else None


def reserves(session: Session, *, round_id: int) -> list[ReserveFacts]:
    """List who may be asked for an empty seat, in the order of the lot; without who got a seat or left."""
    draw = first_decided(session, round_id=round_id)
    if draw is None:
        return []
    rows = session.execute(
        sa.select(Reserve.draw_id, Reserve.place, Reserve.answer_id, Answer.code)
        .join(Answer, Answer.id == Reserve.answer_id)
        .outerjoin(Seating, Seating.answer_id == Reserve.answer_id)
        .where(
            Reserve.draw_id == draw.id, Answer.said == "yes", Answer.withdrawn_at.is_(None),
            Answer.erased_at.is_(None), Seating.seat_id.is_(None),
        )
        .order_by(Reserve.place)
    )  # fmt: skip
    return [ReserveFacts(row.draw_id, row.place, row.answer_id, row.code) for row in rows]


def from_reserve(session: Session, *, round_id: int) -> frozenset[int]:
    """Give the seats that went to somebody of the reserve list."""
    rows = session.scalars(
        sa.select(Seating.seat_id)
        .join(Reserve, sa.and_(Reserve.draw_id == Seating.draw_id, Reserve.answer_id == Seating.answer_id))
        .join(SeatDraw, SeatDraw.id == Reserve.draw_id)
        .where(SeatDraw.round_id == round_id)
    )
    return frozenset(rows)
