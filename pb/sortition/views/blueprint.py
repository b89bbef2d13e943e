"""The sortition room's own corner of the app."""

from flask import Blueprint

from pb.sortition.queries import draws as queries
from pb.web.transaction import reading

views = Blueprint("sortition", __name__)


@views.app_template_global("has_draw")
def has_draw(round_id: int) -> bool:
    """Tell the road to a panel whether there is a draw, so that it shows what comes after."""
    with reading() as session:
        return queries.has_draw(session, round_id=round_id)
