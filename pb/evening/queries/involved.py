"""Read who is involved in which plan, and why; and who may give it no score for that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.rules.agenda import Reason
from pb.evening.tables import AgendaItem, Evening, Involvement
from pb.panel.queries import every_seat_of_email
from pb.panel.tables import Seat
from pb.plans.queries import initiator_emails

# A coach may score where the evening says so; somebody who is gone counts nowhere anyway.
_MAY_NOT_SCORE = sa.not_(sa.and_(Involvement.reason == Reason.COACH.value, Evening.coaches_score))


@dataclass(frozen=True)
class Involved:
    """A seat that is involved in a plan; ``may_score`` is a coach where the evening lets coaches score."""

    seat_id: int
    seat_number: int
    reason: Reason
    may_score: bool


def involved_in(session: Session, *, item_id: int) -> frozenset[int]:
    """Give the seats that give this plan no score."""
    return frozenset(
        session.scalars(
            sa.select(Involvement.seat_id)
            .join(AgendaItem, AgendaItem.id == Involvement.item_id)
            .join(Evening, Evening.id == AgendaItem.evening_id)
            .where(Involvement.item_id == item_id, _MAY_NOT_SCORE)
        )
    )


def involved_seats(session: Session, *, evening_id: int) -> dict[int, frozenset[int]]:
    """Give per agenda item id the seats that give its plan no score."""
    rows = session.execute(
        sa.select(Involvement.item_id, Involvement.seat_id)
        .join(AgendaItem, AgendaItem.id == Involvement.item_id)
        .join(Evening, Evening.id == AgendaItem.evening_id)
        .where(AgendaItem.evening_id == evening_id, _MAY_NOT_SCORE)
    )
    found: dict[int, set[int]] = {}
    for item_id, seat_id in rows:
        found.setdefault(item_id, set()).add(seat_id)
    return {item_id: frozenset(seats) for item_id, seats in found.items()}


def involvements(session: Session, *, evening_id: int) -> Mapping[int, tuple[Involved, ...]]:
    """Give per agenda item id who is involved in its plan, by seat number; without seats that are gone."""
    rows = session.execute(
        sa.select(Involvement.item_id, Seat.id, Seat.number, Involvement.reason, Evening.coaches_score)
        .join(AgendaItem, AgendaItem.id == Involvement.item_id)
        .join(Evening, Evening.id == AgendaItem.evening_id)
        .join(Seat, Seat.id == Involvement.seat_id)
        .where(AgendaItem.evening_id == evening_id, Seat.gone_at.is_(None))
        .order_by(Seat.number)
    )
    found: dict[int, tuple[Involved, ...]] = {}
    for item_id, seat_id, number, reason, coaches_score in rows:
        may_score = reason == Reason.COACH.value and coaches_score
        one = Involved(seat_id, number, Reason(reason), may_score)
        found[item_id] = (*found.get(item_id, ()), one)
    return found


def initiator_seats(
    session: Session, *, round_id: int, plan_ids: Collection[int]
) -> dict[int, tuple[int, ...]]:
    """Find per plan id the seats of whoever handed it in; a plan without an address is not in it."""
    emails = initiator_emails(session, plan_ids)
    seats = every_seat_of_email(session, round_id=round_id, emails=set(emails.values()))
    return {plan_id: seats.get(email, ()) for plan_id, email in sorted(emails.items())}
