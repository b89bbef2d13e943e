"""Write what a round asks of people who may come into its panel."""

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date
from pb.inviting import queries
from pb.inviting.rules.appeal import Asked
from pb.inviting.rules.asking import (
    AppealChanged,
    asked_of,
    check_asked,
    check_close,
    keep_promise,
    refuse_what_is_frozen,
)
from pb.inviting.tables import Answer, Appeal
from pb.panel.actions.filling import hold_round
from pb.store import journal
from pb.store.journal import Actor


def write_appeal(
    session: Session, *, round_id: int, version: int, asked: Asked, who: Actor, now: datetime
) -> int:
    """Write what is asked, the first time or again; give its new version.

    ``version`` is the one that was looked at; 0 when nothing stood there yet.
    Raises: AppealChanged, AppealFrozen, CloseInPast, DeleteLater, and what check_asked raises.
    """
    check_asked(asked)
    hold_round(session, round_id)
    row = session.get(Appeal, round_id)
    before = None if row is None else asked_of(queries.appeal(session, round_id=round_id))
    there = 0 if row is None else row.version
    if there != version:
        raise AppealChanged(names=changed_since(session, round_id=round_id, version=version))
    today = amsterdam_date(now)
    check_close(asked.answers_close_on, today, before.answers_close_on if before else None)
    if row is None or before is None:
        row = Appeal(round_id=round_id, made_at=now, version=1)
        changed: tuple[str, ...] = ()
    else:
        changed = asked.differs_from(before)
        if not changed:
            return row.version
        if row.frozen_at is not None:
            refuse_what_is_frozen(before, asked)
        answered = sa.select(Answer.id).where(Answer.round_id == round_id).limit(1)
        anybody = session.scalar(answered) is not None
        keep_promise(before.delete_on, asked.delete_on, anybody_answered=anybody)
        row.version += 1
    for name in Asked.__dataclass_fields__:
        value = getattr(asked, name)
        setattr(row, name, value.value if name == "mode" else value)
    session.add(row)
    session.flush()
    journal.note(
        session, at=now, who=who, what="appeal changed" if changed else "appeal written",
        subject=f"appeal {round_id}", version=row.version, changed=list(changed),
    )  # fmt: skip
    return row.version


def changed_since(session: Session, *, round_id: int, version: int) -> tuple[str, ...]:
    """Name what was changed after a version, as the journal has it."""
    names: list[str] = []
    for line in journal.lines(session, subject=f"appeal {round_id}"):
        facts = json.loads(line.facts)
        if facts.get("version", 0) > version:
            names += [name for name in facts.get("changed", ()) if name not in names]
    return tuple(name for name in Asked.__dataclass_fields__ if name in names)
