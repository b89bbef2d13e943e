"""What the pages of dividing share."""

from flask import Blueprint, request

from pb.people.rules import Role

views = Blueprint("divide", __name__)
LONGEST_HASH = 64
CONFIRMERS = (Role.AREA_MANAGER, Role.OFFICER)


def shown_sha256() -> str:
    """Give the check number of the division that was on the page."""
    return request.form.get("getoond", "")[:LONGEST_HASH]
