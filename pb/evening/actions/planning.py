"""Plan an evening before it begins."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening import queries
from pb.evening.actions.events import append, hold
from pb.evening.rules.agenda import InitiatorStays, Reason, weightier
from pb.evening.rules.steps import (
    AlreadyBegan,
    NoPlans,
    NotOpenYet,
    Scoring,
    Stage,
    check_budget,
)
from pb.evening.tables import AgendaItem, Evening, Involvement, PaperEntry, Score
from pb.panel.actions.filling import hold_round
from pb.plans.actions import take_up
from pb.rounds.queries import current_rules, round_facts
from pb.store import journal
from pb.store.journal import Actor


def plan_evening(
    session: Session,
    *,
    round_id: int,
    name: str,
    held_on: date,
    place: str,
    budget_cents: int,
    lot_seed: str,
    plan_ids: Sequence[int],
    who: Actor,
    now: datetime,
) -> int:
    """Plan an evening with these plans in this order, under the rules that hold now.

    ``lot_seed`` is what ``read_seed`` gave; empty when it is thrown in the room.
    Whoever handed in a plan and has a seat is marked as involved in it.
    Raises: NotOpenYet, NoPlans, BudgetAbovePot, NotFound for a plan that is not ready.
    """
    # Two evenings that are planned at once must not both count on the same money.
    hold_round(session, round_id)
    facts = round_facts(session, round_id=round_id)
    rules = current_rules(session, round_id=round_id)
    if rules is None:
        raise NotOpenYet()
    left = facts.pot_cents - queries.claimed_cents(session, round_id=round_id)
    check_budget(budget_cents=budget_cents, left_in_pot_cents=left)
    if not plan_ids:
        raise NoPlans()
    take_up(session, round_id=round_id, plan_ids=plan_ids, who=who, now=now)
    evening = Evening(
        round_id=round_id,
        name=name,
        held_on=held_on,
        place=place,
        budget_cents=budget_cents,
        lot_seed=lot_seed.strip(),
        rule_set_id=rules.id,
        stage=Stage.PREPARED.value,
        moved_at=now,
    )
    session.add(evening)
    session.flush()
    items = [
        AgendaItem(evening_id=evening.id, plan_id=plan_id, position=position, scoring=Scoring.WAITING.value)
        for position, plan_id in enumerate(plan_ids, start=1)
    ]
    session.add_all(items)
    session.flush()
    append(
        session,
        evening,
        "planned",
        now,
        plans=list(plan_ids),
        budget_cents=budget_cents,
        lot_seed=evening.lot_seed,
        rules_sha256=rules.sha256,
    )
    mark_initiators(session, evening, items, now)
    journal.note(
        session,
        at=now,
        who=who,
        what="evening planned",
        subject=f"evening {evening.id}",
        round_id=round_id,
        plans=len(plan_ids),
        budget_cents=budget_cents,
    )
    return evening.id


def involve(
    session: Session,
    *,
    evening_id: int,
    position: int,
    seat_id: int,
    involved: bool,
    who: Actor,
    now: datetime,
    reason: Reason = Reason.INTEREST,
) -> bool:
    """Mark that a seat is involved in a plan and why, or take that back; say whether that changed anything.

    A reason that weighs less than the one that is known changes nothing. While the plan is open, whoever is
    found to be involved loses the score that they gave it; that cannot be taken back.
    Raises: NotFound, AlreadyBegan once the plan's scoring closed (to take it back: opened), InitiatorStays.
    """
    evening = hold(session, evening_id)
    item = session.scalar(
        sa.select(AgendaItem).where(AgendaItem.evening_id == evening_id, AgendaItem.position == position)
    )
    if item is None:
        raise NotFound()
    is_open = item.scoring == Scoring.OPEN.value
    if not (is_open and involved) and Scoring(item.scoring) not in (Scoring.WAITING, Scoring.FILM):
        raise AlreadyBegan()
    changed = (_mark if involved else _unmark)(session, evening, item, seat_id, reason, now)
    if not changed:
        return False
    took = is_open and _take_score(session, evening, item, seat_id, now)
    if is_open or (evening.stage == Stage.PLANS.value and evening.at_position == position):
        # The phone of this seat shows the plan now.
        evening.version += 1
        evening.moved_at, evening.moved_by = now, who.id
    journal.note(
        session,
        at=now,
        who=who,
        what="involvement marked" if involved else "involvement taken back",
        subject=f"evening {evening_id}",
        plan_id=item.plan_id,
        seat_id=seat_id,
        **({"score_taken": took} if is_open else {}),
    )
    return True


def mark_initiators(session: Session, evening: Evening, items: Sequence[AgendaItem], now: datetime) -> None:
    """Mark whoever handed in one of these plans and has a seat as involved in it."""
    by_plan = {item.plan_id: item for item in items}
    initiators = queries.initiator_seats(session, round_id=evening.round_id, plan_ids=list(by_plan))
    for plan_id, seat_ids in initiators.items():
        for seat_id in seat_ids:
            _mark(session, evening, by_plan[plan_id], seat_id, Reason.INITIATOR, now)


def _mark(
    session: Session, evening: Evening, item: AgendaItem, seat_id: int, reason: Reason, now: datetime
) -> bool:
    known = session.get(Involvement, (item.id, seat_id))
    if known is None:
        session.add(Involvement(item_id=item.id, seat_id=seat_id, reason=reason.value))
    elif weightier(Reason(known.reason), reason).value != known.reason:
        known.reason = reason.value
    else:
        return False
    append(session, evening, "involved", now, item=item.id, seat=seat_id, reason=reason.value)
    return True


def _take_score(session: Session, evening: Evening, item: AgendaItem, seat_id: int, now: datetime) -> bool:
    """Take away the score of whoever may give none after all; say whether there was one."""
    session.flush()
    if seat_id not in queries.involved_seats(session, evening_id=evening.id).get(item.id, ()):
        return False
    session.execute(sa.delete(PaperEntry).where(PaperEntry.item_id == item.id, PaperEntry.seat_id == seat_id))
    stands = session.get(Score, (item.id, seat_id), populate_existing=True)
    if stands is None or stands.score is None:
        return False
    stands.seq = append(
        session, evening, "scored", now, item=item.id, seat=seat_id, score=None, why="involved"
    )
    stands.score = None
    return True


def _unmark(
    session: Session, evening: Evening, item: AgendaItem, seat_id: int, _reason: Reason, now: datetime
) -> bool:
    known = session.get(Involvement, (item.id, seat_id))
    if known is None:
        return False
    initiators = queries.initiator_seats(session, round_id=evening.round_id, plan_ids=[item.plan_id])
    if seat_id in initiators.get(item.plan_id, ()):
        raise InitiatorStays()
    session.delete(known)
    append(session, evening, "not_involved", now, item=item.id, seat=seat_id)
    return True
