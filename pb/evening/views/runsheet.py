"""The run sheet: what comes when, for how long, who gives no score, and how the evening goes."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.core.errors import NotFound
from pb.core.lot import lot_key
from pb.evening import queries
from pb.evening.actions import agenda, choosing, planning
from pb.evening.forms.runsheet import (
    ChoicesForm,
    InvolvedForm,
    PutOnForm,
    SeedForm,
    TypedMinutes,
    WifiForm,
    read_minutes,
)
from pb.evening.queries import EveningFacts
from pb.evening.rules.agenda import Reason, lot_name
from pb.evening.rules.steps import Scoring
from pb.evening.views.base import HOSTS, views
from pb.panel.queries import seat_by_number
from pb.people.login import my_name_for_the_journal
from pb.plans.queries import PlanFacts, ready_plans
from pb.rounds.queries import round_facts
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.forms import Choice, Form
from pb.web.pages import page
from pb.web.transaction import reading, writing


@views.get("/avond/<int:evening_id>/draaiboek")
@staff(*HOSTS, area_of=queries.area_of_evening)
def runsheet(evening_id: int) -> ResponseReturnValue:
    """Show the run sheet, with everything on it that may still change."""
    return _sheet(evening_id)


@views.post("/avond/<int:evening_id>/draaiboek/agenda")
@staff(*HOSTS, area_of=queries.area_of_evening)
def change_agenda(evening_id: int) -> ResponseReturnValue:
    """Keep the minutes, and do what the button said: put a plan elsewhere, or off, or let a seat score."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
    minutes = read_minutes(request.form, [item.id for item in evening.items])
    if minutes.wrong:
        return _sheet(evening_id, minutes=minutes), 422
    do, item_id, other = _pressed()
    here: dict[str, Any] = {"evening_id": evening_id, "who": my_name_for_the_journal(), "now": now()}
    with writing() as session:
        agenda.set_minutes(session, minutes=minutes.minutes, **here)
        if do == "zet":
            agenda.place_item(session, item_id=item_id, to=other, **here)
        elif do == "af":
            agenda.take_off(session, item_id=item_id, **here)
        elif do == "mag":
            position = _position(evening, item_id)
            planning.involve(session, position=position, seat_id=other, involved=False, **here)
    if do == "af":
        flash(_("Het plan is van de agenda. Het is weer klaar voor een andere avond."))
    elif do != "zet":
        flash(_("Bewaard."))
    return _back(evening_id, f"plan-{item_id}" if do in ("zet", "mag") else "")


@views.post("/avond/<int:evening_id>/draaiboek/lot")
@staff(*HOSTS, area_of=queries.area_of_evening)
def draw_agenda(evening_id: int) -> ResponseReturnValue:
    """Let a lot put the agenda in order."""
    form = SeedForm(prefix="lot-")
    if not form.validate_on_submit():
        return _sheet(evening_id, seed=form), 422
    with writing() as session:
        agenda.draw_order(
            session,
            evening_id=evening_id,
            seed=form.seed.data or "",
            who=my_name_for_the_journal(),
            now=now(),
        )
    flash(_("Het lot is getrokken. Dit is de volgorde."))
    return _back(evening_id)


@views.post("/avond/<int:evening_id>/draaiboek/erbij")
@staff(*HOSTS, area_of=queries.area_of_evening)
def put_on(evening_id: int) -> ResponseReturnValue:
    """Put one more plan on the agenda."""
    form = PutOnForm(prefix="erbij-")
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        ready = {str(plan.id): plan for plan in ready_plans(session, round_id=evening.round_id)}
    chosen = ready.get(form.plan.data or "")
    if chosen is None:
        form.plan.errors = [_("Kies een plan uit de lijst. Misschien staat dit plan al op een agenda.")]
        return _sheet(evening_id, more=form), 422
    with writing() as session:
        agenda.put_on(
            session, evening_id=evening_id, plan_id=chosen.id, who=my_name_for_the_journal(), now=now()
        )
    flash(_("Het plan staat onderaan op de agenda."))
    return _back(evening_id)


@views.post("/avond/<int:evening_id>/betrokken")
@staff(*HOSTS, area_of=queries.area_of_evening)
def involve(evening_id: int) -> ResponseReturnValue:
    """Mark that a seat is involved in a plan, and why."""
    form = InvolvedForm()
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        valid = form.validate_on_submit()
        number = form.number.data
        seat = seat_by_number(session, round_id=evening.round_id, number=number) if valid else None
    item = next((one for one in evening.items if str(one.id) == form.plan.data), None)
    if item is None:
        form.plan.errors = [_("Dit plan staat niet op de agenda. Kies een plan uit de lijst.")]
    if valid and seat is None:
        form.number.errors = [_("Deze stoel is er niet in dit panel.")]
    if item is None or seat is None:
        return _sheet(evening_id, involved=form), 422
    with writing() as session:
        stood = queries.stands(session, item_id=item.id, seat_id=seat.id)
        changed = planning.involve(
            session, evening_id=evening_id, position=item.position, seat_id=seat.id, involved=True,
            reason=Reason(form.reason.data), who=my_name_for_the_journal(), now=now(),
        )  # fmt: skip
        lost = stood and not queries.stands(session, item_id=item.id, seat_id=seat.id)
    flash(
        _("Stoel %(n)s staat nu bij het plan ‘%(title)s’.", n=seat.number, title=item.plan.title)
        if changed
        else _("Stoel %(n)s stond al bij het plan ‘%(title)s’.", n=seat.number, title=item.plan.title)
    )
    if lost:
        flash(_("Het cijfer dat deze stoel dit plan al gaf, telt niet meer."))
    return _back(evening_id, f"plan-{item.id}")


