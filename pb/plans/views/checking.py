"""The area manager checks plans: ready, or no with a reason and an alternative."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.core.errors import NotFound
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.people.views import send_mail
from pb.plans import actions, queries
from pb.plans.forms import DeclineForm
from pb.plans.outcomes import outcome_of, outcomes_of
from pb.plans.queries import WholePlan
from pb.plans.rules.states import MoveNotAllowed, PlanState, moves_from
from pb.plans.rules.walk import ChangedMeanwhile
from pb.plans.views.front import letter, views, warnings
from pb.rounds.queries import area_of_round, round_facts
from pb.web import after
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

EVERYONE_AT_WORK = tuple(Role)
READERS = (Role.AREA_MANAGER, Role.COACH, Role.FACILITATOR)
HELPERS = (Role.AREA_MANAGER, Role.COACH)


@views.get("/werk/ronde/<int:round_id>/plannen")
@staff(*EVERYONE_AT_WORK, area_of=area_of_round)
def review(round_id: int) -> ResponseReturnValue:
    """List the plans of a round; who helps residents sees the drafts too, and what they still miss."""
    with reading() as db:
        facts = round_facts(db, round_id=round_id)
        plans = queries.plans_to_review(db, round_id=round_id)
        outcomes = outcomes_of(db, plan_ids=[plan.id for plan in plans if plan.taken_up])
    helps = any(may(role, facts.area_id) for role in HELPERS)
    shown = [plan for plan in plans if helps or plan.state is not PlanState.DRAFT]
    return page(
        "plans/review.html",
        round=facts,
        plans=shown,
        outcomes=outcomes,
        readable={plan.id for plan in shown if _readable(plan)}
        if any(may(role, facts.area_id) for role in READERS)
        else set(),
        manages=may(Role.AREA_MANAGER, facts.area_id),
    )


@views.get("/werk/ronde/<int:round_id>/plan/<int:plan_id>")
@staff(*READERS, area_of=queries.area_of_plan_in_round)
def check(round_id: int, plan_id: int) -> ResponseReturnValue:
    """Read a plan whole; a draft is its maker's own until it is handed in."""
    return _check_page(round_id, plan_id, DeclineForm(formdata=None))


@views.post("/werk/ronde/<int:round_id>/plan/<int:plan_id>/klaar")
@staff(Role.AREA_MANAGER, area_of=queries.area_of_plan_in_round)
def accept(round_id: int, plan_id: int) -> ResponseReturnValue:
    """Say that the plan is ready, and mail its maker."""
    plan = _plan(round_id, plan_id)
    with writing() as db:
        actions.accept(
            db, round_id=round_id, plan_id=plan_id, version=_version(),
            letter=letter("ready", plan, language="nl"), who=my_name_for_the_journal(), now=now(),
        )  # fmt: skip
        after.commit(send_mail)
    flash(_("Het plan is klaar. Iedereen kan het nu lezen."))
    return redirect(url_for("plans.review", round_id=round_id), 303)


@views.post("/werk/ronde/<int:round_id>/plan/<int:plan_id>/niet")
@staff(Role.AREA_MANAGER, area_of=queries.area_of_plan_in_round)
def decline(round_id: int, plan_id: int) -> ResponseReturnValue:
    """Say no, why, and what can be done instead; mail the maker."""
    form = DeclineForm()
    if not form.validate_on_submit():
        return _check_page(round_id, plan_id, form), 422
    reason, alternative = form.reason.data or "", form.alternative.data or ""
    plan = _plan(round_id, plan_id)
    answer = letter("declined", plan, language="nl", reason=reason, alternative=alternative)
    try:
        with writing() as db:
            actions.decline(
                db, round_id=round_id, plan_id=plan_id, version=_version(), reason=reason,
                alternative=alternative, letter=answer, who=my_name_for_the_journal(), now=now(),
            )  # fmt: skip
            after.commit(send_mail)
    except (ChangedMeanwhile, MoveNotAllowed) as error:
        # The explanation that was typed stays on the page.
        return _check_page(round_id, plan_id, form, refused=say(error)), error.status
    flash(_("Het plan gaat niet door. De initiatiefnemer krijgt je uitleg."))
    return redirect(url_for("plans.review", round_id=round_id), 303)


@views.post("/werk/ronde/<int:round_id>/plan/<int:plan_id>/opnieuw")
@staff(Role.AREA_MANAGER, area_of=queries.area_of_plan_in_round)
def check_again(round_id: int, plan_id: int) -> ResponseReturnValue:
    """Look once more at a plan that was ready or declined."""
    with writing() as db:
        actions.check_again(
            db,
            round_id=round_id,
            plan_id=plan_id,
            version=_version(),
            who=my_name_for_the_journal(),
            now=now(),
        )
    flash(_("Je kunt het plan opnieuw nakijken."))
    return redirect(url_for("plans.check", round_id=round_id, plan_id=plan_id), 303)


def _check_page(round_id: int, plan_id: int, form: DeclineForm, *, refused: str = "") -> str:
    with reading() as db:
        facts = round_facts(db, round_id=round_id)
        plan = _plan(round_id, plan_id)
        emails = queries.initiator_emails(db, [plan_id])
        outcome = outcome_of(db, plan_id=plan_id) if plan.taken_up else None
    if refused or not form.is_submitted():
        form.version.data = str(plan.version)
    return page(
        "plans/check_plan.html",
        round=facts,
        plan=plan,
        outcome=outcome,
        form=form,
        refused=refused,
        told=[say(error) for error in warnings(plan, facts)],
        email=emails.get(plan_id) if any(may(role, facts.area_id) for role in HELPERS) else None,
        manages=may(Role.AREA_MANAGER, facts.area_id),
        moves={move.value for move in moves_from(plan.state)},
    )


def _plan(round_id: int, plan_id: int) -> WholePlan:
    with reading() as db:
        plan = queries.whole_plan(db, plan_id=plan_id, round_id=round_id)
    if not _readable(plan):
        raise NotFound()
    return plan


def _readable(plan: WholePlan) -> bool:
    """Tell whether staff may read a plan: from when it was handed in, and always what came on paper."""
    return plan.state not in (PlanState.DRAFT, PlanState.WITHDRAWN) or plan.on_paper


def _version() -> int:
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
