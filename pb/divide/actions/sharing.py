"""Take what one person would give each plan; the newest counts, until the amounts are worked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical
from pb.core.errors import NotFound
from pb.divide.own_sheet import sheet
from pb.divide.rules.own import AlreadyGiven, OwnDivisionsClosed, UnreadableShares, check_own
from pb.divide.tables import OwnDivision
from pb.evening.actions.at_the_table import receipt_of
from pb.evening.actions.events import append, hold
from pb.evening.queries import evening_facts, present_seats
from pb.evening.rules.floor import Way
from pb.evening.rules.score import NotCheckedIn
from pb.evening.tables import Event
from pb.store import journal
from pb.store.journal import Actor

MOST_MESSAGES = 2**31 - 1


@dataclass(frozen=True)
class HandedIn:
    """What is kept of a seat now. ``stored``: it is what this message said; if not, it was overtaken."""

    n: int
    stored: bool
    receipt: str


def hand_in(
    session: Session,
    *,
    evening_id: int,
    seat_id: int,
    shares: Mapping[int, int],
    who: Actor,
    now: datetime,
    n: int | None = None,
    way: Way = Way.PHONE,
    instead_of: int | None = None,
    wrong_sum_cents: int | None = None,
) -> HandedIn:
    """Keep how this seat would divide the pot, in place of what it gave before.

    ``shares`` are cents per plan id; what is not given is kept for later. A message that is not newer than
    what is there changes nothing. ``instead_of`` is the number of what may be replaced: paper asks for it
    always, a phone when paper is there. ``wrong_sum_cents`` is the sum that a paper says, when it is another
    than that of its amounts; both are recorded.
    Raises: OwnDivisionsClosed, NotCheckedIn, NotFound, AlreadyGiven, and what ``check_own`` raises.
    """
    held = hold(session, evening_id)
    evening = evening_facts(session, evening_id=evening_id)
    can_give = sheet(session, evening)
    if not can_give.open:
        raise OwnDivisionsClosed()
    if seat_id not in present_seats(session, evening_id=evening_id):
        raise NotCheckedIn()
    if not shares.keys() <= {item.plan.id for item in evening.items}:
        raise NotFound()
    given = {plan_id: cents for plan_id, cents in sorted(shares.items()) if cents}
    check_own(given, can_give.limits, can_give.own(seat_id), pot_cents=can_give.pot_cents)
    known = session.get(OwnDivision, (evening_id, seat_id), populate_existing=True)
    last = known.n if known else 0
    number = last + 1 if n is None else n
    if not 0 < number <= MOST_MESSAGES:
        raise UnreadableShares()
    text = canonical({str(plan_id): cents for plan_id, cents in given.items()}).decode()
    if known is not None:
        same = known.shares == text
        asks = way is Way.PAPER or known.way == Way.PAPER.value
        if asks and instead_of != known.n and not same:
            raise AlreadyGiven(way=known.way, n=known.n)
        if number <= last or same:
            known.n = max(number, last)
            return HandedIn(known.n, same, _receipt(session, known))
    if known is None:
        known = OwnDivision(evening_id=evening_id, seat_id=seat_id)
        session.add(known)
    known.shares, known.n, known.way, known.handed_in_at = text, number, way.value, now
    known.typed_by = who.id if who.kind == "account" else None
    wrong_sum = {} if wrong_sum_cents is None else {"wrong_sum_cents": wrong_sum_cents}
    known.seq = append(
        session, held, "own_division", now, seat=seat_id, n=number, way=way.value,
        shares={str(plan_id): cents for plan_id, cents in given.items()}, **wrong_sum,
    )  # fmt: skip
    if way is Way.PAPER:
        journal.note(
            session, at=now, who=who, what="own division typed", subject=f"evening {evening_id}",
            seat=seat_id, n=number, **({"added_up_wrong": True} if wrong_sum else {}),
        )  # fmt: skip
    session.flush()
    return HandedIn(number, True, receipt_of(held.head))


def _receipt(session: Session, kept: OwnDivision) -> str:
    event = session.scalars(
        sa.select(Event.hash).where(Event.evening_id == kept.evening_id, Event.seq == kept.seq)
    )
    return receipt_of(event.one())