@views.post("/avond/<int:evening_id>/draaiboek/keuzes")
@staff(*HOSTS, area_of=queries.area_of_evening)
def choose(evening_id: int) -> ResponseReturnValue:
    """Choose how the evening goes."""
    form = ChoicesForm(prefix="keuze-")
    form.validate_on_submit()
    with writing() as session:
        choosing.choose(
            session, evening_id=evening_id, choices=form.choices(), who=my_name_for_the_journal(), now=now()
        )
    flash(_("Bewaard."))
    return _back(evening_id, "keuzes")


@views.post("/avond/<int:evening_id>/draaiboek/wifi")
@staff(*HOSTS, area_of=queries.area_of_evening)
def tell_wifi(evening_id: int) -> ResponseReturnValue:
    """Keep the Wi-Fi of the hall."""
    form = WifiForm(prefix="wifi-")
    if not form.validate_on_submit():
        return _sheet(evening_id, wifi=form), 422
    with writing() as session:
        choosing.tell_wifi(
            session, evening_id=evening_id, name=form.name.data, password=form.password.data,
            who=my_name_for_the_journal(), now=now(),
        )  # fmt: skip
    flash(_("Bewaard."))
    return _back(evening_id, "wifi")


def _sheet(evening_id: int, minutes: TypedMinutes | None = None, **typed: Form) -> str:
    """Show the run sheet, with what was typed in one of its forms."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        ready = ready_plans(session, round_id=evening.round_id)
        return page(
            "evening/runsheet.html",
            evening=evening,
            round=round_facts(session, round_id=evening.round_id),
            involvements=queries.involvements(session, evening_id=evening_id),
            initiators=queries.initiator_seats(
                session, round_id=evening.round_id, plan_ids=[item.plan.id for item in evening.items]
            ),
            seeds=queries.drawn_seeds(session, evening_id=evening_id),
            lot_name=lot_name,
            lot_key=lot_key,
            total_minutes=sum(item.minutes for item in evening.items),
            minutes=minutes,
            **_forms(evening, ready, typed),
        )


def _forms(evening: EveningFacts, ready: list[PlanFacts], typed: dict[str, Form]) -> dict[str, Any]:
    forms: dict[str, Any] = {
        "involved": InvolvedForm(formdata=None),
        "seed": SeedForm(formdata=None, prefix="lot-", seed=evening.agenda_seed),
        "more": PutOnForm(formdata=None, prefix="erbij-"),
        "choices": ChoicesForm(formdata=None, obj=evening, prefix="keuze-"),
        "wifi": WifiForm(
            formdata=None, name=evening.wifi_name, password=evening.wifi_password, prefix="wifi-"
        ),
    } | typed
    forms["involved"].offer(
        {
            item.id: f"{item.position}. {item.plan.title}"
            for item in evening.items
            if item.scoring is not Scoring.CLOSED
        }
    )
    forms["more"].plan.choices = [Choice("", _("Kies een plan"))] + [
        Choice(str(plan.id), plan.title) for plan in ready
    ]
    forms["may_put_on"] = bool(ready)
    return forms


def _position(evening: EveningFacts, item_id: int) -> int:
    for item in evening.items:
        if item.id == item_id:
            return item.position
    raise NotFound()


def _pressed() -> tuple[str, int, int]:
    """Read what a button said: what to do with which agenda item, and to where or for whom.

    Numbers that no page of ours would send name nothing that exists.
    """
    do = next((name for name in ("zet", "af", "mag") if name in request.form), "")
    item_id, _dash, other = request.form.get(do, "").partition("-")
    numbers = (item_id, other or "0")
    if all(number.isascii() and number.isdigit() and len(number) < 16 for number in numbers):
        return do, int(numbers[0]), int(numbers[1])
    return do, 0, 0


def _back(evening_id: int, at: str = "") -> ResponseReturnValue:
    # Whatever says that it was kept stands at the top; only a plan that moved is shown where it went.
    anchor = at if at.startswith("plan-") else None
    return redirect(url_for("evening.runsheet", evening_id=evening_id, _anchor=anchor))
