"""Say in plain words which rule was broken: facts come from the error, words from a template."""

from flask import render_template
from markupsafe import Markup

from pb.core.errors import Broken


def say(error: Broken) -> Markup:
    """Give the sentence that belongs to a broken rule, in the visitor's language."""
    return say_code(error.code, error.facts)


def say_code(code: str, facts: dict[str, object]) -> Markup:
    """Give the sentence that belongs to a code and its facts."""
    room, _, what = code.partition(".")
    return Markup(render_template(f"{room}/broken/{what}.html", facts=facts).strip())  # noqa: S704
