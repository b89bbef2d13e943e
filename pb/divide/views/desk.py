"""What waits on the desk of whoever may confirm, and on the page of the evening."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.divide.queries import made_by
from pb.divide.tables import DivisionRecord
from pb.divide.views.base import CONFIRMERS
from pb.evening.panes import Surface
from pb.evening.panes import hang as hang_pane
from pb.evening.queries import EveningFacts
from pb.evening.rules.steps import Stage
from pb.evening.tables import Evening
from pb.people.login import my_account_id
from pb.rounds.desk_pieces import hang
from pb.rounds.tables import Round
from pb.web.doors import may


@dataclass(frozen=True)
class Waiting:
    """A division that the panel agreed with and that waits for a second person. Units: cents."""

    evening_id: int
    evening_name: str
    round_name: str
    total_cents: int


@hang("divide/_waiting.html")
def waiting_for_me(session: Session) -> Sequence[Waiting]:
    """List the divisions that the visitor may confirm now, the oldest first."""
    rows = session.execute(
        sa.select(
            DivisionRecord.evening_id, Evening.name, Round.name.label("round_name"), Round.area_id,
            DivisionRecord.total_cents,
        )
        .join(Evening, Evening.id == DivisionRecord.evening_id)
        .join(Round, Round.id == Evening.round_id)
        .where(DivisionRecord.agreed_at.is_not(None), DivisionRecord.confirmed_at.is_(None))
        .order_by(DivisionRecord.agreed_at)
    ).all()  # fmt: skip
    mine = [row for row in rows if any(may(role, row.area_id) for role in CONFIRMERS)]
    return [
        Waiting(row.evening_id, row.name, row.round_name, row.total_cents)
        for row in mine
        if my_account_id() not in made_by(session, evening_id=row.evening_id)
    ]


@hang_pane(Stage.DIVIDE, Surface.DESK, "divide/_evening_desk.html")
def on_the_evening_page(session: Session, evening: EveningFacts, _seat: int | None) -> dict[str, Any]:
    """Say on the page of the evening whether its division waits for a second person."""
    agreed = session.scalar(
        sa.select(DivisionRecord.agreed_at).where(DivisionRecord.evening_id == evening.id)
    )
    return {"waits_for_second": agreed is not None}
