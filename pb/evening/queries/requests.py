"""Read which phones ask for a seat that already has one."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pb.evening.queries.people import seat_has_phone
from pb.evening.rules.steps import Stage
from pb.evening.tables import Device, DeviceRequest, Evening
from pb.panel.tables import Seat


@dataclass(frozen=True)
class RequestFacts:
    """A phone that asks for a seat; ``granted`` is None as long as nobody answered."""

    id: int
    evening_id: int
    seat_id: int
    seat_number: int
    number: int
    asked_at: datetime
    granted: bool | None


_FIELDS = (
    DeviceRequest.id, DeviceRequest.evening_id, DeviceRequest.seat_id, Seat.number, DeviceRequest.number,
    DeviceRequest.asked_at, DeviceRequest.granted,
)  # fmt: skip


def open_requests(session: Session, *, evening_id: int) -> list[RequestFacts]:
    """List the phones that wait for the host's answer, the longest waiting first; none after the end."""
    rows = session.execute(
        sa.select(*_FIELDS)
        .join(Seat, Seat.id == DeviceRequest.seat_id)
        .join(Evening, Evening.id == DeviceRequest.evening_id)
        .where(
            DeviceRequest.evening_id == evening_id,
            Evening.stage != Stage.DONE.value,
            DeviceRequest.settled_at.is_(None),
            Seat.gone_at.is_(None),
        )
        .order_by(DeviceRequest.id)
    )
    return [RequestFacts(*row) for row in rows]


def request_of_phone(session: Session, *, evening_id: int, token_sha256: str) -> RequestFacts | None:
    """Find what a phone asked for, answered or not."""
    row = session.execute(
        sa.select(*_FIELDS)
        .join(Seat, Seat.id == DeviceRequest.seat_id)
        .where(
            DeviceRequest.evening_id == evening_id,
            DeviceRequest.token_sha256 == token_sha256,
            Seat.gone_at.is_(None),
        )
    ).one_or_none()
    return RequestFacts(*row) if row else None


def must_ask(session: Session, *, evening_id: int, seat_id: int) -> bool:
    """Say whether another phone has to ask the host for this seat.

    Not for a seat without a phone. Where the host does not decide, a card holder changes phones once.
    """
    if not seat_has_phone(session, evening_id=evening_id, seat_id=seat_id):
        return False
    if session.scalar(sa.select(Evening.host_decides).where(Evening.id == evening_id)):
        return True
    # A phone that took over began at the very moment at which the one before it ended.
    after = aliased(Device)
    return (
        session.scalar(
            sa.select(Device.id)
            .join(
                after,
                sa.and_(
                    after.evening_id == Device.evening_id,
                    after.seat_id == Device.seat_id,
                    after.bound_at == Device.replaced_at,
                ),
            )
            .where(Device.evening_id == evening_id, Device.seat_id == seat_id)
            .limit(1)
        )
        is not None
    )
