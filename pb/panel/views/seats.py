"""The panel of a round: who has a seat; give one, take one away."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.panel import actions, queries
from pb.panel.forms import PersonForm, RemoveForm, say_at
from pb.panel.rules.origins import origin_mix
from pb.panel.rules.people_file import Likeness
from pb.panel.rules.repeats import PersonHasSeat
from pb.panel.views.blueprint import card_key, views, whole
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import area_of_round, round_facts
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.pages import page
from pb.web.transaction import reading, writing

SEATS_A_PAGE = 200


@views.get("/werk/ronde/<int:round_id>/panel")
@staff(Role.AREA_MANAGER, Role.FACILITATOR, area_of=area_of_round)
def seats(round_id: int) -> ResponseReturnValue:
    """Show the seats of a round's panel, and what comes next."""
    start = whole(request.args.get("vanaf"))
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        seated = queries.seats(session, round_id=round_id)
        persons = queries.persons(session, round_id=round_id)
        gone = queries.gone_numbers(session, round_id=round_id)
        draws = queries.draws(session, round_id=round_id)
    later = [seat for seat in seated if seat.number >= start]
    return page(
        "panel/seats.html",
        round=facts,
        seats=later[:SEATS_A_PAGE],
        more_from=later[SEATS_A_PAGE].number if len(later) > SEATS_A_PAGE else None,
        persons=persons,
        mix=origin_mix(seat.origin for seat in seated),
        gone=gone,
        draws=draws,
        i_set_up=may(Role.AREA_MANAGER, facts.area_id),
    )


@views.route("/werk/ronde/<int:round_id>/panel/erbij", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def add_person(round_id: int) -> ResponseReturnValue:
    """Give one person a seat."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
    form = PersonForm()
    if not form.validate_on_submit():
        return page("panel/add_person.html", form=form, round=facts), 422 if form.is_submitted() else 200
    try:
        with writing() as session:
            number = actions.add_person(
                session,
                round_id=round_id,
                person=form.person(),
                somebody_else=bool(form.somebody_else.data),
                card_key=card_key(),
                who=my_name_for_the_journal(),
                now=now(),
            )
    except PersonHasSeat as has_seat:
        say_at(form.email if has_seat.facts["likeness"] == Likeness.EMAIL else form.name, has_seat)
        return page("panel/add_person.html", form=form, round=facts, ask_again=True), has_seat.status
    flash(_("Stoel %(number)s is voor %(name)s.", number=number, name=form.name.data))
    onward = "panel.add_person" if "nog-iemand" in request.form else "panel.seats"
    return redirect(url_for(onward, round_id=round_id))


@views.route("/werk/ronde/<int:round_id>/panel/stoel/<int:seat_id>/weg", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def remove(round_id: int, seat_id: int) -> ResponseReturnValue:
    """Ask whether a seat may go, and take it away."""
    form = RemoveForm()
    if not form.validate_on_submit():
        with reading() as session:
            facts = round_facts(session, round_id=round_id)
            seat = queries.seat(session, round_id=round_id, seat_id=seat_id)
            person = queries.persons(session, round_id=round_id).get(seat_id)
        status = 422 if form.is_submitted() else 200
        return page("panel/remove.html", form=form, round=facts, seat=seat, person=person), status
    with writing() as session:
        actions.remove_seat(
            session,
            round_id=round_id,
            seat_id=seat_id,
            forget_person=form.was_there.data == "no",
            who=my_name_for_the_journal(),
            now=now(),
        )
    flash(_("De stoel is weg. De kaart ervan werkt niet meer."))
    return redirect(url_for("panel.seats", round_id=round_id))
