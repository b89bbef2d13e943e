"""Read what other rules, or fewer voices, would have made of an evening that is over."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pb.decide.queries import Counted, count, number_of
from pb.decide.rules import Outcome, Status
from pb.divide.inputs import WorkedOut, work_out
from pb.divide.queries import DivisionFacts, confirmed_division
from pb.divide.rules import Facts
from pb.divide.what_if import (
    FEWEST_LEFT_OUT,
    Alternative,
    Fewer,
    Room,
    by_each_preset,
    scorers_among,
    without_scores_of,
)
from pb.evening.queries import EveningFacts, ItemFacts, ballots, evening_facts, floor_counts, involved_seats
from pb.evening.rules.steps import Stage
from pb.public.rules import NotConfirmedYet
from pb.rounds.queries import RoundFacts, round_facts


@dataclass(frozen=True)
class PlanAside:
    """One plan of an evening, with what its scores say and what was decided. Units: cents."""

    item: ItemFacts
    outcome: Outcome
    yes: bool
    computed_cents: int
    amount_cents: int
    yes_without: bool | None
    cents_without: int | None

    @property
    def key(self) -> str:
        """Name the plan as the rules do."""
        return number_of(self.item)

    @property
    def computed_yes(self) -> bool:
        """Say what the scores say."""
        return self.outcome.status is Status.YES

    @property
    def changes(self) -> bool:
        """Say whether this plan had another outcome without the scores of who was involved in one."""
        return self.yes_without is not None and (
            (self.yes_without, self.cents_without) != (self.yes, self.computed_cents)
        )


@dataclass(frozen=True)
class WhatIf:
    """What could have come of an evening. ``involved`` counts the people whose scores were left out.

    ``enough_involved`` is false when leaving them out would tell what one of them gave.
    """

    evening: EveningFacts
    round: RoundFacts
    division: DivisionFacts
    alternatives: tuple[Alternative, ...]
    plans: tuple[PlanAside, ...]
    involved: int
    enough_involved: bool
    on_the_floor: bool
    own_divisions: bool

    @property
    def same_without(self) -> bool:
        """Say whether leaving out who was involved would have changed nothing."""
        return not any(plan.changes for plan in self.plans)


def what_if(session: Session, *, evening_id: int) -> WhatIf:
    """Compute what else could have come of an evening. Raises: NotConfirmedYet, NotFound."""
    evening = evening_facts(session, evening_id=evening_id)
    found = confirmed_division(session, evening_id=evening_id)
    if found is None or evening.stage is not Stage.DONE:
        raise NotConfirmedYet()
    counted = count(session, evening=evening)
    worked = work_out(session, evening, ())
    floor = any(one.people for one in floor_counts(session, evening_id=evening_id).values())
    room = _room(session, evening, counted, worked)
    involved = _involved(session, evening_id)
    enough = scorers_among(involved, room) >= FEWEST_LEFT_OUT
    fewer = _without(involved, room, counted, worked, evening) if enough else None
    facts = Facts(
        stats=worked.facts.stats,
        proposals=worked.facts.proposals,
        panel=None if floor else worked.facts.panel,
    )
    return WhatIf(
        evening=evening,
        round=round_facts(session, round_id=evening.round_id),
        division=found,
        alternatives=by_each_preset(
            worked.decisions.ranking, worked.plans, worked.config,
            budget_cents=evening.budget_cents, cap_cents=worked.cap_cents, facts=facts,
        ),
        plans=_plans(evening, found, worked, fewer),
        involved=scorers_among(involved, room),
        enough_involved=enough,
        on_the_floor=floor,
        own_divisions=facts.proposals is not None,
    )  # fmt: skip


def _room(session: Session, evening: EveningFacts, counted: Counted, worked: WorkedOut) -> Room:
    present = [one.present for one in ballots(session, evening_id=evening.id)]
    return Room(
        plans=counted.plans,
        present=frozenset(str(seat) for seat in frozenset().union(*present)),
        scores=counted.panel,
        outcomes=counted.decisions.outcomes,
        yes=worked.yes,
    )


def _involved(session: Session, evening_id: int) -> frozenset[str]:
    """Give everybody who is involved in any plan of the evening."""
    seats = involved_seats(session, evening_id=evening_id).values()
    return frozenset(str(seat) for seat in frozenset().union(*seats))


def _without(
    people: frozenset[str], room: Room, counted: Counted, worked: WorkedOut, evening: EveningFacts
) -> Fewer:
    return without_scores_of(
        people, room, counted.config, worked.plans, worked.config,
        budget_cents=evening.budget_cents, cap_cents=worked.cap_cents, facts=worked.facts,
    )  # fmt: skip


def _plans(
    evening: EveningFacts, found: DivisionFacts, worked: WorkedOut, fewer: Fewer | None
) -> tuple[PlanAside, ...]:
    lines = {line.plan.id: line for line in found.lines}
    order = {line.plan.id: place for place, line in enumerate(found.lines)}
    return tuple(
        PlanAside(
            item=item,
            outcome=worked.decisions.outcomes[number_of(item)],
            yes=worked.yes[number_of(item)],
            computed_cents=lines[item.plan.id].computed_cents,
            amount_cents=lines[item.plan.id].amount_cents,
            yes_without=fewer.yes[number_of(item)] if fewer else None,
            cents_without=fewer.division.amounts.get(number_of(item), 0) if fewer else None,
        )
        for item in sorted(evening.items, key=lambda item: order[item.plan.id])
    )
