"""The caller's list: who is phoned, and what they say. A name and a number, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.inviting.queries import appeal_or_none
from pb.panel import queries as panel
from pb.panel.views.blueprint import whole
from pb.people.login import my_account_id, my_name_for_the_journal
from pb.people.queries import names
from pb.people.rules import Role
from pb.rounds.queries import area_of_round, round_facts
from pb.sortition.actions.steps import take_step, undo_step
from pb.sortition.forms.seats import SearchForm
from pb.sortition.queries.mirror import EveningsToCome
from pb.sortition.queries.steps import SeatNow, seats_now
from pb.sortition.rules.finding import found_in
from pb.sortition.rules.steps import TRIES_MOST, Step, StepTaken
from pb.sortition.views.blueprint import views
from pb.sortition.views.spoken import spoken_phone
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

CALLERS = (Role.CALLER, Role.AREA_MANAGER, Role.FACILITATOR)
PRESSES = {step.value: step for step in (Step.ASKED, Step.CONFIRMED, Step.WITHDRAWN, Step.UNDONE)}


@dataclass(frozen=True, slots=True)
class Call:
    """One seat on the list."""

    seat: SeatNow
    name: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(default="", repr=False)
    address: str = field(default="", repr=False)

    @property
    def is_for_caller(self) -> bool:
        """Say whether somebody still has to be phoned, and can be; the area manager reaches the others."""
        return self.seat.waits_for_call and bool(self.phone) and self.seat.standing.tries < TRIES_MOST

    @property
    def shown_phone(self) -> str:
        """Write a number as people say it."""
        return spoken_phone(self.phone)


@views.route("/werk/ronde/<int:round_id>/panel/bellen", methods=["GET", "POST"])
@staff(*CALLERS, area_of=area_of_round)
def calling(round_id: int) -> ResponseReturnValue:
    """Show who is to be phoned; a search is posted, so that no name stands in an address."""
    form = SearchForm()
    words = (form.words.data or "") if form.validate_on_submit() else ""
    return _list(round_id, form, words=words)


@views.post("/werk/ronde/<int:round_id>/panel/bellen/<int:seat_id>")
@staff(*CALLERS, area_of=area_of_round)
def call(round_id: int, seat_id: int) -> ResponseReturnValue:
    """Write down what somebody said on the phone, or take one's own last press back."""
    step = PRESSES.get(request.form.get("step", ""))
    if step is None:
        raise NotFound()
    seen = whole(request.form.get("seen"))
    press = undo_step if step is Step.UNDONE else partial(take_step, step=step)
    try:
        with writing() as session:
            number = press(
                session, round_id=round_id, seat_id=seat_id, seen=seen, who=my_name_for_the_journal(),
                now=now(),
            )  # fmt: skip
    except StepTaken as taken:
        # Nothing was typed; what somebody else did stands on the list, with who it was.
        return _list(round_id, SearchForm(formdata=None), taken=taken)
    flash(_said(step, number))
    return redirect(url_for("sortition.calling", round_id=round_id))


def _said(step: Step, number: int) -> Any:
    if step is Step.ASKED:
        return _("Stoel %(number)s: geen gehoor. Bel later nog eens.", number=number)
    if step is Step.CONFIRMED:
        return _("Stoel %(number)s komt.", number=number)
    if step is Step.WITHDRAWN:
        return _("Stoel %(number)s komt niet. De wijkmanager zoekt iemand anders.", number=number)
    return _("Stoel %(number)s staat weer zoals het was.", number=number)


def _list(
    round_id: int, form: SearchForm, *, words: str = "", taken: StepTaken | None = None
) -> ResponseReturnValue:
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        calls = _calls(session, round_id)
        evenings: EveningsToCome = current_app.extensions["evenings_to_come"]
        coming_up = evenings(session, round_id)
        appeal = appeal_or_none(session, round_id=round_id)
        by = taken.facts["by"] if taken else None
        colleague = names(session, {by}).get(by, "") if isinstance(by, int) else ""
    me = my_account_id()
    undoable = [one for one in calls if one.seat.standing.may_be_undone(me, now())]
    shown = [
        one
        for one in calls
        if not words
        or words.strip() == str(one.seat.number)
        or (not words.strip().isdecimal() and found_in(words, one.name))
    ]
    waiting = [one for one in shown if one.is_for_caller]
    return page(
        "sortition/calling.html",
        round=facts,
        form=form,
        words=words,
        evenings=coming_up,
        appeal=appeal,
        tries_most=TRIES_MOST,
        taken=say(taken) if taken else "",
        colleague=colleague,
        undo=max(undoable, key=lambda one: one.seat.standing.seen, default=None),
        # Whoever was tried before comes after the others.
        waiting=sorted(waiting, key=lambda one: (one.seat.standing.tries, one.seat.number)),
        unreached=[one for one in shown if one.seat.waits_for_call and not one.is_for_caller],
        coming=[one for one in shown if one.seat.state is Step.CONFIRMED],
        gone=[one for one in shown if one.seat.is_empty],
        counts={
            "all": len(calls),
            "coming": sum(one.seat.state is Step.CONFIRMED for one in calls),
            "waiting": sum(one.is_for_caller for one in calls),
            "unreached": sum(one.seat.waits_for_call and not one.is_for_caller for one in calls),
        },
        i_set_up=may(Role.AREA_MANAGER, facts.area_id),
        i_host=may(Role.FACILITATOR, facts.area_id) or may(Role.AREA_MANAGER, facts.area_id),
    ), (taken.status if taken else 200)


def _calls(session: Session, round_id: int) -> Sequence[Call]:
    persons = panel.persons(session, round_id=round_id)
    found = []
    for seat in seats_now(session, round_id=round_id):
        if seat.gone_at is None:
            person = persons.get(seat.id)
            known = (person.name, person.phone, person.email, person.address) if person else ("", "")
            found.append(Call(seat, *known))
    return found
