"""Read what was typed from paper, what still has to be, and where two people typed something else."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.queries.floor import presences, whereabouts
from pb.evening.queries.involved import involved_seats
from pb.evening.rules.floor import Way
from pb.evening.rules.paper import Entry, Invalid, Mark, PaperPlace, SeatNotOnPaper, differs, what_counts
from pb.evening.rules.score import NotCheckedIn
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.tables import AgendaItem, Evening, PaperEntry, Presence, Score
from pb.panel.tables import Seat
from pb.people.rules import Role
from pb.people.tables import Account, RoleGrant

Entries = dict[tuple[int, int], list[Entry]]


@dataclass(frozen=True)
class PaperProgress:
    """How far the paper of one plan is. Units: forms; ``once`` also counts what was typed twice.

    ``settled`` forms count: two people typed the same, or a third person settled it.
    """

    item_id: int
    position: int
    closed: bool
    forms: int
    once: int
    twice: int
    differ: int
    settled: int

    @property
    def waiting(self) -> int:
        """Count the forms of which the figure does not count yet."""
        return self.forms - self.settled


@dataclass(frozen=True)
class Difference:
    """A form of one plan that two people typed differently."""

    item_id: int
    position: int
    seat_id: int
    number: int
    first: Mark
    second: Mark
    typed_by: frozenset[int]


def paper_entries(session: Session, *, evening_id: int, seat_id: int | None = None) -> Entries:
    """Give what was typed, by agenda item and seat, in the order of the turns."""
    query = (
        sa.select(PaperEntry)
        .join(AgendaItem, AgendaItem.id == PaperEntry.item_id)
        .where(AgendaItem.evening_id == evening_id)
        .order_by(PaperEntry.item_id, PaperEntry.seat_id, PaperEntry.turn)
    )
    if seat_id is not None:
        query = query.where(PaperEntry.seat_id == seat_id)
    found: Entries = {}
    for row in session.scalars(query):
        mark = Mark(row.score, Invalid(row.invalid) if row.invalid else None)
        found.setdefault((row.item_id, row.seat_id), []).append(Entry(row.turn, mark, row.typed_by))
    return found


def paper_seats(session: Session, *, evening_id: int) -> frozenset[int]:
    """Give the seats that are on paper now and have not left."""
    here = presences(session, evening_id=evening_id)
    return frozenset(seat_id for seat_id, one in here.items() if one.way is Way.PAPER and one.left_at is None)


def paper_progress(session: Session, *, evening_id: int) -> list[PaperProgress]:
    """Tell how far the paper is of every plan that was open, in agenda order."""
    items = session.execute(
        sa.select(AgendaItem.id, AgendaItem.position, AgendaItem.scoring)
        .where(AgendaItem.evening_id == evening_id)
        .order_by(AgendaItem.position)
    ).all()
    entries = paper_entries(session, evening_id=evening_id)
    past = whereabouts(session, evening_id=evening_id)
    now = presences(session, evening_id=evening_id)
    involved = involved_seats(session, evening_id=evening_id)
    found = []
    for item_id, position, scoring in items:
        if scoring not in (Scoring.OPEN.value, Scoring.CLOSED.value):
            continue
        there = past.there.get(item_id, set()) & now.keys()
        if scoring == Scoring.CLOSED.value:
            stood = past.stood.get(item_id, {})
            seats = {seat for seat in there if stood.get(seat) is Way.PAPER}
        else:
            seats = {seat for seat in there if now[seat].way is Way.PAPER}
        typed = {seat for item, seat in entries if item == item_id and seat in now}
        forms = (seats | typed) - involved.get(item_id, frozenset())
        found.append(_progress(item_id, position, scoring == Scoring.CLOSED.value, forms, entries))
    return found


def paper_waiting(session: Session, *, evening_id: int) -> int:
    """Count the figures on paper for closed plans that still have to be typed, or that differ."""
    return sum(one.waiting for one in paper_progress(session, evening_id=evening_id) if one.closed)


def differences(session: Session, *, evening_id: int) -> list[Difference]:
    """List the forms that two people typed differently and nobody settled, by plan and seat number."""
    entries = paper_entries(session, evening_id=evening_id)
    apart = {which: typed for which, typed in entries.items() if differs(typed)}
    positions = _positions(session, {item_id for item_id, _seat in apart})
    numbers = _numbers(session, {seat_id for _item, seat_id in apart})
    found = [
        Difference(
            item_id, positions[item_id], seat_id, numbers[seat_id], typed[0].mark, typed[1].mark,
            frozenset(one.typed_by for one in typed),
        )
        for (item_id, seat_id), typed in apart.items()
        if seat_id in numbers
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.position, one.number))


def paper_places(session: Session, *, evening_id: int, seat_id: int) -> dict[int, PaperPlace]:
    """Put together, per agenda item id, what decides whether paper of this seat may be typed.

    Raises: NotFound; NotCheckedIn for a seat that never came in; SeatNotOnPaper for one that is not on
    paper now, and was not at any closing.
    """
    evening, seat = session.get(Evening, evening_id), session.get(Seat, seat_id)
    if evening is None or seat is None or seat.round_id != evening.round_id or seat.gone_at is not None:
        raise NotFound()
    presence = session.get(Presence, (evening_id, seat_id))
    if presence is None:
        raise NotCheckedIn()
    past = whereabouts(session, evening_id=evening_id)
    way = Way(presence.way)
    if way is not Way.PAPER and not any(stood.get(seat_id) is Way.PAPER for stood in past.stood.values()):
        raise SeatNotOnPaper(number=seat.number)
    involved = involved_seats(session, evening_id=evening_id)
    own = _own_ways(session, evening_id, seat_id)
    found = {}
    for item in session.scalars(sa.select(AgendaItem).where(AgendaItem.evening_id == evening_id)):
        closed = item.scoring == Scoring.CLOSED.value
        found[item.id] = PaperPlace(
            number=seat.number,
            position=item.position,
            stage=Stage(evening.stage),
            scoring=Scoring(item.scoring),
            involved=seat_id in involved.get(item.id, frozenset()),
            was_there=seat_id in past.there.get(item.id, set()),
            way=way,
            stood=past.stood.get(item.id, {}).get(seat_id) if closed else None,
            own_way=own.get(item.id, ""),
            went_home=closed and seat_id not in past.stayed.get(item.id, frozenset()),
        )
    return found


def who_may_type(session: Session, *, area_id: int) -> int:
    """Count the accounts that may type paper of an area: two type, and a third settles differences."""
    return (
        session.scalar(
            sa.select(sa.func.count(sa.distinct(RoleGrant.account_id)))
            .join(Account, Account.id == RoleGrant.account_id)
            .where(
                RoleGrant.role.in_((Role.FACILITATOR.value, Role.AREA_MANAGER.value, Role.OFFICER.value)),
                sa.or_(RoleGrant.area_id == area_id, RoleGrant.area_id.is_(None)),
                Account.disabled_at.is_(None),
            )
        )
        or 0
    )


def _own_ways(session: Session, evening_id: int, seat_id: int) -> dict[int, str]:
    """Give, per agenda item id, how the seat gave the score that stands."""
    rows = session.execute(
        sa.select(Score.item_id, Score.way)
        .join(AgendaItem, AgendaItem.id == Score.item_id)
        .where(AgendaItem.evening_id == evening_id, Score.seat_id == seat_id, Score.score.is_not(None))
    )
    return {row.item_id: row.way for row in rows}


def _progress(
    item_id: int, position: int, closed: bool, forms: Collection[int], entries: Entries
) -> PaperProgress:
    typed = [entries.get((item_id, seat), []) for seat in forms]
    return PaperProgress(
        item_id=item_id,
        position=position,
        closed=closed,
        forms=len(forms),
        once=_count(len(one) >= 1 for one in typed),
        twice=_count(len(one) >= 2 for one in typed),
        differ=_count(differs(one) for one in typed),
        settled=_count(what_counts(one) is not None for one in typed),
    )


def _count(found: Iterable[bool]) -> int:
    return sum(1 for one in found if one)


def _positions(session: Session, item_ids: Collection[int]) -> dict[int, int]:
    rows = session.execute(sa.select(AgendaItem.id, AgendaItem.position).where(AgendaItem.id.in_(item_ids)))
    return {row.id: row.position for row in rows}


def _numbers(session: Session, seat_ids: Collection[int]) -> dict[int, int]:
    rows = session.execute(
        sa.select(Seat.id, Seat.number).where(Seat.id.in_(seat_ids), Seat.gone_at.is_(None))
    )
    return {row.id: row.number for row in rows}
