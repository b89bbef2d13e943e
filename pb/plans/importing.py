"""Make a round of ours out of a past round in a Pabulib file."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date
from pb.plans.actions import add_ready_plan
from pb.plans.rules.pabulib import PabulibFile
from pb.plans.rules.past_round import (
    PastRoundTwice,
    check_past_round,
    mark_of,
    past_cap_cents,
    past_name,
    past_plans,
)
from pb.plans.tables import Plan
from pb.rounds.actions import make_round, open_round
from pb.rounds.queries import rounds_in
from pb.rounds.rules import Call, Majority, Preset
from pb.store.journal import Actor

RESIDENTS_DECIDE = "Welke plannen geld krijgen, en hoeveel."
RESIDENTS_DO_NOT_DECIDE = "Hoeveel geld er in de pot zit, en het maximum per plan."


def import_round(
    session: Session, *, file: PabulibFile, area_id: int, name: str | None = None,
    cap_cents: int | None = None, who: Actor, now: datetime,
) -> int:  # fmt: skip
    """Make an open round with the plans of a past round, all ready; give its id.

    Its calendar is today; its rules are the defaults, frozen. A project that asks more than the pot
    keeps what it asked. Amounts in another currency keep their figures, and the summary says so.
    Units: cents.
    Raises: PastRoundWithoutPlans, PastPlanCostsNothing, PastRoundTwice, PotOutOfBounds, CapAbovePot.
    """
    check_past_round(file)
    if _has(session, area_id, mark_of(file)):
        raise PastRoundTwice()
    today = amsterdam_date(now)
    round_id = make_round(
        session,
        area_id=area_id,
        name=name or past_name(file),
        summary=_summary(file),
        call=Call(
            pot_cents=file.budget_cents,
            cap_cents=past_cap_cents(file) if cap_cents is None else cap_cents,
            plans_open_on=today,
            plans_close_on=today,
            residents_decide=RESIDENTS_DECIDE,
            residents_do_not_decide=RESIDENTS_DO_NOT_DECIDE,
        ),
        who=who,
        now=now,
    )
    open_round(
        session, round_id=round_id, version=1, majority=Majority.MORE_THAN_HALF, preset=Preset.EQUAL,
        who=who, now=now,
    )  # fmt: skip
    for plan in past_plans(file):
        add_ready_plan(
            session, round_id=round_id, title=plan.title, want=plan.want, ask_cents=plan.ask_cents,
            least_cents=0, source_ref=plan.source_ref, who=who, now=now,
        )  # fmt: skip
    return round_id


def _has(session: Session, area_id: int, mark: str) -> bool:
    round_ids = [found.id for found in rounds_in(session, area_ids=frozenset({area_id}))]
    known = sa.select(Plan.id).where(
        Plan.round_id.in_(round_ids), Plan.source_ref.startswith(mark, autoescape=True)
    )
    return session.scalar(known.limit(1)) is not None


def _summary(file: PabulibFile) -> str:
    said = f"Een eerdere ronde: {file.unit}, {file.country} ({file.instance})."
    if file.currency and file.currency.upper() != "EUR":
        said += f" De bedragen zijn in {file.currency}; hier staan ze als euro."
    return said
