"""Whom the mail about a fixed list, or about the outcome, did not reach: told by phone or by letter."""

from dataclasses import dataclass, field
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.core.mail import Letter
from pb.inviting.queries import addressees, answers, appeal
from pb.inviting.queries import persons as persons_of
from pb.panel.views.blueprint import settings
from pb.people.login import my_name_for_the_journal
from pb.people.queries import names
from pb.people.rules import Role
from pb.rounds.queries import RoundFacts, area_of_round, published_round, round_facts
from pb.sortition.actions.telling import OutcomeLetters, mark_told
from pb.sortition.queries import draws as queries
from pb.sortition.queries.draws import DrawFacts
from pb.sortition.queries.mirror import EveningsToCome
from pb.sortition.queries.telling import News, Unreached, telling
from pb.sortition.views.blueprint import views
from pb.sortition.views.spoken import spoken_phone
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.mail import write_mail_twice
from pb.web.pages import page
from pb.web.transaction import reading, writing

TELLERS = (Role.CALLER, Role.AREA_MANAGER)


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody on the list, with the number as people say it."""

    person: Unreached
    shown_phone: str
    told_by: str


@dataclass(frozen=True, slots=True)
class NoChance:
    """Somebody whom no panel of this list holds, and how to reach them."""

    answer_id: int
    name: str = field(repr=False)
    phone: str = field(repr=False)
    shown_phone: str = field(repr=False)
    email: str = field(repr=False)
    address: str = field(repr=False)


@views.get("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/vertellen")
@staff(*TELLERS, area_of=area_of_round)
def telling_page(round_id: int, draw_id: int) -> ResponseReturnValue:
    """Show who is still to be told the news; a caller sees only whom to phone."""
    news = _news()
    with reading() as session:
        facts = published_round(session, round_id=round_id)
        held = queries.published_draw(session, round_id=round_id, draw_id=draw_id)
        if news is News.OUTCOME and held.decided_at is None:
            raise NotFound()
        found = telling(session, draw_id=held.id, news=news)
        colleagues = names(session, {one.told_by for one in found.people if one.told_by is not None})
        asked = appeal(session, round_id=round_id)
        letter = outcome_letters(session, facts).not_drawn if news is News.OUTCOME else letter_of(facts, held)
        i_set_up = may(Role.AREA_MANAGER, facts.area_id)
        # Who has no chance shows what their group is; whoever only phones has no need of that.
        tell_them = i_set_up and news is News.LIST and held.stands and held.value is None
        no_chance = _without_chance(session, held) if tell_them else []

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
        letter=letter if i_set_up else None,
        proof_url=proof_url(held),
        i_set_up=i_set_up,
        over=(news is News.LIST and held.value is not None) or not held.stands,
        outcome=news is News.OUTCOME,
        no_chance=no_chance,
        without={one.answer_id for one in no_chance},
        delete_on=asked.delete_on,
    )


@views.post("/werk/ronde/<int:round_id>/panel/loten/<int:draw_id>/vertellen/<int:answer_id>")
@staff(*TELLERS, area_of=area_of_round)
def told(round_id: int, draw_id: int, answer_id: int) -> ResponseReturnValue:
    """Tick somebody off, or take that back."""
    said = request.form.get("told")
    if said not in ("yes", "no"):
        raise NotFound()
    news = _news()
    with writing() as session:
        facts = round_facts(session, round_id=round_id)
        people = telling(session, draw_id=draw_id, news=news)
        # A caller ticks off whom a caller sees.
        mine = people.people if may(Role.AREA_MANAGER, facts.area_id) else people.by_phone
        if answer_id not in {one.answer_id for one in mine}:
            raise NotFound()
        mark_told(
            session, round_id=round_id, draw_id=draw_id, answer_id=answer_id, told=said == "yes",
            who=my_name_for_the_journal(), now=now(), news=news,
        )  # fmt: skip
    flash(_("Afgevinkt.") if said == "yes" else _("Staat weer op de lijst."))
    return redirect(
        url_for(
            "sortition.telling_page", round_id=round_id, draw_id=draw_id, nieuws=request.args.get("nieuws")
        )
    )


def _without_chance(session: Session, held: DrawFacts) -> list[NoChance]:
    """List who still takes part and is in no panel of this list, in the order in which they said yes."""
    codes = set(queries.figures(session, held).without_chance)
    persons, letters = (
        persons_of(session, round_id=held.round_id), addressees(session, round_id=held.round_id)
    )  # fmt: skip
    found = []
    for one in answers(session, round_id=held.round_id):
        person, letter = persons.get(one.id), letters.get(one.invitation_id)
        if one.code in codes and one.counts and person is not None:
            address = letter.address if letter else ""
            found.append(
                NoChance(one.id, person.name, person.phone, spoken_phone(person.phone), person.email, address)
            )
    return found


def _news() -> News:
    """Read what is told from the address; the list, when it says nothing that we know."""
    return News.OUTCOME if request.args.get("nieuws") == "uitslag" else News.LIST


def proof_url(held: DrawFacts) -> str:
    """Give the whole address of the public page of a draw."""
    return settings().base_url + url_for("sortition.proof", round_id=held.round_id, draw_id=held.id)


def letter_of(facts: RoundFacts, held: DrawFacts) -> Letter:
    """Write the mail that everybody gets when a list is published; it is a letter for whoever has no mail."""
    return write_mail_twice(
        "sortition/mail/draw_fixed.txt", round=facts, draw=held, proof=proof_url(held),
        mine=settings().base_url + url_for("sortition.mine"),
    )  # fmt: skip


def outcome_letters(session: Session, facts: RoundFacts) -> OutcomeLetters:
    """Write the mails that people get when seats are given: the same for everybody, without a secret."""
    asked = appeal(session, round_id=facts.id)
    evenings: EveningsToCome = current_app.extensions["evenings_to_come"]
    known: dict[str, Any] = {
        "round": facts,
        "appeal": asked,
        "evenings": evenings(session, facts.id),
        "mine": settings().base_url + url_for("sortition.mine"),
        "answer": settings().base_url + url_for("inviting.mine"),
    }
    return OutcomeLetters(
        seated=write_mail_twice("sortition/mail/seat_given.txt", **known),
        not_drawn=write_mail_twice("sortition/mail/not_drawn.txt", **known),
    )
