"""How dividing works, for everyone: a page of pictures, which the round's form shows too."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pb.divide.example import examples, yes_and_no
from pb.divide.rules import PRESETS
from pb.rounds.preset_pictures import hang
from pb.web.doors import public
from pb.web.pages import page

views = Blueprint("ways", __name__)
hang("divide/_ways.html")(examples)


@views.get("/verdelen")
@public("how dividing works is for everyone")
def explained() -> ResponseReturnValue:
    """Explain how a plan gets a yes, and the ways to divide, on made-up plans."""
    settings = {name: config.to_json() for name, config in PRESETS.items()}
    return page("divide/example.html", examples=examples(), votes=yes_and_no(), settings=settings)
