"""The big screen: what a whole room reads from ten metres."""

import hmac
from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening import queries
from pb.evening.panes import Surface
from pb.evening.rules.score import spread_of
from pb.evening.rules.screen_key import screen_key
from pb.evening.views.base import settings, show, views
from pb.panel.queries import seats
from pb.web.doors import checked
from pb.web.transaction import reading


def _has_key(_session: Session, arguments: Mapping[str, Any]) -> None:
    key = screen_key(settings().card_key.encode(), arguments["evening_id"])
    if not hmac.compare_digest(key.encode(), arguments["key"].encode()):
        raise NotFound()


@views.get("/avond/<int:evening_id>/scherm/<key>")
@checked("whoever has the address of the big screen", _has_key)
def screen_page(evening_id: int, key: str) -> ResponseReturnValue:
    """Show the room where the evening is; counts only, and only once scoring is closed."""
    with reading() as session:
        evening = queries.evening_facts(session, evening_id=evening_id)
        item = evening.current
        present = queries.present_seats(session, evening_id=evening_id)
        spreads = queries.spreads(session, evening_id=evening_id)
        return show(
            session,
            evening,
            Surface.SCREEN,
            "evening/screen.html",
            item=item,
            spread=spreads.get(item.id, spread_of([])) if item else None,
            may_score=len(queries.eligible_seats(session, evening_id=evening_id, item_id=item.id))
            if item
            else 0,
            present=len(present),
            seated=len(seats(session, round_id=evening.round_id)),
            join_url=settings().base_url + "/kaart",
        )
