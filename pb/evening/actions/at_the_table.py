"""Take a figure at the tablet that goes from hand to hand."""

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.codes import receipt_code
from pb.core.errors import NotFound
from pb.evening.actions.events import lock
from pb.evening.queries.involved import involved_in
from pb.evening.queries.people import seat_has_phone
from pb.evening.rules.score import Place, check_place, check_score
from pb.evening.rules.seats import PhoneSits, TabletUsed
from pb.evening.rules.steps import Scoring
from pb.evening.tables import AgendaItem, Event, Presence, Score
from pb.panel.tables import Seat


def take_at_table(
    session: Session,
    *,
    evening_id: int,
    seat_id: int,
    item_id: int,
    v: int,
    score: int | None,
    op: str,
    now: datetime,
) -> str:
    """Store where a seat stands, said at the tablet, and give the receipt code.

    ``op`` names this turn for ever: pressed twice it is one figure, with the same receipt.
    Raises: TabletUsed for another figure in the same turn, NotFound, what ``check_place`` raises, and
    PhoneSits for a seat whose phone was not stopped: a second device is the host's to allow.
    """
    check_score(score)
    chain = lock(session, evening_id)
    if chain is None:
        raise NotFound()
    known = session.execute(sa.select(Event.facts, Event.hash).where(Event.op == op)).one_or_none()
    if known is not None:
        facts = json.loads(known.facts)
        if (facts["seat"], facts["item"], facts["score"]) != (seat_id, item_id, score):
            raise TabletUsed()
        return receipt_of(known.hash)
    stands = session.get(Score, (item_id, seat_id), populate_existing=True)
    _check(session, evening_id, seat_id, item_id, stands, v)
    facts = {"item": item_id, "op": op, "score": score, "seat": seat_id, "v": v}
    seq = chain.add("tablet_scored", now, facts, op=op)
    chain.write(session)
    if stands is None:
        stands = Score(item_id=item_id, seat_id=seat_id, first_score=score)
        session.add(stands)
    if stands.first_score is None:
        stands.first_score = score
    stands.score, stands.seq, stands.way = score, seq, "tablet"
    return receipt_of(chain.head)


def check_turn(session: Session, *, evening_id: int, seat_id: int, item_id: int, v: int) -> None:
    """Say beforehand whether a seat may stand on a figure for a plan. Raises: as ``take_at_table``."""
    _check(session, evening_id, seat_id, item_id, session.get(Score, (item_id, seat_id)), v)


def receipt_of(event_hash: str) -> str:
    """Write the receipt code of an event, as its phone or tablet shows it."""
    return receipt_code(bytes.fromhex(event_hash[:16]))


def _check(
    session: Session, evening_id: int, seat_id: int, item_id: int, stands: Score | None, v: int
) -> None:
    seat = session.get(Seat, seat_id)
    item = session.get(AgendaItem, item_id, populate_existing=True)
    if seat is None or seat.gone_at is not None or item is None or item.evening_id != evening_id:
        raise NotFound()
    presence = session.get(Presence, (evening_id, seat_id), populate_existing=True)
    place = Place(
        replaced=False,
        present=presence is not None and presence.left_at is None,
        way=presence.way if presence else "phone",
        involved=seat_id in involved_in(session, item_id=item_id),
        is_open=item.scoring == Scoring.OPEN.value,
        version=item.scoring_version,
        score=stands.score if stands else None,
    )
    check_place(place, v=v)
    if seat_has_phone(session, evening_id=evening_id, seat_id=seat_id):
        raise PhoneSits(number=seat.number)
