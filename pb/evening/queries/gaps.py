"""Read who is here, and who is still missing before a plan closes."""

import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.queries.people import eligible_seats, present_seats
from pb.evening.rules.closing import Gaps, scores_needed
from pb.evening.tables import Evening, FloorCount, Presence, Score
from pb.panel.queries import seats
from pb.rounds.queries import rule_version


@dataclass(frozen=True)
class Here:
    """Who came, as seat numbers: in the room, gone home, not come yet."""

    present: tuple[int, ...]
    left: tuple[int, ...]
    on_the_way: tuple[int, ...]

    @property
    def seated(self) -> int:
        """Count the seats of the panel."""
        return len(self.present) + len(self.left) + len(self.on_the_way)


def who_is_here(session: Session, *, evening_id: int) -> Here:
    """Give who came, by seat number."""
    evening = session.get_one(Evening, evening_id)
    known = seats(session, round_id=evening.round_id)
    present = present_seats(session, evening_id=evening_id)
    came = frozenset(session.scalars(sa.select(Presence.seat_id).where(Presence.evening_id == evening_id)))
    return Here(
        tuple(seat.number for seat in known if seat.id in present),
        tuple(seat.number for seat in known if seat.id in came - present),
        tuple(seat.number for seat in known if seat.id not in came),
    )


def gaps(session: Session, *, evening_id: int, item_id: int, scores: int) -> Gaps:
    """Give who may score a plan and has not, of ``scores`` there are."""
    evening = session.get_one(Evening, evening_id)
    may_score = eligible_seats(session, evening_id=evening_id, item_id=item_id)
    scored = frozenset(
        session.scalars(sa.select(Score.seat_id).where(Score.item_id == item_id, Score.score.is_not(None)))
    )
    ways: dict[str, set[int]] = {"floor": set(), "paper": set()}
    for seat_id, way in session.execute(
        sa.select(Presence.seat_id, Presence.way).where(
            Presence.evening_id == evening_id, Presence.way.in_(("floor", "paper"))
        )
    ):
        ways[way].add(seat_id)
    rules = rule_version(session, rule_set_id=evening.rule_set_id).rules["decide"]
    missing = may_score - scored
    return Gaps(
        seats=tuple(
            seat.number
            for seat in seats(session, round_id=evening.round_id)
            if seat.id in missing - ways["floor"] - ways["paper"]
        ),
        floor=max(len(missing & ways["floor"]) - _counted(session, item_id), 0),
        scores=scores,
        needed=scores_needed(rules, len(may_score)),
        paper=len(missing & ways["paper"]),
    )


def _counted(session: Session, item_id: int) -> int:
    text = session.scalar(sa.select(FloorCount.counts).where(FloorCount.item_id == item_id))
    return sum(json.loads(text)) if text else 0
