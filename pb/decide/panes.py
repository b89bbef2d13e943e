"""What people see while the panel decides; no amounts anywhere."""

from typing import Any

from flask import g, request
from sqlalchemy.orm import Session

from pb.decide.forms import DecisionForm
from pb.decide.queries import ItemDecision, item_decisions, ties
from pb.decide.rules.panel_decides import Way
from pb.evening.panes import Surface, hang
from pb.evening.queries import EveningFacts
from pb.evening.rules.steps import Stage
from pb.people.rules import Role
from pb.rounds.queries import area_of_round
from pb.web.doors import may

# Who may confirm a division later, unless they decided otherwise than the scores.
CONFIRMERS = (Role.AREA_MANAGER, Role.OFFICER)


@hang(Stage.DECIDE, Surface.CONSOLE, "decide/_console.html")
def console(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Show the plan to decide on, with what the scores say and the way to differ."""
    found = item_decisions(session, evening=evening)
    asked = g.pop("decision_position", None) or request.args.get("plan", type=int)
    chosen = next((one for one in found if one.item.position == asked), None) or _first_open(found)
    form = g.pop("decision_form", None)
    if form is None and chosen is not None:
        form = _form_for(chosen)
    return {
        "decisions": found,
        "chosen": chosen,
        "decision_form": form,
        "might_confirm": any(
            may(role, area_of_round(session, {"round_id": evening.round_id})) for role in CONFIRMERS
        ),
        "ties": [] if chosen else ties(session, evening=evening),
    }


@hang(Stage.DECIDE, Surface.SCREEN, "decide/_screen.html")
def screen(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Show the room the plan that it decides on, what it decided just now, and all that is decided."""
    found = item_decisions(session, evening=evening)
    return {
        "decisions": found,
        "chosen": _first_open(found),
        "latest": _latest(found),
        "ties": ties(session, evening=evening),
    }


@hang(Stage.DECIDE, Surface.PHONE, "decide/_phone.html")
def phone(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Show on a phone what is decided so far."""
    return {"decisions": item_decisions(session, evening=evening)}


def _form_for(chosen: ItemDecision) -> DecisionForm:
    """Give the form as it was recorded; else with what the scores say, and how it was decided left open."""
    stored = chosen.recorded
    if stored is None:
        return DecisionForm(
            formdata=None, computed_yes=chosen.computed_yes, yes="ja" if chosen.computed_yes else "nee"
        )
    return DecisionForm(
        formdata=None,
        computed_yes=chosen.computed_yes,
        yes="ja" if stored.yes else "nee",
        way=stored.way.value,
        reason=stored.reason,
        minority_view=stored.minority_view,
        no_minority_view=stored.way is Way.MAJORITY and not stored.minority_view,
    )


def _latest(found: list[ItemDecision]) -> ItemDecision | None:
    decided = [(one.recorded.at, one.item.position, one) for one in found if one.recorded is not None]
    return max(decided, key=lambda known: known[:2])[2] if decided else None


def _first_open(found: list[ItemDecision]) -> ItemDecision | None:
    return next((one for one in found if one.recorded is None), None)
