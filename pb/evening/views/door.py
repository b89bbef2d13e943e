"""At the door: who is here, and how they stand; by name, number, code or a scanned card."""

from flask import Response, flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pb.core.codes import read_code
from pb.core.errors import BadInput, NotFound
from pb.evening import queries
from pb.evening.actions import joining, taking_over, ways
from pb.evening.forms.door import CheckInForm, EveryoneForm, FreshCardForm, StandForm, StopPhoneForm
from pb.evening.queries import EveningFacts, PresenceFacts
from pb.evening.queries.guests import guests
from pb.evening.queries.requests import open_requests
from pb.evening.queries.today import divides_together
from pb.evening.rules.door import CardNotOfTonight, MoreFound, NobodyAsked, NobodyFound, fits, is_number
from pb.evening.rules.floor import ScoresWouldGo, Way, read_way
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.views.base import HOSTS, settings, views
from pb.panel.actions import new_card
from pb.panel.queries import SeatFacts, persons, seat, seat_by_code, seat_by_number, seat_by_token, seats
from pb.panel.rules.cards import code_lookup, read_card_text, token_sha256
from pb.people.login import my_name_for_the_journal
from pb.web.addresses import own_path
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.errors import wants_json
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
    form = CheckInForm()
    inside = form.doe.data != "uit" and not form.weg.data
    if not form.validate():
        return _again(evening_id, str(form.stoel.errors[0] if form.stoel.errors else ""))
    try:
        found = _find(evening_id, form)
    except BadInput as error:
        if wants_json():
            raise
        return _again(evening_id, str(say(error)))
    with writing() as session:
        before = queries.presences(session, evening_id=evening_id).get(found.id)
        joining.check_in(
            session, evening_id=evening_id, seat_id=found.id, inside=inside, who=my_name_for_the_journal(),
            now=now(),
        )  # fmt: skip
        current = queries.evening_facts(session, evening_id=evening_id).current
    scores_now = current is not None and current.scoring is Scoring.OPEN
    return _told(evening_id, _what_happened(found.number, before, inside, scores_now), found.number)


@views.post("/avond/<int:evening_id>/deur/staat")
@staff(*HOSTS, area_of=queries.area_of_evening)
def stand(evening_id: int) -> ResponseReturnValue:
    """Let a seat stand another way."""
    seat_id, _colon, text = (StandForm().staat.data or "").partition(":")
    way = read_way(text)
    with writing() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        found = seat(session, round_id=evening.round_id, seat_id=_whole(seat_id))
        lost = ways.stand(
            session, evening_id=evening_id, seat_id=found.id, way=way, who=my_name_for_the_journal(),
            now=now(),
        )  # fmt: skip
    told = {
        Way.PHONE: _("Stoel %(n)s geeft cijfers met een telefoon.", n=found.number),
        Way.FLOOR: _("Stoel %(n)s staat op de vloer.", n=found.number),
        Way.PAPER: _("Stoel %(n)s geeft cijfers op papier.", n=found.number),
    }[way]
    if lost is not None:
        gone = _("Het cijfer dat deze stoel dit plan al gaf, telt niet meer.")
        told = f"{told} {gone}"
    return _told(evening_id, told, found.number)


@views.post("/avond/<int:evening_id>/deur/vloer")
@staff(*HOSTS, area_of=queries.area_of_evening)
def all_on_floor(evening_id: int) -> ResponseReturnValue:
    """Let everyone stand on the floor, or everyone without a phone."""
    form = EveryoneForm()
    try:
        with writing() as session:
            moved = ways.everyone_on_the_floor(
                session, evening_id=evening_id, only_without_phone=form.wie.data != "iedereen",
                sure=form.zeker.data == "ja", who=my_name_for_the_journal(), now=now(),
            )  # fmt: skip
    except ScoresWouldGo as error:
        return _door(evening_id, asked=error), error.status
    if moved:
        flash(_("Op de vloer gezet: %(n)s.", n=moved))
    else:
        flash(_("Er hoefde niemand naar de vloer."))
    return redirect(own_path(request.form.get("next"), url_for("evening.door", evening_id=evening_id)))


@views.post("/avond/<int:evening_id>/deur/telefoon")
@staff(*HOSTS, area_of=queries.area_of_evening)
def stop_phone_at_door(evening_id: int) -> ResponseReturnValue:
    """Stop the phone of a seat: its battery is dead, or the tablet is to be used."""
    with writing() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        found = seat(session, round_id=evening.round_id, seat_id=_whole(StopPhoneForm().stop.data or ""))
        taking_over.stop_phone_of(
            session, evening_id=evening_id, seat_id=found.id, who=my_name_for_the_journal(), now=now()
        )
    told = _(
        "De telefoon van stoel %(n)s is gestopt. Een andere telefoon of de tablet kan nu.", n=found.number
    )
    return _told(evening_id, told, found.number)


