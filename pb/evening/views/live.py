"""What keeps every screen and phone up to date: two numbers, asked for or told."""

from flask import request
from flask.typing import ResponseReturnValue

from pb.evening import live
from pb.evening.views.base import views
from pb.web.doors import public


@views.get("/avond/<int:evening_id>/stand")
@public("two numbers that say whether a screen is out of date, and nothing else")
def state(evening_id: int) -> ResponseReturnValue:
    """Say whether anything changed; the same answer for every phone, from one read."""
    return live.state(evening_id)


@views.get("/avond/<int:evening_id>/stroom")
@public("the same two numbers, told as soon as they change")
def stream(evening_id: int) -> ResponseReturnValue:
    """Go on telling what changed: each step, or with ``alles`` each position too."""
    return live.stream(evening_id, "all" if request.args.get("alles") == "1" else "steps")
