"""Stub: to be built."""

from flask import Blueprint

from pb.web.doors import public
from pb.web.pages import page

views = Blueprint("grants", __name__)


@views.get("/werk/ronde/<int:round_id>/uitbetalen")
@public("stub")
def payments(round_id: int = 0) -> str:
    return page("public/home.html", rounds=[])
