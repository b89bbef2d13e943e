"""The draw in front of people, for staff: freeze the list, publish it, let the number decide."""

from datetime import timedelta
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date, parse_clock
from pb.core.errors import BadInput, Broken, NotFound
from pb.inviting.queries import answers, appeal_or_none, invitations
from pb.panel.rules.origins import Origin
from pb.panel.views.blueprint import card_key
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.rounds.queries import RoundFacts, area_of_round, published_round, round_facts
from pb.sortition.actions import deciding, freezing
from pb.sortition.forms.drawing import AsideForm, FreezeForm
from pb.sortition.queries import draws as queries
from pb.sortition.queries.draws import DrawFacts
from pb.sortition.queries.pool import candidates
from pb.sortition.queries.steps import seats_now
from pb.sortition.queries.telling import News, telling
from pb.sortition.rules.moments import LEAST_AHEAD, THROWS, Source, check_may_set_aside
from pb.sortition.views.blueprint import views
from pb.sortition.views.number import reading_facts
from pb.sortition.views.preview import binding_for_staff, say_translated
from pb.sortition.views.proof import chance_facts
from pb.sortition.views.telling import letter_of, outcome_letters, proof_url
from pb.store import journal
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.pages import page
from pb.web.transaction import reading, writing

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
    letter = letter_of(facts, held)
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


@views.post("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/uitslag")
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def decide(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Write the certificate, give the panel its seats, and mail everybody what became of them."""
    with reading() as session:
        letters = outcome_letters(session, round_facts(session, round_id=round_id))
    with writing() as session:
        told = deciding.decide(
            session, round_id=round_id, draw_id=draw_id, card_key=card_key(), who=my_name_for_the_journal(),
            now=now(), letters=letters,
        )  # fmt: skip
    if told:
        flash(_("De stoelen zijn gegeven. Mensen die een mail met de uitslag krijgen: %(told)s.", told=told))
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
        answered = {one.invitation_id for one in answers(session, round_id=facts.id)}
        letters = invitations(session, round_id=facts.id, origins=(Origin.LOT,))
        silent = sum(
            one.id not in answered for one in letters if one.sent_at is not None and one.gone_at is None
        )
    try:
        outlook = freezing.look_ahead(found, now=now())
    except Broken as refusal:
        return page("sortition/draws_nothing.html", round=facts, refusal=say_translated(refusal))
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
        doubts=[(freezing.doubt_key(one), say_translated(one), one.code) for one in doubts], changed=changed,
        throws=THROWS, close_on=found.appeal.answers_close_on, silent=silent,
        known=_known(), binding=binding_for_staff(outlook.binding, outlook.lowest) if outlook.binding else "",
        **chance_facts(outlook),
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
        **reading_facts(session, held),
        **chance_facts(figures),
        "name": figures.draw,
        "figures": figures,
        "panel": figures.panel(held.number) if held.number is not None else (),
        "hasty": held.published_at is None and held.beacon_at < now() + LEAST_AHEAD,
        "passed": held.beacon_at <= now(),
        "may_set_aside": _may_set_aside(session, held),
        "has_auditor": queries.auditor_bytes(session, draw_id=held.id) is not None,
        "proof_url": proof_url(held),
        "empty_seats": _empty_seats(session, held),
        "telling": telling(
            session, draw_id=held.id, news=News.LIST if held.decided_at is None else News.OUTCOME
        ),
    }


def _empty_seats(session: Session, held: DrawFacts) -> int:
    """Count seats that wait for somebody else, once the seats of a draw were given."""
    if held.decided_at is None:
        return 0
    return sum(seat.is_empty for seat in seats_now(session, round_id=held.round_id))


def _may_set_aside(session: Session, held: DrawFacts) -> bool:
    try:
        check_may_set_aside(
            source=held.source, published_at=held.published_at, beacon_at=held.beacon_at,
            was_read=bool(queries.readings(session, draw_id=held.id)), now=now(),
        )  # fmt: skip
    except Broken:
        return False
    return True
