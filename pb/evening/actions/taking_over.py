"""One phone for each seat: a second one asks the host, and a phone can stop."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.actions.events import append, hold
from pb.evening.actions.joining import bind, check_present, hold_open, put_in_place
from pb.evening.queries.requests import must_ask
from pb.evening.rules.seats import AlreadyAnswered, NoSeatHere
from pb.evening.rules.steps import Stage
from pb.evening.tables import Device, DeviceRequest, Evening
from pb.panel.tables import Seat
from pb.store import journal
from pb.store.journal import Actor

OPEN_PER_SEAT = 2
_NUMBERS = range(10, 100)
_MORE_NUMBERS = range(100, 1000)


def take_seat(
    session: Session, *, evening_id: int, seat_id: int, device_sha256: str, held_sha256: str, now: datetime
) -> bool:
    """Let a phone stand for a seat, or ask the host when the seat has a phone; say whether it sits.

    ``held_sha256`` is of the secret that this phone had before; a seat that it stood for here, it leaves.
    The same phone asking twice asks once. Raises: NotCheckedIn, EveningOver, NotFound, and NoSeatHere for a
    phone that sat here before: it reads its card again.
    """
    evening = hold_open(session, evening_id)
    check_present(session, evening_id=evening_id, seat_id=seat_id)
    known = session.scalar(sa.select(Device).where(Device.token_sha256 == device_sha256))
    if known is not None:
        if known.replaced_at is not None or known.seat_id != seat_id:
            raise NoSeatHere()
        return True
    _leave_other_seat(session, evening, seat_id=seat_id, device_sha256=held_sha256, now=now)
    if must_ask(session, evening_id=evening_id, seat_id=seat_id):
        _ask(session, evening, seat_id=seat_id, device_sha256=device_sha256, now=now)
        return False
    bind(session, evening, seat_id=seat_id, device_sha256=device_sha256, now=now)
    return True


def settle_request(
    session: Session, *, evening_id: int, request_id: int, granted: bool, who: Actor, now: datetime
) -> None:
    """Answer a phone that asks for a seat; a yes lets it stand there in place of the other.

    The same answer twice is one answer. Raises: AlreadyAnswered, EveningOver, NotFound.
    """
    evening = hold_open(session, evening_id)
    asked = session.get(DeviceRequest, request_id)
    if asked is None or asked.evening_id != evening_id:
        raise NotFound()
    if asked.settled_at is not None:
        if asked.granted != granted:
            raise AlreadyAnswered(granted=asked.granted)
        return
    if granted:
        if session.get_one(Seat, asked.seat_id).gone_at is not None:
            raise NotFound()
        put_in_place(session, evening_id, seat_id=asked.seat_id, device_sha256=asked.token_sha256, now=now)
    _settle(session, evening, asked, granted=granted, who=who, now=now)


def stop_phone(session: Session, *, evening_id: int, device_sha256: str, now: datetime) -> None:
    """Let a phone stand for its seat no longer, so that it can be given back; twice is once."""
    evening = hold(session, evening_id)
    device = session.scalar(
        sa.select(Device).where(
            Device.evening_id == evening_id,
            Device.token_sha256 == device_sha256,
            Device.replaced_at.is_(None),
        )
    )
    if device is not None:
        _end(session, evening, device, now)


def stop_phone_of(session: Session, *, evening_id: int, seat_id: int, who: Actor, now: datetime) -> bool:
    """Stop the phone of a seat, so that another device or the tablet may be used; say whether there was one.

    Raises: EveningOver, NotFound.
    """
    evening = hold_open(session, evening_id)
    device = session.scalar(
        sa.select(Device).where(
            Device.evening_id == evening_id, Device.seat_id == seat_id, Device.replaced_at.is_(None)
        )
    )
    if device is None:
        return False
    _end(session, evening, device, now, who)
    # That phone must show that it counts no longer.
    evening.version += 1
    evening.moved_at, evening.moved_by = now, who.id
    return True


def _leave_other_seat(
    session: Session, evening: Evening, *, seat_id: int, device_sha256: str, now: datetime
) -> None:
    device = session.scalar(
        sa.select(Device).where(
            Device.evening_id == evening.id,
            Device.token_sha256 == device_sha256,
            Device.seat_id != seat_id,
            Device.replaced_at.is_(None),
        )
    )
    if device is not None:
        _end(session, evening, device, now)


def _end(session: Session, evening: Evening, device: Device, now: datetime, who: Actor | None = None) -> None:
    device.replaced_at = now
    session.flush()
    # The chain of an evening that is over stays as it was sealed.
    if evening.stage != Stage.DONE.value:
        append(session, evening, "phone_ended", now, seat=device.seat_id)
    journal.note(
        session, at=now, who=who or journal.seat(device.seat_id), what="phone ended",
        subject=f"evening {evening.id}", seat_id=device.seat_id,
    )  # fmt: skip


def _ask(session: Session, evening: Evening, *, seat_id: int, device_sha256: str, now: datetime) -> None:
    if session.scalar(sa.select(DeviceRequest.id).where(DeviceRequest.token_sha256 == device_sha256)):
        return
    waiting = list(
        session.scalars(
            sa.select(DeviceRequest)
            .where(DeviceRequest.evening_id == evening.id, DeviceRequest.settled_at.is_(None))
            .order_by(DeviceRequest.id)
        )
    )
    of_seat = [one for one in waiting if one.seat_id == seat_id]
    # Whoever asks again and again with one card does not fill the host's list.
    for oldest in of_seat[: len(of_seat) + 1 - OPEN_PER_SEAT]:
        _settle(session, evening, oldest, granted=False, who=journal.seat(seat_id), now=now)
    number = _free_number({one.number for one in waiting})
    session.add(
        DeviceRequest(
            evening_id=evening.id, seat_id=seat_id, number=number, token_sha256=device_sha256, asked_at=now
        )
    )
    append(session, evening, "phone_asked", now, seat=seat_id, number=number)
    journal.note(
        session,
        at=now,
        who=journal.seat(seat_id),
        what="phone asked",
        subject=f"evening {evening.id}",
        number=number,
    )


def _free_number(taken: set[int]) -> int:
    free = [number for number in _NUMBERS if number not in taken]
    return secrets.choice(free or [number for number in _MORE_NUMBERS if number not in taken])


def _settle(
    session: Session, evening: Evening, asked: DeviceRequest, *, granted: bool, who: Actor, now: datetime
) -> None:
    asked.settled_at, asked.granted = now, granted
    asked.settled_by = who.id if who.kind == "account" else None
    kind = "phone_granted" if granted else "phone_refused"
    append(session, evening, kind, now, seat=asked.seat_id, number=asked.number)
    journal.note(
        session,
        at=now,
        who=who,
        what=kind.replace("_", " "),
        subject=f"evening {evening.id}",
        seat_id=asked.seat_id,
        number=asked.number,
    )
