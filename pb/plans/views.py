"""Stub: to be built."""

from flask import Blueprint

from pb.web.doors import public
from pb.web.pages import page

views = Blueprint("plans", __name__)


@views.get("/mijn-plannen")
@public("stub")
def mine(round_id: int = 0) -> str:
    return page("public/home.html", rounds=[])


@views.get("/werk/ronde/<int:round_id>/plannen")
@public("stub")
def review(round_id: int = 0) -> str:
    return page("public/home.html", rounds=[])
