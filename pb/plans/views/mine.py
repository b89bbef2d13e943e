"""The plans of one's own: how they stand, what comes next, and what one can still do."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pb.plans import actions, queries
from pb.plans.outcomes import outcomes_of
from pb.plans.queries import WholePlan
from pb.plans.rules.owner import Guest, may_claim
from pb.plans.rules.walk import CHECK_STEP, step_of
from pb.plans.views.front import guest, own_or_paper, views, whoever
from pb.plans.views.walk import OWN
from pb.rounds.queries import RoundFacts, published_rounds
from pb.rounds.rules import RoundState
from pb.web.clock import now, today
from pb.web.doors import checked, public
from pb.web.pages import page
from pb.web.transaction import reading, writing


@views.get("/mijn-plannen")
@public("shows only the plans of this account or of this browser")
def mine() -> ResponseReturnValue:
    """Show one's own plans; those that name the confirmed address become the visitor's own."""
    visitor = guest()
    with reading() as db:
        plans = _own(db, visitor)
    unclaimed = [plan.id for plan in plans if may_claim(plan.owner, visitor)]
    if unclaimed and visitor.account_id is not None:
        with writing() as db:
            for plan_id in unclaimed:
                actions.claim(db, plan_id=plan_id, account_id=visitor.account_id, who=whoever(), now=now())
    with reading() as db:
        plans = _own(db, visitor)
        rounds = {facts.id: facts for facts in published_rounds(db)}
        outcomes = outcomes_of(db, plan_ids=[plan.id for plan in plans])
    return page(
        "plans/mine.html",
        plans=[(plan, rounds[plan.round_id], _next_step(plan)) for plan in plans],
        outcomes=outcomes,
        still_open={facts.id for facts in rounds.values() if _still_open(facts)},
    )


@views.post("/plan/<int:plan_id>/terugnemen")
@checked(OWN, own_or_paper)
def take_back(plan_id: int) -> ResponseReturnValue:
    """Make a plan that was handed in a draft again."""
    _do(actions.take_back, plan_id)
    flash(_("Je kunt je plan nu veranderen. Vergeet niet om het daarna opnieuw in te dienen."))
    return redirect(url_for("plans.step", plan_id=plan_id, number=CHECK_STEP), 303)


@views.post("/plan/<int:plan_id>/aanpassen")
@checked(OWN, own_or_paper)
def revise(plan_id: int) -> ResponseReturnValue:
    """Make a declined plan a draft again."""
    _do(actions.revise, plan_id)
    return redirect(url_for("plans.step", plan_id=plan_id, number=CHECK_STEP), 303)


@views.post("/plan/<int:plan_id>/intrekken")
@checked(OWN, own_or_paper)
def withdraw(plan_id: int) -> ResponseReturnValue:
    """Withdraw a plan."""
    _do(actions.withdraw, plan_id)
    flash(_("Je plan is ingetrokken."))
    return redirect(url_for("plans.mine"), 303)


@views.post("/plan/<int:plan_id>/terugzetten")
@checked(OWN, own_or_paper)
def restore(plan_id: int) -> ResponseReturnValue:
    """Put a withdrawn plan back."""
    _do(actions.restore, plan_id)
    flash(_("Je plan staat er weer. Dien het in als het klaar is."))
    return redirect(url_for("plans.mine"), 303)


def _do(action: Callable[..., None], plan_id: int) -> None:
    with writing() as db:
        action(db, plan_id=plan_id, who=whoever(), now=now())


def _own(db: Session, visitor: Guest) -> list[WholePlan]:
    return queries.own_plans(db, account_id=visitor.account_id, email=visitor.email, drafts=visitor.drafts)


def _next_step(plan: WholePlan) -> int:
    return step_of(plan.missing[0]) if plan.missing else CHECK_STEP


def _still_open(facts: RoundFacts) -> bool:
    return facts.state is RoundState.OPEN and today() <= facts.plans_close_on
