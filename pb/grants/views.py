"""The payment list of an evening, and who is paid for each plan."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from pb.core.errors import Broken, NotFound
from pb.evening.queries import area_of_evening
from pb.grants import actions, queries
from pb.grants.forms import PayeeForm
from pb.grants.queries import Payment
from pb.grants.rules.paying import (
    BatchReplaced,
    PayeeBySamePerson,
    PayeeChangedMeanwhile,
    PayeeKind,
    PayeeOnlyByFinance,
    likely_kind,
)
from pb.grants.rules.payments import payment_rows
from pb.grants.rules.sheet import Sheet, write_csv
from pb.grants.same_account import same_accounts
from pb.grants.xlsx import write_xlsx
from pb.people.login import my_account_id, my_name_for_the_journal
from pb.people.queries import names
from pb.people.rules import Role
from pb.plans.queries import plans_by_id
from pb.rounds.queries import area_of_round, round_facts
from pb.web.clock import now
from pb.web.doors import logged_in, may, staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

views = Blueprint("grants", __name__)
MAY_SEE = (Role.FINANCE, Role.AREA_MANAGER, Role.OFFICER, Role.FACILITATOR)
MAY_PREPARE = (Role.FINANCE, Role.AREA_MANAGER)
# What somebody meets whose form was open while another one was sent.
OVERTAKEN = (PayeeChangedMeanwhile, PayeeOnlyByFinance, PayeeBySamePerson)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@views.get("/werk/ronde/<int:round_id>/uitbetalen")
@staff(*MAY_SEE, area_of=area_of_round)
def payments(round_id: int) -> ResponseReturnValue:
    """List the evenings of a round, and what each one costs."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        evenings = queries.evenings_with_money(session, round_id=round_id)
    return page(
        "grants/payments.html",
        round=facts,
        evenings=evenings,
        total_cents=sum(one.division.total_cents for one in evenings if one.division and one.confirmed),
        may_prepare=any(may(role, facts.area_id) for role in MAY_PREPARE),
    )


@views.get("/werk/avond/<int:evening_id>/betaallijst")
@staff(*MAY_PREPARE, area_of=area_of_evening)
def order(evening_id: int) -> ResponseReturnValue:
    """Show what is to be paid after an evening, and the lists that were made."""
    with reading() as session:
        found = queries.payment_order(session, evening_id=evening_id)
        facts = round_facts(session, round_id=found.evening.round_id)
        made = queries.batches(session, evening_id=evening_id)
        people = names(session, {one.made_by for one in made})
        same = same_accounts(session, plan_ids=[one.plan.id for one in found.payments])
    sha256 = found.sha256 if found.payments else None
    return page(
        "grants/order.html",
        round=facts,
        order=found,
        refusal=say(found.differs.error) if found.differs else None,
        current=next((one for one in made if one.content_sha256 == sha256), None),
        older=[one for one in made if one.content_sha256 != sha256],
        people=people,
        same=same,
        pays=may(Role.FINANCE, facts.area_id),
    )


@views.post("/werk/avond/<int:evening_id>/betaallijst")
@staff(Role.FINANCE, area_of=area_of_evening)
def make(evening_id: int) -> ResponseReturnValue:
    """Make the payment list; the same content is the same list."""
    with writing() as session:
        actions.make_batch(session, evening_id=evening_id, who=my_name_for_the_journal(), now=now())
    flash(_("De betaallijst is gemaakt. Je kunt hem nu downloaden."))
    return redirect(url_for("grants.order", evening_id=evening_id))


@views.get("/werk/avond/<int:evening_id>/betaallijst/lijst-<int:batch_id>.xlsx")
@staff(Role.FINANCE, area_of=area_of_evening)
def xlsx(evening_id: int, batch_id: int) -> Response:
    """Give a payment list as a spreadsheet."""
    batch, sheet = _sheet(evening_id, batch_id)
    return _file(write_xlsx(sheet, made_at=batch.made_at), f"betaallijst-{batch.name}.xlsx", XLSX)


@views.get("/werk/avond/<int:evening_id>/betaallijst/lijst-<int:batch_id>.csv")
@staff(Role.FINANCE, area_of=area_of_evening)
def csv(evening_id: int, batch_id: int) -> Response:
    """Give a payment list as bookkeeping programs read it."""
    batch, sheet = _sheet(evening_id, batch_id)
    return _file(write_csv(sheet), f"betaallijst-{batch.name}.csv", "text/csv; charset=utf-8")


