"""Read plans: whole for who makes or checks them, and what later rooms need of the ready ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.people.tables import Account
from pb.plans.rules.film import Film, Provider
from pb.plans.rules.owner import Owner
from pb.plans.rules.plan import ApplicantType, PlanAnswers, missing_parts
from pb.plans.rules.states import PlanState
from pb.plans.rules.walk import QUESTIONS
from pb.plans.tables import Plan
from pb.rounds.queries import area_of_round

ON_PAPER = "paper"


@dataclass(frozen=True)
class PlanFacts:
    """A plan as residents and later rooms know it. Units: cents."""

    id: int
    round_id: int
    number: int
    title: str
    want: str
    can_do: str
    need: str
    ask_cents: int
    least_cents: int
    film: Film | None
    applicant_kind: ApplicantType | None
    initiator_id: int | None


@dataclass(frozen=True)
class WholePlan:
    """A plan with all that its maker and its checker know. Units: cents; None is not answered yet.

    ``taken_up`` while an evening counts on it.
    """

    id: int
    round_id: int
    number: int
    state: PlanState
    version: int
    title: str
    want: str
    can_do: str
    need: str
    ask_cents: int | None
    least_cents: int | None
    film: Film | None
    applicant_kind: ApplicantType | None
    initiator_id: int | None
    claim_email: str | None
    declined_reason: str
    declined_alternative: str
    source_ref: str | None
    changed_at: datetime
    submitted_at: datetime | None
    taken_up: bool

    @property
    def answers(self) -> PlanAnswers:
        """Give the answers as the rules read them."""
        return PlanAnswers(
            self.title, self.want, self.can_do, self.need, self.ask_cents, self.least_cents,
            self.applicant_kind, self.film is not None,
        )  # fmt: skip

    @property
    def missing(self) -> tuple[str, ...]:
        """Name what is still to be filled in; without an amount, the least of it goes without saying."""
        parts = missing_parts(self.answers)
        return tuple(part for part in parts if part != "least_cents" or "ask_cents" not in parts)

    @property
    def on_paper(self) -> bool:
        """Say whether staff typed it in from paper."""
        return self.source_ref == ON_PAPER

    @property
    def owner(self) -> Owner:
        """Say whose it is."""
        return Owner(self.id, self.initiator_id, self.claim_email)

    def part(self, step: int) -> dict[str, object]:
        """Give the answers that one page of the walk asks for."""
        return {name: getattr(self, name) for name in QUESTIONS[step]}


@dataclass(frozen=True)
class PlanCounts:
    """How many plans residents can read, and how many are still being checked."""

    ready: int
    submitted: int


def whole_plan(session: Session, *, plan_id: int, round_id: int | None = None) -> WholePlan:
    """Find a plan, within its round when that is in the address. Raises: NotFound."""
    found = session.scalar(sa.select(Plan).where(Plan.id == plan_id, *_within(round_id)))
    if found is None:
        raise NotFound()
    return whole(found)


def area_of_plan(session: Session, *, plan_id: int) -> int | None:
    """Find the area whose staff look after a plan."""
    round_id = session.scalar(sa.select(Plan.round_id).where(Plan.id == plan_id))
    return None if round_id is None else area_of_round(session, {"round_id": round_id})


def area_of_plan_in_round(session: Session, arguments: Mapping[str, Any]) -> int | None:
    """Find the area for the door of an address with a round and a plan of that round."""
    known = session.scalar(
        sa.select(Plan.id).where(Plan.id == arguments["plan_id"], *_within(arguments["round_id"]))
    )
    return None if known is None else area_of_round(session, arguments)


def plans_to_review(session: Session, *, round_id: int) -> list[WholePlan]:
    """List the plans of a round by number, without the drafts in which nothing was answered yet."""
    begun = sa.or_(Plan.state != PlanState.DRAFT.value, Plan.version > 1)
    rows = session.scalars(sa.select(Plan).where(Plan.round_id == round_id, begun).order_by(Plan.number))
    return [whole(row) for row in rows]


def own_plans(
    session: Session, *, account_id: int | None, email: str | None, drafts: Collection[int]
) -> list[WholePlan]:
    """List the plans of a visitor, newest first: of the account, and those that nobody claimed yet."""
    theirs = [sa.and_(Plan.initiator_id.is_(None), Plan.id.in_(drafts))]
    if account_id is not None:
        theirs += [Plan.initiator_id == account_id]
        theirs += [sa.and_(Plan.initiator_id.is_(None), Plan.claim_email == email)]
    return [
        whole(row) for row in session.scalars(sa.select(Plan).where(sa.or_(*theirs)).order_by(Plan.id.desc()))
    ]


def ready_plans(session: Session, *, round_id: int) -> list[PlanFacts]:
    """List the plans of a round that are ready and on no evening's agenda yet, by number."""
    return _facts(
        session,
        Plan.round_id == round_id,
        Plan.state == PlanState.READY.value,
        Plan.taken_up_at.is_(None),
    )


