"""Everybody divides the pot on a phone; the facilitator stops it and lets the amounts be worked out."""

import re

from flask import Response, flash, g, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pb.core.errors import BadInput
from pb.divide.actions import hand_in, propose
from pb.divide.own_panes import CLOSE, own_room
from pb.divide.own_sheet import sheet
from pb.divide.paper_forms import OwnForm, own_form
from pb.divide.rules.own import (
    AlreadyGiven,
    NobodyDivided,
    OwnDivisionsClosed,
    UnreadableShares,
    wrong_shares,
)
from pb.divide.views.base import views
from pb.evening import queries
from pb.evening.rules.score import NotJson, TooFast
from pb.evening.views.base import HOSTS
from pb.evening.views.card import my_device
from pb.evening.views.console import show_console
from pb.evening.views.my_seat import has_seat, my_seat
from pb.evening.views.phone import phone
from pb.people.login import my_name_for_the_journal
from pb.store import journal
from pb.web.clock import now
from pb.web.doors import checked, staff
from pb.web.errors import ForeignPage
from pb.web.limits import Limit
from pb.web.say import say
from pb.web.transaction import reading, writing

messages = Limit(most=60, seconds=10)
MOST_PLANS = 1000
_NUMBER = re.compile(r"[0-9]{1,9}")


@views.post("/avond/<int:evening_id>/mijn-verdeling")
@checked("a phone that was bound with a card", has_seat)
def divide_myself(evening_id: int) -> ResponseReturnValue:
    """Keep how this seat would divide the pot, as a script sends it; answer only when it is stored."""
    n, shares, instead_of = _from_json()
    _not_too_fast()
    with writing() as session:
        seat_id = my_seat(session, evening_id)
        kept = hand_in(
            session, evening_id=evening_id, seat_id=seat_id, shares=shares, n=n, instead_of=instead_of,
            who=journal.seat(seat_id), now=now(),
        )  # fmt: skip
    return jsonify(status="stored" if kept.stored else "overtaken", n=kept.n, receipt=kept.receipt)


@views.post("/avond/<int:evening_id>/mijn-verdeling-formulier")
@checked("a phone that was bound with a card", has_seat)
def divide_by_form(evening_id: int) -> ResponseReturnValue:
    """Keep the same from a phone without script; what is wrong is said at its field."""
    _not_too_fast()
    with reading() as session:
        can_give = sheet(session, queries.evening_facts(session, evening_id=evening_id))
        involved = can_give.own(my_seat(session, evening_id))
    form = own_form(can_give.titles)()
    right = form.validate()
    wrong = wrong_shares(form.shares(), can_give.limits, involved)
    for plan_id, error in wrong.items():
        form.amount_of(plan_id).errors = [say(error)]
    if can_give.open and (wrong or not right):
        return _again(evening_id, 422, form)
    try:
        with writing() as session:
            seat_id = my_seat(session, evening_id)
            hand_in(
                session, evening_id=evening_id, seat_id=seat_id, shares=form.shares(),
                instead_of=form.instead.data, who=journal.seat(seat_id), now=now(),
            )  # fmt: skip
    except OwnDivisionsClosed as error:
        flash(say(error))
        return _again(evening_id, error.status)
    except AlreadyGiven as error:
        g.own_ask_error = say(error)
        return _again(evening_id, error.status, form)
    except BadInput as error:
        g.own_error = say(error)
        return _again(evening_id, error.status, form)
    return redirect(url_for("evening.phone", evening_id=evening_id))


@views.post("/avond/<int:evening_id>/verdelen/sluit")
@staff(*HOSTS, area_of=queries.area_of_evening)
def close_own(evening_id: int) -> ResponseReturnValue:
    """Stop taking own divisions and work out the amounts; ask first when somebody divided nothing."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        can_give = sheet(session, evening)
        room = own_room(session, evening, can_give)
    if can_give.open and room.must_ask and not request.form.get("seen"):
        return redirect(url_for("evening.console", evening_id=evening_id, vraag=CLOSE))
    try:
        with writing() as session:
            propose(session, evening_id=evening_id, close_own=True, who=my_name_for_the_journal(), now=now())
    except NobodyDivided as error:
        g.own_refusal = say(error)
        return show_console(evening_id), error.status
    return redirect(url_for("evening.console", evening_id=evening_id))


def _again(evening_id: int, status: int, form: OwnForm | None = None) -> Response:
    """Show the page of the seat, with what was typed."""
    g.own_form = form
    answer = make_response(phone(evening_id))
    answer.status_code = status
    return answer


def _from_json() -> tuple[int, dict[int, int], int | None]:
    """Read ``{"n": 3, "shares": {"12": 250000}}``, cents per plan id, and perhaps ``"instead"``: a number.

    Raises: NotJson, UnreadableShares.
    """
    if request.mimetype != "application/json":
        raise NotJson()
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise ForeignPage()
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise NotJson()
    n, shares, instead_of = found.get("n"), found.get("shares"), found.get("instead")
    if type(n) is not int or not isinstance(shares, dict) or len(shares) > MOST_PLANS:
        raise UnreadableShares()
    if instead_of is not None and type(instead_of) is not int:
        raise UnreadableShares()
    if any(type(cents) is not int or not _NUMBER.fullmatch(plan) for plan, cents in shares.items()):
        raise UnreadableShares()
    return n, {int(plan): cents for plan, cents in shares.items()}, instead_of


def _not_too_fast() -> None:
    if not messages.take(my_device()):
        raise TooFast(wait_seconds=int(messages.seconds))
