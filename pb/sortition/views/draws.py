"""The draw in front of people, for staff: freeze the list, publish it, read the number, let it decide."""

from datetime import timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date, parse_clock
from pb.core.errors import BadInput, Broken, NotFound
from pb.inviting.queries import appeal_or_none
from pb.panel.views.blueprint import card_key, settings
from pb.people.login import my_account_id, my_name_for_the_journal
from pb.people.queries import names
from pb.people.rules import Role
from pb.plans.actions import Letter
from pb.rounds.queries import RoundFacts, area_of_round, published_round, round_facts
from pb.sortition.actions import deciding, freezing
from pb.sortition.forms.drawing import AsideForm, FreezeForm, ValueForm
from pb.sortition.queries import draws as queries
from pb.sortition.queries.draws import DrawFacts
from pb.sortition.queries.pool import candidates
from pb.sortition.rules.moments import (
    LEAST_AHEAD,
    THROWS,
    DiceWrong,
    DrandRoundOther,
    DrandValueWrong,
    NumberSettled,
    Source,
    check_may_set_aside,
)
from pb.sortition.views.blueprint import views
from pb.sortition.views.proof import chance_facts, sentence_of
from pb.store import journal
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing

# The chain of drand that gives a number each three seconds, by its own name.
QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
READ_AT = ("https://api.drand.sh", "https://drand.cloudflare.com")
EVENING = "20.00"


