"""Let the panel agree with what is shown, and let a second person confirm exactly that."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.core.mail import Letter
from pb.decide.rules.panel_decides import Way
from pb.divide.queries import amendments, made_by
from pb.divide.rules.confirming import AlreadyConfirmed, NotDivided, OtherThanShown, check_confirmation
from pb.divide.rules.settling import DividedMeanwhile, NotAgreed, check_agreement
from pb.divide.sameness import check_same
from pb.divide.tables import DivisionRecord
from pb.evening.actions.events import append, hold
from pb.evening.actions.moving import close, tell
from pb.evening.queries import evening_facts, present_seats
from pb.people.actions import post
from pb.plans.queries import initiator_emails
from pb.store import journal
from pb.store.journal import Actor


def agree(
    session: Session,
    *,
    evening_id: int,
    shown_sha256: str,
    way: Way,
    who: Actor,
    now: datetime,
    in_favour: int | None = None,
    against: int | None = None,
) -> None:
    """Record what the panel says of the division that was shown; the same again changes nothing.

    Raises: NotDivided, AlreadyConfirmed, DividedMeanwhile, and what ``check_agreement`` raises.
    """
    hold(session, evening_id)
    row = held_division(session, evening_id)
    if row.sha256 != shown_sha256:
        raise DividedMeanwhile()
    present = present_seats(session, evening_id=evening_id)
    check_agreement(
        way, in_favour, against, present=len(present),
        amended=bool(amendments(session, evening_id=evening_id)),
    )  # fmt: skip
    votes = (in_favour, against) if way is Way.MAJORITY else (None, None)
    if (row.agreed_way, row.agreed_for, row.agreed_against) == (way.value, *votes):
        return
    row.agreed_way, (row.agreed_for, row.agreed_against) = way.value, votes
    row.agreed_at = now
    tell(
        session, evening_id=evening_id, kind="agreed", who=who, now=now,
        sha256=row.sha256, way=way.value, in_favour=votes[0], against=votes[1],
    )  # fmt: skip
    journal.note(
        session, at=now, who=who, what="panel agreed", subject=f"evening {evening_id}", sha256=row.sha256,
        way=way.value,
    )  # fmt: skip


def confirm(
    session: Session, *, evening_id: int, shown_sha256: str, who: Actor, now: datetime,
    letters: Mapping[int, Letter] | None = None,
) -> None:  # fmt: skip
    """Confirm the division that was shown, by somebody other than who made it what it is.

    ``letters`` hold per plan id what its initiator gets in the mail; after a practice evening nobody does.
    Raises: NotDivided, AlreadyConfirmed, ConfirmedByProposer, OtherThanShown, NotAgreed, OtherThanRecorded.
    """
    hold(session, evening_id)
    row = held_division(session, evening_id)
    if who.kind != "account" or who.id is None:
        raise NotFound()
    check_confirmation(
        made_by=made_by(session, evening_id=evening_id),
        confirmed_by=who.id,
        kept_sha256=row.sha256,
        shown_sha256=shown_sha256,
    )
    if row.agreed_at is None:
        raise NotAgreed()
    check_same(session, evening_id=evening_id)
    changed = session.scalar(
        sa.update(DivisionRecord)
        .where(
            DivisionRecord.id == row.id, DivisionRecord.confirmed_by.is_(None),
            DivisionRecord.sha256 == shown_sha256,
        )
        .values(confirmed_by=who.id, confirmed_at=now)
        .returning(DivisionRecord.id)
    )  # fmt: skip
    if changed is None:
        raise OtherThanShown()
    close(session, evening_id=evening_id, spent_cents=row.total_cents, who=who, now=now)
    append(session, hold(session, evening_id), "confirmed", now, sha256=shown_sha256)
    journal.note(
        session,
        at=now,
        who=who,
        what="division confirmed",
        subject=f"evening {evening_id}",
        sha256=shown_sha256,
    )
    if evening_facts(session, evening_id=evening_id).practice:
        return
    for plan_id, address in initiator_emails(session, list(letters or ())).items():
        letter = (letters or {})[plan_id]
        post(session, to_email=address, subject=letter.subject, body=letter.body, now=now)


def held_division(session: Session, evening_id: int) -> DivisionRecord:
    """Take the division of a held evening, to change it. Raises: NotDivided, AlreadyConfirmed."""
    row = session.scalar(
        sa.select(DivisionRecord)
        .where(DivisionRecord.evening_id == evening_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotDivided()
    if row.confirmed_by is not None:
        raise AlreadyConfirmed()
    return row
