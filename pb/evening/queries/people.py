"""Read who is there: at the door, on a phone, and who may score what."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.queries.involved import involved_in
from pb.evening.tables import Device, Presence, Score
from pb.panel.tables import Seat


def present_seats(session: Session, *, evening_id: int) -> frozenset[int]:
    """Give the seats that are in the room now; a seat that was taken away is not."""
    return frozenset(
        session.scalars(
            sa.select(Presence.seat_id)
            .join(Seat, Seat.id == Presence.seat_id)
            .where(Presence.evening_id == evening_id, Presence.left_at.is_(None), Seat.gone_at.is_(None))
        )
    )


def eligible_seats(session: Session, *, evening_id: int, item_id: int) -> frozenset[int]:
    """Give the seats that count for a plan: in the room now, or gone home after a score; not involved."""
    scored = session.scalars(
        sa.select(Score.seat_id).where(Score.item_id == item_id, Score.score.is_not(None))
    )
    involved = involved_in(session, item_id=item_id)
    return (present_seats(session, evening_id=evening_id) | frozenset(scored)) - involved


def seats_with_phone(session: Session, *, evening_id: int) -> frozenset[int]:
    """Give the seats that have a phone bound to them."""
    return frozenset(
        session.scalars(
            sa.select(Device.seat_id).where(Device.evening_id == evening_id, Device.replaced_at.is_(None))
        )
    )


def seat_has_phone(session: Session, *, evening_id: int, seat_id: int) -> bool:
    """Say whether a seat has a phone that goes on."""
    return bool(
        session.scalar(
            sa.select(Device.id).where(
                Device.evening_id == evening_id, Device.seat_id == seat_id, Device.replaced_at.is_(None)
            )
        )
    )


def device_seat(session: Session, *, evening_id: int, token_sha256: str) -> tuple[int, bool] | None:
    """Find the seat that a phone stands for, and whether another phone took its place.

    None when there is no such phone, or when its seat was taken away.
    """
    row = session.execute(
        sa.select(Device.seat_id, Device.replaced_at)
        .join(Seat, Seat.id == Device.seat_id)
        .where(Device.token_sha256 == token_sha256, Device.evening_id == evening_id, Seat.gone_at.is_(None))
    ).one_or_none()
    return (row.seat_id, row.replaced_at is not None) if row else None


def stands(session: Session, *, item_id: int, seat_id: int) -> bool:
    """Say whether a seat stands on a figure of its own for a plan."""
    score = session.get(Score, (item_id, seat_id))
    return score is not None and score.score is not None
