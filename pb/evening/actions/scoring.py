"""Take a position: one write, one transaction, and the same answer however often it is sent."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical
from pb.core.codes import receipt_code
from pb.core.errors import NotFound
from pb.evening.actions.events import append, hold
from pb.evening.rules.score import (
    DeviceReplaced,
    Involved,
    NotCheckedIn,
    OpUsed,
    OtherVersion,
    ScoreRequest,
    ScoringClosed,
)
from pb.evening.rules.steps import Scoring
from pb.evening.tables import AgendaItem, Device, Evening, Involvement, Presence, Receipt, Score
from pb.store import journal


def take_position(
    session: Session, *, evening_id: int, device_sha256: str, request: ScoreRequest, now: datetime
) -> dict[str, Any]:
    """Store where a seat stands now, and give the answer that its phone will always get for this tap.

    A tap that was overtaken by a later one of the same phone is kept but changes nothing.
    Raises: NotFound, DeviceReplaced, OpUsed, NotCheckedIn, Involved, ScoringClosed, OtherVersion.
    """
    evening = hold(session, evening_id)
    device = session.scalar(
        sa.select(Device).where(Device.token_sha256 == device_sha256, Device.evening_id == evening_id)
    )
    if device is None:
        raise NotFound()
    answered = session.get(Receipt, request.op)
    if answered is not None:
        if answered.device_id != device.id or answered.request_sha256 != request.sha256:
            raise OpUsed()
        stored: dict[str, Any] = json.loads(answered.answer)
        return stored
    item = session.scalar(
        sa.select(AgendaItem).where(AgendaItem.id == request.item, AgendaItem.evening_id == evening_id)
    )
    if item is None:
        raise NotFound()
    current = session.get(Score, (item.id, device.seat_id))
    _check(session, device, item, request, current)
    answer = _store(session, evening, device, item, request, current, now)
    session.add(
        Receipt(
            op=request.op,
            device_id=device.id,
            request_sha256=request.sha256,
            answer=canonical(answer).decode(),
        )
    )
    return answer


def _check(
    session: Session, device: Device, item: AgendaItem, request: ScoreRequest, current: Score | None
) -> None:
    if device.replaced_at is not None:
        raise DeviceReplaced()
    presence = session.get(Presence, (device.evening_id, device.seat_id))
    if presence is None or presence.left_at is not None:
        raise NotCheckedIn()
    if session.get(Involvement, (item.id, device.seat_id)) is not None:
        raise Involved()
    if item.scoring != Scoring.OPEN.value:
        raise ScoringClosed(score=current.score if current else None)
    if item.scoring_version != request.v:
        raise OtherVersion()


def _store(
    session: Session,
    evening: Evening,
    device: Device,
    item: AgendaItem,
    request: ScoreRequest,
    current: Score | None,
    now: datetime,
) -> dict[str, Any]:
    n = device.last_n + 1 if request.n is None else request.n
    overtaken = n <= device.last_n
    seq = append(
        session,
        evening,
        "overtaken" if overtaken else "scored",
        now,
        item=item.id,
        seat=device.seat_id,
        score=request.score,
        op=request.op,
        n=n,
    )
    if not overtaken:
        device.last_n = n
        if current is None:
            session.add(
                Score(
                    item_id=item.id,
                    seat_id=device.seat_id,
                    score=request.score,
                    first_score=request.score,
                    seq=seq,
                )
            )
        else:
            current.score, current.seq = request.score, seq
            if current.first_score is None:
                current.first_score = request.score
    journal.note(
        session,
        at=now,
        who=journal.seat(device.seat_id),
        what="position taken",
        subject=f"evening {evening.id}",
        seq=seq,
    )
    return {
        "status": "overtaken" if overtaken else "stored",
        "item": item.id,
        "score": (current.score if current else None) if overtaken else request.score,
        "n": n,
        "seq": seq,
        "receipt": receipt_code(bytes.fromhex(evening.head[:16])),
    }
