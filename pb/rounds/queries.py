"""Read rounds and their frozen rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.people.tables import Area
from pb.rounds.rules import RoundState
from pb.rounds.tables import Round, RuleSetVersion


@dataclass(frozen=True)
class RoundFacts:
    """A round as every page knows it. Units: cents; dates inclusive."""

    id: int
    area_id: int
    area_name: str
    name: str
    summary: str
    residents_decide: str
    residents_do_not_decide: str
    pot_cents: int
    cap_cents: int
    plans_open_on: date
    plans_close_on: date
    state: RoundState
    version: int
    practice: bool = False

    @property
    def draft(self) -> bool:
        """Say whether the round still has to open."""
        return self.state is RoundState.DRAFT

    def takes_plans_on(self, day: date) -> bool:
        """Say whether residents can make and hand in plans on this day."""
        open_ = self.state is RoundState.OPEN and not self.practice
        return open_ and self.plans_open_on <= day <= self.plans_close_on


@dataclass(frozen=True)
class FrozenVersion:
    """One version of a round's rules."""

    id: int
    version: int
    rules: Mapping[str, Any]
    sha256: str
    reason: str
    frozen_at: datetime


def area_of_round(session: Session, arguments: Mapping[str, Any]) -> int | None:
    """Find the area of the round in an address, for its door."""
    return session.scalar(sa.select(Round.area_id).where(Round.id == arguments["round_id"]))


def round_facts(session: Session, *, round_id: int) -> RoundFacts:
    """Find a round. Raises: NotFound."""
    found = _rounds(session, Round.id == round_id)
    if not found:
        raise NotFound()
    return found[0]


def rounds_in(session: Session, *, area_ids: frozenset[int] | None) -> list[RoundFacts]:
    """List the rounds of some areas (None: of all), newest first; not those for practice."""
    where = Round.area_id.in_(area_ids) if area_ids is not None else sa.true()
    return _rounds(session, where, Round.practice.is_(False))


def published_rounds(session: Session) -> list[RoundFacts]:
    """List the rounds that residents may see, newest first."""
    return _rounds(session, Round.state != RoundState.DRAFT.value, Round.practice.is_(False))


def published_round(session: Session, *, round_id: int) -> RoundFacts:
    """Find a round that residents may see.

    Raises: NotFound, also for one that is not open yet, and for one that people only practise with.
    """
    found = round_facts(session, round_id=round_id)
    if found.draft or found.practice:
        raise NotFound()
    return found


def current_rules(session: Session, *, round_id: int) -> FrozenVersion | None:
    """Give the rules that hold now, or None before the round opens."""
    versions = rule_versions(session, round_id=round_id)
    return versions[0] if versions else None


def rule_versions(session: Session, *, round_id: int) -> list[FrozenVersion]:
    """List the versions of a round's rules, newest first."""
    return [
        _frozen(row)
        for row in session.scalars(
            sa.select(RuleSetVersion)
            .where(RuleSetVersion.round_id == round_id)
            .order_by(RuleSetVersion.version.desc())
        )
    ]


def rule_version(session: Session, *, rule_set_id: int) -> FrozenVersion:
    """Give the version of the rules that something was bound to."""
    return _frozen(session.get_one(RuleSetVersion, rule_set_id))


def _frozen(row: RuleSetVersion) -> FrozenVersion:
    return FrozenVersion(row.id, row.version, json.loads(row.rules), row.sha256, row.reason, row.frozen_at)


def _rounds(session: Session, *which: sa.ColumnElement[bool]) -> list[RoundFacts]:
    rows = session.execute(
        sa.select(Round, Area.name)
        .join(Area, Area.id == Round.area_id)
        .where(*which)
        .order_by(Round.id.desc())
    )
    return [
        RoundFacts(
            id=row.id,
            area_id=row.area_id,
            area_name=area_name,
            name=row.name,
            summary=row.summary,
            residents_decide=row.residents_decide,
            residents_do_not_decide=row.residents_do_not_decide,
            pot_cents=row.pot_cents,
            cap_cents=row.cap_cents,
            plans_open_on=row.plans_open_on,
            plans_close_on=row.plans_close_on,
            state=RoundState(row.state),
            version=row.version,
            practice=row.practice,
        )
        for row, area_name in rows
    ]
