"""Read what moved the evening last, and what would be lost by taking it back."""

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.rules.undoing import Since
from pb.evening.tables import (
    AgendaItem,
    Evening,
    Event,
    FloorCount,
    PaperEntry,
    Presence,
    Score,
    Sticker,
    StickerCount,
)
from pb.store.journal import JournalLine

# What moves an evening, as the journal calls it.
MOVES = (
    "open doors", "show plan", "open scoring", "close scoring", "start stickers", "start deciding",
    "step undone", "countdown started", "countdown stopped", "scoring reopened", "alarm cleared",
    "decision recorded", "decision withdrawn", "evening moved",
)  # fmt: skip


@dataclass(frozen=True)
class Move:
    """Who moved the evening last, when, and what that was in the journal's words (empty: unknown)."""

    account_id: int | None
    at: datetime
    what: str
    position: int


@dataclass(frozen=True)
class Answer:
    """What the panel said about a plan, what its scores said, and how the panel came to it."""

    yes: bool
    computed_yes: bool
    way: str


def last_move(session: Session, *, evening_id: int) -> Move:
    """Find what moved the evening last."""
    evening = session.get_one(Evening, evening_id)
    line = session.scalar(
        sa.select(JournalLine)
        .where(
            JournalLine.subject == f"evening {evening_id}",
            JournalLine.at == evening.moved_at,
            JournalLine.actor_id == evening.moved_by,
            JournalLine.what.in_(MOVES),
        )
        .order_by(JournalLine.id.desc())
        .limit(1)
    )
    facts = json.loads(line.facts) if line else {}
    return Move(evening.moved_by, evening.moved_at, line.what if line else "", facts.get("position") or 0)


def since_last_step(session: Session, *, evening_id: int, position: int) -> Since:
    """Count what people did that taking back a step would lose; ``position`` is of the plan at hand."""
    item = sa.select(AgendaItem.id).where(AgendaItem.evening_id == evening_id)
    here = item.where(AgendaItem.position == position)
    return Since(
        came_in=_count(session, Presence, Presence.evening_id == evening_id),
        scored=sum(_count(session, what, what.item_id.in_(here)) for what in (Score, FloorCount, PaperEntry)),
        stickers=sum(_count(session, what, what.item_id.in_(item)) for what in (Sticker, StickerCount)),
        decided=len(decided_plans(session, evening_id=evening_id)),
    )


def decided_plans(session: Session, *, evening_id: int) -> frozenset[int]:
    """Give the plans whose decision was recorded and stands, as the evening's own chain has it; plan ids."""
    return frozenset(panel_answers(session, evening_id=evening_id))


def panel_answers(session: Session, *, evening_id: int) -> dict[int, Answer]:
    """Give what the panel decided and did not take back, as the evening's own chain has it; by plan id."""
    rows = session.execute(
        sa.select(Event.kind, Event.facts)
        .where(Event.evening_id == evening_id, Event.kind.in_(("decided", "decision_withdrawn")))
        .order_by(Event.seq)
    )
    answers: dict[int, Answer] = {}
    for kind, text in rows:
        facts = json.loads(text)
        if kind == "decided":
            answers[facts["plan"]] = Answer(facts["yes"], facts["computed_yes"], facts["way"])
        else:
            answers.pop(facts["plan"], None)
    return answers


def _count(session: Session, what: type[object], which: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(what).where(which)) or 0
