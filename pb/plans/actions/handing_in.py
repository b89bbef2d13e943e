"""Hand a plan in, take it back to change it, withdraw it, put it back: what its maker does."""

from datetime import datetime

from sqlalchemy.orm import Session

from pb.core.mail import Letter
from pb.plans import queries
from pb.plans.actions.rows import check_open, locked, move, write
from pb.plans.rules.amounts import check_amounts
from pb.plans.rules.plan import check_complete
from pb.plans.rules.states import PlanMove, PlanState
from pb.plans.rules.walk import EmailNotConfirmed
from pb.plans.tables import Plan
from pb.rounds.queries import round_facts
from pb.store.journal import Actor


def hand_in(session: Session, *, plan_id: int, letter: Letter, who: Actor, now: datetime) -> None:
    """Hand a plan in to be checked; a second press changes nothing.

    Raises: EmailNotConfirmed, NotOpenYet, Closed, PlanNotComplete, MoveNotAllowed, and what
    ``check_amounts`` raises. Source: Awb 4:3a (a receipt is sent).
    """
    row = locked(session, plan_id)
    if row.state == PlanState.SUBMITTED.value:
        return
    plan = queries.whole(row)
    facts = round_facts(session, round_id=row.round_id)
    check_open(facts, now, on_paper=plan.on_paper, opens_on=facts.plans_open_on)
    if plan.initiator_id is None and not plan.on_paper:
        raise EmailNotConfirmed()
    check_complete(plan.answers)
    check_amounts(
        ask_cents=plan.ask_cents or 0, least_cents=plan.least_cents or 0,
        cap_cents=facts.cap_cents, pot_cents=facts.pot_cents,
    )  # fmt: skip
    row.submitted_at = now
    move(session, row, PlanMove.SUBMIT, what="plan handed in", who=who, now=now)
    write(session, row, letter, now=now)


def take_back(session: Session, *, plan_id: int, who: Actor, now: datetime) -> None:
    """Make a plan that was handed in a draft again, to change it. Raises: Closed, MoveNotAllowed."""
    move(session, _own(session, plan_id, now), PlanMove.TAKE_BACK, what="plan taken back", who=who, now=now)


def revise(session: Session, *, plan_id: int, who: Actor, now: datetime) -> None:
    """Make a declined plan a draft again, to follow the alternative. Raises: Closed, MoveNotAllowed."""
    move(session, _own(session, plan_id, now), PlanMove.REVISE, what="plan revised", who=who, now=now)


def withdraw(session: Session, *, plan_id: int, who: Actor, now: datetime) -> None:
    """Withdraw a plan; after the last day only the area manager can, because an evening may count on it.

    Raises: Closed, MoveNotAllowed.
    """
    move(session, _own(session, plan_id, now), PlanMove.WITHDRAW, what="plan withdrawn", who=who, now=now)


def restore(session: Session, *, plan_id: int, who: Actor, now: datetime) -> None:
    """Put a withdrawn plan back as a draft. Raises: Closed, MoveNotAllowed."""
    move(session, _own(session, plan_id, now), PlanMove.RESTORE, what="plan put back", who=who, now=now)


def _own(session: Session, plan_id: int, now: datetime) -> Plan:
    row = locked(session, plan_id)
    on_paper = row.source_ref == queries.ON_PAPER
    check_open(round_facts(session, round_id=row.round_id), now, on_paper=on_paper)
    return row
