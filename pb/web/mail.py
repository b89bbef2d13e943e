"""Writing a mail from a template, in the language of whoever gets it."""

import re
from typing import Any

from flask import render_template
from flask_babel import force_locale

from pb.core.mail import Letter

LINE = "-" * 40


def write_mail(template: str, *, language: str = "nl", **known: Any) -> Letter:
    """Write a mail; the first line of its template is the subject, and what is left out leaves no gap."""
    with force_locale(language):
        text = render_template(template, **known)
    subject, _rest, body = text.strip().partition("\n")
    return Letter(subject.strip(), re.sub("\n{3,}", "\n\n", body.strip()) + "\n")


def write_mail_twice(template: str, **known: Any) -> Letter:
    """Write a mail to somebody whose language nobody knows: in Dutch, and below that in English."""
    dutch, english = write_mail(template, **known), write_mail(template, language="en", **known)
    return Letter(dutch.subject, f"{dutch.body}\n{LINE}\nEnglish: {english.subject}\n\n{english.body}")
