"""Put the agenda in order before the doors open: by hand, by lot, a plan more or less; and minutes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.actions.events import append, hold
from pb.evening.actions.planning import mark_initiators
from pb.evening.rules.agenda import (
    LastPlan,
    SheetClosed,
    check_before_doors,
    check_minutes,
    order_by_lot,
    put_at,
)
from pb.evening.rules.lot import read_seed
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.tables import AgendaItem, Evening, Involvement
from pb.plans.actions import let_go, take_up
from pb.plans.queries import plans_by_id
from pb.store import journal
from pb.store.journal import Actor


def place_item(
    session: Session, *, evening_id: int, item_id: int, to: int, who: Actor, now: datetime
) -> None:
    """Put a plan at a place on the agenda, by hand; twice is once.

    Raises: NotFound, DoorsOpen.
    """
    evening = _hold_prepared(session, evening_id)
    items = _items(session, evening_id)
    before = [item.id for item in items]
    if item_id not in before:
        raise NotFound()
    order = put_at(before, item_id, to)
    if order == before:
        return
    _write_order(session, evening, items, order, seed="", now=now)
    _note(session, evening, "agenda put in order", who, now, items=order)


def draw_order(session: Session, *, evening_id: int, seed: str, who: Actor, now: datetime) -> None:
    """Let a lot put the agenda in order; the same seed gives the same order.

    Raises: NotFound, DoorsOpen, SeedMissing, SeedUnclear.
    """
    evening = _hold_prepared(session, evening_id)
    seed = read_seed(seed)
    items = _items(session, evening_id)
    plans = plans_by_id(session, [item.plan_id for item in items])
    by_number = {plans[item.plan_id].number: item.id for item in items}
    order = [by_number[number] for number in order_by_lot(seed, by_number)]
    if order == [item.id for item in items] and evening.agenda_seed == seed:
        return
    _write_order(session, evening, items, order, seed=seed, now=now)
    _note(session, evening, "agenda drawn", who, now, items=order, seed=seed)


def take_off(session: Session, *, evening_id: int, item_id: int, who: Actor, now: datetime) -> None:
    """Take a plan off the agenda; it is ready again, for another evening.

    The order of the others stays as it was, also when a lot made it. Twice is once.
    Raises: NotFound, DoorsOpen, LastPlan.
    """
    evening = _hold_prepared(session, evening_id)
    items = _items(session, evening_id)
    gone = next((item for item in items if item.id == item_id), None)
    if gone is None:
        return
    if len(items) == 1:
        raise LastPlan()
    for known in session.scalars(
        sa.select(Involvement).where(Involvement.item_id == item_id).order_by(Involvement.seat_id)
    ).all():
        append(session, evening, "not_involved", now, item=item_id, seat=known.seat_id)
        session.delete(known)
    session.flush()
    session.delete(gone)
    session.flush()
    left = [item for item in items if item.id != item_id]
    _write_order(session, evening, left, [item.id for item in left], seed=evening.agenda_seed, now=now)
    let_go(session, plan_id=gone.plan_id, who=who, now=now)
    _note(session, evening, "plan taken off agenda", who, now, item=item_id, plan_id=gone.plan_id)


def put_on(session: Session, *, evening_id: int, plan_id: int, who: Actor, now: datetime) -> None:
    """Put one more plan at the end of the agenda. Raises: DoorsOpen, NotFound unless the plan is ready."""
    evening = _hold_prepared(session, evening_id)
    items = _items(session, evening_id)
    if any(item.plan_id == plan_id for item in items):
        return
    take_up(session, round_id=evening.round_id, plan_ids=[plan_id], who=who, now=now)
    added = AgendaItem(
        evening_id=evening_id, plan_id=plan_id, position=len(items) + 1, scoring=Scoring.WAITING.value
    )
    session.add(added)
    session.flush()
    items.append(added)
    _write_order(session, evening, items, [item.id for item in items], seed="", now=now)
    mark_initiators(session, evening, [added], now)
    _note(session, evening, "plan put on agenda", who, now, item=added.id, plan_id=plan_id)


def set_minutes(
    session: Session, *, evening_id: int, minutes: Mapping[int, int], who: Actor, now: datetime
) -> None:
    """Give plans their time, per agenda item id, at any moment until the evening is over.

    Units: minutes. Raises: SheetClosed, MinutesOutOfRange; NotFound for a plan of another evening.
    """
    evening = hold(session, evening_id)
    items = {item.id: item for item in _items(session, evening_id)}
    if not set(minutes) <= set(items):
        raise NotFound()
    changed = {item_id: given for item_id, given in minutes.items() if items[item_id].minutes != given}
    if not changed:
        return
    if evening.stage == Stage.DONE.value:
        raise SheetClosed()
    for item_id, given in changed.items():
        check_minutes(given)
        items[item_id].minutes = given
    pairs = [[item_id, changed[item_id]] for item_id in sorted(changed)]
    append(session, evening, "settings", now, changed={"minutes": pairs})
    _note(session, evening, "minutes given", who, now, minutes=pairs)


def _hold_prepared(session: Session, evening_id: int) -> Evening:
    evening = hold(session, evening_id)
    check_before_doors(Stage(evening.stage))
    return evening


def _items(session: Session, evening_id: int) -> list[AgendaItem]:
    return list(
        session.scalars(
            sa.select(AgendaItem).where(AgendaItem.evening_id == evening_id).order_by(AgendaItem.position)
        )
    )


def _write_order(
    session: Session,
    evening: Evening,
    items: Sequence[AgendaItem],
    order: Sequence[int],
    *,
    seed: str,
    now: datetime,
) -> None:
    # No two plans are ever at one place, not even between two updates.
    for item in items:
        item.position = -item.id
    session.flush()
    by_id = {item.id: item for item in items}
    for position, item_id in enumerate(order, start=1):
        by_id[item_id].position = position
    evening.agenda_seed = seed
    session.flush()
    append(session, evening, "agenda", now, items=list(order), seed=seed)


def _note(session: Session, evening: Evening, what: str, who: Actor, now: datetime, **facts: object) -> None:
    journal.note(session, at=now, who=who, what=what, subject=f"evening {evening.id}", **facts)
