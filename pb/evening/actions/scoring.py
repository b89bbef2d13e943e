"""Take positions: many taps in one transaction, and the same answer however often a tap is sent."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.codes import receipt_code
from pb.core.errors import Broken, NotFound
from pb.evening.actions.events import Chain, lock
from pb.evening.actions.standing import Standing, where_they_stand, write_down
from pb.evening.rules.score import (
    DatabaseBehind,
    DeviceReplaced,
    NotCheckedIn,
    OpUsed,
    ScoreRequest,
    check_place,
)
from pb.evening.tables import Evening, Event
from pb.panel.tables import Seat
from pb.store import journal


@dataclass(frozen=True)
class Tap:
    """One tap on one phone; ``seen`` is the highest sequence number that this phone ever got, if it says."""

    evening_id: int
    device_sha256: str
    request: ScoreRequest
    at: datetime
    seen: int | None = None


Answer = dict[str, Any]


def take_position(
    session: Session, *, evening_id: int, device_sha256: str, request: ScoreRequest, now: datetime
) -> Answer:
    """Store where a seat stands now, and give the answer that its phone will always get for this tap.

    A tap that was overtaken by a later one of the same phone is kept but changes nothing.
    Raises: NotFound, OpUsed, DatabaseBehind, and what ``check_place`` raises.
    """
    (answer,) = take_positions(session, [Tap(evening_id, device_sha256, request, now)])
    if isinstance(answer, Broken):
        raise answer
    return answer


def take_positions(session: Session, taps: Sequence[Tap]) -> list[Answer | Broken]:
    """Store taps in this order; each gets its answer, or the rule that it broke.

    The event of a tap is also its stored answer: the same tap gets it again. The number of statements grows
    with the number of evenings, not with the number of taps.
    """
    session.flush()
    answers: list[Answer | Broken] = [NotFound() for _tap in taps]
    # Always in the same order, so that two servers never wait for each other.
    for evening_id in sorted({tap.evening_id for tap in taps}):
        places = [place for place, tap in enumerate(taps) if tap.evening_id == evening_id]
        of_one = _take_of_one_evening(session, evening_id, [taps[place] for place in places])
        for place, answer in zip(places, of_one, strict=True):
            answers[place] = answer
    return answers


def _take_of_one_evening(session: Session, evening_id: int, taps: Sequence[Tap]) -> list[Answer | Broken]:
    chain = lock(session, evening_id)
    if chain is None:
        return [NotFound() for _tap in taps]
    answered = _answered(session, [tap.request.op for tap in taps])
    standing = where_they_stand(
        session,
        evening_id=chain.evening_id,
        devices=[tap.device_sha256 for tap in taps],
        item_ids={tap.request.item for tap in taps},
    )
    answers = [_take(chain, standing, answered, tap) for tap in taps]
    write_down(session, chain, standing)
    for tap, answer in zip(taps, answers, strict=True):
        phone = standing.phone(tap.device_sha256)
        if isinstance(answer, DatabaseBehind) and phone is not None:
            _raise_alarm(session, chain, seat_id=phone.seat_id, tap=tap)
    return answers


def _take(chain: Chain, standing: Standing, answered: dict[str, Answer], tap: Tap) -> Answer | Broken:
    request = tap.request
    phone = standing.phone(tap.device_sha256)
    if phone is None:
        return NotFound()
    known = answered.get(request.op)
    if known is not None:
        return known["answer"] if _is_same(known, phone.seat_id, request) else OpUsed()
    if phone.replaced:
        return DeviceReplaced()
    if not phone.present:
        return NotCheckedIn()
    if tap.seen is not None and tap.seen > max(chain.seq, chain.accepted_seq):
        return DatabaseBehind()
    position = standing.position(phone, request.item)
    if position is None:
        return NotFound()
    try:
        check_place(standing.place(phone, position), v=request.v)
    except Broken as error:
        return error
    n = phone.last_n + 1 if request.n is None else request.n
    overtaken = n <= phone.last_n
    facts: Answer = {
        "item": request.item, "n": n, "op": request.op, "score": request.score, "seat": phone.seat_id,
        "v": request.v,
    }  # fmt: skip
    if overtaken:
        facts["stands"] = position.score
    seq = chain.add("overtaken" if overtaken else "scored", tap.at, facts, op=request.op)
    if not overtaken:
        phone.last_n = n
        position.move(request.score, seq)
    answer = _answer(facts, seq, chain.head)
    answered[request.op] = {"facts": facts, "answer": answer}
    return answer


def _answer(facts: Answer, seq: int, head: str) -> Answer:
    overtaken = "stands" in facts
    return {
        "status": "overtaken" if overtaken else "stored",
        "item": facts["item"],
        "score": facts["stands"] if overtaken else facts["score"],
        "n": facts["n"],
        "seq": seq,
        "receipt": receipt_code(bytes.fromhex(head[:16])),
    }


_BY_OP = sa.select(Event.op, Event.evening_id, Event.seq, Event.kind, Event.facts, Event.hash).where(
    Event.op.in_(sa.bindparam("ops", expanding=True))
)


def _answered(session: Session, ops: Sequence[str]) -> dict[str, Answer]:
    rows = session.connection().execute(_BY_OP, {"ops": ops}).all()
    found = {}
    for op, evening_id, seq, kind, text, head in rows:
        facts = json.loads(text)
        if kind == "overtaken" and "stands" not in facts:
            facts["stands"] = _stood_before(session, evening_id, seq, facts)
        found[str(op)] = {"facts": facts, "answer": _answer(facts, seq, head)}
    return found


def _stood_before(session: Session, evening_id: int, seq: int, tap: Answer) -> int | None:
    """Find where a seat stood: events of the first release do not say that of a tap that was overtaken."""
    texts = session.scalars(
        sa.select(Event.facts)
        .where(Event.evening_id == evening_id, Event.kind == "scored", Event.seq < seq)
        .order_by(Event.seq.desc())
    )
    for facts in map(json.loads, texts):
        if (facts["seat"], facts["item"]) == (tap["seat"], tap["item"]):
            score: int | None = facts["score"]
            return score
    return None


def _is_same(known: Answer, seat_id: int, request: ScoreRequest) -> bool:
    facts = known["facts"]
    # A phone without script does not count its taps.
    n = facts["n"] if request.n is None else request.n
    told = (facts["seat"], facts["item"], facts["score"], facts["n"], facts.get("v", request.v))
    return told == (seat_id, request.item, request.score, n, request.v)


def _raise_alarm(session: Session, chain: Chain, *, seat_id: int, tap: Tap) -> None:
    seen = tap.seen or 0
    raised = session.execute(
        sa.update(Evening)
        .where(Evening.id == chain.evening_id, sa.func.coalesce(Evening.alarm_seq, 0) < seen)
        .values(alarm_seq=seen, version=Evening.version + 1)
        .returning(Evening.id)
    )
    if raised.one_or_none() is None:
        return
    number = session.scalar(sa.select(Seat.number).where(Seat.id == seat_id))
    journal.note(
        session, at=tap.at, who=journal.seat(seat_id), what="alarm raised",
        subject=f"evening {chain.evening_id}", seat_number=number, phone_knew=seen, database_has=chain.seq,
    )  # fmt: skip
