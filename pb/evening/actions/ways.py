"""Let a seat stand another way: on its phone, on the floor, or on paper."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening import queries
from pb.evening.actions.events import append, hold
from pb.evening.queries import floor
from pb.evening.rules.floor import FloorNeedsScores, ScoresWouldGo, Way
from pb.evening.rules.score import NotCheckedIn
from pb.evening.rules.steps import EveningOver, Scoring, Stage
from pb.evening.tables import AgendaItem, Evening, PaperEntry, Presence, Score
from pb.rounds.queries import rule_version
from pb.rounds.rules import Preset
from pb.store import journal
from pb.store.journal import Actor


def stand(
    session: Session, *, evening_id: int, seat_id: int, way: Way, who: Actor, now: datetime
) -> int | None:
    """Let a seat stand another way; give the score for the open plan that no longer counts, if there was one.

    Standing so already changes nothing. Raises: NotCheckedIn, EveningOver, FloorNeedsScores.
    """
    evening = _hold_open(session, evening_id)
    if way is Way.FLOOR:
        _check_floor(session, evening)
    presence = session.get(Presence, (evening_id, seat_id))
    if presence is None:
        raise NotCheckedIn()
    lost = _scores(session, evening, [seat_id]).get(seat_id) if way is not Way.PHONE else None
    return lost if _move(session, evening, [presence], way, who, now) else None


def everyone_on_the_floor(
    session: Session, *, evening_id: int, only_without_phone: bool, sure: bool, who: Actor, now: datetime
) -> int:
    """Let everyone in the room stand on the floor, or everyone who has no phone; give how many moved.

    Raises: ScoresWouldGo unless ``sure``, when people gave the open plan a score that would go; EveningOver,
    FloorNeedsScores.
    """
    evening = _hold_open(session, evening_id)
    _check_floor(session, evening)
    if only_without_phone:
        chosen = floor.without_phone(session, evening_id=evening_id)
    else:
        chosen = queries.present_seats(session, evening_id=evening_id)
    scores = _scores(session, evening, chosen)
    if scores and not sure:
        raise ScoresWouldGo(scores=len(scores))
    rows = session.scalars(
        sa.select(Presence)
        .where(Presence.evening_id == evening_id, Presence.seat_id.in_(chosen))
        .order_by(Presence.seat_id)
    )
    return _move(session, evening, list(rows), Way.FLOOR, who, now)


def _move(
    session: Session, evening: Evening, rows: Collection[Presence], way: Way, who: Actor, now: datetime
) -> int:
    moving = [row for row in rows if row.way != way.value]
    if not moving:
        return 0
    phones = queries.seats_with_phone(session, evening_id=evening.id)
    for row in moving:
        seq = append(session, evening, "way", now, seat=row.seat_id, way=way.value)
        _clear(session, evening, row, way, seq)
        row.way = way.value
    if any(row.seat_id in phones for row in moving):
        # Their phones must show that they stand elsewhere now.
        evening.version += 1
        evening.moved_at, evening.moved_by = now, who.id
    journal.note(
        session,
        at=now,
        who=who,
        what="way changed",
        subject=f"evening {evening.id}",
        way=way.value,
        seats=[row.seat_id for row in moving],
    )
    return len(moving)


def _clear(session: Session, evening: Evening, row: Presence, way: Way, seq: int) -> None:
    """Take away what the seat gave the open plan the other way, so that nobody counts twice."""
    item_id = _open_item(session, evening)
    if item_id is None:
        return
    if way is not Way.PHONE:
        session.execute(
            sa.update(Score)
            .where(Score.item_id == item_id, Score.seat_id == row.seat_id, Score.score.is_not(None))
            .values(score=None, seq=seq)
        )
    if row.way == Way.PAPER.value:
        # Back on paper later means: typed again, from the form as it is then.
        session.execute(
            sa.delete(PaperEntry).where(PaperEntry.item_id == item_id, PaperEntry.seat_id == row.seat_id)
        )


def _scores(session: Session, evening: Evening, seat_ids: Collection[int]) -> dict[int, int]:
    item_id = _open_item(session, evening)
    if item_id is None:
        return {}
    rows = session.execute(
        sa.select(Score.seat_id, Score.score).where(Score.item_id == item_id, Score.seat_id.in_(seat_ids))
    )
    return {seat_id: score for seat_id, score in rows if score is not None}


def _open_item(session: Session, evening: Evening) -> int | None:
    return session.scalar(
        sa.select(AgendaItem.id).where(
            AgendaItem.evening_id == evening.id, AgendaItem.scoring == Scoring.OPEN.value
        )
    )


def _check_floor(session: Session, evening: Evening) -> None:
    rules = rule_version(session, rule_set_id=evening.rule_set_id).rules
    if rules["divide"]["rule"] == Preset.EQUAL_SHARES.value:
        raise FloorNeedsScores()


def _hold_open(session: Session, evening_id: int) -> Evening:
    evening = hold(session, evening_id)
    if evening.stage == Stage.DONE.value:
        raise EveningOver()
    return evening
