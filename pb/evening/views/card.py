"""Your card: the only key to a seat. Looking never binds a phone; a button does."""

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from pb.core.codes import read_code
from pb.core.errors import BadInput, Broken
from pb.evening import queries
from pb.evening.actions import joining
from pb.evening.forms.card import CardForm
from pb.evening.rules.score import NotCheckedIn, TooFast
from pb.evening.rules.steps import EveningOver, Stage
from pb.evening.views.base import settings, views
from pb.panel.queries import SeatFacts, seat_by_code, seat_by_token
from pb.panel.rules.cards import code_lookup, read_token, token_sha256
from pb.rounds.queries import round_facts
from pb.web.clock import now
from pb.web.doors import public
from pb.web.limits import Limit
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

SEAT_COOKIE = "seat"
COOKIE_LIVES_SECONDS = 24 * 3600
# Only failures count, and a scanned card is never slowed down: forty phones share one address.
wrong_codes = Limit(most=60, seconds=600)


class UnknownCard(BadInput):
    code = "evening.unknown-card"


class NoCardRead(Broken):
    """Say that this browser holds no card now: it was used, or cookies are refused."""

    code = "evening.no-card-read"


@views.get("/kaart")
@public("the page that the QR in the room and on the card opens; it gives no right by itself")
def card() -> ResponseReturnValue:
    """Ask for the card."""
    return page("evening/card.html", form=CardForm(formdata=None))


@views.post("/kaart")
@public("whoever holds a card")
def read_card() -> ResponseReturnValue:
    """Look up whose card this is, and ask whether it is right."""
    form = CardForm()
    try:
        by, kept = _card_read(form.token.data or "", form.code.data or "")
    except Broken as error:
        form.code.errors = [say(error)]
        return page("evening/card.html", form=form), error.status
    # Only hashes, as in the database: a new card for this seat makes them worthless.
    session["card"] = [by, kept]
    return redirect(url_for("evening.confirm_card"))


@views.get("/kaart/klopt-dat")
@public("shows the seat of the card that was just read")
def confirm_card() -> ResponseReturnValue:
    """Ask: is this your seat?"""
    return _confirm(None)


@views.post("/kaart/klopt-dat")
@public("binds this phone to the seat of the card that was just read")
def sit_down() -> ResponseReturnValue:
    """Let this phone stand for the seat."""
    found, evening_id = _card_in_hand()
    if evening_id is None:
        return redirect(url_for("evening.confirm_card"))
    try:
        with writing() as db:
            token = joining.sit_down(db, evening_id=evening_id, seat_id=found.id, now=now())
    except (NotCheckedIn, EveningOver) as error:
        return _confirm(error), error.status
    session.pop("card", None)
    response = redirect(url_for("evening.phone", evening_id=evening_id))
    response.set_cookie(
        SEAT_COOKIE,
        token,
        max_age=COOKIE_LIVES_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings().https,
    )
    return response


def _card_read(token: str, code: str) -> tuple[str, str]:
    if token:
        kept = token_sha256(read_token(token))
        return "token", _known("token", kept)
    _slow_down_guessing()
    address = request.remote_addr or ""
    wrong_codes.count(address)
    kept = _known("code", code_lookup(settings().card_key.encode(), read_code(code)))
    wrong_codes.forgive(address)
    return "code", kept


def _known(by: str, kept: str) -> str:
    if _seat_of(by, kept) is None:
        raise UnknownCard()
    return kept


def _seat_of(by: str, kept: str) -> SeatFacts | None:
    with reading() as db:
        return seat_by_token(db, token_sha256=kept) if by == "token" else seat_by_code(db, code_hmac=kept)


def _slow_down_guessing() -> None:
    if not current_app.testing and wrong_codes.reached(request.remote_addr or ""):
        raise TooFast(wait_seconds=int(wrong_codes.seconds))


def _card_in_hand() -> tuple[SeatFacts, int | None]:
    held = session.get("card")
    found = _seat_of(held[0], held[1]) if isinstance(held, list) and len(held) == 2 else None
    if found is None:
        raise NoCardRead()
    with reading() as db:
        return found, queries.running_evening(db, round_id=found.round_id)


def _confirm(error: Broken | None) -> str:
    found, evening_id = _card_in_hand()
    with reading() as db:
        facts = round_facts(db, round_id=found.round_id)
        evening = queries.evening_facts(db, evening_id=evening_id) if evening_id else None
        taken = evening_id is not None and found.id in queries.seats_with_phone(db, evening_id=evening_id)
    return page(
        "evening/confirm_card.html",
        seat=found,
        round=facts,
        evening=evening,
        taken=taken,
        over=evening is not None and evening.stage is Stage.DONE,
        refusal=say(error) if error else None,
    )
