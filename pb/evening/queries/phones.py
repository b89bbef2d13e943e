"""Read what a phone needs to know about itself: its seat, how that seat counts, where else it sits."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.tables import Device, DeviceRequest, Event
from pb.panel.tables import Seat


@dataclass(frozen=True)
class Held:
    """What a phone's secret stands for: a seat, or as long as ``asks`` only the question for one."""

    evening_id: int
    seat_id: int
    seat_number: int
    asks: bool = False


def held_by(session: Session, *, token_sha256: str) -> Held | None:
    """Find what a phone holds now, on whatever evening."""
    row = session.execute(
        sa.select(Device.evening_id, Device.seat_id, Seat.number)
        .join(Seat, Seat.id == Device.seat_id)
        .where(Device.token_sha256 == token_sha256, Device.replaced_at.is_(None), Seat.gone_at.is_(None))
    ).one_or_none()
    if row is not None:
        return Held(*row)
    asked = session.execute(
        sa.select(DeviceRequest.evening_id, DeviceRequest.seat_id, Seat.number)
        .join(Seat, Seat.id == DeviceRequest.seat_id)
        .where(
            DeviceRequest.token_sha256 == token_sha256,
            DeviceRequest.settled_at.is_(None),
            Seat.gone_at.is_(None),
        )
    ).one_or_none()
    return Held(*asked, asks=True) if asked else None


def event_of_op(session: Session, *, evening_id: int, op: str) -> tuple[datetime, str] | None:
    """Find when something with this name was stored, and the hash of its event."""
    row = session.execute(
        sa.select(Event.at, Event.hash).where(Event.evening_id == evening_id, Event.op == op)
    ).one_or_none()
    return (row.at, row.hash) if row else None
