"""Write down who is paid for a plan, and make the payment list of an evening."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.evening.actions.events import hold
from pb.grants import queries
from pb.grants.rules.paying import (
    PayeeChangedMeanwhile,
    PayeeKind,
    TotalsDiffer,
    check_change,
    check_kvk_fits,
    check_maker,
)
from pb.grants.rules.payments import payment_rows
from pb.grants.tables import Payee, PaymentBatch
from pb.plans.tables import Plan
from pb.store import journal
from pb.store.journal import Actor


def enter_payee(
    session: Session, *, plan_id: int, kind: PayeeKind, holder_name: str, iban: str, kvk_number: str,
    version: int, by_finance: bool, on_paper: bool, who: Actor, now: datetime,
) -> None:  # fmt: skip
    """Write down who is paid for a plan; the same twice is one time.

    What was entered is changed by finance only, and by somebody else than who entered it. ``version`` is
    the one that was seen, 0 for none; ``on_paper`` says that staff do it for the initiator.
    Raises: NotFound for a plan that gets no money, KvkNumberOfPerson, PayeeOnlyByFinance,
    PayeeBySamePerson, PayeeChangedMeanwhile.
    """
    by = _account(who)
    check_kvk_fits(kind, kvk_number)
    # One at a time, also when nobody entered anything yet.
    session.execute(sa.select(Plan.id).where(Plan.id == plan_id).with_for_update())
    if not queries.money_cents(session, plan_id=plan_id):
        raise NotFound()
    row = session.get(Payee, plan_id)
    first = row is None
    if row is not None:
        if (row.kind, row.holder_name, row.iban, row.kvk_number) == (
            kind.value,
            holder_name,
            iban,
            kvk_number,
        ):
            return
        check_change(entered_by=row.entered_by, by=by, by_finance=by_finance)
        if row.version != version:
            raise PayeeChangedMeanwhile()
        row.version += 1
    else:
        row = Payee(plan_id=plan_id, version=1)
        session.add(row)
    row.kind, row.holder_name, row.iban, row.kvk_number = kind.value, holder_name, iban, kvk_number
    row.entered_at, row.entered_by = now, by
    journal.note(
        session, at=now, who=who, what="payee entered" if first else "payee changed",
        subject=f"plan {plan_id}", version=row.version, on_paper=on_paper,
    )  # fmt: skip


def make_batch(session: Session, *, evening_id: int, who: Actor, now: datetime) -> int:
    """Make the payment list of an evening, and give its id; the same content is the same list.

    Raises: NotFound, PracticeOnly, NotConfirmed, OtherThanRecorded, TotalsDiffer, BatchBySamePerson, and
    what ``payment_rows`` raises.
    """
    hold(session, evening_id)
    order = queries.payment_order(session, evening_id=evening_id)
    if order.differs is not None:
        raise order.differs.error
    if not order.adds_up:
        raise TotalsDiffer(list_cents=order.total_cents, decided_cents=order.division.total_cents)
    by = _account(who)
    payees = [payment.payee for payment in order.payments if payment.payee is not None]
    check_maker(maker=by, entered_by=[payee.entered_by for payee in payees])
    made = payment_rows(order.lines, batch_id="", made_by="")
    for known in queries.batches(session, evening_id=evening_id):
        if known.content_sha256 == made.sha256:
            return known.id
    row = PaymentBatch(
        evening_id=evening_id, content_sha256=made.sha256, row_count=made.row_count,
        total_cents=made.total_cents, made_at=now, made_by=by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    journal.note(
        session, at=now, who=who, what="payment list made", subject=f"evening {evening_id}", batch=row.id,
        rows=made.row_count, total_cents=made.total_cents, missing=order.missing, sha256=made.sha256,
    )  # fmt: skip
    return row.id


def _account(who: Actor) -> int:
    if who.kind != "account" or who.id is None:
        raise NotFound()
    return who.id
