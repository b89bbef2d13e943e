"""The public number, as two people type it over; and typing it for practice, which never counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.panel.views.blueprint import settings
from pb.people.login import my_account_id, my_name_for_the_journal
from pb.people.queries import names
from pb.people.rules import Role
from pb.rounds.queries import area_of_round, round_facts
from pb.sortition.actions import deciding
from pb.sortition.forms.drawing import PractiseForm, ValueForm
from pb.sortition.queries import draws as queries
from pb.sortition.queries.draws import DrawFacts
from pb.sortition.queries.readers import who_may
from pb.sortition.rules.beacon import number_from_beacon
from pb.sortition.rules.comparing import Part, beside, places_that_differ
from pb.sortition.rules.moments import (
    THROWS,
    DiceWrong,
    DrandRoundOther,
    DrandValueWrong,
    NumberSettled,
    Source,
    read_value,
)
from pb.sortition.views.blueprint import views
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.forms import LineField
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

# The chain of drand that gives a number each three seconds, by its own name.
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
READ_AT = ("https://api.drand.sh", "https://drand.cloudflare.com")
READERS = (Role.AREA_MANAGER, Role.FACILITATOR)
# A name that no draw has, so that what is thrown for practice chooses nothing.
PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Typed:
    """What one person typed, beside what others typed."""

    name: str
    is_mine: bool
    parts: tuple[Part, ...]


@views.route("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/getal", methods=["GET", "POST"])
@staff(*READERS, area_of=area_of_round)
def number(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Take the public number as one person reads it; a second person must read the same."""
    form = ValueForm()
    status = 200
    if form.validate_on_submit():
        try:
            with writing() as session:
                deciding.type_value(
                    session, round_id=round_id, draw_id=draw_id, typed=form.value.data or "",
                    who=my_name_for_the_journal(), now=now(),
                )  # fmt: skip
            return redirect(url_for("sortition.number", round_id=round_id, draw_id=draw_id))
        except (DrandValueWrong, DrandRoundOther, DiceWrong, NumberSettled) as wrong:
            form.value.errors = [say(wrong)]
            status = wrong.status
    elif form.is_submitted():
        status = 422
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        held = queries.draw(session, round_id=round_id, draw_id=draw_id)
        if held.published_at is None:
            raise NotFound()
        shown = reading_facts(session, held)
        others = who_may(session, roles=READERS, area_id=facts.area_id)
    typed = {one.read_by for one, _name in shown["readings"]}
    return page(
        "sortition/number.html",
        round=facts,
        form=form,
        may_decide=may(Role.AREA_MANAGER, facts.area_id),
        others=[name for account_id, name in others.items() if account_id not in typed],
        **shown,
    ), status


@views.route("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/oefenen", methods=["GET", "POST"])
@staff(*READERS, area_of=area_of_round)
def practise(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Let people throw and type for practice; nothing is kept, and it points at no panel of the draw."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        held = queries.published_draw(session, round_id=round_id, draw_id=draw_id)
    form = PractiseForm()
    values = _practised(form) if form.validate_on_submit() else []
    return page(
        "sortition/number_practice.html",
        round=facts,
        draw=held,
        form=form,
        typed=compared(Source.DICE, list(zip((_("Persoon 1"), _("Persoon 2")), values, strict=False))),
        differing=_differing(Source.DICE, values),
        number=number_from_beacon(values[0], PRACTICE, held.panels).number if values else None,
        throws=THROWS,
    ), 422 if form.is_submitted() and not values else 200


def reading_facts(session: Session, held: DrawFacts) -> dict[str, Any]:
    """Gather what pages show of a number that is being read."""
    found = queries.readings(session, draw_id=held.id)
    people = names(session, {one.read_by for one in found})
    mine = next((one for one in found if one.read_by == my_account_id()), None)
    values = [one.value for one in found]
    differs = len(set(values)) > 1
    return {
        "draw": held,
        "readings": [(one, people.get(one.read_by, "")) for one in found],
        "mine": mine,
        # What one person typed stays hidden from the other, until both typed.
        "typed": compared(held.source, [(people.get(one.read_by, ""), one.value) for one in found], mine)
        if differs
        else [],
        "differing": _differing(held.source, values),
        "waits": held.beacon_at > now(),
        "throws": THROWS,
        "number_url": settings().base_url
        + url_for("sortition.number", round_id=held.round_id, draw_id=held.id),
        "read_at": [f"{one}/{QUICKNET}/public/{held.beacon_round}" for one in READ_AT],
    }


def compared(
    source: Source, typed: Sequence[tuple[str, str]], mine: queries.Reading | None = None
) -> list[Typed]:
    """Lay numbers beside each other, with who typed them."""
    rows = beside(source, [value for _name, value in typed])
    return [
        Typed(name, mine is not None and value == mine.value, row)
        for (name, value), row in zip(typed, rows, strict=True)
    ]


def _differing(source: Source, values: Sequence[str]) -> tuple[int, ...]:
    return places_that_differ(beside(source, values))


def _practised(form: PractiseForm) -> list[str]:
    """Read both throws, or say at the field what is wrong."""
    found = []
    fields: tuple[LineField, ...] = (form.first, form.second)
    for field in fields:
        try:
            found.append(read_value(Source.DICE, field.data or ""))
        except DiceWrong as wrong:
            field.errors = [say(wrong)]
    return found if len(found) == len(fields) else []
