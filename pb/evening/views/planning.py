"""Plan an evening, and find everything of it in one place."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.evening import queries
from pb.evening.actions import planning
from pb.evening.forms.planning import EveningForm
from pb.evening.panes import Surface
from pb.evening.queries.today import divides_together
from pb.evening.rules.steps import NotOpenYet
from pb.evening.views.base import HOSTS, screen_path, show, views
from pb.panel.queries import seats
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.plans.queries import ready_plans
from pb.rounds.queries import area_of_round, current_rules, round_facts, rule_version
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.forms import Choice
from pb.web.pages import page
from pb.web.transaction import reading, writing


@views.get("/werk/ronde/<int:round_id>/avonden")
@staff(*HOSTS, area_of=area_of_round)
def evenings(round_id: int) -> ResponseReturnValue:
    """List the evenings of a round, and below them those for practice."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        return page(
            "evening/list.html",
            round=facts,
            evenings=queries.evenings_of(session, round_id=round_id),
            practices=[] if facts.practice else queries.practice_evenings(session, area_id=facts.area_id),
            ready=len(ready_plans(session, round_id=round_id)),
            seated=len(seats(session, round_id=round_id)),
        )


@views.route("/werk/ronde/<int:round_id>/avond/nieuw", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def plan_evening(round_id: int) -> ResponseReturnValue:
    """Plan an evening."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        if current_rules(session, round_id=round_id) is None:
            raise NotOpenYet()
        left = facts.pot_cents - queries.claimed_cents(session, round_id=round_id)
        plans = ready_plans(session, round_id=round_id)
    form = EveningForm(left_in_pot_cents=left, budget_cents=left, plans=[plan.id for plan in plans])
    form.plans.choices = [Choice(plan.id, plan.title) for plan in plans]
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("evening/new.html", round=facts, form=form, plans=plans, left=left), status
    chosen = set(form.plans.data or [])
    with writing() as session:
        evening_id = planning.plan_evening(
            session,
            round_id=round_id,
            name=form.name.data or "",
            held_on=form.held_on.data,
            place=form.place.data or "",
            budget_cents=form.budget_cents.data,
            lot_seed=form.lot_seed.data or "",
            plan_ids=[plan.id for plan in plans if plan.id in chosen],
            who=my_name_for_the_journal(),
            now=now(),
        )
    flash(_("De avond staat klaar."))
    return redirect(url_for("evening.prepare", evening_id=evening_id))


@views.get("/avond/<int:evening_id>")
@staff(*HOSTS, area_of=queries.area_of_evening)
def prepare(evening_id: int) -> ResponseReturnValue:
    """Show everything that belongs to an evening, in one place."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        facts = round_facts(session, round_id=evening.round_id)
        return show(
            session,
            evening,
            Surface.DESK,
            "evening/prepare.html",
            round=facts,
            may_print_cards=may(Role.AREA_MANAGER, facts.area_id),
            rules=rule_version(session, rule_set_id=evening.rule_set_id),
            together=divides_together(session, rule_set_id=evening.rule_set_id),
            involvements=queries.involvements(session, evening_id=evening_id),
            total_minutes=sum(item.minutes for item in evening.items),
            screen=screen_path(evening_id),
        )
