"""The mail with an own code that was lost: what it opens now, not what was said on the day of the yes."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _

from pb.core.mail import Letter
from pb.inviting.actions.answering import CODE
from pb.inviting.rules.appeal import Appeal
from pb.panel.views.blueprint import settings


def mail_of_code(appeal: Appeal, *, day: date) -> Letter:
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
    if appeal.phone:
        lines.append(_("Vragen? Bel %(phone)s.\n", phone=appeal.phone))
    return Letter(_("Je eigen code"), "\n".join(lines))
