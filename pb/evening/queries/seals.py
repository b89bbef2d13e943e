"""Read the seals of an evening: of each plan as it counts now, of what it was before, and of the end."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.rules.seal import (
    SEALING,
    Link,
    PlanSeal,
    PracticeOnly,
    Replaced,
    plan_seals,
    replaced_seals,
    seal_code,
)
from pb.evening.rules.steps import Scoring, Stage
from pb.evening.tables import AgendaItem, Evening, Event
from pb.rounds.tables import Round


@dataclass(frozen=True)
class Seals:
    """The codes of an evening: per agenda item id, and at the end (None until the outcome is confirmed).

    ``plans`` and ``seqs`` are of the plans that are closed now; ``ever`` holds each seal that a plan had, the
    newest last.
    """

    plans: Mapping[int, str]
    seqs: Mapping[int, int]
    end: str | None
    ever: Mapping[int, tuple[PlanSeal, ...]]

    def replaced(self, item_id: int) -> tuple[Replaced, ...]:
        """Tell which seals of a plan hold no more, when another came in their place, and why."""
        return replaced_seals(self.ever.get(item_id, ()))

    def without_late_paper(self, item_ids: Collection[int]) -> "Seals":
        """Give the seals of these plans as they closed, as long as their pile of paper is not complete."""
        ever = dict(self.ever)
        for item_id in item_ids:
            last = ever.get(item_id, ())
            if last:
                ever[item_id] = last[: len(last) - last[-1].forms]
        now = {item_id: ever[item_id][-1] for item_id in self.plans}
        return replace(
            self,
            plans={item_id: one.code for item_id, one in now.items()},
            seqs={item_id: one.seq for item_id, one in now.items()},
            ever=ever,
        )


def seals(session: Session, *, evening_id: int) -> Seals:
    """Give the seal of every plan whose scoring is closed, and of the whole chain once the evening is done.

    A plan's seal is over the chain up to its last closing, or to the last form on paper that was typed for it
    after that. Raises: NotFound, PracticeOnly.
    """
    row = session.execute(
        sa.select(Evening.stage, Evening.head, Round.practice)
        .join(Round, Round.id == Evening.round_id)
        .where(Evening.id == evening_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    if row.practice:
        raise PracticeOnly()
    closed = session.scalars(
        sa.select(AgendaItem.id).where(
            AgendaItem.evening_id == evening_id, AgendaItem.scoring == Scoring.CLOSED.value
        )
    )
    events = session.execute(
        sa.select(Event.seq, Event.at, Event.kind, Event.facts, Event.hash)
        .where(Event.evening_id == evening_id, Event.kind.in_(sorted(SEALING)))
        .order_by(Event.seq)
    )
    ever = plan_seals(Link(seq, at, kind, json.loads(facts), head) for seq, at, kind, facts, head in events)
    last = {item_id: ever[item_id][-1] for item_id in closed if item_id in ever}
    return Seals(
        plans={item_id: one.code for item_id, one in last.items()},
        seqs={item_id: one.seq for item_id, one in last.items()},
        end=seal_code(row.head) if row.stage == Stage.DONE.value else None,
        ever={item_id: tuple(found) for item_id, found in ever.items()},
    )
