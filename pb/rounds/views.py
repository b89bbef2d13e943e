"""The area manager's desk: make a round, change it, open it."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from pb.people.login import me, my_name_for_the_journal
from pb.people.queries import Place, areas
from pb.people.rules import Role
from pb.rounds import actions, queries
from pb.rounds.desk_pieces import pieces
from pb.rounds.forms import NewRulesForm, RoundForm, RulesForm
from pb.rounds.preset_pictures import pictures
from pb.rounds.rules import Majority, Preset
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.forms import Choice
from pb.web.pages import page
from pb.web.transaction import reading, writing

views = Blueprint("rounds", __name__)
EVERYONE_AT_WORK = tuple(Role)


@views.get("/werk")
@staff(*EVERYONE_AT_WORK)
def desk() -> ResponseReturnValue:
    """Show the rounds of the areas that this person works for, and above them what waits for this person."""
    with reading() as session:
        rounds = queries.rounds_in(session, area_ids=_my_areas(*EVERYONE_AT_WORK))
        waiting = pieces(session)
    return page("rounds/desk.html", rounds=rounds, pieces=waiting)


@views.route("/werk/ronde/nieuw", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER)
def new() -> ResponseReturnValue:
    """Make a round."""
    form = RoundForm()
    with reading() as session:
        _offer_areas(form, areas(session, ids=_my_areas(Role.AREA_MANAGER)))
    if not form.validate_on_submit():
        return page("rounds/edit.html", form=form, round=None), 422 if form.is_submitted() else 200
    with writing() as session:
        round_id = actions.make_round(
            session,
            area_id=form.area_id.data,
            name=form.name.data or "",
            summary=form.summary.data or "",
            call=form.call(),
            who=my_name_for_the_journal(),
            now=now(),
        )
    return redirect(url_for("rounds.show", round_id=round_id))


@views.get("/werk/ronde/<int:round_id>")
@staff(*EVERYONE_AT_WORK, area_of=queries.area_of_round)
def show(round_id: int) -> ResponseReturnValue:
    """Show a round to staff: what it is, and what comes next."""
    with reading() as session:
        facts = queries.round_facts(session, round_id=round_id)
        versions = queries.rule_versions(session, round_id=round_id)
    form = RulesForm(MultiDict() if versions else None, version=str(facts.version))
    return page("rounds/show.html", round=facts, versions=versions, form=form, pictures=pictures())


@views.route("/werk/ronde/<int:round_id>/veranderen", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=queries.area_of_round)
def edit(round_id: int) -> ResponseReturnValue:
    """Change a round that is not open yet."""
    with reading() as session:
        facts = queries.round_facts(session, round_id=round_id)
        form = RoundForm(obj=facts)
        _offer_areas(form, areas(session, ids=frozenset({facts.area_id})))
    if not form.validate_on_submit():
        return page("rounds/edit.html", form=form, round=facts), 422 if form.is_submitted() else 200
    with writing() as session:
        actions.change_round(
            session,
            round_id=round_id,
            version=_whole(form.version.data),
            name=form.name.data or "",
            summary=form.summary.data or "",
            call=form.call(),
            who=my_name_for_the_journal(),
            now=now(),
        )
    return redirect(url_for("rounds.show", round_id=round_id))


@views.post("/werk/ronde/<int:round_id>/openen")
@staff(Role.AREA_MANAGER, area_of=queries.area_of_round)
def open_round(round_id: int) -> ResponseReturnValue:
    """Open the round: from here on its rules are frozen."""
    form = RulesForm()
    if not form.validate_on_submit():
        with reading() as session:
            facts = queries.round_facts(session, round_id=round_id)
        return page("rounds/show.html", round=facts, versions=[], form=form, pictures=pictures()), 422
    with writing() as session:
        actions.open_round(
            session,
            round_id=round_id,
            version=_whole(form.version.data),
            majority=Majority(form.majority.data),
            preset=Preset(form.preset.data),
            who=my_name_for_the_journal(),
            now=now(),
        )
    flash(_("De ronde is open. De regels liggen vast."))
    return redirect(url_for("rounds.show", round_id=round_id))


@views.route("/werk/ronde/<int:round_id>/regels", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=queries.area_of_round)
def new_rules(round_id: int) -> ResponseReturnValue:
    """Write a new version of the rules, with a reason that everyone can read."""
    with reading() as session:
        facts = queries.round_facts(session, round_id=round_id)
        current = queries.current_rules(session, round_id=round_id)
    form = NewRulesForm(
        majority=current.rules["decide"]["threshold"] if current else None,
        preset=current.rules["divide"]["rule"] if current else None,
    )
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("rounds/new_rules.html", form=form, round=facts, pictures=pictures()), status
    with writing() as session:
        actions.change_rules(
            session,
            round_id=round_id,
            majority=Majority(form.majority.data),
            preset=Preset(form.preset.data),
            reason=form.reason.data or "",
            who=my_name_for_the_journal(),
            now=now(),
        )
    flash(_("De nieuwe regels liggen vast. De oude blijven te lezen."))
    return redirect(url_for("rounds.show", round_id=round_id))


def _my_areas(*roles: Role) -> frozenset[int] | None:
    person = me()
    held = {area_id for role, area_id in (person.roles if person else ()) if role in roles}
    return None if None in held else frozenset(area_id for area_id in held if area_id is not None)


def _offer_areas(form: RoundForm, offered: list[Place]) -> None:
    form.area_id.choices = [Choice(area.id, area.name) for area in offered]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