def published_plans(session: Session, *, round_id: int) -> list[PlanFacts]:
    """List the plans of a round that everyone may read: the ready ones, by number."""
    return _facts(session, Plan.round_id == round_id, Plan.state == PlanState.READY.value)


def published_plan(session: Session, *, round_id: int, number: int) -> PlanFacts:
    """Find a plan that everyone may read. Raises: NotFound, also for one that is not ready."""
    found = _facts(
        session, Plan.round_id == round_id, Plan.number == number, Plan.state == PlanState.READY.value
    )
    if not found:
        raise NotFound()
    return found[0]


def plans_by_id(session: Session, ids: Collection[int]) -> dict[int, PlanFacts]:
    """Give plans by their id, whatever became of them since."""
    return {plan.id: plan for plan in _facts(session, Plan.id.in_(ids))}


def plan_counts(session: Session, *, round_id: int) -> PlanCounts:
    """Count what residents of a round will be able to read."""
    rows = session.execute(
        sa.select(Plan.state, sa.func.count()).where(Plan.round_id == round_id).group_by(Plan.state)
    )
    counts = {row[0]: row[1] for row in rows}
    return PlanCounts(counts.get(PlanState.READY.value, 0), counts.get(PlanState.SUBMITTED.value, 0))


def initiator_emails(session: Session, plan_ids: Collection[int]) -> dict[int, str]:
    """Give the address to write to about each plan: the account's, else the one that came on paper.

    Plans without any address are left out.
    """
    rows = session.execute(
        sa.select(Plan.id, Account.email, Plan.claim_email)
        .outerjoin(Account, Account.id == Plan.initiator_id)
        .where(Plan.id.in_(plan_ids))
    )
    return {row.id: address for row in rows if (address := row.email or row.claim_email)}


def whole(row: Plan) -> WholePlan:
    """Give a stored plan as facts."""
    return WholePlan(
        id=row.id,
        round_id=row.round_id,
        number=row.number,
        state=PlanState(row.state),
        version=row.version,
        title=row.title,
        want=row.want,
        can_do=row.can_do,
        need=row.need,
        ask_cents=row.ask_cents,
        least_cents=row.least_cents,
        film=_film(row),
        applicant_kind=_kind(row),
        initiator_id=row.initiator_id,
        claim_email=row.claim_email,
        declined_reason=row.declined_reason,
        declined_alternative=row.declined_alternative,
        source_ref=row.source_ref,
        changed_at=row.changed_at,
        submitted_at=row.submitted_at,
        taken_up=row.taken_up_at is not None,
    )


def _facts(session: Session, *which: sa.ColumnElement[bool]) -> list[PlanFacts]:
    return [
        PlanFacts(
            id=row.id,
            round_id=row.round_id,
            number=row.number,
            title=row.title,
            want=row.want,
            can_do=row.can_do,
            need=row.need,
            ask_cents=row.ask_cents or 0,
            least_cents=row.least_cents or 0,
            film=_film(row),
            applicant_kind=_kind(row),
            initiator_id=row.initiator_id,
        )
        for row in session.scalars(sa.select(Plan).where(*which).order_by(Plan.round_id, Plan.number))
    ]


def _film(row: Plan) -> Film | None:
    if row.film_provider is None:
        return None
    return Film(
        Provider(row.film_provider),
        row.film_host or "",
        row.film_video_id or "",
        row.film_starts_at_seconds or 0,
    )


def _kind(row: Plan) -> ApplicantType | None:
    return ApplicantType(row.applicant_kind) if row.applicant_kind else None


def _within(round_id: int | None) -> list[sa.ColumnElement[bool]]:
    return [] if round_id is None else [Plan.round_id == round_id]
