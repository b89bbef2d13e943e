"""Write down what became of a seat: a line is added, nothing is ever changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.panel.actions.filling import hold_round
from pb.sortition.queries.steps import SeatNow, seats_now
from pb.sortition.rules.steps import UNDO_FOR, SeatUnknown, Step, StepTaken, UndoTooLate, check_step
from pb.sortition.tables import SeatStep
from pb.store import journal
from pb.store.journal import Actor


def take_step(
    session: Session, *, round_id: int, seat_id: int, step: Step, seen: int, who: Actor, now: datetime
) -> int:
    """Write what somebody said about a seat, and give its number; the same press twice is one line.

    ``seen`` is the id of the last line that was seen.
    Raises: NotFound, StepTaken, StepImpossible.
    """
    hold_round(session, round_id)
    seat = _seat(session, round_id, seat_id)
    last = seat.standing.last
    if seat.standing.seen != seen:
        if last is not None and last.what is step and last.by == who.id and _before(seat) == seen:
            return seat.number
        raise _taken(seat)
    check_step(seat.number, seat.state, step)
    add_step(session, round_id=round_id, seat=seat, step=step, who=who, now=now)
    return seat.number


def undo_step(session: Session, *, round_id: int, seat_id: int, seen: int, who: Actor, now: datetime) -> int:
    """Take back one's own last step, soon after it; the line stays, and a line is added.

    Raises: NotFound, StepTaken, UndoTooLate.
    """
    hold_round(session, round_id)
    seat = _seat(session, round_id, seat_id)
    last = seat.standing.last
    if seat.standing.seen != seen:
        if last is not None and last.what is Step.UNDONE and last.by == who.id and _before(seat) == seen:
            return seat.number
        raise _taken(seat)
    if not seat.standing.may_be_undone(who.id, now):
        raise UndoTooLate(number=seat.number, minutes=int(UNDO_FOR.total_seconds()) // 60)
    add_step(session, round_id=round_id, seat=seat, step=Step.UNDONE, who=who, now=now)
    return seat.number


def mark_no_show(
    session: Session,
    *,
    round_id: int,
    numbers: Sequence[int],
    evening_number: int,
    who: Actor,
    now: datetime,
) -> int:
    """Write who did not come to an evening, and give how many; whoever was marked before stays as it was.

    Raises: SeatUnknown, StepImpossible.
    """
    hold_round(session, round_id)
    by_number = {seat.number: seat for seat in seats_now(session, round_id=round_id) if seat.gone_at is None}
    unknown = sorted(set(numbers) - by_number.keys())
    if unknown:
        raise SeatUnknown(numbers=tuple(unknown[:5]))
    marked = 0
    for number in sorted(set(numbers)):
        seat = by_number[number]
        if seat.state is Step.NO_SHOW:
            continue
        check_step(number, seat.state, Step.NO_SHOW)
        add_step(
            session, round_id=round_id, seat=seat, step=Step.NO_SHOW, who=who, now=now,
            evening_number=evening_number,
        )  # fmt: skip
        marked += 1
    return marked


def add_step(
    session: Session,
    *,
    round_id: int,
    seat: SeatNow,
    step: Step,
    who: Actor,
    now: datetime,
    by_seat_id: int | None = None,
    evening_number: int | None = None,
) -> None:
    """Add a line to a seat's history and one to the journal; the round must be held."""
    session.add(
        SeatStep(
            round_id=round_id, seat_id=seat.id, what=step.value, at=now,
            by=who.id if who.kind == "account" else None, by_seat_id=by_seat_id,
            evening_number=evening_number,
        )
    )  # fmt: skip
    session.flush()
    journal.note(
        session, at=now, who=who, what="seat step", subject=f"seat {seat.id}", round_id=round_id,
        number=seat.number, step=step.value, evening_number=evening_number,
    )  # fmt: skip


def _seat(session: Session, round_id: int, seat_id: int) -> SeatNow:
    found = [seat for seat in seats_now(session, round_id=round_id) if seat.id == seat_id]
    if not found or found[0].gone_at is not None:
        raise NotFound()
    return found[0]


def _before(seat: SeatNow) -> int:
    return seat.lines[-2].id if len(seat.lines) > 1 else 0


def _taken(seat: SeatNow) -> StepTaken:
    last = seat.standing.last
    return StepTaken(
        number=seat.number,
        state=seat.state.value,
        at=None if last is None else last.at,
        by=None if last is None else last.by,
    )
