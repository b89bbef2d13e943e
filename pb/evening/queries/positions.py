"""Read where people stand, and the chain in which it is written."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.queries.floor import floor_counts
from pb.evening.queries.involved import involved_seats
from pb.evening.rules.chain import ChainLine
from pb.evening.rules.floor import NOBODY, Counts, five
from pb.evening.rules.score import Spread, spread_of
from pb.evening.rules.steps import Scoring
from pb.evening.tables import AgendaItem, Event, Score


@dataclass(frozen=True)
class Ballots:
    """The positions on one plan as they stood when its scoring closed, and paper that was typed since.

    ``present`` are the seats that were there at closing, and those that had left but had given a score.
    ``floor`` counts those of them who stood on a figure on the floor; they have no score of their own.
    """

    plan_id: int
    present: frozenset[int]
    involved: frozenset[int]
    scores: Mapping[int, int]
    floor: Counts = NOBODY


def spreads(
    session: Session, *, evening_id: int, without: Mapping[int, Collection[int]] | None = None
) -> dict[int, Spread]:
    """Count how many people stand on each figure, by phone, on the floor and on paper, per agenda item id.

    ``without`` are seats that are left out, per agenda item id.
    """
    rows = session.execute(
        sa.select(Score.item_id, Score.seat_id, Score.score)
        .join(AgendaItem, AgendaItem.id == Score.item_id)
        .where(AgendaItem.evening_id == evening_id, Score.score.is_not(None))
    )
    stands: dict[int, list[int | None]] = {}
    for item_id, seat_id, score in rows:
        if without and seat_id in without.get(item_id, ()):
            continue
        stands.setdefault(item_id, []).append(score)
    floor = floor_counts(session, evening_id=evening_id)
    return {
        item_id: _together(spread_of(stands.get(item_id, ())), floor[item_id].counts)
        if item_id in floor
        else spread_of(stands[item_id])
        for item_id in stands.keys() | floor.keys()
    }


def ballots(session: Session, *, evening_id: int) -> list[Ballots]:
    """Give the scores of every closed plan, with who was present when it closed, in agenda order."""
    closings = {
        facts["item"]: frozenset(facts["present"])
        for facts in (
            json.loads(text)
            for text in session.scalars(
                sa.select(Event.facts)
                .where(Event.evening_id == evening_id, Event.kind == "scoring_closed")
                .order_by(Event.seq)
            )
        )
    }
    scores: dict[int, dict[int, int]] = {}
    for item_id, seat_id, score in session.execute(
        sa.select(Score.item_id, Score.seat_id, Score.score)
        .join(AgendaItem, AgendaItem.id == Score.item_id)
        .where(AgendaItem.evening_id == evening_id, Score.score.is_not(None))
    ):
        if score is not None:
            scores.setdefault(item_id, {})[seat_id] = score
    involved = involved_seats(session, evening_id=evening_id)
    floor = floor_counts(session, evening_id=evening_id)
    rows = session.execute(
        sa.select(AgendaItem.id, AgendaItem.plan_id)
        .where(AgendaItem.evening_id == evening_id, AgendaItem.scoring == Scoring.CLOSED.value)
        .order_by(AgendaItem.position)
    )
    return [
        Ballots(
            plan_id,
            closings[item_id] | scores.get(item_id, {}).keys(),
            involved.get(item_id, frozenset()),
            scores.get(item_id, {}),
            floor[item_id].counts if item_id in floor else NOBODY,
        )
        for item_id, plan_id in rows
    ]


def chain(session: Session, *, evening_id: int) -> list[ChainLine]:
    """Read the events of an evening in order."""
    rows = session.scalars(sa.select(Event).where(Event.evening_id == evening_id).order_by(Event.seq))
    return [ChainLine(row.seq, row.at, row.kind, row.facts, row.hash) for row in rows]


def _together(spread: Spread, counts: Counts) -> Spread:
    return Spread(five([own + counted for own, counted in zip(spread.counts, counts, strict=True)]))
