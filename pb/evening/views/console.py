"""The facilitator's console: one glance, one button."""

import re
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.core.errors import Broken
from pb.evening import queries
from pb.evening.actions.alarm import clear_alarm
from pb.evening.actions.countdown import start_countdown, stop_countdown
from pb.evening.actions.lot import throw_lot
from pb.evening.actions.moving import press_next as do_next
from pb.evening.actions.speaking import count_turn
from pb.evening.actions.undoing import undo as take_back
from pb.evening.forms.console import StepForm
from pb.evening.forms.lot import LotForm
from pb.evening.panes import Surface
from pb.evening.queries import EveningFacts, ItemFacts
from pb.evening.queries.gaps import gaps, who_is_here
from pb.evening.queries.held_back import HeldBack, held_back
from pb.evening.queries.moves import decided_plans, last_move, since_last_step
from pb.evening.queries.reopenings import waiting_reopenings
from pb.evening.queries.requests import open_requests
from pb.evening.queries.stickers import sticker_tallies
from pb.evening.queries.talk import people_moved, turns
from pb.evening.rules.floor import FloorCountedTooHigh, FloorCountOutdated
from pb.evening.rules.lot import LotSettled, SeedMissing
from pb.evening.rules.reopening import ClosedPlan, check_reopening
from pb.evening.rules.score import Spread, spread_of
from pb.evening.rules.steps import AlarmRaised, MovedMeanwhile, Scoring, Step, StepKind
from pb.evening.rules.talk import NoSuchFigure, unheard
from pb.evening.rules.undoing import UndoLosesWork, check_undo, last_step
from pb.evening.views.base import HOSTS, screen_path, show, views
from pb.evening.views.screen import answers_so_far, seal_facts
from pb.people.login import my_account_id, my_name_for_the_journal
from pb.people.queries import names
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.say import say
from pb.web.transaction import reading, writing

_TURN = re.compile(r"(beurt|terug)-([1-5])-([0-9]{1,4})")


@views.get("/avond/<int:evening_id>/console")
@staff(*HOSTS, area_of=queries.area_of_evening)
def console(evening_id: int) -> ResponseReturnValue:
    """Show where the evening is, and the one button."""
    return show_console(evening_id)


@views.post("/avond/<int:evening_id>/volgende")
@staff(*HOSTS, area_of=queries.area_of_evening)
def press_next(evening_id: int) -> ResponseReturnValue:
    """Do what the button said, or say who was first; ask first when closing would leave somebody out.

    What was typed for the lot goes along with the press.
    """
    form, lot = StepForm(), LotForm()
    step = form.step.data or ""
    if lot.changed and not lot.validate():
        return show_console(evening_id, lot=lot), 422
    if not form.seen.data and _leaves_somebody_out(evening_id, step, form.known_version()):
        return redirect(url_for("evening.console", evening_id=evening_id, vraag=step))
    here: dict[str, Any] = {"evening_id": evening_id, "who": my_name_for_the_journal(), "now": now()}
    try:
        with writing() as session:
            if lot.changed:
                throw_lot(session, typed=lot.throw.data or "", **here)
            do_next(session, step=step, version=form.known_version(), **here)
    except SeedMissing as error:
        lot.throw.errors = [say(error)]
        return show_console(evening_id, lot=lot), error.status
    except (MovedMeanwhile, AlarmRaised, FloorCountedTooHigh, FloorCountOutdated, LotSettled) as error:
        # The console itself is the best answer: it shows where the evening is by now.
        return show_console(evening_id, error), error.status
    return redirect(url_for("evening.console", evening_id=evening_id))


@views.post("/avond/<int:evening_id>/stap-terug")
@staff(*HOSTS, area_of=queries.area_of_evening)
def undo(evening_id: int) -> ResponseReturnValue:
    """Take the last step back."""
    form = StepForm()
    try:
        with writing() as session:
            take_back(
                session,
                evening_id=evening_id,
                step=form.step.data or "",
                version=form.known_version(),
                who=my_name_for_the_journal(),
                now=now(),
            )
    except (MovedMeanwhile, UndoLosesWork, AlarmRaised) as error:
        return show_console(evening_id, error), error.status
    return redirect(url_for("evening.console", evening_id=evening_id))


@views.post("/avond/<int:evening_id>/aftellen")
@staff(*HOSTS, area_of=queries.area_of_evening)
def count_down(evening_id: int) -> ResponseReturnValue:
    """Start or stop the countdown before closing."""
    form, who = StepForm(), my_name_for_the_journal()
    try:
        with writing() as session:
            if request.form.get("doe") == "stop":
                stop_countdown(session, evening_id=evening_id, who=who, now=now())
            else:
                start_countdown(
                    session, evening_id=evening_id, version=form.known_version(), who=who, now=now()
                )
    except (MovedMeanwhile, AlarmRaised) as error:
        return show_console(evening_id, error), error.status
    return redirect(url_for("evening.console", evening_id=evening_id))


@views.post("/avond/<int:evening_id>/beurt")
@staff(*HOSTS, area_of=queries.area_of_evening)
def speak(evening_id: int) -> ResponseReturnValue:
    """Give a figure a turn, or take one back."""
    pressed = _TURN.fullmatch(request.form.get("doe", "")[:40])
    item = request.form.get("item", "")[:10]
    if pressed is None or not (item.isascii() and item.isdigit()):
        raise NoSuchFigure()
    with writing() as session:
        count_turn(
            session,
            evening_id=evening_id,
            item_id=int(item),
            figure=int(pressed[2]),
            seen=int(pressed[3]),
            back=pressed[1] == "terug",
            who=my_name_for_the_journal(),
            now=now(),
        )
    return redirect(url_for("evening.console", evening_id=evening_id))


