"""Lay the rows of a division beside the result that was shown, agreed with and confirmed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.canonical import sha256_of
from pb.core.errors import Broken
from pb.divide.tables import AmendmentRecord, DivisionLine, DivisionRecord
from pb.evening.tables import Event
from pb.plans.tables import Plan


class OtherThanRecorded(Broken):
    """Refuse to pay, sign or confirm what is not what was recorded; ``plans`` are numbers in the round."""

    code = "divide.other-than-recorded"


@dataclass(frozen=True)
class Unlike:
    """What is not as it was recorded: these plans, by number in the round; ``whole``: the result itself."""

    plans: tuple[int, ...]
    whole: bool

    @property
    def error(self) -> OtherThanRecorded:
        """Give it as a broken rule, for its sentence."""
        return OtherThanRecorded(plans=", ".join(map(str, self.plans)), count=len(self.plans))


def unlike(session: Session, *, evening_id: int) -> Unlike | None:
    """Compare each line and each changed amount with the stored result; None when all of it is the same.

    The result counts only if its sha256, computed again, is the one that the chain of the evening names.
    """
    row = session.scalar(sa.select(DivisionRecord).where(DivisionRecord.evening_id == evening_id))
    if row is None:
        return None
    inputs, result = json.loads(row.inputs), json.loads(row.result)
    lines = session.execute(
        sa.select(Plan.number, DivisionLine)
        .join(Plan, Plan.id == DivisionLine.plan_id)
        .where(DivisionLine.division_id == row.id)
    ).all()
    made = session.execute(
        sa.select(Plan.number, AmendmentRecord.amount_cents, AmendmentRecord.reason)
        .join(Plan, Plan.id == AmendmentRecord.plan_id)
        .where(AmendmentRecord.evening_id == evening_id, AmendmentRecord.undone_at.is_(None))
    ).all()
    stored = {(one["plan"], one["amount"], one["reason"]) for one in inputs.get("amendments", [])}
    settled = {(str(number), cents, reason) for number, cents, reason in made}
    plans = {*_of_lines(lines, inputs, result), *(number for number, *_rest in stored ^ settled)}
    digest = sha256_of({"inputs": inputs, "result": result})
    kept = (row.sha256, row.budget_cents, row.total_cents, row.leftover_cents)
    whole = kept != (digest, inputs["budget"], result["total"], result["leftover"])
    whole = whole or any(told != digest for told in _told(session, row))
    return Unlike(tuple(sorted(map(int, plans))), whole) if plans or whole else None


def check_same(session: Session, *, evening_id: int) -> None:
    """Refuse a division that is not what was recorded. Raises: OtherThanRecorded."""
    found = unlike(session, evening_id=evening_id)
    if found is not None:
        raise found.error


def _of_lines(lines: Iterable[Any], inputs: Mapping[str, Any], result: Mapping[str, Any]) -> set[str]:
    """Name the plans whose line says something else than the result, that have no line, or no result."""
    amounts, differs = result["amounts"], set()
    # The first release kept no amounts beside those of the rule.
    computed = result.get("computed")
    seen = set()
    for plan_number, line in lines:
        number = str(plan_number)
        seen.add(number)
        same = (line.amount_cents, line.place > 0) == (amounts.get(number, 0), number in amounts)
        same = same and line.status == result["status"].get(number, "no")
        if not same or (computed is not None and line.computed_cents != computed.get(number, 0)):
            differs.add(number)
    return differs | (seen ^ {one["plan"] for one in inputs["plans"]})


def _told(session: Session, row: DivisionRecord) -> list[str | None]:
    """Give the sha256 that the chain names of each thing that was done with this division."""
    last: dict[str, str] = {}
    for kind, facts in session.execute(
        sa.select(Event.kind, Event.facts)
        .where(Event.evening_id == row.evening_id, Event.kind.in_(("divided", "agreed", "confirmed")))
        .order_by(Event.seq)
    ):
        last[kind] = json.loads(facts)["sha256"]
    if row.confirmed_at is None and "confirmed" in last:
        return [None]
    done = {"divided": row.proposed_at, "agreed": row.agreed_at, "confirmed": row.confirmed_at}
    return [last.get(kind) for kind, at in done.items() if at is not None]
