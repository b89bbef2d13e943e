"""What every action on a plan needs: its row to write in, its place in the round, a letter to its maker."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date
from pb.core.errors import NotFound
from pb.core.mail import Letter
from pb.people.actions import post
from pb.plans import queries
from pb.plans.rules.states import Closed, NotOpenYet, PlanMove, PlanState, after_move, check_not_taken_up
from pb.plans.tables import Plan
from pb.rounds.queries import RoundFacts, round_facts
from pb.rounds.rules import RoundState
from pb.rounds.tables import Round
from pb.store import journal
from pb.store.journal import Actor


def locked(session: Session, plan_id: int, *, round_id: int | None = None) -> Plan:
    """Find a plan to change, and keep others from changing it meanwhile. Raises: NotFound."""
    query = sa.select(Plan).where(Plan.id == plan_id).with_for_update()
    if round_id is not None:
        query = query.where(Plan.round_id == round_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def locked_round(session: Session, round_id: int) -> RoundFacts:
    """Find a round, and keep others from adding a plan to it meanwhile. Raises: NotFound."""
    session.execute(sa.select(Round.id).where(Round.id == round_id).with_for_update())
    return round_facts(session, round_id=round_id)


def next_number(session: Session, round_id: int) -> int:
    """Give the number of the next plan in a locked round; numbers are never used twice."""
    last = session.scalar(sa.select(sa.func.max(Plan.number)).where(Plan.round_id == round_id))
    return (last or 0) + 1


def check_open(
    facts: RoundFacts, now: datetime, *, on_paper: bool = False, opens_on: date | None = None
) -> None:
    """Refuse to change plans of a round that is closed.

    A plan that came on paper may be typed in after the last day: it was on paper in time.
    Raises: NotFound for a round that residents cannot see yet; NotOpenYet before ``opens_on``; Closed.
    """
    if facts.draft or facts.practice:
        raise NotFound()
    today = amsterdam_date(now)
    if opens_on is not None and today < opens_on:
        raise NotOpenYet(opens_on=opens_on)
    if facts.state is not RoundState.OPEN or (today > facts.plans_close_on and not on_paper):
        raise Closed(closes_on=facts.plans_close_on)


def move(session: Session, row: Plan, step: PlanMove, *, what: str, who: Actor, now: datetime) -> None:
    """Bring a plan to its next state, with its line in the journal. Raises: OnAgenda, MoveNotAllowed."""
    check_not_taken_up(row.taken_up_at)
    row.state = after_move(PlanState(row.state), step).value
    row.version += 1
    row.changed_at = now
    journal.note(session, at=now, who=who, what=what, subject=f"plan {row.id}", version=row.version)


def write(session: Session, row: Plan, letter: Letter, *, now: datetime) -> None:
    """Put a letter to whose plan it is in the outbox, when there is an address."""
    session.flush()
    for address in queries.initiator_emails(session, [row.id]).values():
        post(session, to_email=address, subject=letter.subject, body=letter.body, now=now)
