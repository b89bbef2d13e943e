"""The lot: what the room throws at the doors, typed in for everybody to see."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from pb.evening import queries
from pb.evening.actions.lot import throw_lot as keep_throw
from pb.evening.forms.lot import LotForm
from pb.evening.rules.lot import LotSettled
from pb.evening.views.base import HOSTS, views
from pb.evening.views.console import show_console
from pb.people.login import my_name_for_the_journal
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.transaction import writing


@views.post("/avond/<int:evening_id>/lot")
@staff(*HOSTS, area_of=queries.area_of_evening)
def throw_lot(evening_id: int) -> ResponseReturnValue:
    """Keep what was thrown, and show it to the room."""
    form = LotForm()
    if not form.validate_on_submit():
        return show_console(evening_id, lot=form), 422
    try:
        with writing() as session:
            keep_throw(
                session,
                evening_id=evening_id,
                typed=form.throw.data or "",
                who=my_name_for_the_journal(),
                now=now(),
            )
    except LotSettled as error:
        return show_console(evening_id, error), error.status
    return redirect(url_for("evening.console", evening_id=evening_id))
