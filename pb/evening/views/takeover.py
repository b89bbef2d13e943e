"""A second phone for a seat: it shows a number, the host answers, and the first phone stops."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.core.errors import BadInput
from pb.evening import queries
from pb.evening.actions import taking_over
from pb.evening.queries.requests import request_of_phone
from pb.evening.rules.seats import NoSeatHere
from pb.evening.views.base import HOSTS, views
from pb.evening.views.card import forget_phone, my_device
from pb.panel.queries import seat
from pb.people.login import my_name_for_the_journal
from pb.web.addresses import own_path
from pb.web.clock import now
from pb.web.doors import checked, staff
from pb.web.pages import page, wants_pane
from pb.web.transaction import reading, writing

MOST_NUMBER = 2**31 - 1


class AnswerMissing(BadInput):
    """Ask for a yes or a no."""

    code = "evening.answer-missing"


def _asks_here(session: Session, arguments: Mapping[str, Any]) -> None:
    evening_id = arguments["evening_id"]
    if evening_id > MOST_NUMBER or not request_of_phone(
        session, evening_id=evening_id, token_sha256=my_device()
    ):
        raise NoSeatHere()


@views.get("/avond/<int:evening_id>/wacht")
@checked("a phone that asked for a seat", _asks_here)
def waiting(evening_id: int) -> ResponseReturnValue:
    """Show the number for the host, and go on by itself once there is an answer."""
    with reading() as session:
        asked = request_of_phone(session, evening_id=evening_id, token_sha256=my_device())
        if asked is None:
            raise NoSeatHere()
        evening = queries.evening_facts(session, evening_id=evening_id)
    if asked.granted:
        # Without a middle part the page loads itself anew, and then goes to its seat.
        return "" if wants_pane() else redirect(url_for("evening.phone", evening_id=evening_id))
    return page("evening/waiting.html", evening=evening, asked=asked)


@views.post("/avond/<int:evening_id>/verzoek/<int:request_id>")
@staff(*HOSTS, area_of=queries.area_of_evening)
def settle_request(evening_id: int, request_id: int) -> ResponseReturnValue:
    """Let a second phone take a seat, or not."""
    answer = request.form.get("answer", "")
    if answer not in ("ja", "nee"):
        raise AnswerMissing()
    with writing() as session:
        taking_over.settle_request(
            session,
            evening_id=evening_id,
            request_id=request_id,
            granted=answer == "ja",
            who=my_name_for_the_journal(),
            now=now(),
        )
    otherwise = url_for("evening.door", evening_id=evening_id)
    return redirect(own_path(request.form.get("next"), otherwise))


def _has_seat(session: Session, arguments: Mapping[str, Any]) -> None:
    evening_id = arguments["evening_id"]
    if evening_id > MOST_NUMBER or not queries.device_seat(
        session, evening_id=evening_id, token_sha256=my_device()
    ):
        raise NoSeatHere()


@views.get("/avond/<int:evening_id>/stop")
@checked("a phone that was bound with a card", _has_seat)
def stopping(evening_id: int) -> ResponseReturnValue:
    """Ask whether this phone should stop."""
    with reading() as session:
        mine = queries.device_seat(session, evening_id=evening_id, token_sha256=my_device())
        if mine is None:
            raise NoSeatHere()
        evening = queries.evening_facts(session, evening_id=evening_id)
        return page(
            "evening/stop.html",
            evening=evening,
            seat=seat(session, round_id=evening.round_id, seat_id=mine[0]),
        )


@views.post("/avond/<int:evening_id>/stop")
@checked("a phone that was bound with a card", _has_seat)
def stop_phone(evening_id: int) -> ResponseReturnValue:
    """Let this phone stand for its seat no longer, so that it can be given back."""
    with writing() as session:
        taking_over.stop_phone(session, evening_id=evening_id, device_sha256=my_device(), now=now())
    return forget_phone(redirect(url_for("evening.card", klaar=1)))
