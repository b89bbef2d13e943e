"""Read the evenings of one day, and how an evening will divide its money."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.rules.steps import Stage
from pb.evening.tables import Evening
from pb.rounds.queries import rule_version
from pb.rounds.rules import Preset
from pb.rounds.tables import Round


@dataclass(frozen=True)
class TodaysEvening:
    """An evening of one day that is not done yet; ``late``: of the day before, and still under way."""

    evening_id: int
    name: str
    place: str
    round_name: str
    area_id: int
    late: bool


def evenings_on(session: Session, *, day: date, after_midnight: bool = False) -> list[TodaysEvening]:
    """List the evenings of a day that are not done, without those for practice.

    ``after_midnight``: with those of the day before that still go on.
    """
    goes_on = sa.and_(
        Evening.held_on == day - timedelta(days=1),
        Evening.stage.not_in((Stage.PREPARED.value, Stage.DONE.value)),
    )
    rows = session.execute(
        sa.select(
            Evening.id, Evening.name, Evening.place, Round.name.label("round_name"), Round.area_id,
            Evening.held_on,
        )
        .join(Round, Round.id == Evening.round_id)
        .where(
            sa.or_(
                sa.and_(Evening.held_on == day, Evening.stage != Stage.DONE.value),
                sa.and_(goes_on, sa.true() if after_midnight else sa.false()),
            ),
            Round.practice.is_(False),
        )
        .order_by(Evening.id)
    ).all()  # fmt: skip
    return [
        TodaysEvening(row.id, row.name, row.place, row.round_name, row.area_id, row.held_on != day)
        for row in rows
    ]


def divides_together(session: Session, *, rule_set_id: int) -> bool:
    """Say whether everybody divides the pot themselves, for which a phone or a form on paper is needed."""
    rules = rule_version(session, rule_set_id=rule_set_id).rules
    return bool(rules["divide"]["rule"] == Preset.TOGETHER.value)
