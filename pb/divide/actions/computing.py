"""Compute what stands on the screen: by the frozen rule, with what the panel changed, to the cent."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import canonical, sha256_of
from pb.decide.queries import number_of
from pb.divide.inputs import WorkedOut, published_inputs, work_out
from pb.divide.queries import amendments
from pb.divide.rules import Amendment, DivideConfig
from pb.divide.tables import DivisionLine, DivisionRecord
from pb.evening.actions.moving import tell
from pb.evening.queries import EveningFacts, evening_facts
from pb.store.journal import Actor


def compute(session: Session, *, evening_id: int, who: Actor, now: datetime) -> DivisionRecord:
    """Compute the division of a held evening and keep it in place of an earlier one; screens follow.

    An agreement with what stood there before is gone.
    """
    evening = evening_facts(session, evening_id=evening_id)
    made = [one.amendment for one in amendments(session, evening_id=evening_id)]
    worked = work_out(session, evening, made)
    record = _keep(session, evening, worked, made, who, now)
    tell(
        session,
        evening_id=evening_id,
        kind="divided",
        who=who,
        now=now,
        sha256=record.sha256,
        total_cents=record.total_cents,
        leftover_cents=record.leftover_cents,
    )
    return record


def _keep(
    session: Session,
    evening: EveningFacts,
    worked: WorkedOut,
    made: Sequence[Amendment],
    who: Actor,
    now: datetime,
) -> DivisionRecord:
    computed, settled = worked.division.computed, worked.division.settled
    inputs = published_inputs(evening, worked, made)
    result = settled.to_json() | {
        "computed": dict(computed.amounts),
        "level_cents": _level_cents(settled.to_json(), worked.config),
    }
    record = session.scalar(sa.select(DivisionRecord).where(DivisionRecord.evening_id == evening.id))
    if record is None:
        record = DivisionRecord(evening_id=evening.id, proposed_at=now, proposed_by=who.id)
        session.add(record)
    record.inputs, record.result = canonical(inputs).decode(), canonical(result).decode()
    record.sha256 = sha256_of({"inputs": inputs, "result": result})
    record.budget_cents = evening.budget_cents
    record.total_cents, record.leftover_cents = settled.total_cents, settled.leftover_cents
    record.agreed_way = record.agreed_at = None
    record.agreed_for = record.agreed_against = None
    session.flush()
    session.execute(sa.delete(DivisionLine).where(DivisionLine.division_id == record.id))
    for item in evening.items:
        number = number_of(item)
        session.add(
            DivisionLine(
                division_id=record.id,
                plan_id=item.plan.id,
                place=worked.decisions.places[number].place if number in settled.amounts else 0,
                amount_cents=settled.amounts.get(number, 0),
                computed_cents=computed.amounts.get(number, 0),
                status=str(settled.status[number]) if number in settled.status else "no",
                steps=canonical([step.to_json() for step in worked.why[number].steps]).decode(),
            )
        )
    session.flush()
    return record


def _level_cents(result: dict[str, object], config: DivideConfig) -> int | None:
    """Give the common level in whole cents, rounded down, for the picture only."""
    level = result.get("lam")
    if config.rule.value != "equal" or not isinstance(level, str):
        return None
    top, _, bottom = level.partition("/")
    return int(top) // int(bottom or "1")
