"""Plans that arrive otherwise than through the site: on paper, or out of a file."""

from datetime import datetime

from sqlalchemy.orm import Session

from pb.people.rules import check_email
from pb.plans import queries
from pb.plans.actions.drafts import begin, untouched_on_paper, write_film
from pb.plans.actions.rows import check_open, locked_round, next_number
from pb.plans.rules.film import Film
from pb.plans.rules.plan import ApplicantType
from pb.plans.rules.states import PlanState
from pb.plans.tables import Plan
from pb.store import journal
from pb.store.journal import Actor


def start_paper_plan(session: Session, *, round_id: int, email: str, who: Actor, now: datetime) -> int:
    """Begin to type in a plan that came on paper; ``email`` may be empty.

    Whoever logs in with that address becomes its initiator. Raises: NotFound, Closed, EmailWrong.
    """
    check_open(locked_round(session, round_id), now, on_paper=True)
    claim_email = check_email(email) if email else None
    found = untouched_on_paper(session, round_id, claim_email)
    if found is not None:
        return found
    return begin(
        session, round_id=round_id, source_ref=queries.ON_PAPER, claim_email=claim_email, who=who, now=now
    )


def add_ready_plan(
    session: Session, *, round_id: int, title: str, want: str, ask_cents: int, least_cents: int,
    source_ref: str | None, who: Actor, now: datetime, can_do: str = "", need: str = "",
    film: Film | None = None, applicant_kind: ApplicantType | None = None, initiator_id: int | None = None,
) -> int:  # fmt: skip
    """Put a plan from elsewhere in a round, ready at once.

    What a resident is asked to keep to, such as the pot, is not asked of a plan that was made elsewhere.
    Units: cents. Raises: NotFound.
    """
    locked_round(session, round_id)
    made = Plan(
        round_id=round_id,
        number=next_number(session, round_id),
        state=PlanState.READY.value,
        title=title,
        want=want,
        can_do=can_do,
        need=need,
        ask_cents=ask_cents,
        least_cents=least_cents,
        applicant_kind=applicant_kind.value if applicant_kind else "",
        initiator_id=initiator_id,
        source_ref=source_ref,
        made_at=now,
        changed_at=now,
        submitted_at=now,
    )
    write_film(made, film)
    session.add(made)
    session.flush()
    journal.note(
        session, at=now, who=who, what="plan brought in", subject=f"plan {made.id}",
        round=round_id, number=made.number, ask_cents=ask_cents,
    )  # fmt: skip
    return made.id
