"""Divide the money, and confirm it with two people."""

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pb.core.errors import Broken, NotFound
from pb.core.mail import Letter
from pb.decide.queries import recorded
from pb.divide import afterwards, panes
from pb.divide.actions import confirm, propose
from pb.divide.queries import Line, amendments, division, made_by
from pb.divide.rules.confirming import AlreadyConfirmed, ConfirmedByProposer, OtherThanShown
from pb.divide.rules.settling import NotAgreed
from pb.divide.sameness import unlike
from pb.divide.views.base import CONFIRMERS, shown_sha256, views
from pb.evening.queries import area_of_evening, evening_facts
from pb.evening.views.base import HOSTS
from pb.people.login import my_account_id, my_name_for_the_journal
from pb.people.queries import names
from pb.people.views import send_mail
from pb.rounds.queries import round_facts
from pb.web import after
from pb.web.clock import now
from pb.web.doors import may, staff
from pb.web.mail import write_mail_twice
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing


@views.post("/avond/<int:evening_id>/verdeel")
@staff(*HOSTS, area_of=area_of_evening)
def start(evening_id: int) -> ResponseReturnValue:
    """Go to dividing, or stop taking own divisions; show what comes of it everywhere."""
    with writing() as session:
        propose(
            session,
            evening_id=evening_id,
            who=my_name_for_the_journal(),
            now=now(),
        )
    return redirect(url_for("evening.console", evening_id=evening_id))


@views.get("/avond/<int:evening_id>/bevestig")
@staff(*CONFIRMERS, *HOSTS, area_of=area_of_evening)
def check(evening_id: int) -> ResponseReturnValue:
    """Show the division to the second person, with the button to confirm it."""
    return _show(evening_id)


@views.post("/avond/<int:evening_id>/bevestig")
@staff(*CONFIRMERS, area_of=area_of_evening)
def settle(evening_id: int) -> ResponseReturnValue:
    """Confirm the division that was shown, and tell whoever made the plans."""
    with reading() as session:
        evening = evening_facts(session, evening_id=evening_id)
        found = division(session, evening_id=evening_id)
    letters = {line.plan.id: _letter(evening_id, line) for line in found.lines} if found else {}
    try:
        with writing() as session:
            confirm(
                session,
                evening_id=evening_id,
                shown_sha256=shown_sha256(),
                letters=letters,
                who=my_name_for_the_journal(),
                now=now(),
            )
            afterwards.run(session, evening_id=evening_id, now=now())
            after.commit(send_mail)
    except (OtherThanShown, NotAgreed, AlreadyConfirmed, ConfirmedByProposer) as error:
        # The page itself is the best answer: it shows what stands there by now, and what is to be done.
        return _show(evening_id, error), error.status
    flash(_("De uitslag staat vast."))
    # What people only practised with is on no page for everyone.
    after_this = "divide.check" if evening.practice else "public.outcome"
    return redirect(url_for(after_this, evening_id=evening_id))


def _show(evening_id: int, refusal: Broken | None = None) -> str:
    with reading() as session:
        evening = evening_facts(session, evening_id=evening_id)
        found = division(session, evening_id=evening_id)
        if found is None:
            raise NotFound()
        facts = round_facts(session, round_id=evening.round_id)
        made = amendments(session, evening_id=evening_id)
        makers = made_by(session, evening_id=evening_id)
        differs = unlike(session, evening_id=evening_id)
        refusal = refusal or (differs.error if differs else None)
        return page(
            "divide/confirm.html",
            **panes.facts(session, evening, None),
            evening=evening,
            round=facts,
            decided=recorded(session, evening_id=evening_id),
            made=made,
            people=names(session, makers | ({found.confirmed_by} if found.confirmed_by else set())),
            mine=my_account_id() in makers,
            may_confirm=any(may(role, facts.area_id) for role in CONFIRMERS),
            may_lead=any(may(role, facts.area_id) for role in HOSTS),
            refusal=say(refusal) if refusal else None,
        )


def _letter(evening_id: int, line: Line) -> Letter:
    base_url = current_app.config["PB"].base_url
    return write_mail_twice(
        "divide/mail/outcome.txt",
        line=line,
        outcome=base_url + url_for("public.outcome", evening_id=evening_id),
        payee=base_url + url_for("grants.own_payee", plan_id=line.plan.id),
    )
