"""Your card: the only key to a seat. Looking never binds a phone; a button does."""

from dataclasses import dataclass

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from pb.core.codes import read_code
from pb.core.errors import BadInput, Broken
from pb.evening import queries
from pb.evening.actions import taking_over
from pb.evening.actions.joining import device_sha256, new_secret
from pb.evening.forms.card import CardForm
from pb.evening.queries.phones import Held, held_by
from pb.evening.queries.requests import must_ask
from pb.evening.rules.score import NotCheckedIn
from pb.evening.rules.seats import NoSeatHere, TooManyCodes
from pb.evening.rules.steps import EveningOver, Stage
from pb.evening.views.base import settings, views
from pb.panel.queries import SeatFacts, seat_by_code, seat_by_token
from pb.panel.rules.cards import code_lookup, read_card_text, read_token, token_sha256
from pb.rounds.queries import round_facts
from pb.web.clock import now
from pb.web.doors import public
from pb.web.limits import Limit, visitor_counted_as
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

SEAT_COOKIE = "seat"
COOKIE_LIVES_SECONDS = 24 * 3600
# Only failures count, and a scanned card is never slowed down. A whole room shares one address, so one fool
# stops one browser; whoever throws the cookie away each time meets the bound of the address, with which
# guessing stays hopeless: 3,000 of 2^45 codes in ten minutes.
wrong_codes = Limit(most=60, seconds=600)
wrong_codes_of_address = Limit(most=3_000, seconds=600)


class UnknownCard(BadInput):
    code = "evening.unknown-card"


class NoCardRead(Broken):
    """Say that this browser holds no card now: it was used, or cookies are refused."""

    code = "evening.no-card-read"


@dataclass(frozen=True)
class CardInHand:
    """The card that this browser just read; ``secret`` becomes the phone's own once it sits down."""

    seat: SeatFacts
    evening_id: int | None
    secret: str


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
        by, kept = card_read(form.token.data or "", form.code.data or "")
    except Broken as error:
        form.code.errors = [say(error)]
        return page("evening/card.html", form=form), error.status
    # Only hashes, as in the database: a new card for this seat makes them worthless. The secret is this
    # browser's own, made now so that pressing the next button twice takes one seat.
    session["card"] = [by, kept, new_secret()]
    return redirect(url_for("evening.confirm_card"))


@views.get("/kaart/klopt-dat")
@public("shows the seat of the card that was just read")
def confirm_card() -> ResponseReturnValue:
    """Ask: is this your seat?"""
    held = _card_in_hand()
    if held.evening_id is not None and _sits_already(held):
        # The same card on the same phone: there is nothing to ask.
        return redirect(url_for("evening.phone", evening_id=held.evening_id))
    return _confirm(held, None)


@views.post("/kaart/klopt-dat")
@public("binds this phone to the seat of the card that was just read, or asks the host")
def sit_down() -> ResponseReturnValue:
    """Let this phone stand for the seat."""
    try:
        held = _card_in_hand()
    except NoCardRead:
        # Pressed twice: the first press used the card.
        mine = _mine()
        if mine is None:
            raise
        return redirect(_place_of(mine))
    if held.evening_id is None or _sits_already(held):
        return redirect(url_for("evening.confirm_card"))
    try:
        with writing() as db:
            sits = taking_over.take_seat(
                db,
                evening_id=held.evening_id,
                seat_id=held.seat.id,
                device_sha256=device_sha256(held.secret),
                held_sha256=my_device(),
                now=now(),
            )
    except (NotCheckedIn, EveningOver) as error:
        return _confirm(held, error), error.status
    except NoSeatHere:
        session.pop("card", None)
        raise
    session.pop("card", None)
    endpoint = "evening.phone" if sits else "evening.waiting"
    response = redirect(url_for(endpoint, evening_id=held.evening_id))
    response.set_cookie(
        SEAT_COOKIE,
        held.secret,
        max_age=COOKIE_LIVES_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings().https,
    )
    return response


def forget_phone(response: Response) -> Response:
    """Take the phone's secret out of its browser."""
    response.delete_cookie(SEAT_COOKIE, httponly=True, samesite="Lax", secure=settings().https)
    return response


def my_device() -> str:
    """Give the hash of the secret that this browser holds."""
    return device_sha256(request.cookies.get(SEAT_COOKIE, "")[:100])


def card_read(token: str, code: str) -> tuple[str, str]:
    """Find how a card is known, by its scanned token or its typed code, and the hash it is known by.

    Raises: UnknownCard, TooManyCodes after too many wrong codes, and the refusals of what was typed.
    """
    if "://" in code:
        # A scanner that types puts in what the QR code says.
        return "token", _known("token", token_sha256(read_card_text(code, settings().base_url)))
    if token:
        return "token", _known("token", token_sha256(read_token(token)))
    counts = _counts_of_wrong_codes()
    if not current_app.testing and any(limit.reached(key) for limit, key in counts):
        raise TooManyCodes(wait_seconds=int(wrong_codes.seconds))
    for limit, key in counts:
        limit.count(key)
    kept = _known("code", code_lookup(settings().card_key.encode(), read_code(code)))
    for limit, key in counts:
        limit.forgive(key)
    return "code", kept


def seat_of_card(by: str, kept: str) -> SeatFacts | None:
    """Find the seat of a card."""
    with reading() as db:
        return seat_by_token(db, token_sha256=kept) if by == "token" else seat_by_code(db, code_hmac=kept)


def _known(by: str, kept: str) -> str:
    if seat_of_card(by, kept) is None:
        raise UnknownCard()
    return kept


def _counts_of_wrong_codes() -> list[tuple[Limit, str]]:
    # No form is taken without this token, so every browser that types a code has one of its own.
    return [
        (wrong_codes, str(session.get("csrf_token", ""))),
        (wrong_codes_of_address, visitor_counted_as()),
    ]


def _card_in_hand() -> CardInHand:
    held = session.get("card")
    by, kept, secret = held if isinstance(held, list) and len(held) == 3 else ("", "", "")
    found = seat_of_card(by, kept) if by else None
    if found is None:
        raise NoCardRead()
    with reading() as db:
        return CardInHand(found, queries.running_evening(db, round_id=found.round_id), secret)


def _mine() -> Held | None:
    with reading() as db:
        return held_by(db, token_sha256=my_device())


def _sits_already(held: CardInHand) -> bool:
    mine = _mine()
    return (
        mine is not None
        and not mine.asks
        and (mine.evening_id, mine.seat_id) == (held.evening_id, held.seat.id)
    )


def _place_of(mine: Held) -> str:
    return url_for("evening.waiting" if mine.asks else "evening.phone", evening_id=mine.evening_id)


def _confirm(held: CardInHand, error: Broken | None) -> str:
    evening_id = held.evening_id
    mine = _mine()
    with reading() as db:
        facts = round_facts(db, round_id=held.seat.round_id)
        evening = queries.evening_facts(db, evening_id=evening_id) if evening_id else None
        taken = evening_id is not None and held.seat.id in queries.seats_with_phone(db, evening_id=evening_id)
        asks = evening_id is not None and must_ask(db, evening_id=evening_id, seat_id=held.seat.id)
    return page(
        "evening/confirm_card.html",
        seat=held.seat,
        round=facts,
        evening=evening,
        taken=taken,
        asks=asks,
        leaves=mine if mine is not None and not mine.asks and mine.evening_id == evening_id else None,
        over=evening is not None and evening.stage is Stage.DONE,
        refusal=say(error) if error else None,
    )
