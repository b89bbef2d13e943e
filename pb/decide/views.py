"""Record the panel's decision from the console."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.core.errors import NotFound
from pb.decide import panes  # noqa: F401  (hangs what people see while deciding)
from pb.decide.actions import record_decision, withdraw_tied
from pb.decide.forms import DecisionForm
from pb.decide.queries import item_decisions
from pb.decide.rules.panel_decides import DecidedMeanwhile, NotDeciding, Way
from pb.evening.queries import area_of_evening, evening_facts
from pb.evening.rules.steps import Stage
from pb.evening.views.base import HOSTS
from pb.evening.views.console import show_console
from pb.people.login import my_name_for_the_journal
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.say import say
from pb.web.transaction import reading, writing

views = Blueprint("decide", __name__)


@views.post("/avond/<int:evening_id>/beslis/<int:position>")
@staff(*HOSTS, area_of=area_of_evening)
def record(evening_id: int, position: int) -> ResponseReturnValue:
    """Record yes or no on one plan."""
    with reading() as session:
        evening = evening_facts(session, evening_id=evening_id)
        if not 1 <= position <= len(evening.items):
            raise NotFound()
        if evening.stage is not Stage.DECIDE:
            raise NotDeciding()
        computed_yes = item_decisions(session, evening=evening)[position - 1].computed_yes
    form = DecisionForm(computed_yes=computed_yes)
    if not form.validate_on_submit():
        return _again(evening_id, position, form), 422
    try:
        with writing() as session:
            record_decision(
                session,
                evening_id=evening_id,
                position=position,
                yes=form.yes.data == "ja",
                way=Way(form.way.data),
                reason=form.reason.data or "",
                minority_view=form.minority_view.data or "",
                who=my_name_for_the_journal(),
                now=now(),
                seen=request.form.get("seen"),
            )
    except DecidedMeanwhile as error:
        form.yes.errors = [say(error)]
        return _again(evening_id, position, form), error.status
    return redirect(url_for("evening.console", evening_id=evening_id))


@views.post("/avond/<int:evening_id>/beslis/<int:position>/opnieuw")
@staff(*HOSTS, area_of=area_of_evening)
def score_again(evening_id: int, position: int) -> ResponseReturnValue:
    """Take back what was decided about plans that stand exactly equal, so that they may be scored again."""
    with writing() as session:
        tied = withdraw_tied(
            session, evening_id=evening_id, position=position, who=my_name_for_the_journal(), now=now()
        )
    if not tied:
        return redirect(url_for("evening.console", evening_id=evening_id))
    flash(_("De beslissing over deze plannen is teruggenomen. Open ze één voor één opnieuw, met z’n tweeën."))
    return redirect(url_for("evening.reopen", evening_id=evening_id, position=tied[0].position))


def _again(evening_id: int, position: int, form: DecisionForm) -> str:
    """Show the console at the plan that the form was about, with everything that was typed."""
    g.decision_form, g.decision_position = form, position
    return show_console(evening_id)
