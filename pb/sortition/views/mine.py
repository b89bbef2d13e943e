"""One's own lot: the code in the draw, the chance, the numbers that would give a seat, and the outcome."""

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.inviting import queries as inviting
from pb.inviting.queries.answers import AnswerFacts
from pb.inviting.rules.appeal import Mode
from pb.inviting.views.mine import held_answer
from pb.panel.rules.origins import Origin
from pb.rounds.queries import round_facts
from pb.sortition.queries import draws as queries
from pb.sortition.rules.turns import compact
from pb.sortition.views.blueprint import views
from pb.sortition.views.proof import say_chance
from pb.web.clock import now, today
from pb.web.doors import public
from pb.web.pages import page
from pb.web.transaction import reading


@views.get("/mijn-loting")
@public("shows only the lot of whoever opened their own answer in this browser")
def mine() -> ResponseReturnValue:
    """Show somebody their own lot."""
    with reading() as session:
        held = held_answer(session)
        if held is None:
            return redirect(url_for("inviting.mine"))
        appeal = inviting.appeal(session, round_id=held.round_id)
        shown = _lot(session, held)
        return page(
            "sortition/mine.html",
            round=round_facts(session, round_id=held.round_id),
            appeal=appeal,
            answer=held,
            has_fixed_seat=appeal.mode is Mode.FIXED and held.origin is not Origin.LOT,
            takes_answers=appeal.takes_answers_on(today()),
            **shown,
        )


def _lot(session: Session, held: AnswerFacts) -> dict[str, Any]:
    """Find somebody's place in the draw that stands, once everyone may see it."""
    draw = queries.first_draw(session, round_id=held.round_id)
    nothing: dict[str, Any] = {"draw": None, "turns": (), "seat": None, "place": "nowhere"}
    if draw is None or draw.published_at is None:
        return nothing
    figures = queries.figures(session, draw)
    turns = figures.turns.get(held.code, ())
    return {
        "draw": draw,
        "name": figures.draw,
        "figures": figures,
        "place": _place(figures.invited, figures.left_out, held.code, known=held.code in figures.turns),
        "turns": compact(turns),
        "times": len(turns),
        "chance": say_chance(figures.chance(held.code)) if held.code in figures.turns else None,
        "is_in": draw.number in turns if draw.number is not None else False,
        "seat": queries.seat_of_answer(session, answer_id=held.id),
        "waits": draw.beacon_at > now(),
    }


def _place(invited: tuple[str, ...], left_out: frozenset[str], code: str, *, known: bool) -> str:
    if known:
        return "pool"
    if code in invited:
        return "seated"
    return "mate" if code in left_out else "nowhere"
