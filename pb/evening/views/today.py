"""On the first page of staff: the evening of today, with the shortest way to its console."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from pb.core.dates import AMSTERDAM
from pb.evening.queries.today import TodaysEvening, evenings_on
from pb.evening.views.base import HOSTS
from pb.rounds.desk_pieces import hang
from pb.web.clock import now, today
from pb.web.doors import may

NIGHT_ENDS = 6  # o'clock, in Amsterdam


@hang("evening/_today.html")
def evenings_of_today(session: Session) -> Sequence[TodaysEvening]:
    """List the evenings of today that the visitor may lead."""
    found = evenings_on(session, day=today(), after_midnight=now().astimezone(AMSTERDAM).hour < NIGHT_ENDS)
    return [one for one in found if any(may(role, one.area_id) for role in HOSTS)]
