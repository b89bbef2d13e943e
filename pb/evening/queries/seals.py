"""Read the seals of an evening: where its chain stood when each plan closed, and where it ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.rules.seal import PracticeOnly, seal_code
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.tables import AgendaItem, Evening, Event
from pb.rounds.tables import Round


@dataclass(frozen=True)
class Seals:
    """The codes of an evening: per agenda item id, and at the end (None until the outcome is confirmed)."""

    plans: Mapping[int, str]
    seqs: Mapping[int, int]
    end: str | None


def seals(session: Session, *, evening_id: int) -> Seals:
    """Give the seal of every plan whose scoring is closed, and of the whole chain once the evening is done.

    A plan's seal is over the chain up to and with its last closing. Raises: NotFound, PracticeOnly.
    """
    row = session.execute(
        sa.select(Evening.stage, Evening.head, Round.practice)
        .join(Round, Round.id == Evening.round_id)
        .where(Evening.id == evening_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    if row.practice:
        raise PracticeOnly()
    closed = frozenset(
        session.scalars(
            sa.select(AgendaItem.id).where(
                AgendaItem.evening_id == evening_id, AgendaItem.scoring == Scoring.CLOSED.value
            )
        )
    )
    plans: dict[int, str] = {}
    seqs: dict[int, int] = {}
    for seq, facts, head in session.execute(
        sa.select(Event.seq, Event.facts, Event.hash)
        .where(Event.evening_id == evening_id, Event.kind == "scoring_closed")
        .order_by(Event.seq)
    ):
        item_id = json.loads(facts)["item"]
        if item_id in closed:
            plans[item_id], seqs[item_id] = seal_code(head), seq
    return Seals(plans, seqs, seal_code(row.head) if row.stage == Stage.DONE.value else None)
