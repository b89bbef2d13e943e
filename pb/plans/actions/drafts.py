"""Begin a plan, save its answers step by step, and let it become somebody's."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.people.rules import check_email
from pb.plans import queries
from pb.plans.actions.rows import check_open, locked, locked_round, next_number
from pb.plans.rules.film import Film
from pb.plans.rules.states import PlanState, may_edit
from pb.plans.rules.walk import QUESTIONS, AlreadyHandedIn, check_seen
from pb.plans.tables import Plan
from pb.rounds.queries import round_facts
from pb.store import journal
from pb.store.journal import Actor


def start_draft(
    session: Session, *, round_id: int, initiator_id: int | None, press: str, who: Actor, now: datetime
) -> int:
    """Begin a plan; pressing twice gives the same one as long as nothing was answered.

    ``press`` is a mark of the browser, so that two presses at once are known as one.
    Raises: NotFound, Closed.
    """
    check_open(locked_round(session, round_id), now)
    source_ref = f"browser {press[:64]}" if press else None
    found = _untouched(session, round_id, Plan.source_ref == source_ref, Plan.initiator_id == initiator_id)
    if found is not None:
        return found
    return begin(
        session, round_id=round_id, initiator_id=initiator_id, source_ref=source_ref, who=who, now=now
    )


def begin(
    session: Session, *, round_id: int, who: Actor, now: datetime, initiator_id: int | None = None,
    source_ref: str | None = None, claim_email: str | None = None,
) -> int:  # fmt: skip
    """Put an empty draft in a round that is locked."""
    made = Plan(
        round_id=round_id,
        number=next_number(session, round_id),
        state=PlanState.DRAFT.value,
        initiator_id=initiator_id,
        source_ref=source_ref,
        claim_email=claim_email,
        made_at=now,
        changed_at=now,
    )
    session.add(made)
    session.flush()
    journal.note(
        session, at=now, who=who, what="plan begun", subject=f"plan {made.id}",
        round=round_id, number=made.number, on_paper=source_ref == queries.ON_PAPER,
    )  # fmt: skip
    return made.id


def save_answers(
    session: Session,
    *,
    plan_id: int,
    step: int,
    seen: str,
    typed: Mapping[str, object],
    who: Actor,
    now: datetime,
) -> None:
    """Save the answers of one page of the walk.

    ``seen`` is the mark (``seen_as``) of the answers that the writer had before them.
    Raises: AlreadyHandedIn, Closed, ChangedMeanwhile.
    """
    row = locked(session, plan_id)
    plan = queries.whole(row)
    if not may_edit(plan.state):
        raise AlreadyHandedIn()
    check_open(round_facts(session, round_id=row.round_id), now, on_paper=plan.on_paper)
    stored = plan.part(step)
    typed = {name: typed[name] for name in QUESTIONS[step]}
    check_seen(seen=seen, stored=stored, typed=typed)
    if stored == typed:
        return
    for name, value in typed.items():
        if name == "film":
            write_film(row, value if isinstance(value, Film) else None)
        else:
            setattr(row, name, ("" if value is None else value) if name == "applicant_kind" else value)
    if not plan.on_paper:
        row.source_ref = None
    row.version += 1
    row.changed_at = now
    journal.note(
        session,
        at=now,
        who=who,
        what="plan changed",
        subject=f"plan {plan_id}",
        step=step,
        version=row.version,
    )


def name_address(session: Session, *, plan_id: int, email: str, who: Actor, now: datetime) -> None:
    """Keep the address that may claim a plan once its owner logs in with it.

    Raises: AlreadyHandedIn when the plan is somebody's already; EmailWrong.
    """
    row = locked(session, plan_id)
    if row.initiator_id is not None:
        raise AlreadyHandedIn()
    row.claim_email = check_email(email)
    journal.note(session, at=now, who=who, what="address named", subject=f"plan {plan_id}")


def claim(session: Session, *, plan_id: int, account_id: int, who: Actor, now: datetime) -> None:
    """Make a plan this account's; the browser that began it has no say any more.

    Whether the account may is for the door to say. Raises: AlreadyHandedIn when somebody was first.
    """
    row = locked(session, plan_id)
    if row.initiator_id == account_id:
        return
    if row.initiator_id is not None:
        raise AlreadyHandedIn()
    row.initiator_id, row.claim_email = account_id, None
    journal.note(session, at=now, who=who, what="plan claimed", subject=f"plan {plan_id}")


def untouched_on_paper(session: Session, round_id: int, claim_email: str | None) -> int | None:
    """Find a draft from paper for this address (or for none) in which nothing was typed yet."""
    return _untouched(session, round_id, Plan.source_ref == queries.ON_PAPER, Plan.claim_email == claim_email)


def _untouched(session: Session, round_id: int, *which: sa.ColumnElement[bool]) -> int | None:
    return session.scalar(
        sa.select(Plan.id)
        .where(Plan.round_id == round_id, Plan.state == PlanState.DRAFT.value, Plan.version == 1)
        .where(Plan.source_ref.is_not(None), *which)
        .order_by(Plan.id)
        .limit(1)
    )


def write_film(row: Plan, film: Film | None) -> None:
    """Write which film belongs to a plan."""
    row.film_provider = film.provider.value if film else None
    row.film_host = film.host if film else None
    row.film_video_id = film.video_id if film else None
    row.film_starts_at_seconds = film.starts_at_seconds if film else None
