"""People divide the pot on paper: forms to print, and the page on which they are typed."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.core.errors import BadInput, Broken
from pb.divide.actions import hand_in
from pb.divide.own_panes import own_room
from pb.divide.own_sheet import sheet
from pb.divide.paper_forms import OwnPaperForm, own_form
from pb.divide.queries import own_division
from pb.divide.rules.own import AlreadyGiven, GivenTooMuch, SumDiffers, check_sum, wrong_shares
from pb.divide.views.base import views
from pb.evening import queries
from pb.evening.forms.paper import PaperSeatForm
from pb.evening.queries import area_of_evening
from pb.evening.rules.floor import Way
from pb.evening.rules.score import NotCheckedIn
from pb.evening.views.base import HOSTS
from pb.evening.views.printing import forms_to_print
from pb.panel.queries import SeatFacts, seat_by_number
from pb.people.login import my_name_for_the_journal
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing


@views.get("/avond/<int:evening_id>/verdelen/papier")
@staff(*HOSTS, area_of=area_of_evening)
def own_paper(evening_id: int) -> ResponseReturnValue:
    """Ask which form lies on the table, or show where to type it."""
    if "stoel" not in request.args:
        return _ask(evening_id, PaperSeatForm(formdata=None))
    asked = PaperSeatForm(request.args, meta={"csrf": False})
    if not asked.validate():
        return _ask(evening_id, asked), 422
    found = _seat(evening_id, asked.stoel.data)
    if found is None:
        asked.stoel.errors = [_("Deze stoel is er niet in dit panel.")]
        return _ask(evening_id, asked), 422
    return _sheet(evening_id, found)


@views.post("/avond/<int:evening_id>/verdelen/papier")
@staff(*HOSTS, area_of=area_of_evening)
def type_own_paper(evening_id: int) -> ResponseReturnValue:
    """Keep what stands on one seat's paper; what is wrong is said at its field."""
    number = request.form.get("stoel", "")
    found = (
        _seat(evening_id, int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    )
    if found is None:
        return _ask(evening_id, PaperSeatForm(formdata=None)), 422
    with reading() as session:
        can_give = sheet(session, queries.evening_facts(session, evening_id=evening_id))
    form = own_form(can_give.titles, paper=True)()
    right = form.validate()
    shares = form.shares()
    wrong = wrong_shares(shares, can_give.limits, can_give.own(found.id))
    for plan_id, error in wrong.items():
        form.amount_of(plan_id).errors = [say(error)]
    if wrong or not right:
        return _sheet(evening_id, found, form), 422
    try:
        # The amounts are what somebody gave; adding them up wrong is no reason to lose them.
        wrong_sum = form.added_up_wrong.data and sum(shares.values()) != form.samen.data
        if not wrong_sum:
            check_sum(shares.values(), typed_cents=form.samen.data)
        with writing() as session:
            hand_in(
                session, evening_id=evening_id, seat_id=found.id, shares=shares, way=Way.PAPER,
                instead_of=form.instead.data, who=my_name_for_the_journal(), now=now(),
                wrong_sum_cents=form.samen.data if wrong_sum else None,
            )  # fmt: skip
    except (SumDiffers, GivenTooMuch) as error:
        form.samen.errors = [say(error)]
        return _sheet(evening_id, found, form), error.status
    except AlreadyGiven as error:
        form.instead.errors = [say(error)]
        return _sheet(evening_id, found, form), error.status
    except (BadInput, NotCheckedIn) as error:
        return _sheet(evening_id, found, form, refusal=error), error.status
    flash(_("Het formulier van stoel %(n)s is bewaard.", n=found.number))
    if wrong_sum:
        flash(_("Het papier was fout opgeteld. Dat is erbij geschreven."))
    return redirect(url_for("divide.own_paper", evening_id=evening_id))


@views.get("/avond/<int:evening_id>/verdelen/formulieren")
@staff(*HOSTS, area_of=area_of_evening)
def own_forms(evening_id: int) -> ResponseReturnValue:
    """Show a form per seat to print, on which somebody divides the pot."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        # Who stands on the floor gives figures there, but divides the pot on paper.
        printed = forms_to_print(session, evening, with_floor=True)
        can_give = sheet(session, evening)
    return page(
        "divide/own_forms.html", evening=evening, printed=printed, sheet=can_give,
        seats=printed.seats if can_give.asked else [],
    ), printed.status  # fmt: skip


def _seat(evening_id: int, number: int) -> SeatFacts | None:
    with reading() as session:
        round_id = queries.evening_facts(session, evening_id=evening_id).round_id
        return seat_by_number(session, round_id=round_id, number=number)


def _ask(evening_id: int, asked: PaperSeatForm) -> str:
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        can_give = sheet(session, evening)
        return page(
            "divide/own_paper.html",
            evening=evening,
            asked=asked,
            sheet=can_give,
            room=own_room(session, evening, can_give),
        )


def _sheet(
    evening_id: int, found: SeatFacts, form: OwnPaperForm | None = None, refusal: Broken | None = None
) -> str:
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        can_give = sheet(session, evening)
        return page(
            "divide/own_paper_seat.html",
            evening=evening,
            seat=found,
            sheet=can_give,
            involved=can_give.own(found.id),
            present=found.id in queries.present_seats(session, evening_id=evening_id),
            known=own_division(session, evening_id=evening_id, seat_id=found.id),
            form=form or own_form(can_give.titles, paper=True)(formdata=None),
            refusal=say(refusal) if refusal else None,
        )
