"""The mails with an own code: after a yes, and again for who lost it, with what the code opens by then."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _

from pb.core.mail import Letter
from pb.inviting.actions.answering import CODE
from pb.inviting.rules.appeal import Appeal
from pb.panel.views.blueprint import settings
from pb.web.i18n import long_day


def mail_of_yes(appeal: Appeal, *, fixed: bool) -> Letter:
    """Write the mail to whoever said yes; the code takes its place when there is one."""
    address = f"{settings().base_url}{url_for('inviting.mine')}#{CODE}"
    lines = [
        _(
            "Hallo,\n\nDank je voor je ja. Dit is je eigen code. Bewaar hem goed, en geef hem aan niemand:"
            "\n\n  %(code)s\n\nMet deze code zie je je antwoord. Je kunt het ook veranderen of stoppen:"
            "\n%(address)s\n",
            code=CODE, address=address,
        ),
        _("Je hebt een plaats in het panel. We laten je weten wat er verder gebeurt.\n")
        if fixed
        else _(
            "Mensen kunnen ja zeggen tot en met %(day)s. Daarna loten we.\n"
            "We laten het je weten, ook als je niet geloot bent.\n",
            day=long_day(appeal.answers_close_on),
        ),
    ]  # fmt: skip
    if appeal.meets:
        lines.append(_when(appeal, fixed=fixed))
    if appeal.phone:
        lines.append(_("Vragen? Bel %(phone)s.\n", phone=appeal.phone))
    return Letter(_("Dank je voor je ja"), "\n".join(lines))


def mail_of_code(appeal: Appeal, *, day: date, fixed: bool) -> Letter:
    """Write the mail to somebody who asked for their own code again; the code takes its place later."""
    address = f"{settings().base_url}{url_for('inviting.mine')}#{CODE}"
    lines = [
        _(
            "Hallo,\n\nDit is je eigen code, zoals je vroeg. Bewaar hem goed, en geef hem aan niemand:"
            "\n\n  %(code)s\n",
            code=CODE,
        )
    ]
    if appeal.frozen_at is not None or appeal.deleted_at is not None:
        lines.append(
            _(
                "De lijst voor de loting ligt vast. Met deze code zie je wat er met je antwoord gebeurt, "
                "en hoe er geloot is of wordt. Je kunt er ook mee stoppen:\n%(address)s\n",
                address=address,
            )
        )
    elif appeal.takes_answers_on(day):
        lines.append(
            _(
                "Met deze code zie je je antwoord. Je kunt het ook veranderen of stoppen:\n%(address)s\n",
                address=address,
            )
        )
    else:
        lines.append(
            _(
                "Met deze code zie je je antwoord. Veranderen kan niet meer, stoppen wel:\n%(address)s\n",
                address=address,
            )
        )
    if appeal.meets and appeal.deleted_at is None:
        lines.append(_when(appeal, fixed=fixed))
    if appeal.phone:
        lines.append(_("Vragen? Bel %(phone)s.\n", phone=appeal.phone))
    return Letter(_("Je eigen code"), "\n".join(lines))


def _when(appeal: Appeal, *, fixed: bool) -> str:
    told = (
        _("Hier zien we je:\n%(meets)s\n", meets=appeal.meets)
        if fixed
        else _("Krijg je een plaats? Dan zien we je hier:\n%(meets)s\n", meets=appeal.meets)
    )
    return str(told)
