"""At the door: who is here, by number or by card."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.core.codes import read_code
from pb.core.errors import BadInput, NotFound
from pb.evening import queries
from pb.evening.actions import joining
from pb.evening.rules.steps import Stage
from pb.evening.views.base import HOSTS, settings, views
from pb.panel.queries import SeatFacts, seat_by_code, seat_by_number, seats
from pb.panel.rules.cards import code_lookup
from pb.people.login import my_name_for_the_journal
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing


@views.get("/avond/<int:evening_id>/deur")
@staff(*HOSTS, area_of=queries.area_of_evening)
def door(evening_id: int) -> ResponseReturnValue:
    """Show every seat, and who is here."""
    return _door(evening_id)


@views.post("/avond/<int:evening_id>/deur")
@staff(*HOSTS, area_of=queries.area_of_evening)
def check_in(evening_id: int) -> ResponseReturnValue:
    """Let a seat in, or note that it left."""
    inside = request.form.get("doe") != "uit"
    typed = request.form.get("stoel", "")[:40].replace("\0", "").strip()
    try:
        found = _find(evening_id, typed)
    except BadInput as error:
        return _door(evening_id, typed=typed, wrong=str(say(error))), 422
    if found is None:
        return _door(evening_id, typed=typed, wrong=_("Deze stoel is er niet in dit panel.")), 422
    with writing() as session:
        joining.check_in(
            session,
            evening_id=evening_id,
            seat_id=found.id,
            inside=inside,
            who=my_name_for_the_journal(),
            now=now(),
        )
    return redirect(url_for("evening.door", evening_id=evening_id, net=found.number))


def _find(evening_id: int, typed: str) -> SeatFacts | None:
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        if evening.stage is Stage.PREPARED:
            raise NotFound()
        if typed.isascii() and typed.isdigit() and len(typed) < 6:
            return seat_by_number(session, round_id=evening.round_id, number=int(typed))
        code = read_code(typed)
        found = seat_by_code(session, code_hmac=code_lookup(settings().card_key.encode(), code))
        return found if found is not None and found.round_id == evening.round_id else None


def _door(evening_id: int, typed: str = "", wrong: str = "") -> str:
    just = request.args.get("net", type=int)
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        known = seats(session, round_id=evening.round_id)
        present = queries.present_seats(session, evening_id=evening_id)
        return page(
            "evening/door.html",
            evening=evening,
            seats=known,
            present=present,
            phones=queries.seats_with_phone(session, evening_id=evening_id),
            typed=typed,
            wrong=wrong,
            just=just,
            gone=just is not None and not any(one.number == just and one.id in present for one in known),
        )
