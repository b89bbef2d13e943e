"""What people see while the money is divided, and when the evening is done."""

from typing import Any

from flask import g
from sqlalchemy.orm import Session

from pb.decide.rules.panel_decides import Way
from pb.divide.fitting import size_of_outcome
from pb.divide.forms import AgreeForm, AmendForm
from pb.divide.own_panes import own_after, own_facts
from pb.divide.picture import YearBar, glasses, pot_bar
from pb.divide.queries import DivisionFacts, division
from pb.evening.panes import Surface, hang
from pb.evening.queries import EveningFacts, involved_seats, spent_cents
from pb.evening.rules.steps import Stage
from pb.rounds.queries import round_facts


def facts(session: Session, evening: EveningFacts, seat: int | None) -> dict[str, Any]:
    """Give the division with its pictures, or as long as there is none what people give themselves."""
    numbers = {item.plan.id: item.position for item in evening.items}
    found = division(session, evening_id=evening.id)
    if found is None:
        return {"division": None, "numbers": numbers, **own_facts(session, evening, seat)}
    return {
        "division": found,
        "picture": glasses(found, numbers),
        "slim": glasses(found, numbers, slim=True),
        "pot": pot_bar(found, numbers),
        "year": year_of(session, evening, found),
        "numbers": numbers,
        "ways": Way,
        "size": size_of_outcome(found) if evening.stage is Stage.DONE else "",
        "own_plans": _own_plans(session, evening, seat),
        **own_after(session, evening, seat, found),
    }


def console_facts(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Give what the console shows, with a form for each amount and one for what the panel says."""
    shown = facts(session, evening, None)
    refused_at, refused = g.pop("amend_form", (0, None))
    agreeing = g.pop("agree_form", None)
    if shown["division"] is None:
        return shown
    return shown | {
        "amend_forms": {
            item.plan.id: refused
            if item.position == refused_at
            else AmendForm(formdata=None, prefix=AmendForm.prefix_for(item.position))
            for item in evening.items
        },
        "amend_at": refused_at,
        "agree_form": agreeing or AgreeForm(formdata=None, way=Way.MAJORITY.value),
        "agreeing": agreeing is not None and agreeing.way.data != Way.CONSENSUS.value,
        "limits": _limits(shown["division"]),
    }


def _limits(found: DivisionFacts) -> dict[int, tuple[int, int]]:
    """Give between which amounts each plan can be changed, per plan id. Units: cents."""
    settled = {line.plan.id: line.amount_cents for line in found.lines if line.reason is not None}
    free = found.budget_cents - sum(settled.values())
    return {
        line.plan.id: (
            line.plan.least_cents,
            min(line.plan.ask_cents, found.cap_cents, free + settled.get(line.plan.id, 0)),
        )
        for line in found.lines
    }


def year_of(session: Session, evening: EveningFacts, found: DivisionFacts) -> YearBar:
    """Give the round's whole pot: what other evenings spent, what this one divides, what is left."""
    spent = spent_cents(session, round_ids=[evening.round_id]).get(evening.round_id, 0)
    if evening.stage is Stage.DONE:
        spent -= found.total_cents
    pot = round_facts(session, round_id=evening.round_id).pot_cents
    return YearBar(pot_cents=pot, spent_cents=spent, now_cents=found.total_cents)


def _own_plans(session: Session, evening: EveningFacts, seat: int | None) -> set[int]:
    if seat is None:
        return set()
    involved = involved_seats(session, evening_id=evening.id)
    return {item.plan.id for item in evening.items if seat in involved.get(item.id, ())}


for stage in (Stage.DIVIDE, Stage.DONE):
    hang(stage, Surface.CONSOLE, "divide/_console.html")(console_facts)
    hang(stage, Surface.SCREEN, "divide/_screen.html")(facts)
    hang(stage, Surface.PHONE, "divide/_phone.html")(facts)
