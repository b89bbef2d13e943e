"""Read the evenings of one day, and how an evening will divide its money."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.rules.steps import Stage
from pb.evening.tables import Evening
from pb.rounds.queries import rule_version
from pb.rounds.rules import Preset
from pb.rounds.tables import Round


@dataclass(frozen=True)
class TodaysEvening:
    """An evening of one day that is not done yet."""

    evening_id: int
    name: str
    place: str
    round_name: str
    area_id: int


def evenings_on(session: Session, *, day: date) -> list[TodaysEvening]:
    """List the evenings of a day that are not done, without those for practice."""
    rows = session.execute(
        sa.select(Evening.id, Evening.name, Evening.place, Round.name.label("round_name"), Round.area_id)
        .join(Round, Round.id == Evening.round_id)
        .where(Evening.held_on == day, Evening.stage != Stage.DONE.value, Round.practice.is_(False))
        .order_by(Evening.id)
    ).all()
    return [TodaysEvening(row.id, row.name, row.place, row.round_name, row.area_id) for row in rows]


def divides_together(session: Session, *, rule_set_id: int) -> bool:
    """Say whether everybody divides the pot themselves, for which a phone or a form on paper is needed."""
    rules = rule_version(session, rule_set_id=rule_set_id).rules
    return bool(rules["divide"]["rule"] == Preset.TOGETHER.value)
