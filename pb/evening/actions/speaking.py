"""Count who spoke about a plan, by the figure that they stand on."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.actions.events import hold
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.rules.talk import check_figure
from pb.evening.tables import AgendaItem, SpeakingTurn
from pb.store import journal
from pb.store.journal import Actor


def count_turn(
    session: Session,
    *,
    evening_id: int,
    item_id: int,
    figure: int,
    seen: int,
    back: bool,
    who: Actor,
    now: datetime,
) -> None:
    """Count a turn of somebody who stands on a figure, or take one back.

    ``seen`` is the tally on the page where it was pressed: a press that came twice, or after somebody else's,
    changes nothing. No event and no figure in the journal: who spoke when is known in the room, and would
    say where that person stood.
    Raises: NoSuchFigure, NotFound unless this plan is being talked about.
    """
    check_figure(figure)
    evening = hold(session, evening_id)
    item = session.scalar(
        sa.select(AgendaItem).where(AgendaItem.id == item_id, AgendaItem.evening_id == evening_id)
    )
    here = item is not None and evening.stage == Stage.PLANS.value and item.position == evening.at_position
    if item is None or not here or item.scoring == Scoring.FILM.value:
        raise NotFound()
    known = session.get(SpeakingTurn, (item_id, figure), populate_existing=True)
    turns = known.turns if known else 0
    if turns != seen or (back and not turns):
        return
    if known is None:
        session.add(SpeakingTurn(item_id=item_id, figure=figure, turns=1))
    else:
        known.turns += -1 if back else 1
    journal.note(
        session,
        at=now,
        who=who,
        what="turn taken back" if back else "turn counted",
        subject=f"evening {evening_id}",
        position=item.position,
    )
