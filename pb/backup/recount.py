"""Count an evening again from its events, and lay that beside its rows: scores, decisions, amounts."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.decide.tables import Decision
from pb.divide.queries import division_exists
from pb.divide.sameness import unlike
from pb.evening.rules.chain import ChainLine
from pb.evening.tables import AgendaItem, FloorCount, Score
from pb.plans.tables import Plan

Key = tuple[int, int]
Stands = dict[Key, tuple[int | None, int | None]]
SCORED = ("scored", "tablet_scored", "paper_scored")


def differences(session: Session, *, evening_id: int, lines: Sequence[ChainLine]) -> list[str]:
    """Name what the rows of an evening say otherwise than its events, plans by their number in the round."""
    events = [(line.kind, json.loads(line.facts)) for line in lines]
    items = session.execute(
        sa.select(AgendaItem.id, AgendaItem.plan_id, Plan.number)
        .join(Plan, Plan.id == AgendaItem.plan_id)
        .where(AgendaItem.evening_id == evening_id)
    ).all()
    of_item, of_plan = {one.id: one.number for one in items}, {one.plan_id: one.number for one in items}
    scores, floor, decided = (
        _scores(session, evening_id),
        _floor(session, evening_id),
        _decided(session, evening_id),
    )
    told = []
    for item_id, count in sorted(Counter(item for item, _seat in _unlike(follow(events), scores)).items()):
        told.append(f"{count} scores of plan {of_item.get(item_id, '?')}")
    counted = {facts["item"]: facts["counts"] for kind, facts in events if kind == "floor_counted"}
    told += [f"the floor of plan {of_item.get(item_id, '?')}" for item_id in sorted(_unlike(counted, floor))]
    said: dict[int, Any] = {}
    for kind, facts in events:
        if kind == "decided":
            said[facts["plan"]] = [facts["yes"], facts["computed_yes"], facts["way"], facts["hist"]]
        elif kind == "decision_withdrawn":
            said.pop(facts["plan"], None)
    told += [f"the decision about plan {of_plan.get(plan, '?')}" for plan in sorted(_unlike(said, decided))]
    differs = unlike(session, evening_id=evening_id)
    if differs is not None and differs.plans:
        told.append("the amounts of plan " + " and ".join(map(str, differs.plans)))
    divided = any(kind == "divided" for kind, _facts in events)
    if (differs is not None and differs.whole) or divided != division_exists(session, evening_id=evening_id):
        told.append("the division that was shown and confirmed")
    return told


def follow(events: Sequence[tuple[str, Any]]) -> Stands:
    """Give where each seat must stand on each plan, last and first, by what happened.

    Shape: per (agenda item id, seat id) the last figure and the first one; None is taken away.
    """
    stands: Stands = {}
    at_hand = 0
    for kind, facts in events:
        if kind in ("scoring_opened", "reopened"):
            at_hand = facts["item"]
        elif kind == "scoring_closed" or (kind == "undone" and str(facts["step"]).startswith("open_scoring")):
            at_hand = 0
        elif kind in SCORED:
            key = (facts["item"], facts["seat"])
            first = stands.get(key, (None, None))[1]
            stands[key] = (facts["score"], facts["score"] if first is None else first)
        elif kind == "way" and facts["way"] != "phone" and (at_hand, facts["seat"]) in stands:
            stands[at_hand, facts["seat"]] = (None, stands[at_hand, facts["seat"]][1])
    return stands


def _unlike(one: dict[Any, Any], other: dict[Any, Any]) -> list[Any]:
    """Name the keys of which both do not say the same."""
    nothing = object()
    return [key for key in {*one, *other} if one.get(key, nothing) != other.get(key, nothing)]


def _scores(session: Session, evening_id: int) -> Stands:
    rows = session.execute(
        sa.select(Score.item_id, Score.seat_id, Score.score, Score.first_score)
        .join(AgendaItem, AgendaItem.id == Score.item_id)
        .where(AgendaItem.evening_id == evening_id)
    )
    return {(row.item_id, row.seat_id): (row.score, row.first_score) for row in rows}


def _floor(session: Session, evening_id: int) -> dict[int, list[int]]:
    rows = session.execute(
        sa.select(FloorCount.item_id, FloorCount.counts)
        .join(AgendaItem, AgendaItem.id == FloorCount.item_id)
        .where(AgendaItem.evening_id == evening_id)
    )
    return {row.item_id: json.loads(row.counts) for row in rows}


def _decided(session: Session, evening_id: int) -> dict[int, list[Any]]:
    rows = session.execute(
        sa.select(
            Decision.plan_id, Decision.yes, Decision.computed_yes, Decision.way, Decision.computed
        ).where(Decision.evening_id == evening_id)
    )
    return {
        row.plan_id: [row.yes, row.computed_yes, row.way, json.loads(row.computed)["hist"]] for row in rows
    }
