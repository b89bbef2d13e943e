"""Open a closed plan again: one person asks with a reason, another agrees on the console."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from pb.core.errors import Broken, NotFound
from pb.evening import queries
from pb.evening.actions.reopening import agree_reopening, ask_reopening, refuse_reopening
from pb.evening.forms.console import ReopeningForm
from pb.evening.queries.moves import decided_plans
from pb.evening.queries.reopenings import waiting_reopenings
from pb.evening.rules.reopening import AlreadyAsked, ClosedPlan, check_reopening
from pb.evening.rules.steps import Scoring
from pb.evening.views.base import HOSTS, views
from pb.evening.views.console import show_console
from pb.people.login import my_name_for_the_journal
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing


@views.get("/avond/<int:evening_id>/heropen/<int:position>")
@staff(*HOSTS, area_of=queries.area_of_evening)
def reopen(evening_id: int, position: int) -> ResponseReturnValue:
    """Ask why a closed plan must open again."""
    return _page(evening_id, position, ReopeningForm(formdata=None))


@views.post("/avond/<int:evening_id>/heropen/<int:position>")
@staff(*HOSTS, area_of=queries.area_of_evening)
def ask_to_reopen(evening_id: int, position: int) -> ResponseReturnValue:
    """Keep the request until another person answers it."""
    form = ReopeningForm()
    if not form.validate_on_submit():
        return _page(evening_id, position, form), 422
    try:
        with writing() as session:
            ask_reopening(
                session,
                evening_id=evening_id,
                position=position,
                reason=form.reason.data or "",
                who=my_name_for_the_journal(),
                now=now(),
            )
    except AlreadyAsked as error:
        form.reason.errors = [say(error)]
        return _page(evening_id, position, form), error.status
    return redirect(url_for("evening.console", evening_id=evening_id))


@views.post("/avond/<int:evening_id>/heropen/<int:position>/antwoord")
@staff(*HOSTS, area_of=queries.area_of_evening)
def answer_reopening(evening_id: int, position: int) -> ResponseReturnValue:
    """Let the second person agree, or let anybody say no."""
    asked = request.form.get("verzoek", "")[:10]
    if not (asked.isascii() and asked.isdigit()):
        raise NotFound()
    answer = agree_reopening if request.form.get("doe") == "ja" else refuse_reopening
    try:
        with writing() as session:
            answer(
                session,
                evening_id=evening_id,
                reopening_id=int(asked),
                who=my_name_for_the_journal(),
                now=now(),
            )
    except NotFound:
        raise
    except Broken as error:
        return show_console(evening_id, error), error.status
    return redirect(url_for("evening.console", evening_id=evening_id))


def _page(evening_id: int, position: int, form: ReopeningForm) -> str:
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        if not 1 <= position <= len(evening.items):
            raise NotFound()
        item = evening.item(position)
        check_reopening(
            ClosedPlan(
                evening.stage,
                item.scoring,
                item.plan.id in decided_plans(session, evening_id=evening_id),
                any(one.scoring is Scoring.OPEN for one in evening.items if one is not item),
            )
        )
        waiting = any(one.position == position for one in waiting_reopenings(session, evening_id=evening_id))
    return page("evening/reopen.html", evening=evening, item=item, form=form, waiting=waiting)
