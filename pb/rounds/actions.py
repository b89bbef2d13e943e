"""Make a round, change it while it is a draft, open it with frozen rules."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.rounds import queries
from pb.rounds.rules import (
    Call,
    ChangedMeanwhile,
    FrozenRules,
    Majority,
    NotDraft,
    Preset,
    ReasonMissing,
    RoundState,
    check_call,
    freeze,
    rules_for,
)
from pb.rounds.tables import Round, RuleSetVersion
from pb.store import journal
from pb.store.journal import Actor


def make_round(
    session: Session, *, area_id: int, name: str, summary: str, call: Call, who: Actor, now: datetime
) -> int:
    """Make a round that only staff can see yet.

    Raises: PotOutOfBounds, CapAbovePot, CloseBeforeOpen.
    """
    check_call(call)
    made = Round(area_id=area_id, name=name, summary=summary, state=RoundState.DRAFT.value, made_at=now)
    _write_call(made, call)
    session.add(made)
    session.flush()
    journal.note(
        session,
        at=now,
        who=who,
        what="round made",
        subject=f"round {made.id}",
        pot_cents=call.pot_cents,
        cap_cents=call.cap_cents,
    )
    return made.id


def change_round(
    session: Session,
    *,
    round_id: int,
    version: int,
    name: str,
    summary: str,
    call: Call,
    who: Actor,
    now: datetime,
) -> None:
    """Change a round that is not open yet.

    Raises: NotDraft, ChangedMeanwhile, and what ``check_call`` raises.
    """
    check_call(call)
    found = _draft(session, round_id, version)
    found.name, found.summary = name, summary
    _write_call(found, call)
    journal.note(
        session,
        at=now,
        who=who,
        what="round changed",
        subject=f"round {round_id}",
        pot_cents=call.pot_cents,
        cap_cents=call.cap_cents,
    )


def open_round(
    session: Session,
    *,
    round_id: int,
    version: int,
    majority: Majority,
    preset: Preset,
    who: Actor,
    now: datetime,
) -> FrozenRules:
    """Open a round: freeze its rules and show their hash.

    Raises: NotDraft, ChangedMeanwhile. Source: Awb 4:26 (the ceiling and the way of dividing are
    published before the application period).
    """
    found = _draft(session, round_id, version)
    call = _call_of(found)
    check_call(call)
    found.state = RoundState.OPEN.value
    frozen = freeze(rules_for(call, majority=majority, preset=preset))
    _keep(session, round_id, 1, frozen, "", who, now)
    journal.note(
        session, at=now, who=who, what="round opened", subject=f"round {round_id}", rules_sha256=frozen.sha256
    )
    return frozen


def change_rules(
    session: Session,
    *,
    round_id: int,
    majority: Majority,
    preset: Preset,
    reason: str,
    who: Actor,
    now: datetime,
) -> FrozenRules:
    """Write a new version of an open round's rules; evenings that were planned keep the old one.

    Raises: ReasonMissing, NotDraft when the round was never opened.
    """
    if not reason.strip():
        raise ReasonMissing()
    found = session.scalars(sa.select(Round).where(Round.id == round_id).with_for_update()).one()
    latest = queries.current_rules(session, round_id=round_id)
    if latest is None:
        raise NotDraft()
    frozen = freeze(rules_for(_call_of(found), majority=majority, preset=preset))
    _keep(session, round_id, latest.version + 1, frozen, reason, who, now)
    journal.note(
        session,
        at=now,
        who=who,
        what="rules changed",
        subject=f"round {round_id}",
        rules_sha256=frozen.sha256,
        version=latest.version + 1,
    )
    return frozen


def make_practice_round(session: Session, *, like: int, name: str, who: Actor, now: datetime) -> int:
    """Make a round to practise with: like another one, under the same frozen rules; nobody else sees it.

    Raises: NotDraft when the other was never opened.
    """
    real = session.scalars(sa.select(Round).where(Round.id == like)).one()
    rules = queries.current_rules(session, round_id=like)
    if rules is None:
        raise NotDraft()
    call = _call_of(real)
    made = Round(
        area_id=real.area_id, name=name, summary="", state=RoundState.OPEN.value, practice=True, made_at=now
    )
    _write_call(made, call)
    session.add(made)
    session.flush()
    frozen = freeze(rules.rules)
    _keep(session, made.id, 1, frozen, "", who, now)
    journal.note(
        session,
        at=now,
        who=who,
        what="practice round made",
        subject=f"round {made.id}",
        like=like,
        rules_sha256=frozen.sha256,
    )
    return made.id


def _draft(session: Session, round_id: int, version: int) -> Round:
    found = session.scalars(sa.select(Round).where(Round.id == round_id).with_for_update()).one()
    if found.state != RoundState.DRAFT.value:
        raise NotDraft()
    if found.version != version:
        raise ChangedMeanwhile()
    found.version += 1
    return found


def _write_call(found: Round, call: Call) -> None:
    found.pot_cents, found.cap_cents = call.pot_cents, call.cap_cents
    found.plans_open_on, found.plans_close_on = call.plans_open_on, call.plans_close_on
    found.residents_decide = call.residents_decide
    found.residents_do_not_decide = call.residents_do_not_decide


def _call_of(found: Round) -> Call:
    return Call(
        found.pot_cents,
        found.cap_cents,
        found.plans_open_on,
        found.plans_close_on,
        found.residents_decide,
        found.residents_do_not_decide,
    )


def _keep(
    session: Session, round_id: int, version: int, frozen: FrozenRules, reason: str, who: Actor, now: datetime
) -> None:
    session.add(
        RuleSetVersion(
            round_id=round_id,
            version=version,
            rules=frozen.text,
            sha256=frozen.sha256,
            reason=reason,
            frozen_at=now,
            frozen_by=who.id if who.kind == "account" else None,
        )
    )
