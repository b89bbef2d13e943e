"""Read how an agenda came about, and which evenings were for practice."""

import json

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.queries.evenings import EveningFacts, evening_facts
from pb.evening.tables import Evening, Event
from pb.rounds.tables import Round

PRACTICES_SHOWN = 5


def drawn_seeds(session: Session, *, evening_id: int) -> list[str]:
    """List the seeds that the order of an agenda was ever drawn with, each once, the first one first."""
    texts = session.scalars(
        sa.select(Event.facts)
        .where(Event.evening_id == evening_id, Event.kind == "agenda")
        .order_by(Event.seq)
    )
    seeds = [str(json.loads(text)["seed"]) for text in texts]
    return list(dict.fromkeys(seed for seed in seeds if seed))


def practice_evenings(session: Session, *, area_id: int) -> list[EveningFacts]:
    """List the last practice evenings of an area, the newest first."""
    ids = session.scalars(
        sa.select(Evening.id)
        .join(Round, Round.id == Evening.round_id)
        .where(Round.area_id == area_id, Round.practice)
        .order_by(Evening.id.desc())
        .limit(PRACTICES_SHOWN)
    )
    return [evening_facts(session, evening_id=evening_id) for evening_id in ids.all()]
