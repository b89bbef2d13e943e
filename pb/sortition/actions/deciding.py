"""Take the public number from two people, and let it decide."""

import hashlib
import hmac
import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.sortition.actions.freezing import hold_draw
from pb.sortition.actions.seating import answers_of, keep_reserves, seat_people
from pb.sortition.actions.telling import OutcomeLetters, mail_outcome
from pb.sortition.queries import draws as queries
from pb.sortition.rules.beacon import number_from_beacon
from pb.sortition.rules.certificate import certificate
from pb.sortition.rules.moments import (
    NumberNotSettled,
    NumberSettled,
    Source,
    beacon_of,
    check_may_read,
    read_value,
)
from pb.sortition.rules.turns import Figures, reserve_order
from pb.sortition.tables import BeaconReading, SeatDraw
from pb.store import journal
from pb.store.journal import Actor


def type_value(
    session: Session, *, round_id: int, draw_id: int, typed: str, who: Actor, now: datetime
) -> bool:
    """Take the public number as one person read it; say whether two people now read the same.

    Somebody who types again changes what they typed before. As soon as two people agree the number is
    settled, and the same once more changes nothing.
    Raises: what read_value raises; NumberTooEarly, DrawNotPublished, DrawSetAside, NumberSettled.
    """
    draw = hold_draw(session, round_id=round_id, draw_id=draw_id)
    check_may_read(published_at=draw.published_at, spare_at=draw.spare_at, beacon_at=draw.beacon_at, now=now)
    value = read_value(Source(draw.source), typed, round_number=draw.beacon_round)
    if draw.value is not None:
        if draw.value != value:
            raise NumberSettled()
        return True
    rows = list(session.scalars(sa.select(BeaconReading).where(BeaconReading.draw_id == draw_id)))
    mine = next((row for row in rows if row.read_by == who.id), None)
    if mine is None:
        session.add(BeaconReading(draw_id=draw_id, value=value, read_by=who.id, read_at=now))
    else:
        mine.value, mine.read_at = value, now
    agree = any(row.value == value and row.read_by != who.id for row in rows)
    journal.note(
        session, at=now, who=who, what="public number typed", subject=f"seat draw {draw_id}",
        round_id=round_id, value=value, agree=agree,
    )  # fmt: skip
    if agree:
        name = queries.figures(session, queries.draw(session, round_id=round_id, draw_id=draw_id)).draw
        draw.value = value
        draw.number = number_from_beacon(value, name, draw.panels).number
    return agree


def decide(
    session: Session, *, round_id: int, draw_id: int, card_key: bytes, who: Actor, now: datetime,
    letters: OutcomeLetters | None = None,
) -> int:  # fmt: skip
    """Let the settled number decide: write the certificate, give the panel its seats, keep the reserves.

    Everybody in the list who left an address is mailed what became of them; gives how many.

    Pressing twice changes nothing. Raises: NumberNotSettled, DrawSetAside, PanelFull, NotFound.
    """
    draw = hold_draw(session, round_id=round_id, draw_id=draw_id)
    check_may_read(published_at=draw.published_at, spare_at=draw.spare_at, beacon_at=draw.beacon_at, now=now)
    if draw.decided_at is not None:
        return 0
    if draw.value is None or draw.number is None:
        raise NumberNotSettled()
    certify(draw)
    figures = queries.figures(session, queries.draw(session, round_id=round_id, draw_id=draw_id))
    panel = figures.panel(draw.number)
    ids = answers_of(session, round_id=round_id)
    # In an order that only the house knows: the number on a card must not lead to a code in the public list.
    mixed = sorted({*panel, *figures.invited}, key=lambda code: mixed_by(card_key, f"{draw_id}|{code}"))
    seated = {ids[code]: None if code in figures.invited else draw_id for code in mixed}
    seats = seat_people(session, round_id=round_id, seated=seated, card_key=card_key, who=who, now=now)
    reserves = keep_reserves(
        session, round_id=round_id, draw_id=draw_id, codes=reserves_of(figures, draw.value, draw.number)
    )
    draw.decided_at = now
    told = 0
    if letters is not None:
        others = {ids[code] for code in figures.turns} - seated.keys()
        for some, letter in ((seated.keys(), letters.seated), (others, letters.not_drawn)):
            told += mail_outcome(session, round_id=round_id, answer_ids=some, letter=letter, now=now)
    journal.note(
        session, at=now, who=who, what="seat draw decided", subject=f"seat draw {draw_id}",
        round_id=round_id, value=draw.value, number=draw.number, seats=len(seats), reserves=reserves,
        told=told,
    )  # fmt: skip
    return told


def mixed_by(card_key: bytes, about: str) -> str:
    """Give what to sort by, so that nobody without the key can tell the order."""
    return hmac.new(card_key, f"beslisavond:seat-order:{about}".encode(), hashlib.sha256).hexdigest()


def certify(draw: SeatDraw) -> None:
    """Write the certificate of a draw whose number is settled. Raises: LotteryPublishedTooLate."""
    if draw.value is None or draw.published_at is None:
        raise NumberNotSettled()
    # What targets reached stays out: counts of a panel tell of one person as soon as a seat changes hands,
    # and the mirror shows them with small groups merged.
    draw.certificate = certificate(
        json.loads(draw.pack),
        beacon_of(Source(draw.source), draw.beacon_round, draw.beacon_at),
        draw.value,
        published_at=draw.published_at,
    )


def reserves_of(figures: Figures, value: str, number: int) -> tuple[str, ...]:
    """Order everybody who had a turn and is not in the panel."""
    panel = set(figures.panel(number))
    rest = [code for code, turns in figures.turns.items() if len(turns) and code not in panel]
    return reserve_order(rest, value=value, draw=figures.draw)
