"""Say things in a document with the words that the pages have for them."""

import re
from html import unescape
from typing import Any

from flask import current_app


def word(figure: int) -> str:
    """Give the word of a figure, 1 to 5."""
    return bare(said("_parts/figures.html", "word", figure))


def said(template: str, macro: str, *values: Any) -> str:
    """Say something with the words that the pages have for it, as HTML."""
    return str(getattr(current_app.jinja_env.get_template(template).module, macro)(*values))


def bare(html: str) -> str:
    """Take the words out of HTML of our own; a space that may not break stays one."""
    return " ".join(re.split(r"[ \t\r\n]+", unescape(re.sub(r"<[^>]*>", "", html)))).strip(" ")


def sentences(html: str) -> list[str]:
    """Take the sentences out of a list of our own, as HTML."""
    return [bare(one.partition("</li>")[0]) for one in html.split("<li>")[1:]]
