"""On the first page of staff: the evening of today, with the shortest way to its console."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from pb.evening.queries.today import TodaysEvening, evenings_on
from pb.evening.views.base import HOSTS
from pb.rounds.desk_pieces import hang
from pb.web.clock import today
from pb.web.doors import may


@hang("evening/_today.html")
def evenings_of_today(session: Session) -> Sequence[TodaysEvening]:
    """List the evenings of today that the visitor may lead."""
    found = evenings_on(session, day=today())
    return [one for one in found if any(may(role, one.area_id) for role in HOSTS)]
