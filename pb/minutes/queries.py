"""Read what happened on an evening, for its minutes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.decide.queries import Recorded, recorded
from pb.divide.queries import DivisionFacts, division
from pb.divide.sameness import Unlike, unlike
from pb.divide.tables import DivisionRecord
from pb.evening.queries import EveningFacts, ItemFacts, evening_facts, involved_seats
from pb.evening.queries.floor import ByWay, ways_of
from pb.evening.queries.new_cards import new_cards_made
from pb.evening.queries.seals import Seals, seals
from pb.evening.queries.stickers import counted_stickers, sticker_tallies
from pb.evening.rules.seal import Replaced
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.rules.stickers import StickerTally
from pb.evening.tables import AgendaItem, Event, Presence, Reopening, Score
from pb.minutes.rules import MOVES, HowTheyTookPart, changes_after_reopening, shown_counts
from pb.minutes.took_part import PaperLeftOut, PaperOfPlan, how_they_took_part, paper_left_out
from pb.rounds.queries import FrozenVersion, RoundFacts, round_facts, rule_version


@dataclass(frozen=True)
class Correction:
    """A plan that somebody asked to open again. ``granted`` is None while nobody answered.

    ``changes`` counts the positions that were taken between opening again and closing.
    """

    item: ItemFacts
    reason: str
    asked_at: datetime
    settled_at: datetime | None
    granted: bool | None
    changes: int


@dataclass(frozen=True)
class PlanMinutes:
    """What happened with one plan. Units: cents. ``counts`` is None when too few scored to show it.

    ``ways`` counts people on their phone, on the floor and on paper; ``moved`` those whose last figure is
    another than their first. Amounts are None until the money is divided. ``replaced`` are its earlier seals.
    ``paper`` is None for a plan without forms on paper.
    """

    item: ItemFacts
    closed: bool
    scorers: int
    counts: tuple[int, ...] | None
    by_way: ByWay
    involved: int
    moved: int
    decision: Recorded | None
    computed_cents: int | None
    amount_cents: int | None
    steps: Sequence[Any]
    seal: str | None
    replaced: tuple[Replaced, ...] = ()
    paper: PaperOfPlan | None = None

    @property
    def ways(self) -> tuple[int, int, int]:
        """Count the people on a phone, on the floor and on paper."""
        return self.by_way.phone.people, self.by_way.floor.people, self.by_way.paper.people


@dataclass(frozen=True)
class PlanStickers:
    """The stickers of one plan; ``tally`` is None when too few people gave one to show it.

    ``phone`` and ``room`` count the people who gave theirs on a phone, and those counted in the room.
    """

    item: ItemFacts
    tally: StickerTally | None
    phone: int
    room: int


@dataclass(frozen=True)
class WhoCame:
    """Who was there, as numbers of people: who came, how they stood, and who left early."""

    came: int
    phone: int
    floor: int
    paper: int
    left: int


@dataclass(frozen=True)
class MinutesFacts:
    """Everything that stands in the minutes of an evening; no names of panel members.

    ``differs`` is what of the division is not as it was recorded; such minutes are not to be signed.
    """

    evening: EveningFacts
    round: RoundFacts
    rules: FrozenVersion
    who: WhoCame
    ways: HowTheyTookPart
    new_cards: int
    paper: PaperLeftOut
    plans: tuple[PlanMinutes, ...]
    stickers: tuple[PlanStickers, ...]
    corrections: tuple[Correction, ...]
    undone: int
    division: DivisionFacts | None
    differs: Unlike | None
    seals: Seals | None

    @property
    def settled(self) -> bool:
        """Say whether two people stand for the outcome."""
        return self.evening.stage is Stage.DONE


def minutes(session: Session, *, evening_id: int) -> MinutesFacts:
    """Gather the minutes of an evening as it is now; a practice evening has no seals. Raises: NotFound."""
    evening = evening_facts(session, evening_id=evening_id)
    sealed = None if evening.practice else seals(session, evening_id=evening_id)
    found = division(session, evening_id=evening_id)
    paper = paper_left_out(session, evening_id=evening_id)
    return MinutesFacts(
        evening=evening,
        round=round_facts(session, round_id=evening.round_id),
        rules=rule_version(session, rule_set_id=evening.rule_set_id),
        who=_who_came(session, evening_id),
        ways=how_they_took_part(session, evening_id=evening_id),
        new_cards=new_cards_made(session, evening_id=evening_id),
        paper=paper,
        plans=_plans(session, evening, found, sealed, paper),
        stickers=_stickers(session, evening),
        corrections=_corrections(session, evening),
        undone=_count(session, evening_id, "undone"),
        division=found,
        differs=unlike(session, evening_id=evening_id) if found else None,
        seals=sealed,
    )


def computed_cents(session: Session, *, evening_id: int) -> dict[int, int]:
    """Give the amounts that the rule computed, per plan number. Units: cents."""
    text = session.scalar(sa.select(DivisionRecord.result).where(DivisionRecord.evening_id == evening_id))
    result = json.loads(text) if text else {}
    # The first release kept no amounts beside those of the rule.
    amounts: Mapping[str, int] = result.get("computed", result.get("amounts", {}))
    return {int(number): cents for number, cents in amounts.items()}


def _plans(
    session: Session,
    evening: EveningFacts,
    found: DivisionFacts | None,
    sealed: Seals | None,
    paper: PaperLeftOut,
) -> tuple[PlanMinutes, ...]:
    decided = recorded(session, evening_id=evening.id)
    ways = ways_of(session, evening_id=evening.id)
    involved = involved_seats(session, evening_id=evening.id)
    moved = _moved(session, evening.id)
    computed = computed_cents(session, evening_id=evening.id)
    lines = {line.plan.id: line for line in found.lines} if found else {}
    plans = []
    for item in evening.items:
        by_way, line = ways[item.id], lines.get(item.plan.id)
        counts = [sum(three) for three in zip(*(spread.counts for spread in _three(by_way)), strict=True)]
        closed = item.scoring is Scoring.CLOSED
        plans.append(
            PlanMinutes(
                item=item,
                closed=closed,
                scorers=sum(counts),
                counts=shown_counts(counts) if closed else None,
                by_way=by_way,
                involved=len(involved.get(item.id, ())),
                moved=moved.get(item.id, 0),
                decision=decided.get(item.plan.id),
                computed_cents=computed.get(item.plan.number, 0) if line else None,
                amount_cents=line.amount_cents if line else None,
                steps=line.steps if line else (),
                seal=sealed.plans.get(item.id) if sealed else None,
                replaced=sealed.replaced(item.id) if sealed else (),
                paper=paper.plans.get(item.id),
            )
        )
    return tuple(plans)


def _stickers(session: Session, evening: EveningFacts) -> tuple[PlanStickers, ...]:
    """Give the stickers per plan in agenda order; nothing when there was no sticker round."""
    if not evening.stickers or evening.stage in (Stage.PREPARED, Stage.DOORS):
        return ()
    tallies = sticker_tallies(session, evening_id=evening.id)
    counted = counted_stickers(session, evening_id=evening.id)
    if not tallies and evening.stage is Stage.PLANS:
        return ()
    found = []
    for item in evening.items:
        tally, room = tallies.get(item.id, StickerTally()), counted.get(item.id, StickerTally()).people
        found.append(PlanStickers(item, tally if tally.shown else None, tally.people - room, room))
    return tuple(found)


def _three(by_way: ByWay) -> tuple[Any, Any, Any]:
    return by_way.phone, by_way.floor, by_way.paper


def _who_came(session: Session, evening_id: int) -> WhoCame:
    rows = session.execute(
        sa.select(Presence.way, Presence.left_at).where(Presence.evening_id == evening_id)
    ).all()
    ways = [row.way for row in rows]
    tapped = session.scalar(
        sa.select(sa.func.count(sa.distinct(Score.seat_id)))
        .join(AgendaItem, AgendaItem.id == Score.item_id)
        .where(
            AgendaItem.evening_id == evening_id, Score.score.is_not(None), Score.way.in_(("phone", "tablet"))
        )
    )
    return WhoCame(
        came=len(rows),
        phone=tapped or 0,
        floor=ways.count("floor"),
        paper=ways.count("paper"),
        left=sum(row.left_at is not None for row in rows),
    )


def _moved(session: Session, evening_id: int) -> dict[int, int]:
    rows = session.execute(
        sa.select(Score.item_id, sa.func.count())
        .join(AgendaItem, AgendaItem.id == Score.item_id)
        .where(AgendaItem.evening_id == evening_id, Score.score != Score.first_score)
        .group_by(Score.item_id)
    )
    return {row[0]: row[1] for row in rows}


def _corrections(session: Session, evening: EveningFacts) -> tuple[Correction, ...]:
    items = {item.id: item for item in evening.items}
    rows = list(
        session.scalars(sa.select(Reopening).where(Reopening.item_id.in_(items)).order_by(Reopening.id))
    )
    changes = _changes(session, evening.id) if any(row.granted for row in rows) else {}
    return tuple(
        Correction(
            item=items[row.item_id],
            reason=row.reason,
            asked_at=row.asked_at,
            settled_at=row.settled_at,
            granted=row.granted,
            changes=changes[row.item_id].pop(0) if row.granted and changes.get(row.item_id) else 0,
        )
        for row in rows
    )


def _changes(session: Session, evening_id: int) -> dict[int, list[int]]:
    rows = session.execute(
        sa.select(Event.kind, Event.facts)
        .where(
            Event.evening_id == evening_id,
            Event.kind.in_([*sorted(MOVES), "reopened", "scoring_closed"]),
        )
        .order_by(Event.seq)
    )
    return changes_after_reopening([(kind, json.loads(facts)) for kind, facts in rows])


def _count(session: Session, evening_id: int, kind: str) -> int:
    which = (Event.evening_id == evening_id, Event.kind == kind)
    return session.scalar(sa.select(sa.func.count()).select_from(Event).where(*which)) or 0
