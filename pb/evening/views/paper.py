"""Paper: forms to print, and the page on which two people type them."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from pb.core.errors import Broken, NotFound
from pb.evening import queries
from pb.evening.actions import ways
from pb.evening.actions.paper import Typed, settle, type_form
from pb.evening.forms.paper import PaperForm, PaperSeatForm, SettleForm, paper_form
from pb.evening.queries import EveningFacts
from pb.evening.queries.held_back import held_back
from pb.evening.queries.paper import differences, paper_entries, paper_places, paper_seats, who_may_type
from pb.evening.rules.floor import Way
from pb.evening.rules.paper import (
    PaperPlace,
    SeatNotOnPaper,
    check_paper,
    next_turn,
)
from pb.evening.rules.score import NotCheckedIn
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.views.base import HOSTS, views
from pb.evening.views.new_seals import shown_seals, tell_new_seals
from pb.evening.views.printing import forms_to_print
from pb.panel.queries import SeatFacts, seat, seat_by_number
from pb.people.login import my_account_id, my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import round_facts
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

PEOPLE_NEEDED = 3


@views.get("/avond/<int:evening_id>/papier")
@staff(*HOSTS, Role.OFFICER, area_of=queries.area_of_evening)
def paper(evening_id: int) -> ResponseReturnValue:
    """Ask which form lies on the table, or show where to type it."""
    if "stoel" not in request.args:
        return _paper(evening_id)
    asked = PaperSeatForm(request.args, meta={"csrf": False})
    if not asked.validate():
        return _paper(evening_id, asked=asked), 422
    with reading() as session:
        round_id = queries.evening_facts(session, evening_id=evening_id).round_id
        found = seat_by_number(session, round_id=round_id, number=asked.stoel.data)
    if found is None:
        asked.stoel.errors = [_("Deze stoel is er niet in dit panel.")]
        return _paper(evening_id, asked=asked), 422
    return _seat(evening_id, found)


@views.post("/avond/<int:evening_id>/papier")
@staff(*HOSTS, area_of=queries.area_of_evening)
def type_paper(evening_id: int) -> ResponseReturnValue:
    """Keep what one person typed from one form."""
    found = _seat_in(evening_id, request.form.get("stoel", ""))
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
    form = paper_form({item.id: item.position for item in evening.items})()
    if not form.validate():
        return _seat(evening_id, found, form), 422
    marks = {item.id: mark for item in evening.items if (mark := form.marked(item.id)) is not None}
    before = shown_seals(evening_id)
    try:
        with writing() as session:
            done = type_form(
                session, evening_id=evening_id, seat_id=found.id, marks=marks,
                who=my_name_for_the_journal(), now=now(),
            )  # fmt: skip
    except Broken as error:
        return _seat(evening_id, found, form, refusal=error), error.status
    flash(_what_happened(found.number, done, len(done.right & _held(evening_id).keys())))
    tell_new_seals(evening_id, before)
    return redirect(url_for("evening.paper", evening_id=evening_id))


@views.post("/avond/<int:evening_id>/papier/zet")
@staff(*HOSTS, area_of=queries.area_of_evening)
def put_on_paper(evening_id: int) -> ResponseReturnValue:
    """Mark a seat as paper; a score that its phone gave the open plan no longer counts."""
    found = _seat_in(evening_id, request.form.get("stoel", ""))
    with writing() as session:
        ways.stand(
            session, evening_id=evening_id, seat_id=found.id, way=Way.PAPER, who=my_name_for_the_journal(),
            now=now(),
        )  # fmt: skip
    return redirect(url_for("evening.paper", evening_id=evening_id, stoel=found.number))


@views.post("/avond/<int:evening_id>/papier/verschil")
@staff(*HOSTS, Role.OFFICER, area_of=queries.area_of_evening)
def settle_paper(evening_id: int) -> ResponseReturnValue:
    """Let a third person say what stands on the paper."""
    form = SettleForm()
    if not form.validate() or (mark := form.marked()) is None:
        return _paper(evening_id, settling=form), 422
    before, item_id = shown_seals(evening_id), _whole(form.item.data)
    try:
        with writing() as session:
            settle(
                session, evening_id=evening_id, item_id=item_id,
                seat_id=_whole(form.seat.data), mark=mark, who=my_name_for_the_journal(), now=now(),
            )  # fmt: skip
    except NotFound:
        raise
    except Broken as error:
        form.cijfer.errors = [say(error)]
        return _paper(evening_id, settling=form), error.status
    if item_id in _held(evening_id):
        flash(_("Het verschil is opgelost. Dit cijfer telt zodra alle formulieren van dit plan er zijn."))
    else:
        flash(_("Het verschil is opgelost. Dit cijfer telt nu."))
    tell_new_seals(evening_id, before)
    return redirect(url_for("evening.paper", evening_id=evening_id))


@views.get("/avond/<int:evening_id>/papier/formulieren")
@staff(*HOSTS, area_of=queries.area_of_evening)
def paper_forms(evening_id: int) -> ResponseReturnValue:
    """Show a form per seat, to print."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        printed = forms_to_print(session, evening, with_floor=False)
        involved = queries.involved_seats(session, evening_id=evening_id)
    return page(
        "evening/paper_forms.html", evening=evening, printed=printed, involved=involved
    ), printed.status


