"""What everyone may see."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from pb.rounds.queries import published_rounds
from pb.web.doors import public
from pb.web.pages import page
from pb.web.transaction import reading

views = Blueprint("public", __name__)


@views.get("/")
@public("the front page")
def home() -> ResponseReturnValue:
    """Show the rounds."""
    with reading() as session:
        rounds = published_rounds(session)
    return page("public/home.html", rounds=rounds)


@views.get("/ronde/<int:round_id>")
@public("an open round is for everyone")
def round_page(round_id: int) -> ResponseReturnValue:
    """Show a round to residents."""
    return page("public/home.html", rounds=[])
