"""What is kept about whom, until when; everything about one person; and forgetting."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from flask import Response, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pb.core.errors import Broken
from pb.inviting import queries as inviting
from pb.inviting.rules.codes import own_lookup
from pb.panel.views.blueprint import card_key
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import area_of_round, round_facts
from pb.sortition.actions.forgetting import (
    due,
    erase,
    forget_round,
    forget_seats,
    seats_due,
    seats_kept_until,
)
from pb.sortition.forms.seats import PersonSearchForm, SureForm
from pb.sortition.queries import known as queries
from pb.sortition.queries.known import Kind, Known
from pb.sortition.views.blueprint import views
from pb.store import journal
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.transaction import reading, writing

FOUND_MOST = 20
_ONE = "/werk/ronde/<int:round_id>/panel/gegevens/<any(antwoord,uitnodiging,stoel):kind>/<int:of>"


class DayNotCome(Broken):
    """Refuse to forget the panel before the day that was promised. Facts: ``day``."""

    code = "sortition.day-not-come"


@views.route("/werk/ronde/<int:round_id>/panel/gegevens", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def privacy(round_id: int) -> ResponseReturnValue:
    """Show what is kept, until when, and what was destroyed; forget first what had to be forgotten."""
    _forget_when_due(round_id)
    form = PersonSearchForm()
    searched = form.validate_on_submit()
    found = None
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        if searched:
            words = form.words.data or ""
            found = queries.find(session, round_id=round_id, words=words, own_hmac=_own(words))
        return page(
            "sortition/privacy.html",
            round=facts,
            form=form,
            found=found[:FOUND_MOST] if found is not None else None,
            more=found is not None and len(found) > FOUND_MOST,
            kept=queries.kept(session, round_id=round_id),
            forgotten=queries.forgotten(session, round_id=round_id),
            appeal=inviting.appeal_or_none(session, round_id=round_id),
            after_evening=_after_evening(session, round_id),
        ), 422 if form.is_submitted() and not searched else 200


@views.get(_ONE)
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def known(round_id: int, kind: str, of: int) -> ResponseReturnValue:
    """Show everything that is known about one person."""
    with writing() as session:
        facts = round_facts(session, round_id=round_id)
        about = queries.known_about(session, round_id=round_id, kind=Kind(kind), of=of)
        _note_looking(session, round_id, kind, of, "person looked up")
    return page("sortition/privacy_person.html", round=facts, known=about)


@views.get(f"{_ONE}.json")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def known_file(round_id: int, kind: str, of: int) -> ResponseReturnValue:
    """Give everything that is known about one person as a file for this person."""
    with writing() as session:
        about = queries.known_about(session, round_id=round_id, kind=Kind(kind), of=of)
        _note_looking(session, round_id, kind, of, "person's file taken")
    answer = Response(json.dumps(_as_file(about), ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="gegevens.json"'
    return answer


def _note_looking(session: Session, round_id: int, kind: str, of: int, what: str) -> None:
    """Write down who looked at what somebody filled in; nobody does so unseen."""
    journal.note(
        session, at=now(), who=my_name_for_the_journal(), what=what, subject=f"{kind} {of}", round_id=round_id
    )


@views.route(f"{_ONE}/wissen", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def erase_person(round_id: int, kind: str, of: int) -> ResponseReturnValue:
    """Say what goes and what stays, and destroy what is known about one person."""
    form = SureForm()
    if form.validate_on_submit():
        with writing() as session:
            erase(
                session, round_id=round_id, kind=Kind(kind), of=of, who=my_name_for_the_journal(), now=now()
            )
        flash(_("Gewist. In het logboek staat dat er iemand is gewist, niet wie."))
        return redirect(url_for("sortition.privacy", round_id=round_id))
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        about = queries.known_about(session, round_id=round_id, kind=Kind(kind), of=of)
        appeal = inviting.appeal_or_none(session, round_id=round_id)
    return page("sortition/privacy_erase.html", round=facts, known=about, form=form, appeal=appeal)


@views.route("/werk/ronde/<int:round_id>/panel/gegevens/panel-wissen", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def forget_panel(round_id: int) -> ResponseReturnValue:
    """Ask whether the panel is done, and destroy who sits where before the timer does."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        appeal = inviting.appeal(session, round_id=round_id)
        left = queries.kept(session, round_id=round_id).seats
        day = _after_evening(session, round_id)
    if appeal.deleted_at is None:
        raise DayNotCome(day=appeal.delete_on)
    if not SureForm().validate_on_submit():
        return page("sortition/privacy_panel.html", round=facts, left=left, after_evening=day)
    with writing() as session:
        forget_seats(session, round_id=round_id, who=my_name_for_the_journal(), now=now())
    flash(_("De namen van het panel zijn gewist. Stoelen en nummers blijven."))
    return redirect(url_for("sortition.privacy", round_id=round_id))


def _forget_when_due(round_id: int) -> None:
    """Do what the timer does at night, when it did not come."""
    with reading() as session:
        is_due = round_id in due(session, now=now())
    if is_due:
        with writing() as session:
            forget_round(
                session, round_id=round_id, evenings=current_app.extensions["evenings_came"],
                who=journal.SYSTEM, now=now(),
            )  # fmt: skip

    with reading() as session:
        over = seats_due(session, now=now(), **_evenings())
    if round_id in over:
        with writing() as session:
            forget_seats(session, round_id=round_id, who=journal.SYSTEM, now=now())


def _evenings() -> dict[str, Any]:
    """Give what the evening's own room tells of its evenings."""
    told = current_app.extensions
    return {"came": told["evenings_came"], "to_come": told["evenings_to_come"]}


def _after_evening(session: Session, round_id: int) -> date | None:
    return seats_kept_until(session, round_id=round_id, **_evenings())


def _own(words: str) -> str | None:
    try:
        return own_lookup(card_key(), words)
    except Broken:
        return None


def _as_file(about: Known) -> Mapping[str, object]:
    """Write what is known in plain words and values; who pressed what is about staff and stays out."""

    def plain(value: object) -> object:
        if isinstance(value, datetime | date):
            return value.isoformat()
        if isinstance(value, dict):
            return {str(key): plain(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [plain(one) for one in value]
        return value

    seat = about.seat
    return {
        "invitation": plain(asdict(about.invitation)) if about.invitation else None,
        "letter_to": asdict(about.letter),
        "answer": plain(asdict(about.answer)) if about.answer else None,
        "person": asdict(about.person),
        "features": dict(about.features),
        "seat": None
        if seat is None
        else {
            "number": seat.number, "origin": seat.origin.value, "given_at": plain(seat.made_at),
            "gone_at": plain(seat.gone_at), "person": asdict(about.seat_person),
            "steps": [
                {"what": line.what.value, "at": plain(line.at), "evening": line.evening_number}
                for line in seat.lines
            ],
        },
        "draws": [plain(asdict(draw)) for draw in about.draws],
        "told": [plain(asdict(one)) for one in about.told],
        "mails_kept": about.mails,
    }  # fmt: skip
