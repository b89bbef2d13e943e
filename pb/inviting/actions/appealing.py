"""Write what a round asks of people who may come into its panel."""

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date
from pb.core.mail import Letter
from pb.inviting import queries
from pb.inviting.queries.reached import Reached, reached
from pb.inviting.rules.appeal import Asked
from pb.inviting.rules.asking import (
    AppealChanged,
    PromiseChanged,
    asked_of,
    changed_promises,
    check_asked,
    check_close,
    keep_promise,
    refuse_what_is_frozen,
)
from pb.inviting.tables import Answer, Appeal
from pb.panel.actions.filling import hold_round
from pb.people.actions import post
from pb.store import journal
from pb.store.journal import Actor


@dataclass(frozen=True, slots=True)
class Written:
    """Hold the version that stands now, and how many people were mailed of a change or must be phoned."""

    version: int
    mailed: int = 0
    to_phone: int = 0


def write_appeal(
    session: Session, *, round_id: int, version: int, asked: Asked, who: Actor, now: datetime,
    mail: Letter | None = None,
) -> Written:  # fmt: skip
    """Write what is asked, the first time or again.

    ``version`` is the one that was looked at; 0 when nothing stood there yet. ``mail`` goes to everybody who
    said yes and left an address, when people read something else before; without it that is refused.
    Raises: AppealChanged, AppealFrozen, CloseInPast, DeleteLater, PromiseChanged, and what check_asked
    raises.
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
        promises = changed
        known = Reached(0, 0, ())
    else:
        changed = asked.differs_from(before)
        if not changed:
            return Written(row.version)
        if row.frozen_at is not None:
            refuse_what_is_frozen(before, asked)
        answered = sa.select(Answer.id).where(Answer.round_id == round_id).limit(1)
        anybody = session.scalar(answered) is not None
        keep_promise(before.delete_on, asked.delete_on, anybody_answered=anybody)
        promises = changed_promises(before, asked)
        known = reached(session, round_id=round_id)
        if promises and known.asked and mail is None:
            raise PromiseChanged(names=promises, asked=known.asked, yes=known.yes)
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
    if not (promises and known.asked and mail):
        return Written(row.version)
    for email in known.emails:
        post(session, to_email=email, subject=mail.subject, body=mail.body, now=now)
    journal.note(
        session, at=now, who=who, what="appeal change told", subject=f"appeal {round_id}",
        promises=list(promises), asked=known.asked, yes=known.yes, mailed=len(known.emails),
    )  # fmt: skip
    return Written(row.version, len(known.emails), known.to_phone)


def changed_since(session: Session, *, round_id: int, version: int) -> tuple[str, ...]:
    """Name what was changed after a version, as the journal has it."""
    names: list[str] = []
    for line in journal.lines(session, subject=f"appeal {round_id}"):
        facts = json.loads(line.facts)
        if facts.get("version", 0) > version:
            names += [name for name in facts.get("changed", ()) if name not in names]
    return tuple(name for name in Asked.__dataclass_fields__ if name in names)
