"""The walk: begin a plan, answer one question a page, check it, hand it in."""

from hashlib import sha256

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from pb.core.errors import Broken, NotFound
from pb.people.forms import LinkForm
from pb.people.login import me
from pb.people.views import send_link, send_mail
from pb.plans import actions, queries
from pb.plans.forms import STEP_FORMS, NeedForm, StepForm, TitleForm
from pb.plans.queries import WholePlan
from pb.plans.rules.amounts import check_amounts
from pb.plans.rules.states import Closed, may_edit
from pb.plans.rules.walk import (
    CHECK_STEP,
    DRAFTS_PER_BROWSER_MOST,
    AlreadyHandedIn,
    ChangedMeanwhile,
    TooManyDrafts,
    seen_as,
    step_of,
)
from pb.plans.views.front import guest, letter, open_plan, own_or_paper, views, warnings, whoever
from pb.rounds.queries import RoundFacts, round_facts
from pb.web import after
from pb.web.clock import now
from pb.web.doors import checked, public
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

OWN = "whoever makes the plan; the area manager for one on paper"


@views.post("/ronde/<int:round_id>/plan-maken")
@public("everyone may begin a plan, also without an address")
def start(round_id: int) -> ResponseReturnValue:
    """Begin a plan that belongs to this browser, or at once to who is logged in."""
    visitor = guest()
    with writing() as db:
        begun = queries.own_plans(db, account_id=None, email=None, drafts=visitor.drafts)
        kept = [plan.id for plan in begun if may_edit(plan.state)]
        if len(kept) >= DRAFTS_PER_BROWSER_MOST and visitor.account_id is None:
            raise TooManyDrafts(most=DRAFTS_PER_BROWSER_MOST)
        plan_id = actions.start_draft(
            db, round_id=round_id, initiator_id=visitor.account_id, press=_press(), who=whoever(), now=now()
        )
    if visitor.account_id is None:
        session["drafts"] = sorted({*kept, plan_id})
        # A phone that closes its browser keeps the plan.
        session.permanent = True
    return redirect(url_for("plans.step", plan_id=plan_id, number=1), 303)


@views.route("/plan/<int:plan_id>/stap/<int:number>", methods=["GET", "POST"])
@checked(OWN, own_or_paper)
def step(plan_id: int, number: int) -> ResponseReturnValue:
    """Ask one question and save the answer; the last page shows everything."""
    plan = open_plan(plan_id)
    with reading() as db:
        facts = round_facts(db, round_id=plan.round_id)
    if request.method == "GET" and not may_edit(plan.state):
        return redirect(url_for("plans.mine"))
    if number == CHECK_STEP and request.method == "GET":
        return _check_page(plan, facts)
    form = _form(number, plan, facts)
    if not form.validate_on_submit():
        return _step_page(number, plan, facts, form), 422 if form.is_submitted() else 200
    try:
        with writing() as db:
            actions.save_answers(
                db, plan_id=plan_id, step=number, seen=form.seen.data or "", typed=form.answers(),
                who=whoever(), now=now(),
            )  # fmt: skip
    except ChangedMeanwhile as error:
        return _conflict_page(number, plan_id, facts, form, error), error.status
    except (Closed, AlreadyHandedIn) as error:
        # What was typed stays on the page, to copy.
        return _step_page(number, plan, facts, form, refused=say(error)), error.status
    if isinstance(form, NeedForm) and form.ask_cents.data:
        _tell_about_the_cap(form)
    if "later" in request.form:
        return redirect(url_for("plans.later", plan_id=plan_id, stap=number), 303)
    return redirect(url_for("plans.step", plan_id=plan_id, number=_after(number, plan)), 303)


@views.route("/plan/<int:plan_id>/later", methods=["GET", "POST"])
@checked(OWN, own_or_paper)
def later(plan_id: int) -> ResponseReturnValue:
    """Mail a link to go on later or elsewhere; nothing to mail for who is logged in."""
    plan = open_plan(plan_id)
    number = request.args.get("stap", CHECK_STEP, type=int)
    if number not in (*STEP_FORMS, CHECK_STEP):
        raise NotFound()
    if plan.initiator_id is not None or plan.on_paper:
        flash(_("Het plan is bewaard. Je vindt het hier terug."))
        return redirect(
            url_for("plans.review", round_id=plan.round_id) if plan.on_paper else url_for("plans.mine")
        )
    form = LinkForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("plans/later.html", plan=plan, form=form, number=number), status
    with writing() as db:
        actions.name_address(db, plan_id=plan_id, email=form.email.data or "", who=whoever(), now=now())
    send_link(form.email.data or "", url_for("plans.step", plan_id=plan_id, number=number))
    return redirect(url_for("people.link_sent"), 303)


