"""Read whether anybody has a letter in hand, for the pages that lead people in."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.inviting.tables import Appeal, Invitation
from pb.rounds.rules import RoundState
from pb.rounds.tables import Round


@dataclass(frozen=True, slots=True)
class Asking:
    """Say what people with a letter can do now, in any round: answer, or look at what they answered."""

    takes_answers: bool = False
    keeps_answers: bool = False


def asking(session: Session, *, today: date) -> Asking:
    """Look at all open rounds that sent letters and did not erase the answers yet."""
    sent = sa.exists().where(Invitation.round_id == Appeal.round_id, Invitation.gone_at.is_(None))
    rows = session.execute(
        sa.select(Appeal.frozen_at, Appeal.answers_close_on)
        .join(Round, Round.id == Appeal.round_id)
        .where(
            Round.state == RoundState.OPEN.value, Round.practice.is_(False), Appeal.deleted_at.is_(None), sent
        )
    ).all()
    return Asking(
        takes_answers=any(row.frozen_at is None and row.answers_close_on >= today for row in rows),
        keeps_answers=bool(rows),
    )
