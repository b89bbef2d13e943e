"""What became of the seats: who comes, which seats are empty, and how others get them."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.core.errors import BadInput, Broken
from pb.inviting import queries as inviting
from pb.inviting.queries import PersonFacts
from pb.panel import queries as panel
from pb.panel.rules.keeping import PanelChanged
from pb.panel.views.blueprint import card_key, whole
from pb.people.login import my_name_for_the_journal
from pb.people.queries import names
from pb.people.rules import Role
from pb.rounds.queries import area_of_round, round_facts
from pb.sortition.actions.outlooks import Outlooks
from pb.sortition.actions.replacing import next_reserves, pass_reserve, seat_drawn, seat_reserve
from pb.sortition.actions.steps import mark_no_show
from pb.sortition.actions.vacancies import Outlook, Vacancy, vacancy
from pb.sortition.forms.seats import NoShowForm, ReplaceForm, RotationForm
from pb.sortition.lottery.drawing import Drawn
from pb.sortition.queries.draws import FIRST
from pb.sortition.queries.steps import counts_by_state, decided_draws, from_reserve, seats_now
from pb.sortition.rules.rotation import newcomers_for
from pb.sortition.rules.steps import SeatUnknown, Step, StepImpossible
from pb.sortition.views.blueprint import views
from pb.sortition.views.telling import outcome_letters
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

SHOWN: tuple[Step, ...] = (
    Step.DRAWN, Step.ASKED, Step.CONFIRMED, Step.WITHDRAWN, Step.NO_SHOW,
)  # fmt: skip
RESERVES_SHOWN = 5
SHOWN_WITHIN = 8.0
COMPUTED_WITHIN = 240.0
outlooks = Outlooks()


@views.get("/werk/ronde/<int:round_id>/panel/wisselingen")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def changes(round_id: int) -> ResponseReturnValue:
    """Show every seat with what became of it, and what can be done about the empty ones."""
    return _changes(round_id, NoShowForm(formdata=None), RotationForm(formdata=None))


@views.post("/werk/ronde/<int:round_id>/panel/wisselingen/niet-gekomen")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def no_show(round_id: int) -> ResponseReturnValue:
    """Write down who did not come to an evening."""
    form = NoShowForm()
    if not form.validate_on_submit():
        return _changes(round_id, form, RotationForm(formdata=None), status=422)
    try:
        with writing() as session:
            marked = mark_no_show(
                session, round_id=round_id, numbers=form.numbers.data, evening_number=form.evening.data,
                who=my_name_for_the_journal(), now=now(),
            )  # fmt: skip
    except (SeatUnknown, StepImpossible) as refused:
        form.numbers.errors = [say(refused)]
        return _changes(round_id, form, RotationForm(formdata=None), status=422)
    flash(_("Opgeschreven: %(count)s kwamen niet.", count=marked))
    return redirect(url_for("sortition.changes", round_id=round_id))


@views.post("/werk/ronde/<int:round_id>/panel/wisselingen/reserve/<int:seat_id>")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def reserve(round_id: int, seat_id: int) -> ResponseReturnValue:
    """Give an empty seat to the first on the reserve list."""
    with reading() as session:
        letters = outcome_letters(session, round_facts(session, round_id=round_id))
    with writing() as session:
        number = seat_reserve(
            session, round_id=round_id, seat_id=seat_id, seen=whole(request.form.get("seen")),
            card_key=card_key(), who=my_name_for_the_journal(), now=now(), letter=letters.seated,
        )  # fmt: skip
    flash(_("De eerste reserve heeft stoel %(number)s. Bel, en print de kaart.", number=number))
    return redirect(url_for("sortition.changes", round_id=round_id))


@views.post("/werk/ronde/<int:round_id>/panel/wisselingen/reserve-nee")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def reserve_says_no(round_id: int) -> ResponseReturnValue:
    """Write down that the first reserve does not want to come, so that the next is first."""
    with writing() as session:
        pass_reserve(
            session, round_id=round_id, seen=whole(request.form.get("seen")), who=my_name_for_the_journal(),
            now=now(),
        )  # fmt: skip
    flash(_("Opgeschreven. De volgende op de lijst is nu de eerste."))
    return redirect(url_for("sortition.changes", round_id=round_id))


@views.route("/werk/ronde/<int:round_id>/panel/wisselingen/loten", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def replace(round_id: int) -> ResponseReturnValue:
    """Show what a replacement draw would do, in numbers, and hold it."""
    form = ReplaceForm()
    newcomers = whole(form.newcomers.data or request.args.get("nieuw"))
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        vacant = vacancy(session, round_id=round_id, newcomers=newcomers)
    # Whoever presses saw this outlook, so it is there, unless the server began anew since.
    wait_seconds = COMPUTED_WITHIN if form.is_submitted() else SHOWN_WITHIN
    outlook = outlooks.look(vacant, card_key=card_key(), wait_seconds=wait_seconds)
    if outlook is None:
        return page("sortition/replace_computing.html", round=facts, vacant=vacant)
    changed = form.is_submitted() and (form.changes.data or "") != (
        outlook.fingerprint if outlook.changes else ""
    )
    if changed:
        # What would have to give way is another than what was agreed to.
        form.changes.errors = [say(PanelChanged())]
    if form.validate_on_submit() and not changed and outlook.drawn is not None:
        return _draw(round_id, form, vacant, outlook, outlook.drawn)
    form.changes.data = outlook.fingerprint if outlook.changes else ""
    form.newcomers.data = str(newcomers)
    form.changes.raw_data = form.newcomers.raw_data = None
    return page(
        "sortition/replace.html",
        round=facts,
        form=form,
        vacant=vacant,
        outlook=outlook,
        refusal=say(outlook.refused) if outlook.refused else "",
        changed=changed,
    ), 422 if form.is_submitted() else 200


@views.post("/werk/ronde/<int:round_id>/panel/wisselingen/roteren")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def rotate(round_id: int) -> ResponseReturnValue:
    """Look whether so many newcomers are possible, and go on to the draw."""
    form = RotationForm()
    if not form.validate_on_submit():
        return _changes(round_id, NoShowForm(formdata=None), form, status=422)
    try:
        with reading() as session:
            vacancy(session, round_id=round_id, newcomers=form.newcomers.data)
    except BadInput as refused:
        form.newcomers.errors = [say(refused)]
        return _changes(round_id, NoShowForm(formdata=None), form, status=422)
    return redirect(url_for("sortition.replace", round_id=round_id, nieuw=form.newcomers.data))


def _draw(
    round_id: int, form: ReplaceForm, vacant: Vacancy, outlook: Outlook, drawn: Drawn
) -> ResponseReturnValue:
    """Store what was computed; it is refused when anything changed meanwhile."""
    with reading() as session:
        letters = outcome_letters(session, round_facts(session, round_id=round_id))
    with writing() as session:
        seat_drawn(
            session, vacant=vacant, drawn=drawn, changes=outlook.changes, reason=form.reason.data or "",
            card_key=card_key(), who=my_name_for_the_journal(), now=now(), letter=letters.seated,
        )  # fmt: skip
    flash(_("Geloot. De nieuwe mensen staan bij “nog bellen”. Print ook hun kaarten."))
    return redirect(url_for("sortition.changes", round_id=round_id))


def _changes(
    round_id: int, no_show: NoShowForm, rotation: RotationForm, *, status: int = 200
) -> ResponseReturnValue:
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        seats = seats_now(session, round_id=round_id)
        persons = panel.persons(session, round_id=round_id)
        reserved = from_reserve(session, round_id=round_id)
        draws = decided_draws(session, round_id=round_id)
        colleagues = names(session, {line.by for seat in seats for line in seat.lines if line.by is not None})
        reach = inviting.persons(session, round_id=round_id)
        waiting: list[int] = []
        refusal = ""
        try:
            waiting = next_reserves(session, vacancy(session, round_id=round_id))
        except Broken as refused:
            refusal = refused.code
    sitting = [seat for seat in seats if seat.sits]
    if not rotation.is_submitted():
        rotation.newcomers.data = newcomers_for(len(sitting)) if len(sitting) > 1 else None
    return page(
        "sortition/changes.html",
        round=facts,
        seats=seats,
        by_id={seat.id: seat for seat in seats},
        persons=persons,
        reach=reach,
        counts=[(step, count) for step, count in counts_by_state(seats).items() if count and step in SHOWN],
        empty=[seat for seat in seats if seat.is_empty],
        sitting=len(sitting),
        colleagues=colleagues,
        reserved=reserved,
        waiting=waiting,
        first_reserves=[reach.get(one, PersonFacts("", "", "")) for one in waiting[:RESERVES_SHOWN]],
        refusal=refusal,
        draws=[draw for draw in draws if draw.kind != FIRST],
        decided=bool(draws),
        no_show=no_show,
        rotation=rotation,
    ), status