@views.post("/avond/<int:evening_id>/deur/kaart")
@staff(*HOSTS, area_of=queries.area_of_evening)
def card_at_the_door(evening_id: int) -> ResponseReturnValue:
    """Make a new card for a seat in one press, and show it to print; the old one stops, a phone stays."""
    seat_id, _colon, serial = (FreshCardForm().nieuw.data or "").partition(":")
    with writing() as session:
        round_id = queries.evening_facts(session, evening_id=evening_id).round_id
        new_card(
            session, round_id=round_id, seat_id=_whole(seat_id), card_key=settings().card_key.encode(),
            who=my_name_for_the_journal(), now=now(), replaces=_whole(serial),
        )  # fmt: skip
    return redirect(url_for("panel.one_card", round_id=round_id, seat_id=_whole(seat_id)))


def _find(evening_id: int, form: CheckInForm) -> SeatFacts:
    """Find the seat that was tapped, typed or scanned. Raises: NotFound, BadInput."""
    typed = form.weg.data or form.stoel.data or ""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        if evening.stage is Stage.PREPARED:
            raise NotFound()
        if form.kaart.data or "://" in typed:
            # A scanner in the hand types what it reads.
            return _scanned(session, evening, form.kaart.data or typed)
        if is_number(typed):
            found = seat_by_number(session, round_id=evening.round_id, number=int(typed))
            if found is None:
                raise NobodyFound()
            return found
        return _by_code(session, evening, typed) or _by_name(session, evening, typed)


def _scanned(session: Session, evening: EveningFacts, text: str) -> SeatFacts:
    found = seat_by_token(session, token_sha256=token_sha256(read_card_text(text, settings().base_url)))
    if found is None or found.round_id != evening.round_id:
        raise CardNotOfTonight()
    return found


def _by_code(session: Session, evening: EveningFacts, typed: str) -> SeatFacts | None:
    """Find a seat by the code of its card; None for what can only be a name."""
    try:
        code = read_code(typed)
    except BadInput:
        if any(mark.isdigit() for mark in typed) and not _named(session, evening, typed):
            raise
        return None
    found = seat_by_code(session, code_hmac=code_lookup(settings().card_key.encode(), code))
    if found is not None and found.round_id == evening.round_id:
        return found
    # Ten letters may be a name as well as a code.
    if not _named(session, evening, typed):
        raise CardNotOfTonight()
    return None


def _by_name(session: Session, evening: EveningFacts, typed: str) -> SeatFacts:
    if not typed:
        raise NobodyAsked()
    found = _named(session, evening, typed)
    if not found:
        raise NobodyFound()
    if len(found) > 1:
        raise MoreFound(count=len(found))
    return found[0]


def _named(session: Session, evening: EveningFacts, typed: str) -> list[SeatFacts]:
    named = persons(session, round_id=evening.round_id)
    return [
        one
        for one in seats(session, round_id=evening.round_id)
        if one.id in named and fits(named[one.id].known_as, typed)
    ]


def _what_happened(number: int, before: PresenceFacts | None, inside: bool, scores_now: bool) -> str:
    was_inside = before is not None and before.left_at is None
    told: str
    if was_inside:
        told = _("Stoel %(n)s was al binnen.", n=number) if inside else _("Stoel %(n)s is weg.", n=number)
    elif not inside and before is None:
        told = _("Stoel %(n)s is nog niet binnen geweest.", n=number)
    elif not inside:
        told = _("Stoel %(n)s was al weg.", n=number)
    elif scores_now:
        told = _("Stoel %(n)s is binnen en kan meteen een cijfer geven.", n=number)
    elif before is not None:
        told = _("Stoel %(n)s is terug.", n=number)
    else:
        told = _("Stoel %(n)s is binnen.", n=number)
    return told


def _told(evening_id: int, text: str, number: int) -> ResponseReturnValue:
    """Say what happened: to the page's script, or on the page itself."""
    if wants_json():
        return jsonify(text=text, number=number)
    flash(text)
    back = f"{url_for('evening.door', evening_id=evening_id)}#stoel-{number}"
    return redirect(own_path(request.form.get("next"), back))


def _again(evening_id: int, wrong: str) -> ResponseReturnValue:
    return _door(evening_id, typed=request.form.get("stoel", "")[:300].replace("\0", ""), wrong=wrong), 422


def _door(evening_id: int, typed: str = "", wrong: str = "", asked: ScoresWouldGo | None = None) -> Response:
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        everyone = guests(session, evening_id=evening_id, round_id=evening.round_id)
        requests = open_requests(session, evening_id=evening_id)
        no_phone = queries.without_phone(session, evening_id=evening_id)
        together = divides_together(session, rule_set_id=evening.rule_set_id)
        new_cards = queries.new_cards_made(session, evening_id=evening_id)
    shown = [one for one in everyone if wrong and fits(one.name, typed)] or everyone
    answer = make_response(
        page(
            "evening/door.html",
            evening=evening,
            inside=[one for one in shown if one.inside],
            outside=[one for one in shown if one.presence is None],
            gone=[one for one in shown if one.presence and not one.inside],
            present=sum(1 for one in everyone if one.inside),
            seated=len(everyone),
            requests=requests,
            no_phone=len(no_phone),
            together=together,
            new_cards=new_cards,
            off_floor=sum(1 for one in everyone if one.inside and one.way is not Way.FLOOR),
            typed=typed,
            wrong=wrong,
            asked=say(asked) if asked else None,
            asked_of=request.form.get("wie", ""),
        )
    )
    # Only here does a page of ours look through a camera: at the cards.
    answer.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return answer


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound()
    return int(text)
