"""Read all that a phone needs to know about itself, in one query."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.tables import Device, Evening, Involvement, Presence, Score
from pb.panel.tables import Seat


@dataclass(frozen=True)
class PhonePlace:
    """The seat that a phone stands for, how that seat counts, and where it stands on the plan of now.

    ``replaced``: another phone took its place. ``last_n`` is its highest tap number.
    """

    seat_id: int
    number: int
    replaced: bool
    present: bool
    way: str
    involved: bool
    score: int | None
    last_n: int


_PLACE = (
    sa.select(
        Device.seat_id, Seat.number, Device.replaced_at, Device.last_n,
        sa.and_(Presence.arrived_at.is_not(None), Presence.left_at.is_(None)).label("present"),
        sa.func.coalesce(Presence.way, "phone").label("way"),
        sa.and_(
            Involvement.reason.is_not(None),
            sa.not_(sa.and_(Involvement.reason == "coach", Evening.coaches_score)),
        ).label("involved"),
        Score.score,
    )
    .join(Seat, Seat.id == Device.seat_id)
    .join(Evening, Evening.id == Device.evening_id)
    .outerjoin(
        Presence, sa.and_(Presence.evening_id == Device.evening_id, Presence.seat_id == Device.seat_id)
    )
    .outerjoin(
        Involvement,
        sa.and_(Involvement.item_id == sa.bindparam("item"), Involvement.seat_id == Device.seat_id),
    )
    .outerjoin(Score, sa.and_(Score.item_id == sa.bindparam("item"), Score.seat_id == Device.seat_id))
    .where(
        Device.evening_id == sa.bindparam("evening"),
        Device.token_sha256 == sa.bindparam("device"),
        Seat.gone_at.is_(None),
    )
)  # fmt: skip


def phone_place(
    session: Session, *, evening_id: int, token_sha256: str, item_id: int | None
) -> PhonePlace | None:
    """Find where a phone stands; None when there is no such phone, or when its seat was taken away."""
    row = (
        session.connection()
        .execute(_PLACE, {"evening": evening_id, "device": token_sha256, "item": item_id})
        .one_or_none()
    )
    if row is None:
        return None
    return PhonePlace(
        row.seat_id, row.number, row.replaced_at is not None, bool(row.present), row.way, bool(row.involved),
        row.score, row.last_n,
    )  # fmt: skip