def _paper(evening_id: int, asked: PaperSeatForm | None = None, settling: SettleForm | None = None) -> str:
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        area_id = round_facts(session, round_id=evening.round_id).area_id
        apart = differences(session, evening_id=evening_id)
        held = held_back(session, evening=evening)
        return page(
            "evening/paper.html",
            evening=evening,
            asked=asked or PaperSeatForm(formdata=None),
            progress=held.progress,
            held_forms=held.forms,
            on_paper=len(paper_seats(session, evening_id=evening_id)),
            apart=apart,
            mine=my_account_id(),
            settling=settling,
            fresh=SettleForm(formdata=None),
            too_few=who_may_type(session, area_id=area_id) < PEOPLE_NEEDED,
            closed=_is_closed(evening),
            sealed=not evening.practice,
        )


def _seat(
    evening_id: int, found: SeatFacts, form: PaperForm | None = None, refusal: Broken | None = None
) -> str:
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        refused: Broken | None = None
        rows: dict[int, Broken | None] = {}
        try:
            places = paper_places(session, evening_id=evening_id, seat_id=found.id)
            rows = _rows(session, evening_id, found, places)
        except (NotCheckedIn, SeatNotOnPaper) as error:
            refused = error
        item = evening.current
        loses = (
            item is not None
            and item.scoring is Scoring.OPEN
            and queries.stands(session, item_id=item.id, seat_id=found.id)
        )
    shown = [item for item in evening.items if item.id in rows]
    if form is None:
        form = paper_form({item.id: item.position for item in evening.items})(formdata=None)
    return page(
        "evening/paper_seat.html",
        evening=evening,
        seat=found,
        form=form,
        items=[item for item in shown if rows[item.id] is None],
        not_now=[(item, say(why)) for item in shown if (why := rows[item.id]) is not None],
        put_first=isinstance(refused, SeatNotOnPaper),
        refused=say(refused) if refused else None,
        refusal=say(refusal) if refusal else None,
        loses=loses,
        closed=_is_closed(evening),
    )


def _rows(
    session: Session, evening_id: int, found: SeatFacts, places: Mapping[int, PaperPlace]
) -> dict[int, Broken | None]:
    """Say per plan that was open why it cannot be typed now by this person; None when it can."""
    entries = paper_entries(session, evening_id=evening_id, seat_id=found.id)
    rows: dict[int, Broken | None] = {}
    for item_id, place in places.items():
        if place.scoring not in (Scoring.OPEN, Scoring.CLOSED):
            continue
        try:
            check_paper(place)
            next_turn(
                entries.get((item_id, found.id), []), typed_by=my_account_id(), number=place.number,
                position=place.position,
            )  # fmt: skip
            rows[item_id] = None
        except Broken as error:
            rows[item_id] = error
    return rows


def _held(evening_id: int) -> Mapping[int, int]:
    """Give the forms that do not count yet, per closed plan of which the pile is not whole."""
    with reading() as session:
        return held_back(session, evening=queries.evening_facts(session, evening_id=evening_id)).forms


def _what_happened(number: int, done: Typed, held: int) -> str:
    told = [_("Stoel %(n)s is bewaard.", n=number)]
    if done.first:
        told.append(_("Laat iemand anders het formulier ook typen."))
    if counts := len(done.right) - held:
        told.append(
            ngettext("%(num)s cijfer klopt en telt nu.", "%(num)s cijfers kloppen en tellen nu.", counts)
        )
    if held:
        told.append(
            ngettext(
                "%(num)s cijfer klopt. Het telt zodra alle formulieren van dat plan er zijn.",
                "%(num)s cijfers kloppen. Ze tellen zodra alle formulieren van dat plan er zijn.",
                held,
            )
        )
    if done.differs:
        told.append(
            ngettext(
                "%(num)s cijfer is anders dan de eerste keer. Een derde persoon kijkt ernaar.",
                "%(num)s cijfers zijn anders dan de eerste keer. Een derde persoon kijkt ernaar.",
                done.differs,
            )
        )
    return " ".join(told)


def _is_closed(evening: EveningFacts) -> bool:
    return evening.stage not in (Stage.PLANS, Stage.STICKERS)


def _seat_in(evening_id: int, text: str) -> SeatFacts:
    with reading() as session:
        round_id = queries.evening_facts(session, evening_id=evening_id).round_id
        return seat(session, round_id=round_id, seat_id=_whole(text))


def _whole(text: Any) -> int:
    if not (isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound()
    return int(text)
