"""Write everything of an evening that is needed to compute it again, and to check it against its seal."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.decide.queries import recorded
from pb.decide.tables import Decision
from pb.divide.tables import DivisionRecord
from pb.evening.queries import EveningFacts, evening_facts
from pb.evening.queries.seals import Seals, seals
from pb.evening.tables import Event
from pb.minutes.rules import check_settled
from pb.rounds.queries import rule_version

FORMAT = "beslisavond-evening-1"
# Short reads: somebody who downloads slowly must not keep one snapshot of the database open.
EVENTS_AT_ONCE = 2000
ABOUT = (
    "Everything that happened on one evening, in order. Each event carries the hash of the one before. "
    "A seat is a pseudonym: the link from seat to person is not in this file. "
    "Check it with: python -m pb verify THIS-FILE --seal CODE, where the code comes from the minutes, the "
    "big screen or the mail, and not from this file. A plan has one seal for each time that it closed, and "
    "one for each form on paper that was typed after that: the last one holds."
)
Reading = Callable[[], AbstractContextManager[Session]]


def export_head(session: Session, *, evening_id: int) -> dict[str, Any]:
    """Give all of an export but its events. Raises: NotFound, PracticeOnly, NotSettledYet."""
    evening = evening_facts(session, evening_id=evening_id)
    check_settled(stage=evening.stage, practice=evening.practice)
    rules = rule_version(session, rule_set_id=evening.rule_set_id)
    return {
        "format": FORMAT,
        "about": ABOUT,
        "evening": {
            "id": evening.id,
            "held_on": evening.held_on.isoformat(),
            "budget_cents": evening.budget_cents,
            "lot_seed": evening.lot_seed,
            "agenda_seed": evening.agenda_seed,
        },
        "rules": {"version": rules.version, "sha256": rules.sha256, "rules": rules.rules},
        "agenda": [
            {
                "item": item.id,
                "position": item.position,
                "plan": item.plan.id,
                "number": item.plan.number,
                "title": item.plan.title,
                "ask_cents": item.plan.ask_cents,
                "least_cents": item.plan.least_cents,
            }
            for item in evening.items
        ],
        "decisions": _decisions(session, evening),
        "division": _division(session, evening_id),
        "seals": _seals(evening, seals(session, evening_id=evening_id)),
        "head": evening.head,
    }


def export_lines(reading: Reading, *, evening_id: int, head: dict[str, Any], last_seq: int) -> Iterator[str]:
    """Write an export piece by piece, its events last. Shape: JSON, one event a line."""
    start = json.dumps(head, ensure_ascii=False, indent=1)
    yield f'{start.rpartition("}")[0].rstrip()},\n "events": [\n'
    for first in range(1, last_seq + 1, EVENTS_AT_ONCE):
        last = min(first + EVENTS_AT_ONCE - 1, last_seq)
        with reading() as session:
            rows = session.execute(
                sa.select(Event.seq, Event.at, Event.kind, Event.facts, Event.hash)
                .where(Event.evening_id == evening_id, Event.seq.between(first, last))
                .order_by(Event.seq)
            ).all()
        # The facts are kept as the canonical JSON that was hashed.
        yield "".join(
            f'  {{"seq":{row.seq},"at":"{_moment(row.at)}","kind":{json.dumps(row.kind)},'
            f'"facts":{row.facts},"hash":"{row.hash}"}}{"" if row.seq == last_seq else ","}\n'
            for row in rows
        )
    yield " ]\n}\n"


def _moment(at: datetime) -> str:
    """Write a moment as it was hashed."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _decisions(session: Session, evening: EveningFacts) -> list[dict[str, Any]]:
    known = recorded(session, evening_id=evening.id)
    computed = {
        plan_id: json.loads(text)
        for plan_id, text in session.execute(
            sa.select(Decision.plan_id, Decision.computed).where(Decision.evening_id == evening.id)
        )
    }
    return [
        {
            "plan": made.plan_id,
            "yes": made.yes,
            "computed_yes": made.computed_yes,
            "way": made.way.value,
            "hist": computed[made.plan_id]["hist"],
            "reason": made.reason,
            "minority_view": made.minority_view,
        }
        for item in evening.items
        if (made := known.get(item.plan.id)) is not None
    ]


def _division(session: Session, evening_id: int) -> dict[str, Any] | None:
    row = session.execute(
        sa.select(DivisionRecord.inputs, DivisionRecord.result, DivisionRecord.sha256).where(
            DivisionRecord.evening_id == evening_id
        )
    ).one_or_none()
    if row is None:
        return None
    return {"sha256": row.sha256, "inputs": json.loads(row.inputs), "result": json.loads(row.result)}


def _seals(evening: EveningFacts, found: Seals) -> dict[str, Any]:
    return {
        "plans": [
            {"item": item.id, "seq": one.seq, "seal": one.code}
            for item in evening.items
            for one in found.ever.get(item.id, ())
        ],
        "end": found.end,
    }
