"""Read which late paper the room does not see yet: a pile that grows form by form would tell each score."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.evening.queries.evenings import EveningFacts
from pb.evening.queries.paper import PaperProgress, paper_progress
from pb.evening.rules.held_back import late_seats
from pb.evening.rules.seal import SEALING
from pb.evening.rules.steps import Stage
from pb.evening.tables import Event

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True)
class HeldBack:
    """Paper of closed plans that is not complete yet, by agenda item id.

    ``progress`` is of every plan that was open. ``seats`` are those whose form was typed after closing and
    counts already; ``forms`` counts every form that the bars do not show. A plan of which all paper is in
    stands in neither.
    """

    progress: tuple[PaperProgress, ...] = ()
    seats: Mapping[int, frozenset[int]] = field(default_factory=dict)
    forms: Mapping[int, int] = field(default_factory=dict)

    @property
    def waiting(self) -> tuple[PaperProgress, ...]:
        """Give the closed plans with forms that do not count yet, in agenda order."""
        return tuple(one for one in self.progress if one.closed and one.waiting)


def held_back(session: Session, *, evening: EveningFacts) -> HeldBack:
    """Give the late paper that waits until the whole pile of its plan is in; nothing once deciding began."""
    progress = tuple(paper_progress(session, evening_id=evening.id))
    waiting = {one.item_id: one.waiting for one in progress if one.closed and one.waiting}
    if not waiting or evening.stage not in (Stage.PLANS, Stage.STICKERS):
        return HeldBack(progress)
    events = session.execute(
        sa.select(Event.kind, Event.facts)
        .where(Event.evening_id == evening.id, Event.kind.in_(sorted(SEALING)))
        .order_by(Event.seq)
    )
    late = late_seats((kind, json.loads(facts)) for kind, facts in events)
    seats = {item_id: late.get(item_id, NOBODY) for item_id in waiting}
    return HeldBack(progress, seats, {item_id: n + len(seats[item_id]) for item_id, n in waiting.items()})
