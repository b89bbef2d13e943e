"""What is asked of people who may come into the panel, written by the area manager."""

from dataclasses import asdict

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from pb.core.dates import amsterdam_date
from pb.core.errors import Broken
from pb.core.mail import Letter
from pb.inviting import queries
from pb.inviting.actions.appealing import Written, write_appeal
from pb.inviting.forms.asking import AppealForm
from pb.inviting.queries import waves
from pb.inviting.rules.appeal import Appeal, Asked
from pb.inviting.rules.asking import (
    AppealChanged,
    AppealFrozen,
    DeleteLater,
    PromiseChanged,
    asked_of,
    changed_promises,
    usually_asked,
)
from pb.inviting.views.blueprint import views
from pb.panel.views.blueprint import settings
from pb.people.login import my_name_for_the_journal
from pb.people.rules import Role
from pb.people.views import send_mail
from pb.rounds.queries import RoundFacts, area_of_round, round_facts
from pb.web import after
from pb.web.clock import now
from pb.web.doors import staff
from pb.web.mail import write_mail_twice
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, writing


@views.route("/werk/ronde/<int:round_id>/panel/vraag", methods=["GET", "POST"])
@staff(Role.AREA_MANAGER, area_of=area_of_round)
def appeal(round_id: int) -> ResponseReturnValue:
    """Write what is asked, how big the panel is, and how it is made."""
    today = amsterdam_date(now())
    with reading() as session:
        facts = round_facts(session, round_id=round_id)
        there = queries.appeal_or_none(session, round_id=round_id)
        promised = len(waves.standing(waves.network(session, round_id=round_id)))
    stands = asked_of(there) if there else None
    form = AppealForm(data=_shown(stands or usually_asked(today), there.version if there else 0))
    if there and there.frozen_at:
        form.stand_still()

    def show(status: int, changed: Broken | None = None, step: Broken | None = None) -> ResponseReturnValue:
        names = changed.facts["names"] if changed else ()
        return page(
            "inviting/appeal.html", round=facts, appeal=there, form=form, changed_names=names,
            changed=changed is not None, promised=promised, step=step.facts if step else None,
            new=form.asked(stands) if step else None,
        ), status  # fmt: skip

    if not form.validate_on_submit():
        return show(422 if form.is_submitted() else 200)
    if form.refused_day(today, stands):
        return show(422)
    try:
        with writing() as session:
            written = write_appeal(
                session, round_id=round_id, version=_whole(form.version.data), asked=form.asked(stands),
                who=my_name_for_the_journal(), now=now(),
                mail=_mail(facts, stands, form) if form.has_understood(stands) else None,
            )  # fmt: skip
            after.commit(send_mail)
    except AppealChanged as changed:
        # What was typed stays; whoever presses again has seen what the other wrote.
        form.version.raw_data = None
        form.version.data = str(there.version if there else 0)
        return show(changed.status, changed)
    except PromiseChanged as step:
        form.ask_to_understand(stands)
        return show(step.status, step=step)
    except AppealFrozen as frozen:
        flash(say(frozen))
        return redirect(url_for("inviting.appeal", round_id=round_id))
    except DeleteLater as later:
        form.delete_on.errors = [*form.delete_on.errors, say(later)]
        return show(later.status)
    return _onward(round_id, there, form.asked(stands), written)


def _onward(round_id: int, there: Appeal | None, asked: Asked, written: Written) -> ResponseReturnValue:
    if there is None:
        flash(_("Het staat er. Kies nu naar welke kenmerken je vraagt."))
        return redirect(url_for("inviting.features", round_id=round_id))
    if there.seats != asked.seats and there.features:
        flash(_("Bewaard. Het panel is nu anders van grootte: reken de doelen opnieuw uit."))
        _tell(written)
        return redirect(url_for("inviting.features", round_id=round_id))
    flash(_("Bewaard."))
    _tell(written)
    return redirect(url_for("inviting.appeal", round_id=round_id))


def _tell(written: Written) -> None:
    if written.mailed:
        flash(
            ngettext(
                "Wat anders is, mailen we naar één persoon die ja zei.",
                "Wat anders is, mailen we naar %(num)s mensen die ja zeiden.",
                written.mailed,
            )
        )
    if written.to_phone:
        flash(
            ngettext(
                "Eén persoon die ja zei, heeft geen mailadres. Bel zelf: het nummer staat bij Antwoorden.",
                "%(num)s mensen die ja zeiden, hebben geen mailadres. Bel hen zelf: de nummers staan bij "
                "Antwoorden.",
                written.to_phone,
            )
        )


def _mail(facts: RoundFacts, before: Asked | None, form: AppealForm) -> Letter:
    """Write the mail to who said yes to something else."""
    asked = form.asked(before)
    return write_mail_twice(
        "inviting/mail_changed.txt",
        round=facts,
        before=before,
        asked=asked,
        names=changed_promises(before, asked) if before else (),
        link=settings().base_url + url_for("inviting.mine"),
        municipality=settings().municipality,
    )


def _shown(asked: Asked, version: int) -> dict[str, object]:
    return {
        **asdict(asked),
        "mode": asked.mode.value,
        "one_per_address": "yes" if asked.one_per_address else "no",
        "version": str(version),
    }


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
