"""Whom the mail about a fixed list did not reach: told by phone or by letter, and ticked off."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from pb.core.errors import NotFound
from pb.panel.views.blueprint import settings
from pb.people.login import my_name_for_the_journal
from pb.people.queries import names
from pb.people.rules import Role
from pb.plans.actions import Letter
from pb.rounds.queries import RoundFacts, area_of_round, published_round, round_facts
from pb.sortition.actions.telling import mark_told
from pb.sortition.queries import draws as queries
from pb.sortition.queries.draws import DrawFacts
from pb.sortition.queries.telling import Unreached, telling
from pb.sortition.views.blueprint import views
from pb.sortition.views.spoken import spoken_phone
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.pages import page
from pb.web.transaction import reading, writing

TELLERS = (Role.CALLER, Role.AREA_MANAGER)


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody on the list, with the number as people say it."""

    person: Unreached
    shown_phone: str
    told_by: str


@views.get("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/vertellen")
@staff(*TELLERS, area_of=area_of_round)
def telling_page(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Show who is still to be told that the list is fixed; a caller sees only whom to phone."""
    with reading() as session:
        facts = published_round(session, round_id=round_id)
        held = queries.published_draw(session, round_id=round_id, draw_id=draw_id)
        found = telling(session, draw_id=held.id)
        colleagues = names(session, {one.told_by for one in found.people if one.told_by is not None})
    i_set_up = may(Role.AREA_MANAGER, facts.area_id)

    def lines(some: tuple[Unreached, ...]) -> list[Line]:
        return [
            Line(one, spoken_phone(one.phone), colleagues.get(one.told_by or 0, ""))
            for one in sorted(some, key=lambda one: one.told_at is not None)
        ]

    return page(
        "sortition/telling.html",
        round=facts,
        draw=held,
        by_phone=lines(found.by_phone),
        by_letter=lines(found.by_letter) if i_set_up else [],
        on_the_way=found.on_the_way if i_set_up else 0,
        open=sum(one.told_at is None for one in (found.people if i_set_up else found.by_phone)),
        letter=letter_of(facts, held) if i_set_up else None,
        proof_url=proof_url(held),
        i_set_up=i_set_up,
        over=held.value is not None or not held.stands,
    )


@views.post("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/vertellen/<int:answer_id>")
@staff(*TELLERS, area_of=area_of_round)
def told(round_id: int, draw_id: int, answer_id: int) -> ResponseReturnValue:
    """Tick somebody off, or take that back."""
    said = request.form.get("told")
    if said not in ("yes", "no"):
        raise NotFound()
    with writing() as session:
        facts = round_facts(session, round_id=round_id)
        people = telling(session, draw_id=draw_id)
        # A caller ticks off whom a caller sees.
        mine = people.people if may(Role.AREA_MANAGER, facts.area_id) else people.by_phone
        if answer_id not in {one.answer_id for one in mine}:
            raise NotFound()
        mark_told(
            session, round_id=round_id, draw_id=draw_id, answer_id=answer_id, told=said == "yes",
            who=my_name_for_the_journal(), now=now(),
        )  # fmt: skip
    flash(_("Afgevinkt.") if said == "yes" else _("Staat weer op de lijst."))
    return redirect(url_for("sortition.telling_page", round_id=round_id, draw_id=draw_id))


def proof_url(held: DrawFacts) -> str:
    """Give the whole address of the public page of a draw."""
    return settings().base_url + url_for("sortition.proof", round_id=held.round_id, draw_id=held.id)


def letter_of(facts: RoundFacts, held: DrawFacts) -> Letter:
    """Write the mail that everybody gets when a list is published; it is a letter for whoever has no mail."""
    with force_locale("nl"):
        text = render_template(
            "sortition/mail/draw_fixed.txt", round=facts, draw=held, proof=proof_url(held),
            mine=settings().base_url + url_for("sortition.mine"),
        )  # fmt: skip
    subject, _rest, body = text.strip().partition("\n")
    return Letter(subject.strip(), body.strip() + "\n")
