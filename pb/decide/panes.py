"""What people see while the panel decides; no amounts anywhere."""

from typing import Any

from flask import g, request
from sqlalchemy.orm import Session

from pb.decide.forms import DecisionForm
from pb.decide.queries import ItemDecision, item_decisions, ties
from pb.evening.panes import Surface, hang
from pb.evening.queries import EveningFacts
from pb.evening.rules.steps import Stage


@hang(Stage.DECIDE, Surface.CONSOLE, "decide/_console.html")
def console(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Show the plan to decide on, with what the scores say and the way to differ."""
    found = item_decisions(session, evening=evening)
    asked = g.pop("decision_position", None) or request.args.get("plan", type=int)
    chosen = next((one for one in found if one.item.position == asked), None) or _first_open(found)
    form = g.pop("decision_form", None)
    if form is None and chosen is not None:
        form = DecisionForm(
            formdata=None,
            computed_yes=chosen.computed_yes,
            yes="nee" if chosen.computed_yes else "ja",
            way="consensus",
        )
    return {
        "decisions": found,
        "chosen": chosen,
        "decision_form": form,
        "ties": [] if chosen else ties(session, evening=evening),
    }


@hang(Stage.DECIDE, Surface.SCREEN, "decide/_screen.html")
def screen(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Show the room the plan that it decides on, and what is decided."""
    found = item_decisions(session, evening=evening)
    return {"decisions": found, "chosen": _first_open(found), "ties": ties(session, evening=evening)}


@hang(Stage.DECIDE, Surface.PHONE, "decide/_phone.html")
def phone(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Show on a phone what is decided so far."""
    return {"decisions": item_decisions(session, evening=evening)}


def _first_open(found: list[ItemDecision]) -> ItemDecision | None:
    return next((one for one in found if one.recorded is None), None)
