"""A plan that came on paper: the area manager types it in, along the same walk."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.plans import actions
from pb.plans.forms import PaperForm
from pb.plans.views.front import views
from pb.rounds.queries import area_of_round, round_facts
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.transaction import reading, writing


@views.route("/werk/ronde/<int:round_id>/plan-op-papier", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def paper(round_id: int) -> ResponseReturnValue:
    """Begin to type in a plan; the initiator's address may be empty."""
    with reading() as db:
        facts = round_facts(db, round_id=round_id)
    form = PaperForm()
    if not form.validate_on_submit():
        return page("plans/paper.html", form=form, round=facts), 422 if form.is_submitted() else 200
    with writing() as db:
        plan_id = actions.start_paper_plan(
            db, round_id=round_id, email=form.email.data or "", who=my_name_for_the_journal(), now=now()
        )
    return redirect(url_for("plans.step", plan_id=plan_id, number=1), 303)
