"""Record what the panel decided."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical
from pb.core.errors import NotFound
from pb.decide.queries import item_decisions, ties
from pb.decide.rules.panel_decides import DecidedMeanwhile, NotDeciding, Way, check_decision
from pb.decide.tables import Decision
from pb.evening.actions.events import hold
from pb.evening.actions.moving import tell
from pb.evening.queries import ItemFacts, evening_facts
from pb.evening.rules.steps import Stage
from pb.store import journal
from pb.store.journal import Actor


def record_decision(
    session: Session,
    *,
    evening_id: int,
    position: int,
    yes: bool,
    way: Way,
    reason: str,
    minority_view: str,
    who: Actor,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Record the panel's yes or no on a plan, beside what the scores say; until dividing it may change.

    Recording the same twice is one record. ``seen`` is the mark of the record that was on the page (empty
    for none yet); None writes over whatever is there.
    Raises: NotDeciding, NotFound, WayNeeded, ReasonNeeded, DecidedMeanwhile.
    """
    hold(session, evening_id)
    evening = evening_facts(session, evening_id=evening_id)
    if evening.stage is not Stage.DECIDE:
        raise NotDeciding()
    if not 1 <= position <= len(evening.items):
        raise NotFound()
    found = item_decisions(session, evening=evening)[position - 1]
    check_decision(computed_yes=found.computed_yes, yes=yes, way=way, reason=reason)
    row = session.scalar(
        sa.select(Decision).where(Decision.evening_id == evening_id, Decision.plan_id == found.item.plan.id)
    )
    same = row is not None and (row.yes, row.way, row.reason, row.minority_view) == (
        yes, way.value, reason, minority_view,
    )  # fmt: skip
    if same:
        return
    if seen is not None and seen != (found.recorded.mark if found.recorded else ""):
        raise DecidedMeanwhile(by_myself=row is not None and row.recorded_by == _account(who))
    if row is None:
        row = Decision(evening_id=evening_id, plan_id=found.item.plan.id)
        session.add(row)
    row.computed_yes, row.computed = found.computed_yes, canonical(found.outcome.to_json()).decode()
    row.yes, row.way, row.reason, row.minority_view = yes, way.value, reason, minority_view
    row.recorded_at, row.recorded_by = now, _account(who)
    tell(
        session,
        evening_id=evening_id,
        kind="decided",
        who=who,
        now=now,
        plan=found.item.plan.id,
        yes=yes,
        computed_yes=found.computed_yes,
        way=way.value,
        hist=list(found.outcome.hist),
    )
    journal.note(
        session,
        at=now,
        who=who,
        what="decision recorded",
        subject=f"evening {evening_id}",
        plan_id=found.item.plan.id,
        yes=yes,
        computed_yes=found.computed_yes,
        way=way.value,
    )


def withdraw_tied(
    session: Session, *, evening_id: int, position: int, who: Actor, now: datetime
) -> tuple[ItemFacts, ...]:
    """Take back the decisions about a plan and those that stand exactly equal to it, and give these plans.

    The meeting may then open them again, score them once more, and decide anew. Twice is once: a plan that
    nothing is equal to, or that is not decided, keeps what it has. Raises: NotDeciding, NotFound.
    """
    hold(session, evening_id)
    evening = evening_facts(session, evening_id=evening_id)
    if evening.stage is not Stage.DECIDE:
        raise NotDeciding()
    if not 1 <= position <= len(evening.items):
        raise NotFound()
    item = evening.item(position)
    tied = next((group for group in ties(session, evening=evening) if item in group), ())
    for one in tied:
        session.execute(
            sa.delete(Decision).where(Decision.evening_id == evening_id, Decision.plan_id == one.plan.id)
        )
        tell(session, evening_id=evening_id, kind="decision_withdrawn", who=who, now=now, plan=one.plan.id)
        journal.note(
            session, at=now, who=who, what="decision withdrawn", subject=f"evening {evening_id}",
            plan_id=one.plan.id, position=one.position,
        )  # fmt: skip
    return tied


def _account(who: Actor) -> int:
    if who.kind != "account" or who.id is None:
        raise NotFound()
    return who.id
