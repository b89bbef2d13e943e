"""The facilitator's console: one glance, one button."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from pb.evening import live, queries
from pb.evening.actions import moving
from pb.evening.forms.console import StepForm
from pb.evening.panes import Surface
from pb.evening.rules.score import spread_of
from pb.evening.rules.steps import MovedMeanwhile
from pb.evening.views.base import HOSTS, screen_path, show, views
from pb.panel.queries import seats
from pb.people.login import my_name_for_the_journal
from pb.people.queries import names
from pb.web.clock import now
from pb.web.doors import public, staff
from pb.web.transaction import reading, writing


@views.get("/avond/<int:evening_id>/console")
@staff(*HOSTS, area_of=queries.area_of_evening)
def console(evening_id: int) -> ResponseReturnValue:
    """Show where the evening is, and the one button."""
    return show_console(evening_id)


@views.post("/avond/<int:evening_id>/volgende")
@staff(*HOSTS, area_of=queries.area_of_evening)
def press_next(evening_id: int) -> ResponseReturnValue:
    """Do what the button said, or say who was first."""
    form = StepForm()
    version = form.version.data or ""
    try:
        with writing() as session:
            moving.press_next(
                session,
                evening_id=evening_id,
                step=form.step.data or "",
                version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
                who=my_name_for_the_journal(),
                now=now(),
            )
    except MovedMeanwhile as error:
        # The console itself is the best answer: it shows where the evening is by now.
        return show_console(evening_id, moved=error), error.status
    return redirect(url_for("evening.console", evening_id=evening_id))


@views.get("/avond/<int:evening_id>/stand")
@public("two numbers that say whether a screen is out of date, and nothing else")
def state(evening_id: int) -> ResponseReturnValue:
    """Say whether anything changed; the same answer for every phone, from one read."""
    return live.state(evening_id)


def show_console(evening_id: int, moved: MovedMeanwhile | None = None) -> str:
    """Render the console as it is now."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        spreads = queries.spreads(session, evening_id=evening_id)
        present = queries.present_seats(session, evening_id=evening_id)
        known = seats(session, round_id=evening.round_id)
        movers = names(
            session, {int(str(moved.facts["moved_by"]))} if moved and moved.facts["moved_by"] else set()
        )
        item = evening.current
        spread = spreads.get(item.id, spread_of([])) if item else None
        may_score = (
            len(queries.eligible_seats(session, evening_id=evening_id, item_id=item.id)) if item else 0
        )
        return show(
            session,
            evening,
            Surface.CONSOLE,
            "evening/console.html",
            item=item,
            spread=spread,
            spreads=spreads,
            may_score=may_score,
            present=len(present),
            seated=len(known),
            screen=screen_path(evening_id),
            moved=moved,
            mover=", ".join(movers.values()),
            form=StepForm(formdata=None),
        )