@views.route("/werk/avond/<int:evening_id>/betaallijst/<int:plan_id>", methods=["GET", "POST"])
@staff(*MAY_PREPARE, area_of=area_of_evening)
def payee(evening_id: int, plan_id: int) -> ResponseReturnValue:
    """Write down who is paid, for an initiator who gave it on paper."""
    shown, payment = _shown(evening_id, plan_id)
    finance = may(Role.FINANCE, shown["round"].area_id)
    form = _payee_form(payment)
    locked = payment.payee is not None and (not finance or payment.payee.entered_by == my_account_id())
    if locked and not form.is_submitted():
        return page("grants/payee.html", **shown, form=None)
    if not form.validate_on_submit():
        return page("grants/payee.html", **shown, form=form), 422 if form.is_submitted() else 200
    try:
        _enter(plan_id, form, by_finance=finance, on_paper=True)
    except OVERTAKEN as error:
        shown, payment = _shown(evening_id, plan_id)
        refusal = _overtaken(form, payment.payee, error)
        return page("grants/payee.html", **shown, form=form, refusal=refusal), 409
    flash(_("De betaalgegevens zijn bewaard."))
    return redirect(url_for("grants.order", evening_id=evening_id))


@views.route("/plan/<int:plan_id>/betaalgegevens", methods=["GET", "POST"])
@logged_in("shows and takes the account number of the visitor's own plan, and of no other")
def own_payee(plan_id: int) -> ResponseReturnValue:
    """Let an initiator say where the money for the own plan goes."""
    with reading() as session:
        plan = plans_by_id(session, [plan_id]).get(plan_id)
        amount_cents = queries.money_cents(session, plan_id=plan_id)
        # To anybody else it looks as if there is no such page.
        if plan is None or plan.initiator_id != my_account_id() or not amount_cents:
            raise NotFound()
        known = queries.payee(session, plan_id=plan_id)
    payment = Payment(plan, "", amount_cents, known)
    form = _payee_form(payment)
    if known is not None and not form.is_submitted():
        return page("grants/own_payee.html", payment=payment, form=None)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("grants/own_payee.html", payment=payment, form=form), status
    try:
        _enter(plan_id, form, by_finance=False, on_paper=False)
    except OVERTAKEN as error:
        with reading() as session:
            payment = Payment(plan, "", amount_cents, queries.payee(session, plan_id=plan_id))
        refusal = _overtaken(form, payment.payee, error)
        return page("grants/own_payee.html", payment=payment, form=form, refusal=refusal), 409
    flash(_("Bedankt. We weten nu waar het geld naartoe kan."))
    return redirect(url_for("grants.own_payee", plan_id=plan_id))


def _shown(evening_id: int, plan_id: int) -> tuple[dict[str, Any], Payment]:
    """Read what the page about one payee shows."""
    with reading() as session:
        found = queries.payment_order(session, evening_id=evening_id)
        payment = found.payment(plan_id)
        facts = round_facts(session, round_id=found.evening.round_id)
        people = names(session, {payment.payee.entered_by} if payment.payee else set())
        same = same_accounts(session, plan_ids=[plan_id])
    return {
        "round": facts,
        "order": found,
        "payment": payment,
        "same": same.get(plan_id, ()),
        "people": people,
        "own_page": current_app.config["PB"].base_url + url_for("grants.own_payee", plan_id=plan_id),
    }, payment


def _overtaken(form: PayeeForm, known: queries.PayeeFacts | None, error: Broken) -> Markup:
    """Say what to do when something was filled in since the form was on the page; else let the error be.

    Whoever may change it gets a form that takes the place of what is shown now.
    """
    if known is None or form.version.data == str(known.version):
        raise error
    if isinstance(error, PayeeChangedMeanwhile):
        form.version.raw_data, form.version.data = None, str(known.version)
    return say(error)


def _payee_form(payment: Payment) -> PayeeForm:
    known = payment.payee
    kind = known.kind if known else likely_kind(payment.plan.applicant_kind)
    # An account number that is there already is never put back in a form: whoever changes it types it anew.
    return PayeeForm(version=str(known.version if known else 0), kind=kind.value)


def _enter(plan_id: int, form: PayeeForm, *, by_finance: bool, on_paper: bool) -> None:
    seen = form.version.data or "0"
    with writing() as session:
        actions.enter_payee(
            session,
            plan_id=plan_id,
            kind=PayeeKind(form.kind.data),
            holder_name=form.holder_name.data,
            iban=form.iban.data,
            kvk_number=form.kvk_number.data or "",
            version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
            by_finance=by_finance,
            on_paper=on_paper,
            who=my_name_for_the_journal(),
            now=now(),
        )


def _sheet(evening_id: int, batch_id: int) -> tuple[queries.Batch, Sheet]:
    with reading() as session:
        batch = queries.batch(session, evening_id=evening_id, batch_id=batch_id)
        found = queries.payment_order(session, evening_id=evening_id)
        maker = names(session, {batch.made_by}).get(batch.made_by, "")
    if found.differs is not None:
        raise found.differs.error
    made = payment_rows(found.lines, batch_id=batch.name, made_by=maker)
    if made.sha256 != batch.content_sha256:
        raise BatchReplaced()
    return batch, made.sheet


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(
        content, headers={"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'}
    )