@views.route("/werk/ronde/<int:round_id>/panel/loten", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def draws(round_id: int) -> ResponseReturnValue:
    """Show where the draw stands, with one thing to do next; freeze the list."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        held = queries.first_draw(session, round_id=round_id)
        asked = appeal_or_none(session, round_id=round_id)
        others = [
            one for one in queries.draws(session, round_id=round_id) if held is None or one.id != held.id
        ]
        if held is not None and request.method == "GET":
            shown = _standing(session, facts, held)
            return page("sortition/draws.html", round=facts, others=others, **shown)
    if held is not None:
        return redirect(url_for("sortition.draws", round_id=round_id))
    if asked is None:
        return page("sortition/draws_nothing.html", round=facts, refusal=None)
    return _freeze(facts, others)


@views.post("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/publiceer")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def publish_draw(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Publish the list, and mail everybody who said yes."""
    with reading() as session:
        facts = published_round(session, round_id=round_id)
        held = queries.draw(session, round_id=round_id, draw_id=draw_id)
    letter = _letter(facts, held)
    with writing() as session:
        told = freezing.publish_draw(
            session,
            round_id=round_id,
            draw_id=draw_id,
            letter=letter,
            who=my_name_for_the_journal(),
            now=now(),
        )
    if told:
        flash(_("De lijst is openbaar. Mensen die ja zeiden, krijgen een mail: %(told)s.", told=told))
    return redirect(url_for("sortition.draws", round_id=round_id))


@views.route("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/getal", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, Role.FACILITATOR, area_of=area_of_round)
def number(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Take the public number as one person reads it; a second person must read the same."""
    form = ValueForm()
    status = 200
    if form.validate_on_submit():
        try:
            with writing() as session:
                deciding.type_value(
                    session, round_id=round_id, draw_id=draw_id, typed=form.value.data or "",
                    who=my_name_for_the_journal(), now=now(),
                )  # fmt: skip
            return redirect(url_for("sortition.number", round_id=round_id, draw_id=draw_id))
        except (DrandValueWrong, DrandRoundOther, DiceWrong, NumberSettled) as wrong:
            form.value.errors = [say(wrong)]
            status = wrong.status
    elif form.is_submitted():
        status = 422
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        held = queries.draw(session, round_id=round_id, draw_id=draw_id)
        if held.published_at is None:
            raise NotFound()
        shown = _reading(session, held)
    return page(
        "sortition/number.html",
        round=facts,
        form=form,
        may_decide=may(Role.AREA_MANAGER, facts.area_id),
        **shown,
    ), status


@views.post("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/uitslag")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def decide(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Write the certificate and give the panel its seats."""
    with writing() as session:
        deciding.decide(
            session, round_id=round_id, draw_id=draw_id, card_key=card_key(), who=my_name_for_the_journal(),
            now=now(),
        )  # fmt: skip
    return redirect(url_for("sortition.draws", round_id=round_id))


@views.route("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/opzij", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def set_aside(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Set a draw aside, with a reason that everyone can read."""
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        held = queries.draw(session, round_id=round_id, draw_id=draw_id)
    form = AsideForm()
    if not held.stands:
        return redirect(url_for("sortition.draws", round_id=round_id))
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("sortition/draw_aside.html", round=facts, draw=held, form=form), status
    with writing() as session:
        freezing.set_aside(
            session, round_id=round_id, draw_id=draw_id, reason=form.reason.data or "",
            who=my_name_for_the_journal(), now=now(),
        )  # fmt: skip
    flash(_("De loting ligt opzij. Mensen kunnen weer antwoorden, en je kunt opnieuw vastleggen."))
    return redirect(url_for("sortition.draws", round_id=round_id))


@views.get("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/controleur.json")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def auditor(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Give the pack with features, for somebody who checks under secrecy."""
    with reading() as session:
        held = queries.draw(session, round_id=round_id, draw_id=draw_id)
        found = queries.auditor_bytes(session, draw_id=held.id)
    if found is None or held.published_at is None:
        raise NotFound()
    with writing() as session:
        journal.note(
            session, at=now(), who=my_name_for_the_journal(), what="auditor pack taken",
            subject=f"seat draw {held.id}", round_id=round_id,
        )  # fmt: skip
    return Response(found, mimetype="application/json", headers={"Content-Disposition": "attachment"})


def _freeze(facts: RoundFacts, others: list[DrawFacts]) -> ResponseReturnValue:
    form = FreezeForm()
    with reading() as session:
        found = candidates(session, round_id=facts.id)
        name = queries.next_name(session, round_id=facts.id)
    try:
        outlook = freezing.look_ahead(found, now=now())
    except Broken as refusal:
        return page("sortition/draws_nothing.html", round=facts, refusal=say(refusal))
    doubts = list(outlook.doubts)
    changed = form.is_submitted() and form.seen.data != outlook.seen
    if form.validate_on_submit() and not changed and not _unknown(doubts):
        prepared = freezing.prepare_draw(
            found, name=name, source=Source(form.source.data), beacon=form.beacon, card_key=card_key(),
            panels=outlook.panels,
        )  # fmt: skip
        seen = {freezing.doubt_key(one) for one in doubts}
        doubts += [one for one in prepared.drawn.doubts if freezing.doubt_key(one) not in seen]
        if not _unknown(doubts) and not (changed := not _stored(facts.id, prepared)):
            return redirect(url_for("sortition.draws", round_id=facts.id))
    if changed:
        with reading() as session:
            outlook = freezing.look_ahead(candidates(session, round_id=facts.id), now=now())
        doubts = list(outlook.doubts)
    if not form.is_submitted():
        form.day.data, form.clock.data = amsterdam_date(now() + timedelta(days=1)), parse_clock(EVENING)
    form.seen.raw_data, form.seen.data = None, outlook.seen
    return page(
        "sortition/draws_freeze.html", round=facts, form=form, outlook=outlook, others=others, name=name,
        doubts=[(freezing.doubt_key(one), say(one)) for one in doubts], changed=changed, throws=THROWS,
        known=_known(), binding=sentence_of(outlook.binding, outlook.lowest), **chance_facts(outlook),
    ), (409 if changed else 422 if form.is_submitted() else 200)  # fmt: skip


def _stored(round_id: int, prepared: freezing.Prepared) -> bool:
    try:
        with writing() as session:
            freezing.store_draw(
                session, round_id=round_id, prepared=prepared, who=my_name_for_the_journal(), now=now()
            )
    except freezing.CandidatesChanged:
        return False
    return True


def _known() -> set[str]:
    return set(request.form.getlist("known"))


def _unknown(doubts: list[BadInput]) -> bool:
    return any(freezing.doubt_key(doubt) not in _known() for doubt in doubts)


def _standing(session: Session, facts: RoundFacts, held: DrawFacts) -> dict[str, Any]:
    """Gather what a draw that stands shows, by how far it came."""
    figures = queries.figures(session, held)
    return {
        **_reading(session, held),
        **chance_facts(figures),
        "name": figures.draw,
        "figures": figures,
        "panel": figures.panel(held.number) if held.number is not None else (),
        "hasty": held.published_at is None and held.beacon_at < now() + LEAST_AHEAD,
        "passed": held.beacon_at <= now(),
        "may_set_aside": _may_set_aside(session, held),
        "has_auditor": queries.auditor_bytes(session, draw_id=held.id) is not None,
        "proof_url": _proof_url(held),
        "number_url": settings().base_url
        + url_for("sortition.number", round_id=held.round_id, draw_id=held.id),
    }


def _reading(session: Session, held: DrawFacts) -> dict[str, Any]:
    found = queries.readings(session, draw_id=held.id)
    people = names(session, {one.read_by for one in found})
    mine = next((one for one in found if one.read_by == my_account_id()), None)
    return {
        "draw": held,
        "readings": [(one, people.get(one.read_by, "")) for one in found],
        "mine": mine,
        "waits": held.beacon_at > now(),
        "throws": THROWS,
        "read_at": [f"{one}/{QUICKNET}/public/{held.beacon_round}" for one in READ_AT],
    }


def _may_set_aside(session: Session, held: DrawFacts) -> bool:
    try:
        check_may_set_aside(
            source=held.source, published_at=held.published_at, beacon_at=held.beacon_at,
            was_read=bool(queries.readings(session, draw_id=held.id)), now=now(),
        )  # fmt: skip
    except Broken:
        return False
    return True


def _proof_url(held: DrawFacts) -> str:
    return settings().base_url + url_for("sortition.proof", round_id=held.round_id, draw_id=held.id)


def _letter(facts: RoundFacts, held: DrawFacts) -> Letter:
    with force_locale("nl"):
        text = render_template(
            "sortition/mail/draw_fixed.txt", round=facts, draw=held, proof=_proof_url(held),
            mine=settings().base_url + url_for("sortition.mine"),
        )  # fmt: skip
    subject, _rest, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
