"""The phone: five large figures, one tap, an answer only once it is stored."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.core.errors import Broken, NotFound
from pb.evening import queries
from pb.evening.actions.scoring import Tap, take_positions
from pb.evening.panes import Surface
from pb.evening.queries.place import phone_place
from pb.evening.queries.snapshot import evening_snapshot
from pb.evening.rules.score import (
    DeviceReplaced,
    NotJson,
    ScoreOutOfRange,
    ScoreRequest,
    TooFast,
    check_form,
    read_request,
)
from pb.evening.rules.seats import NoSeatHere
from pb.evening.rules.seen import read_seen, write_seen
from pb.evening.views.base import settings, show, views
from pb.evening.views.card import SEAT_COOKIE, my_device
from pb.evening.views.offline import build
from pb.store.together import Together
from pb.web.clock import now
from pb.web.doors import checked
from pb.web.errors import ForeignPage
from pb.web.limits import Limit
from pb.web.say import say
from pb.web.transaction import reading, store

taps = Limit(most=60, seconds=2)
MOST_NUMBER = 2**31 - 1
writes = Together(take_positions)
OP_STEM = 20


def _has_seat(session: Session, arguments: Mapping[str, Any]) -> None:
    if _my_seat(session, arguments["evening_id"]) is None:
        raise NoSeatHere()


def _has_secret(_session: Session, arguments: Mapping[str, Any]) -> None:
    if not request.cookies.get(SEAT_COOKIE) or arguments["evening_id"] > MOST_NUMBER:
        raise NoSeatHere()


def _my_seat(session: Session, evening_id: int) -> tuple[int, bool] | None:
    if evening_id > MOST_NUMBER:
        return None
    return queries.device_seat(session, evening_id=evening_id, token_sha256=my_device())


@views.get("/avond/<int:evening_id>/stoel")
@checked("a phone with a secret; its seat is looked up together with the page", _has_secret)
def phone(evening_id: int) -> ResponseReturnValue:
    """Show what this seat can do now."""
    return _phone(evening_id, None)


@views.post("/avond/<int:evening_id>/cijfer")
@checked("a phone with a secret, which is looked up in the transaction of its tap", _has_secret)
def score(evening_id: int) -> ResponseReturnValue:
    """Store a tap, and answer only when it is stored."""
    try:
        asked = _from_json()
    except Broken:
        # Who stands for no seat learns nothing, not even what was wrong.
        with reading() as session:
            _has_seat(session, {"evening_id": evening_id})
        raise
    answer = _take(evening_id, asked)
    # The phone says later what it was told last; signed, so that it cannot say anything else.
    seen = write_seen(_key(), evening_id=evening_id, seq=answer["seq"])
    response: Response = jsonify({**answer, "seen": seen})
    return response


@views.post("/avond/<int:evening_id>/cijfer-formulier")
@checked("a phone with a secret, which is looked up in the transaction of its tap", _has_secret)
def score_by_form(evening_id: int) -> ResponseReturnValue:
    """Store a tap of a phone without script: the same write, by a plain form."""
    try:
        _take(evening_id, _from_form())
    except Broken as error:
        return _phone(evening_id, error), error.status
    return redirect(url_for("evening.phone", evening_id=evening_id))


def _from_json() -> ScoreRequest:
    if request.mimetype != "application/json" or request.headers.get("Content-Encoding"):
        raise NotJson()
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise ForeignPage()
    return read_request(request.get_data(cache=False))


def _from_form() -> ScoreRequest:
    typed = request.form.get("score", "")
    if typed not in ("1", "2", "3", "4", "5", "terug"):
        raise ScoreOutOfRange()
    made_with_page = request.form.get("op", "")
    # The page's own number with the figure behind it, so that a double press is one tap.
    op = f"{made_with_page}{typed[0]}_" if len(made_with_page) == OP_STEM else secrets.token_urlsafe(16)
    return check_form(
        op=op,
        item=request.form.get("item", ""),
        score=None if typed == "terug" else int(typed),
        v=request.form.get("v", ""),
    )


def _take(evening_id: int, asked: ScoreRequest) -> dict[str, Any]:
    device = my_device()
    if not taps.take(device):
        raise TooFast(wait_seconds=int(taps.seconds))
    seen = read_seen(_key(), evening_id=evening_id, text=request.headers.get("X-Seen", ""))
    tap = Tap(evening_id, device, asked, now(), seen=seen)
    try:
        return writes.write(store(), tap)
    except NotFound:
        # A phone that lost its seat keeps its taps; a plan of another evening is no such loss.
        with reading() as session:
            _has_seat(session, {"evening_id": evening_id})
        raise


def _key() -> bytes:
    return settings().secret_key.encode()


def _phone(evening_id: int, refusal: Broken | None) -> str:
    with reading() as session:
        if evening_id > MOST_NUMBER:
            raise NoSeatHere()
        evening = evening_snapshot(session, evening_id=evening_id)
        item = evening.current if evening else None
        mine = phone_place(
            session, evening_id=evening_id, token_sha256=my_device(), item_id=item.id if item else None
        )
        if evening is None or mine is None:
            raise NoSeatHere()
        if mine.replaced:
            raise DeviceReplaced()
        return show(
            session,
            evening,
            Surface.PHONE,
            "evening/phone.html",
            seat_id=mine.seat_id,
            item=item,
            mine=mine,
            build=build(),
            op=secrets.token_urlsafe(15),
            refusal=say(refusal) if refusal else None,
        )
