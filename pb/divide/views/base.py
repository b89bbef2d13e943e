"""What the pages of dividing share."""

from flask import Blueprint, request

from pb.decide.panes import CONFIRMERS

__all__ = ["CONFIRMERS", "shown_sha256", "views"]
views = Blueprint("divide", __name__)
LONGEST_HASH = 64


def shown_sha256() -> str:
    """Give the check number of the division that was on the page."""
    return request.form.get("getoond", "")[:LONGEST_HASH]
