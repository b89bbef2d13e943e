"""Change an amount with a reason, and record what the panel says, from the console."""

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from pb.core.errors import BadInput, Broken
from pb.decide.rules.panel_decides import Way
from pb.divide.actions import agree, amend, take_back, try_amount
from pb.divide.forms import AgreeForm, AmendForm
from pb.divide.rules.confirming import AlreadyConfirmed, NotDivided
from pb.divide.rules.refusing import ReasonMissing
from pb.divide.rules.settling import ChangedByThePanel, DividedMeanwhile
from pb.divide.views.base import shown_sha256, views
from pb.evening.queries import area_of_evening
from pb.evening.views.base import HOSTS
from pb.evening.views.console import show_console
from pb.people.login import my_name_for_the_journal
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.say import say
from pb.web.transaction import reading, writing

# Somebody else was first, or it is too early or too late: the console shows where the evening is by now.
OVERTAKEN = (DividedMeanwhile, AlreadyConfirmed, NotDivided)


@views.post("/avond/<int:evening_id>/bedrag/<int:position>")
@staff(*HOSTS, area_of=area_of_evening)
def change_amount(evening_id: int, position: int) -> ResponseReturnValue:
    """Settle another amount for a plan; the rest is divided again."""
    form = AmendForm(prefix=AmendForm.prefix_for(position))
    if not form.validate_on_submit():
        _check_amount(evening_id, position, form)
        return _again_amount(evening_id, position, form), 422
    try:
        with writing() as session:
            amend(
                session,
                evening_id=evening_id,
                position=position,
                amount_cents=form.amount_cents.data,
                reason=form.reason.data or "",
                shown_sha256=shown_sha256(),
                who=my_name_for_the_journal(),
                now=now(),
            )
    except OVERTAKEN as error:
        return _again_amount(evening_id, position, form, error), error.status
    except BadInput as error:
        field = form.reason if isinstance(error, ReasonMissing) else form.amount_cents
        field.errors = [say(error)]
        return _again_amount(evening_id, position, form), error.status
    return _back(evening_id)


@views.post("/avond/<int:evening_id>/bedrag/<int:position>/terug")
@staff(*HOSTS, area_of=area_of_evening)
def restore_amount(evening_id: int, position: int) -> ResponseReturnValue:
    """Let a plan have what the rule gives it again."""
    try:
        with writing() as session:
            take_back(
                session,
                evening_id=evening_id,
                position=position,
                shown_sha256=shown_sha256(),
                who=my_name_for_the_journal(),
                now=now(),
            )
    except OVERTAKEN as error:
        return show_console(evening_id, error), error.status
    return _back(evening_id)


@views.post("/avond/<int:evening_id>/akkoord")
@staff(*HOSTS, area_of=area_of_evening)
def record_agreement(evening_id: int) -> ResponseReturnValue:
    """Record what the panel says of the division that is shown."""
    form = AgreeForm()
    if not form.validate_on_submit():
        return _again_agreement(evening_id, form), 422
    try:
        with writing() as session:
            agree(
                session,
                evening_id=evening_id,
                shown_sha256=shown_sha256(),
                way=Way(form.way.data),
                in_favour=form.in_favour.data,
                against=form.against.data,
                who=my_name_for_the_journal(),
                now=now(),
            )
    except OVERTAKEN as error:
        return _again_agreement(evening_id, form, error), error.status
    except (BadInput, ChangedByThePanel) as error:
        field = form.way if isinstance(error, ChangedByThePanel) else form.in_favour
        field.errors = [say(error)]
        return _again_agreement(evening_id, form), error.status
    return _back(evening_id)


def _check_amount(evening_id: int, position: int, form: AmendForm) -> None:
    """Say at an amount that could be read what is wrong with it, beside what is wrong with the reason."""
    if form.amount_cents.errors:
        return
    try:
        with reading() as session:
            try_amount(session, evening_id=evening_id, position=position, amount_cents=form.amount_cents.data)
    except NotDivided:
        return
    except BadInput as error:
        form.amount_cents.errors = [say(error)]


def _again_amount(evening_id: int, position: int, form: AmendForm, error: Broken | None = None) -> str:
    """Show the console with what was typed for this plan."""
    g.amend_form = (position, form)
    return show_console(evening_id, error)


def _again_agreement(evening_id: int, form: AgreeForm, error: Broken | None = None) -> str:
    """Show the console with what was chosen."""
    g.agree_form = form
    return show_console(evening_id, error)


def _back(evening_id: int) -> ResponseReturnValue:
    return redirect(url_for("evening.console", evening_id=evening_id))