@views.post("/avond/<int:evening_id>/alarm-opgelost")
@staff(*HOSTS, area_of=queries.area_of_evening)
def solve_alarm(evening_id: int) -> ResponseReturnValue:
    """Go on after the alarm about an older database."""
    with writing() as session:
        clear_alarm(session, evening_id=evening_id, who=my_name_for_the_journal(), now=now())
    return redirect(url_for("evening.console", evening_id=evening_id))


def show_console(evening_id: int, refusal: Broken | None = None, lot: LotForm | None = None) -> str:
    """Render the console as it is now, and say why something was refused."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        held = held_back(session, evening=evening)
        spreads = queries.spreads(session, evening_id=evening_id, without=held.seats)
        item = evening.current
        spread = spreads.get(item.id, spread_of([])) if item else spread_of([])
        asked = waiting_reopenings(session, evening_id=evening_id)
        move = last_move(session, evening_id=evening_id)
        known = names(session, {one.asked_by for one in asked} | {move.account_id or 0})
        return show(
            session,
            evening,
            Surface.CONSOLE,
            "evening/console.html",
            item=item,
            spread=spread,
            spreads=spreads,
            here=who_is_here(session, evening_id=evening_id),
            screen=screen_path(evening_id),
            **seal_facts(session, evening, item, held),
            refusal=say(refusal) if refusal and not isinstance(refusal, MovedMeanwhile) else None,
            moved=move if isinstance(refusal, MovedMeanwhile) else None,
            mover=known.get(move.account_id or 0, ""),
            account_names=known,
            my_id=my_account_id(),
            server_time=now(),
            requests=open_requests(session, evening_id=evening_id),
            new_cards=queries.new_cards_made(session, evening_id=evening_id),
            undo=_may_undo(session, evening),
            reopenings=asked,
            may_reopen=_may_reopen(session, evening),
            tallies=sticker_tallies(session, evening_id=evening_id) if evening.stickers else {},
            form=StepForm(formdata=None),
            lot=(lot or LotForm(formdata=None)) if evening.lot_open else None,
            **_on_paper(evening, held),
            **(_about(session, evening, item, spread, held) if item else {}),
            answers=answers_so_far(session, evening),
        )


def _about(
    session: Session, evening: EveningFacts, item: ItemFacts, spread: Spread, held: HeldBack
) -> dict[str, Any]:
    """Give what the console shows about the plan that the room is talking about."""
    spoken = turns(session, item_id=item.id)
    missing = gaps(session, evening_id=evening.id, item_id=item.id, scores=spread.people)
    closing = evening.next is not None and evening.next.kind is StepKind.CLOSE_SCORING
    eligible = queries.eligible_seats(session, evening_id=evening.id, item_id=item.id)
    return {
        "may_score": item.may_score if item.may_score is not None else len(eligible),
        "gaps": missing if closing else None,
        "asking": closing and missing.any and _asked_about(evening),
        "turns": spoken,
        "unheard": unheard(spread, spoken),
        "moved_people": people_moved(session, item_id=item.id, without=held.seats.get(item.id, ()))
        if item.scoring is Scoring.CLOSED
        else 0,
        "held_forms": held.forms.get(item.id, 0),
    }


def _on_paper(evening: EveningFacts, held: HeldBack) -> dict[str, Any]:
    """Give how many figures are still on paper only, of which plans, and whether to ask before deciding."""
    waiting = sum(one.waiting for one in held.waiting)
    deciding = evening.next is not None and evening.next.kind is StepKind.START_DECIDING
    return {
        "paper": waiting,
        "paper_held": sum(held.forms.values()),
        "paper_plans": held.waiting,
        "asking_paper": deciding and waiting > 0 and _asked_about(evening),
    }


def _asked_about(evening: EveningFacts) -> bool:
    return evening.next is not None and request.args.get("vraag") == evening.next.name


def _leaves_somebody_out(evening_id: int, step: str, version: int) -> bool:
    # A press that is too late is told so by the step itself.
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        item, following = evening.current, evening.next
        if following is None or (following.name, evening.version) != (step, version):
            return False
        if following.kind is StepKind.START_DECIDING:
            return queries.paper_waiting(session, evening_id=evening_id) > 0
        if item is None or following.kind is not StepKind.CLOSE_SCORING:
            return False
        if evening.alarm_seq is not None:
            return False
        spread = queries.spreads(session, evening_id=evening_id).get(item.id, spread_of([]))
        return gaps(session, evening_id=evening_id, item_id=item.id, scores=spread.people).any


def _may_undo(session: Session, evening: EveningFacts) -> Step | None:
    last = last_step(evening.stage, evening.at_position, [item.scoring for item in evening.items])
    try:
        since = since_last_step(session, evening_id=evening.id, position=evening.at_position)
        return check_undo(last, since)
    except Broken:
        return None


def _may_reopen(session: Session, evening: EveningFacts) -> frozenset[int]:
    """Give the positions of the plans that two people may open again now."""
    decided = decided_plans(session, evening_id=evening.id)
    found = set()
    for item in evening.items:
        other_open = any(one.scoring is Scoring.OPEN for one in evening.items if one is not item)
        try:
            check_reopening(ClosedPlan(evening.stage, item.scoring, item.plan.id in decided, other_open))
        except Broken:
            continue
        found.add(item.position)
    return frozenset(found)
