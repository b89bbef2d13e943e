"""Count how people took part in an evening, and which forms on paper the panel decided without."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.queries import paper_progress
from pb.evening.queries.floor import floor_counts, whereabouts
from pb.evening.rules.floor import Way
from pb.evening.rules.steps import Stage, StepKind
from pb.evening.tables import AgendaItem, Evening, Presence, Score
from pb.minutes.rules import FEWEST_SCORES_SHOWN, HowTheyTookPart, shown_ways
from pb.people.queries import names
from pb.store.journal import JournalLine


@dataclass(frozen=True)
class PaperOfPlan:
    """The forms on paper of one plan that was closed: how many there are, and how many count."""

    forms: int
    counted: int


@dataclass(frozen=True)
class PaperLeftOut:
    """The forms per agenda item id; and who began deciding without the rest, if somebody did."""

    plans: Mapping[int, PaperOfPlan]
    by: str | None = None
    at: datetime | None = None

    @property
    def left_out(self) -> int:
        """Count the figures on paper that do not count."""
        return sum(one.forms - one.counted for one in self.plans.values())

    @property
    def plans_short(self) -> int:
        """Count the plans of which not every form counts."""
        return sum(one.forms > one.counted for one in self.plans.values())

    @property
    def decided_without(self) -> bool:
        """Say whether the panel decided without some of the figures on paper."""
        return self.at is not None and self.left_out > 0

    @property
    def few(self) -> bool:
        """Say whether it is about so few figures that their number is not told to everyone."""
        return self.left_out < FEWEST_SCORES_SHOWN


def paper_left_out(session: Session, *, evening_id: int) -> PaperLeftOut:
    """Tell per closed plan how many forms on paper count, and who and when began deciding."""
    plans = {
        one.item_id: PaperOfPlan(one.forms, one.settled)
        for one in paper_progress(session, evening_id=evening_id)
        if one.closed and one.forms
    }
    stage = Stage(session.execute(sa.select(Evening.stage).where(Evening.id == evening_id)).scalar_one())
    if not plans or stage not in (Stage.DECIDE, Stage.DIVIDE, Stage.DONE):
        return PaperLeftOut(plans)
    line = session.execute(
        sa.select(JournalLine.at, JournalLine.actor_id)
        .where(
            JournalLine.subject == f"evening {evening_id}",
            JournalLine.what == StepKind.START_DECIDING.value.replace("_", " "),
        )
        .order_by(JournalLine.id.desc())
        .limit(1)
    ).one_or_none()
    if line is None:
        return PaperLeftOut(plans)
    who = names(session, {line.actor_id}).get(line.actor_id, "") if line.actor_id else ""
    return PaperLeftOut(plans, who, line.at)


def how_they_took_part(session: Session, *, evening_id: int) -> HowTheyTookPart:
    """Put everybody who came in one place: by phone, on paper, on the floor, or without a figure.

    Ties: whoever took part in more than one way is counted once, in that order.
    """
    came = set(session.scalars(sa.select(Presence.seat_id).where(Presence.evening_id == evening_id)))
    gave: dict[str, set[int]] = {"phone": set(), "paper": set()}
    for seat_id, way in session.execute(
        sa.select(Score.seat_id, Score.way)
        .join(AgendaItem, AgendaItem.id == Score.item_id)
        .where(AgendaItem.evening_id == evening_id, Score.score.is_not(None))
    ):
        gave["paper" if way == Way.PAPER.value else "phone"].add(seat_id)
    counted = floor_counts(session, evening_id=evening_id)
    stood = whereabouts(session, evening_id=evening_id).stood if counted else {}
    on_floor = {
        seat_id
        for item_id, seats in stood.items()
        if item_id in counted and counted[item_id].people
        for seat_id, way in seats.items()
        if way is Way.FLOOR
    }
    phone = gave["phone"] & came
    paper = (gave["paper"] & came) - phone
    floor = (on_floor & came) - phone - paper
    return shown_ways(
        came=len(came),
        ways={"phone": len(phone), "floor": len(floor), "paper": len(paper),
              "none": len(came - phone - paper - floor)},
    )  # fmt: skip
