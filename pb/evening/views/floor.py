"""On the floor: the facilitator walks along the figures and types how many people stand there."""

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.core.errors import Broken, NotFound
from pb.evening import queries
from pb.evening.actions.counting import count_floor
from pb.evening.forms.floor import FloorForm
from pb.evening.queries.today import divides_together
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.views.base import HOSTS, views
from pb.panel.queries import seats
from pb.people.login import my_name_for_the_journal
from pb.people.queries import names
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.errors import wants_json
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing


@views.get("/avond/<int:evening_id>/vloer")
@staff(*HOSTS, area_of=queries.area_of_evening)
def floor(evening_id: int) -> ResponseReturnValue:
    """Show a counter per figure for the plan that is open."""
    return _floor(evening_id)


@views.post("/avond/<int:evening_id>/vloer")
@staff(*HOSTS, area_of=queries.area_of_evening)
def count_heads(evening_id: int) -> ResponseReturnValue:
    """Keep what was counted."""
    form = FloorForm()
    if not form.validate():
        sentence = next(error for field in form.heads for error in field.errors)
        return (jsonify(text=sentence), 422) if wants_json() else (_floor(evening_id, form), 422)
    try:
        with writing() as session:
            count_floor(
                session, evening_id=evening_id, item_id=_item(form), counts=form.counts,
                who=my_name_for_the_journal(), now=now(),
            )  # fmt: skip
    except Broken as error:
        if wants_json() or isinstance(error, NotFound):
            raise
        return _floor(evening_id, form, refusal=error), error.status
    if wants_json():
        return jsonify(text=_("Bewaard."), counts=form.counts)
    flash(_("De telling is bewaard."))
    return redirect(url_for("evening.floor", evening_id=evening_id))


def _item(form: FloorForm) -> int:
    text = form.item.data or ""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound()
    return int(text)


def _floor(evening_id: int, form: FloorForm | None = None, refusal: Broken | None = None) -> str:
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        item = evening.current
        known = queries.floor_counts(session, evening_id=evening_id).get(item.id) if item else None
        on_floor = queries.floor_seats(session, evening_id=evening_id)
        may_count = (
            queries.floor_seats(session, evening_id=evening_id, item_id=item.id) if item else frozenset()
        )
        left = queries.whereabouts(session, evening_id=evening_id).left_floor_since(known.seq) if known else 0
        counter = names(session, {known.counted_by}) if known else {}
        no_phone = queries.without_phone(session, evening_id=evening_id)
        seats_of = seats(session, round_id=evening.round_id)
        together = divides_together(session, rule_set_id=evening.rule_set_id)
    if form is None:
        held = {f"heads_{figure}": count for figure, count in enumerate(known.counts, 1)} if known else {}
        form = FloorForm(formdata=None, data=held)
    elif refusal is not None:
        # A button that adds one is a step, not something typed: show what it would have become.
        for field, count in zip(form.heads, form.counts, strict=True):
            field.data, field.raw_data = count, None
    return page(
        "evening/floor.html",
        evening=evening,
        item=item,
        is_open=item is not None and item.scoring is Scoring.OPEN,
        over=evening.stage in (Stage.DECIDE, Stage.DIVIDE, Stage.DONE),
        form=form,
        known=known,
        counter=", ".join(counter.values()),
        on_floor=len(on_floor),
        people=len(may_count),
        not_here=sorted(one.number for one in seats_of if one.id in on_floor - may_count),
        left=left,
        no_phone=len(no_phone),
        together=together,
        refusal=say(refusal) if refusal else None,
        here=request.path,
    )