@views.post("/plan/<int:plan_id>/indienen")
@checked(OWN, own_or_paper)
def hand_in(plan_id: int) -> ResponseReturnValue:
    """Hand the plan in; its maker gets a receipt by mail."""
    plan = open_plan(plan_id)
    person = me()
    receipt = letter("received", plan, language=str(get_locale()))
    with writing() as db:
        if plan.initiator_id is None and not plan.on_paper and person is not None:
            actions.claim(db, plan_id=plan_id, account_id=person.account_id, who=whoever(), now=now())
        actions.hand_in(db, plan_id=plan_id, letter=receipt, who=whoever(), now=now())
        after.commit(send_mail)
    if plan.on_paper and plan.initiator_id is None:
        flash(_("Het plan is ingediend. Je kunt het nu nakijken."))
        return redirect(url_for("plans.check", round_id=plan.round_id, plan_id=plan_id), 303)
    flash(_("Je plan is ingediend. De wijkmanager kijkt het na."))
    return redirect(url_for("plans.mine"), 303)


def _press() -> str:
    """Give a mark of this browser that two presses at once have in common: its form token's own secret."""
    secret = session.get("csrf_token", "")
    return sha256(f"plan {secret}".encode()).hexdigest()[:32] if secret else ""


def _form(number: int, plan: WholePlan, facts: RoundFacts) -> StepForm:
    if number not in STEP_FORMS:
        raise NotFound()
    form = STEP_FORMS[number](**plan.part(number), seen=seen_as(plan.part(number)))
    if isinstance(form, NeedForm):
        form.cap_cents, form.pot_cents = facts.cap_cents, facts.pot_cents
    if isinstance(form, TitleForm):
        form.leaves_now = "later" in request.form
    return form


def _after(number: int, plan: WholePlan) -> int:
    """Give the next page; who came from the last page to mend one answer goes back to it."""
    return CHECK_STEP if request.args.get("terug") == "klopt" else number + 1


def _step_page(
    number: int, plan: WholePlan, facts: RoundFacts, form: StepForm, *, refused: str = "",
    theirs: dict[str, object] | None = None,
) -> str:  # fmt: skip
    return page(
        f"plans/step_{number}.html", plan=plan, round=facts, form=form, number=number, refused=refused,
        theirs=theirs or {}, mending=request.args.get("terug") == "klopt",
    )  # fmt: skip


def _conflict_page(number: int, plan_id: int, facts: RoundFacts, form: StepForm, error: Broken) -> str:
    """Show both texts: what stands there now, and in the form what was typed; one press keeps the latter."""
    with reading() as db:
        plan = queries.whole_plan(db, plan_id=plan_id)
    stored, typed = plan.part(number), form.answers()
    form.seen.data = seen_as(stored)
    form.seen.raw_data = None
    theirs = {name: value for name, value in stored.items() if value != typed[name]}
    return _step_page(number, plan, facts, form, refused=say(error), theirs=theirs)


def _check_page(plan: WholePlan, facts: RoundFacts) -> ResponseReturnValue:
    return page(
        "plans/check.html",
        plan=plan,
        round=facts,
        number=CHECK_STEP,
        missing=[(part, step_of(part)) for part in plan.missing],
        told=[say(error) for error in warnings(plan, facts)],
        form=LinkForm(formdata=None, email=plan.claim_email),
        may_hand_in=me() is not None,
    )


def _tell_about_the_cap(form: NeedForm) -> None:
    told = check_amounts(
        ask_cents=form.ask_cents.data, least_cents=form.least_cents.data or 0,
        cap_cents=form.cap_cents, pot_cents=form.pot_cents,
    )  # fmt: skip
    for error in told:
        flash(say(error))
