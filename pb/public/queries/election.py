"""Read an evening's scores as an election, for research: rows without a name, a seat or an order."""

from sqlalchemy.orm import Session

from pb.decide.queries import count
from pb.evening.queries import evening_facts, floor_counts
from pb.minutes.rules import check_settled
from pb.public.rules import Election, Project
from pb.rounds.queries import round_facts


def election(session: Session, *, evening_id: int, municipality: str) -> Election:
    """Gather the scores that counted, per person. Raises: NotFound, PracticeOnly, NotSettledYet."""
    evening = evening_facts(session, evening_id=evening_id)
    check_settled(stage=evening.stage, practice=evening.practice)
    round_ = round_facts(session, round_id=evening.round_id)
    counted = count(session, evening=evening)
    barred = {plan.plan_id: plan.submitters for plan in counted.plans}
    rows: dict[str, dict[int, int]] = {}
    for plan_id, given in counted.panel.items():
        for seat, score in given.items():
            if seat not in barred[plan_id]:
                rows.setdefault(seat, {})[int(plan_id)] = score
    floor = floor_counts(session, evening_id=evening_id)
    return Election(
        name=f"{evening.name}, {round_.name}",
        unit=municipality or round_.area_name,
        subunit=round_.area_name,
        held_on=evening.held_on,
        budget_cents=evening.budget_cents,
        projects=[Project(item.plan.number, item.plan.title, item.plan.ask_cents) for item in evening.items],
        rows=list(rows.values()),
        uncounted=sum(found.people for found in floor.values()),
    )
