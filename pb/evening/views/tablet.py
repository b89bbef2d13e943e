"""The tablet that goes from hand to hand: a card, one figure, and nothing of it stays behind."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.core.errors import Broken, NotFound
from pb.evening import queries
from pb.evening.actions.at_the_table import check_turn, receipt_of, take_at_table
from pb.evening.forms.card import CardForm
from pb.evening.queries.phones import event_of_op
from pb.evening.rules.score import ScoreOutOfRange
from pb.evening.rules.seats import NotThisEvening, TurnOver
from pb.evening.rules.steps import EveningOver, Scoring, Stage
from pb.evening.rules.turn import Turn, check_age, new_turn, op_of, read_turn, write_turn
from pb.evening.views.base import settings, views
from pb.evening.views.card import card_read, seat_of_card
from pb.panel.queries import seat
from pb.web.clock import now
from pb.web.doors import checked, public
from pb.web.pages import page, wants_pane
from pb.web.say import say
from pb.web.transaction import reading, writing

RECEIPT_SECONDS = 20
MOST_NUMBER = 2**31 - 1
TURN = "turn"


@views.get("/avond/<int:evening_id>/tablet")
@public("a sign-post that asks for a card; it gives no right by itself")
def tablet(evening_id: int) -> ResponseReturnValue:
    """Ask for a card, for the plan that is open now; whoever had a turn on this tablet has it no longer."""
    if not wants_pane():
        session.pop(TURN, None)
    return _start(evening_id)


@views.post("/avond/<int:evening_id>/tablet")
@public("whoever holds a card")
def take_tablet(evening_id: int) -> ResponseReturnValue:
    """Look up whose card this is, and let that seat choose one figure."""
    form = CardForm()
    try:
        turn = _begin(evening_id, form)
    except Broken as error:
        if error.status == 404:
            raise
        form.code.errors = [say(error)]
        return _start(evening_id, form=form), error.status
    # Its address opens nothing on another machine, nor on this one for whoever comes next.
    session[TURN] = turn.nonce
    return redirect(_address(turn), 303)


def _signed(_session: Session, arguments: Mapping[str, Any]) -> None:
    if read_turn(_key(), arguments["turn"]).evening_id != arguments["evening_id"]:
        raise NotFound()


@views.get("/avond/<int:evening_id>/tablet/<turn>")
@checked("whoever showed a card a moment ago; the address is signed for one figure", _signed)
def turn_at_tablet(evening_id: int, turn: str) -> ResponseReturnValue:
    """Show the five figures, or that the figure is received."""
    mine = read_turn(_key(), turn)
    with reading() as db:
        stored = event_of_op(db, evening_id=evening_id, op=op_of(_key(), mine))
        evening = queries.evening_facts(db, evening_id=evening_id)
        found = seat(db, round_id=evening.round_id, seat_id=mine.seat_id)
    if not _is_here(mine):
        return redirect(url_for("evening.tablet", evening_id=evening_id))
    if stored is not None:
        at, event_hash = stored
        if (now() - at).total_seconds() < RECEIPT_SECONDS:
            return page("evening/tablet_received.html", evening=evening, receipt=receipt_of(event_hash))
        return redirect(url_for("evening.tablet", evening_id=evening_id))
    item = next((one for one in evening.items if one.id == mine.item_id), None)
    if item is None or _is_over(mine):
        return redirect(url_for("evening.tablet", evening_id=evening_id))
    return page("evening/tablet_figures.html", evening=evening, item=item, seat=found, turn=turn)


@views.post("/avond/<int:evening_id>/tablet/<turn>")
@checked("whoever showed a card a moment ago; the address is signed for one figure", _signed)
def score_at_tablet(evening_id: int, turn: str) -> ResponseReturnValue:
    """Store the figure of this turn."""
    mine = read_turn(_key(), turn)
    try:
        if not _is_here(mine):
            raise TurnOver()
        _store(mine, request.form.get("score", ""))
    except Broken as error:
        if error.status == 404:
            raise
        return _start(evening_id, refusal=error), error.status
    return redirect(_address(mine), 303)


def _begin(evening_id: int, form: CardForm) -> Turn:
    with reading() as db:
        evening = queries.evening_facts(db, evening_id=_known(evening_id))
    if evening.stage is Stage.DONE:
        raise EveningOver()
    found = seat_of_card(*card_read(form.token.data or "", form.code.data or ""))
    if found is None or found.round_id != evening.round_id:
        raise NotThisEvening()
    item = evening.current
    if item is None:
        raise TurnOver()
    with reading() as db:
        check_turn(db, evening_id=evening_id, seat_id=found.id, item_id=item.id, v=item.scoring_version)
    return new_turn(
        evening_id=evening_id, seat_id=found.id, item_id=item.id, v=item.scoring_version,
        nonce=secrets.token_urlsafe(12), now=now(),
    )  # fmt: skip


def _store(turn: Turn, typed: str) -> None:
    if typed not in ("1", "2", "3", "4", "5"):
        raise ScoreOutOfRange()
    # A page that was sent twice finds its figure stored, however late; a new figure has to be in time.
    with reading() as db:
        stored = event_of_op(db, evening_id=turn.evening_id, op=op_of(_key(), turn))
    if stored is None:
        check_age(turn, now())
    with writing() as db:
        take_at_table(
            db,
            evening_id=turn.evening_id,
            seat_id=turn.seat_id,
            item_id=turn.item_id,
            v=turn.v,
            score=int(typed),
            op=op_of(_key(), turn),
            now=now(),
        )


def _start(evening_id: int, *, form: CardForm | None = None, refusal: Broken | None = None) -> str:
    with reading() as db:
        evening = queries.evening_facts(db, evening_id=_known(evening_id))
    item = evening.current
    return page(
        "evening/tablet.html",
        evening=evening,
        item=item if item is not None and item.scoring is Scoring.OPEN else None,
        form=form or CardForm(formdata=None),
        refusal=say(refusal) if refusal else None,
    )


def _known(evening_id: int) -> int:
    if evening_id > MOST_NUMBER:
        raise NotFound()
    return evening_id


def _is_here(turn: Turn) -> bool:
    """Say whether this turn began on this tablet, and nobody left it or began another since."""
    return bool(session.get(TURN) == turn.nonce)


def _is_over(turn: Turn) -> bool:
    try:
        check_age(turn, now())
    except TurnOver:
        return True
    return False


def _address(turn: Turn) -> str:
    return url_for("evening.turn_at_tablet", evening_id=turn.evening_id, turn=write_turn(_key(), turn))


def _key() -> bytes:
    return settings().secret_key.encode()
