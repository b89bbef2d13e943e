"""Read what is to be paid, to whom, and which payment lists were made."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.divide.queries import DivisionFacts, confirmed_division, division
from pb.divide.sameness import Unlike, unlike
from pb.divide.tables import DivisionLine, DivisionRecord
from pb.evening.queries import EveningFacts, evening_facts, evenings_of
from pb.evening.rules.seal import PracticeOnly
from pb.evening.tables import Evening
from pb.grants.iban import grouped_iban
from pb.grants.rules.payee import sepa_text
from pb.grants.rules.paying import (
    NotConfirmed,
    PayeeKind,
    end_to_end_id,
    file_number,
    payment_description,
)
from pb.grants.rules.payments import PaymentLine, content_sha256
from pb.grants.tables import Payee, PaymentBatch
from pb.plans.queries import PlanFacts
from pb.rounds.queries import round_facts
from pb.rounds.tables import Round


@dataclass(frozen=True)
class PayeeFacts:
    """Who is paid for a plan; never for a log or an address."""

    plan_id: int
    kind: PayeeKind
    holder_name: str = field(repr=False)
    iban: str = field(repr=False)
    kvk_number: str = field(repr=False)
    version: int
    entered_at: datetime
    entered_by: int

    @property
    def for_bank(self) -> str:
        """Give the name as the bank will read it."""
        return sepa_text(self.holder_name)

    @property
    def grouped(self) -> str:
        """Give the IBAN in groups of four."""
        return grouped_iban(self.iban)

    @property
    def changed(self) -> bool:
        """Say whether it is not what was entered first."""
        return self.version > 1


@dataclass(frozen=True)
class Payment:
    """One plan that gets money, and who is paid; None while that is not known. Units: cents."""

    plan: PlanFacts
    file_number: str
    amount_cents: int
    payee: PayeeFacts | None


@dataclass(frozen=True)
class PaymentOrder:
    """All payments of an evening, in the order of the division. Units: cents.

    ``differs`` is what is not as it was recorded, if anything is; then nothing is to be paid from it.
    """

    evening: EveningFacts
    division: DivisionFacts
    payments: tuple[Payment, ...]
    differs: Unlike | None = None

    @property
    def total_cents(self) -> int:
        """Add up the payments."""
        return sum(payment.amount_cents for payment in self.payments)

    @property
    def adds_up(self) -> bool:
        """Say whether the payments are, plan by plan and to the cent, what was decided and confirmed."""
        return self.differs is None and self.total_cents == self.division.total_cents

    @property
    def missing(self) -> int:
        """Count the payments of which nobody filled in yet who is paid."""
        return sum(payment.payee is None for payment in self.payments)

    @property
    def lines(self) -> tuple[PaymentLine, ...]:
        """Give the payments as they go on the list."""
        return tuple(
            PaymentLine(
                number=number,
                file_number=payment.file_number,
                decision_number="",
                payee_name=payment.payee.holder_name if payment.payee else "",
                iban=payment.payee.iban if payment.payee else "",
                amount_cents=payment.amount_cents,
                description=payment_description(file_number=payment.file_number, title=payment.plan.title),
                end_to_end_id=end_to_end_id(file_number=payment.file_number, evening_id=self.evening.id),
            )
            for number, payment in enumerate(self.payments, start=1)
        )

    @property
    def sha256(self) -> str:
        """Hash what would be paid now."""
        return content_sha256(self.lines)

    def payment(self, plan_id: int) -> Payment:
        """Find the payment of a plan. Raises: NotFound for a plan that gets nothing."""
        for found in self.payments:
            if found.plan.id == plan_id:
                return found
        raise NotFound()


@dataclass(frozen=True)
class Batch:
    """A payment list that was made. Units: cents."""

    id: int
    evening_id: int
    content_sha256: str
    row_count: int
    total_cents: int
    made_at: datetime
    made_by: int

    @property
    def name(self) -> str:
        """Name the list as its files do."""
        return f"L{self.id}"


@dataclass(frozen=True)
class EveningMoney:
    """An evening of a round, with its division once there is one."""

    evening: EveningFacts
    division: DivisionFacts | None
    missing: int

    @property
    def confirmed(self) -> bool:
        """Say whether two people stand for the division."""
        return self.division is not None and self.division.confirmed_at is not None


def evenings_with_money(session: Session, *, round_id: int) -> list[EveningMoney]:
    """List the evenings of a round, the first one first, and how many payees are still missing.

    Raises: PracticeOnly.
    """
    if round_facts(session, round_id=round_id).practice:
        raise PracticeOnly()
    evenings = evenings_of(session, round_id=round_id)
    divisions = {evening.id: division(session, evening_id=evening.id) for evening in evenings}
    funded = {
        evening_id: [line.plan.id for line in found.funded]
        for evening_id, found in divisions.items()
        if found
    }
    known = _known(session, {plan_id for plan_ids in funded.values() for plan_id in plan_ids})
    return [
        EveningMoney(
            evening,
            divisions[evening.id],
            sum(plan_id not in known for plan_id in funded.get(evening.id, [])),
        )
        for evening in evenings
    ]


def payment_order(session: Session, *, evening_id: int) -> PaymentOrder:
    """Give what is to be paid after an evening. Raises: NotFound, PracticeOnly, NotConfirmed."""
    evening = evening_facts(session, evening_id=evening_id)
    if evening.practice:
        raise PracticeOnly()
    found = confirmed_division(session, evening_id=evening_id)
    if found is None:
        raise NotConfirmed()
    known = _known(session, {line.plan.id for line in found.funded})
    return PaymentOrder(
        evening,
        found,
        tuple(
            Payment(
                plan=line.plan,
                file_number=file_number(round_id=line.plan.round_id, plan_number=line.plan.number),
                amount_cents=line.amount_cents,
                payee=known.get(line.plan.id),
            )
            for line in found.funded
        ),
        unlike(session, evening_id=evening_id),
    )


def payee(session: Session, *, plan_id: int) -> PayeeFacts | None:
    """Find who is paid for a plan."""
    return _known(session, {plan_id}).get(plan_id)


def money_cents(session: Session, *, plan_id: int) -> int:
    """Add up what confirmed divisions give a plan; 0 for a plan that gets nothing."""
    total = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(DivisionLine.amount_cents), 0))
        .join(DivisionRecord, DivisionRecord.id == DivisionLine.division_id)
        .join(Evening, Evening.id == DivisionRecord.evening_id)
        .join(Round, Round.id == Evening.round_id)
        .where(
            DivisionLine.plan_id == plan_id,
            DivisionRecord.confirmed_at.is_not(None),
            Round.practice.is_(False),
        )
    )
    return int(total or 0)


def batches(session: Session, *, evening_id: int) -> list[Batch]:
    """List the payment lists of an evening, newest first."""
    rows = session.scalars(
        sa.select(PaymentBatch).where(PaymentBatch.evening_id == evening_id).order_by(PaymentBatch.id.desc())
    )
    return [
        Batch(
            row.id,
            row.evening_id,
            row.content_sha256,
            row.row_count,
            row.total_cents,
            row.made_at,
            row.made_by,
        )
        for row in rows
    ]


def batch(session: Session, *, evening_id: int, batch_id: int) -> Batch:
    """Find a payment list of an evening. Raises: NotFound."""
    for found in batches(session, evening_id=evening_id):
        if found.id == batch_id:
            return found
    raise NotFound()


def _known(session: Session, plan_ids: set[int]) -> dict[int, PayeeFacts]:
    return {
        row.plan_id: PayeeFacts(
            plan_id=row.plan_id,
            kind=PayeeKind(row.kind),
            holder_name=row.holder_name,
            iban=row.iban,
            kvk_number=row.kvk_number,
            version=row.version,
            entered_at=row.entered_at,
            entered_by=row.entered_by,
        )
        for row in session.scalars(sa.select(Payee).where(Payee.plan_id.in_(plan_ids)))
    }
