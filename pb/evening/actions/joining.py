"""Come in at the door, and let a phone stand for a seat."""

import hashlib
import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.actions.events import append, hold
from pb.evening.rules.score import NotCheckedIn
from pb.evening.rules.steps import EveningOver, Stage
from pb.evening.tables import Device, Evening, Presence
from pb.store import journal
from pb.store.journal import Actor


def check_in(
    session: Session, *, evening_id: int, seat_id: int, inside: bool, who: Actor, now: datetime
) -> None:
    """Note that a seat came in, or left; doing it twice changes nothing. Raises: EveningOver."""
    evening = hold_open(session, evening_id)
    known = session.get(Presence, (evening_id, seat_id))
    if known is None:
        if not inside:
            return
        session.add(Presence(evening_id=evening_id, seat_id=seat_id, arrived_at=now))
    elif (known.left_at is None) == inside:
        return
    else:
        known.left_at = None if inside else now
    append(session, evening, "arrived" if inside else "left", now, seat=seat_id)
    journal.note(
        session,
        at=now,
        who=who,
        what="seat arrived" if inside else "seat left",
        subject=f"evening {evening_id}",
        seat_id=seat_id,
    )


def sit_down(session: Session, *, evening_id: int, seat_id: int, now: datetime) -> str:
    """Let a phone stand for a seat, in place of any other, and give the phone its secret.

    Shape: 128 random bits in base64url; only its hash is kept. Raises: NotCheckedIn, EveningOver.
    """
    evening = hold_open(session, evening_id)
    check_present(session, evening_id=evening_id, seat_id=seat_id)
    token = new_secret()
    bind(session, evening, seat_id=seat_id, device_sha256=device_sha256(token), now=now)
    return token


def bind(session: Session, evening: Evening, *, seat_id: int, device_sha256: str, now: datetime) -> None:
    """Let the phone with this secret stand for a seat, in place of any other; the evening must be held."""
    replaces = put_in_place(session, evening.id, seat_id=seat_id, device_sha256=device_sha256, now=now)
    append(session, evening, "phone_bound", now, seat=seat_id, replaces=replaces)
    journal.note(
        session,
        at=now,
        who=journal.seat(seat_id),
        what="phone bound",
        subject=f"evening {evening.id}",
        replaces=replaces,
    )


def put_in_place(
    session: Session, evening_id: int, *, seat_id: int, device_sha256: str, now: datetime
) -> bool:
    """Write that this phone stands for a seat from now on, and say whether it took another's place."""
    other = session.scalar(
        sa.select(Device).where(
            Device.evening_id == evening_id, Device.seat_id == seat_id, Device.replaced_at.is_(None)
        )
    )
    if other is not None:
        other.replaced_at = now
        session.flush()
    session.add(Device(evening_id=evening_id, seat_id=seat_id, token_sha256=device_sha256, bound_at=now))
    session.flush()
    return other is not None


def check_present(session: Session, *, evening_id: int, seat_id: int) -> None:
    """Let a seat pass that is in the room. Raises: NotCheckedIn."""
    presence = session.get(Presence, (evening_id, seat_id))
    if presence is None or presence.left_at is not None:
        raise NotCheckedIn()


def hold_open(session: Session, evening_id: int) -> Evening:
    """Take an evening for this transaction that is not over yet. Raises: EveningOver, NotFound."""
    evening = hold(session, evening_id)
    if evening.stage == Stage.DONE.value:
        raise EveningOver()
    return evening


def new_secret() -> str:
    """Make a phone's secret. Shape: 128 random bits in base64url."""
    return secrets.token_urlsafe(16)


def device_sha256(token: str) -> str:
    """Hash a phone's secret as it is kept."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
