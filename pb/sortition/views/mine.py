"""One's own lot: the lotcode, and of each draw the chance, the numbers and the outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.inviting import queries as inviting
from pb.inviting.queries.answers import AnswerFacts
from pb.inviting.rules.appeal import Mode
from pb.inviting.views.mine import held_answer, tell_lots_with
from pb.panel.rules.origins import Origin
from pb.rounds.queries import round_facts
from pb.sortition.actions.forgetting import seats_kept_until
from pb.sortition.queries import draws as queries
from pb.sortition.queries.draws import DrawFacts
from pb.sortition.queries.known import is_reachable
from pb.sortition.queries.steps import SeatNow, seats_now
from pb.sortition.rules.steps import EMPTY, Step
from pb.sortition.rules.turns import Figures, compact
from pb.sortition.views.blueprint import views
from pb.sortition.views.proof import Said, say_chance
from pb.web.clock import now, today
from pb.web.doors import public
from pb.web.pages import page
from pb.web.transaction import reading


@dataclass(frozen=True, slots=True)
class Lot:
    """One draw that somebody took part in. Shape: ``turns`` as people read them, 3 or 20–24."""

    draw: DrawFacts
    figures: Figures
    times: int
    turns: tuple[str, ...]
    chance: Said
    is_in: bool


@views.get("/mijn-loting")
@public("shows only the lot of whoever opened their own answer in this browser")
def mine() -> ResponseReturnValue:
    """Show somebody their own lot."""
    with reading() as session:
        held = held_answer(session)
        if held is None:
            return redirect(url_for("inviting.mine"))
        appeal = inviting.appeal(session, round_id=held.round_id)
        shown = _lots(session, held)
        seat = shown["seat"]
        told = current_app.extensions
        until = seats_kept_until(
            session, round_id=held.round_id, came=told["evenings_came"], to_come=told["evenings_to_come"]
        )
        evenings = [one for one in told["evenings_to_come"](session, held.round_id) if one.held_on >= today()]
        return page(
            "sortition/mine.html",
            round=round_facts(session, round_id=held.round_id),
            appeal=appeal,
            answer=held,
            has_fixed_seat=appeal.mode is Mode.FIXED and held.origin is not Origin.LOT,
            takes_answers=appeal.takes_answers_on(today()),
            evenings=evenings,
            over=until is not None and not evenings,
            stopped=seat is not None and has_stopped(seat),
            kept=seat is not None and is_reachable(session, seat_id=seat.id),
            kept_until=until,
            **shown,
        )


def _lots(session: Session, held: AnswerFacts) -> dict[str, Any]:
    """Find somebody's place in every draw that stands, once everyone may see it."""
    draw = queries.first_draw(session, round_id=held.round_id)
    if draw is None or draw.published_at is None:
        return {"draw": None, "lots": [], "seat": None, "place": "nowhere"}
    figures = queries.figures(session, draw)
    later = [
        one
        for one in queries.published_draws(session, round_id=held.round_id)
        if one.stands and one.id > draw.id and one.kind != queries.FIRST
    ]
    all_of_them = [_lot(one, queries.figures(session, one), held.code) for one in (draw, *later)]
    # Who stopped before the number was there has no chance any more.
    lots = [one for one in all_of_them if one and (held.counts or one.draw.number is not None)]
    seat = _seat(session, held)
    return {
        "draw": draw,
        "figures": figures,
        "place": _place(figures, held.code),
        "lots": lots,
        "seat": seat,
        "seat_lot": next((one for one in lots if seat and one.is_in and one.draw.id == seat.draw_id), None),
        "waits": draw.beacon_at > now(),
    }


def _lot(draw: DrawFacts, figures: Figures, code: str) -> Lot | None:
    if code not in figures.turns:
        return None
    turns = figures.turns[code]
    is_in = draw.number is not None and draw.number in turns
    return Lot(draw, figures, len(turns), compact(turns), say_chance(figures.chance(code)), is_in)


def _seat(session: Session, held: AnswerFacts) -> SeatNow | None:
    seats = seats_now(session, round_id=held.round_id)
    return next((seat for seat in seats if seat.answer_id == held.id), None)


def _place(figures: Figures, code: str) -> str:
    if code in figures.turns:
        return "pool"
    if code in figures.invited:
        return "seated"
    return "mate" if code in figures.left_out else "nowhere"


def lot_in_short(session: Session, held: AnswerFacts) -> Mapping[str, bool]:
    """Tell the page of the own answer how far the draw is, and whether a seat was lost."""
    draw = queries.first_draw(session, round_id=held.round_id)
    seat = _seat(session, held)
    return {
        "published": draw is not None and draw.published_at is not None,
        "seated": seat is not None,
        "stopped": seat is not None and has_stopped(seat),
        "kept": seat is not None and is_reachable(session, seat_id=seat.id),
        "seat_lost": seat is not None and (seat.gone_at is not None or seat.left or seat.state in EMPTY),
    }


def has_stopped(seat: SeatNow) -> bool:
    """Say whether this person gave up the seat, also when somebody else has it by now."""
    before = [line.what for line in seat.lines if line.what is not Step.REPLACED]
    return seat.left or (bool(before) and before[-1] is Step.WITHDRAWN)


tell_lots_with(lot_in_short)
