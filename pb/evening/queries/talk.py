"""Read the talk about a plan: turns by figure, and how many people moved."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.tables import Score, SpeakingTurn


def turns(session: Session, *, item_id: int) -> dict[int, int]:
    """Give how many people spoke, per figure; a figure from which nobody spoke is not in it."""
    rows = session.execute(
        sa.select(SpeakingTurn.figure, SpeakingTurn.turns).where(SpeakingTurn.item_id == item_id)
    )
    return {figure: count for figure, count in rows if count}


def people_moved(session: Session, *, item_id: int, without: Collection[int] = ()) -> int:
    """Count the seats that ended on another figure than they began on; those ``without`` are left out."""
    return (
        session.scalar(
            sa.select(sa.func.count()).where(
                Score.item_id == item_id,
                Score.score.is_not(None),
                Score.score != Score.first_score,
                Score.seat_id.not_in(without),
            )
        )
        or 0
    )
