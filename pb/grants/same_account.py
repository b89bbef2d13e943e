"""Find plans that are paid on the same account number, to ask whether that is right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.grants.rules.payee import sepa_text
from pb.grants.tables import Payee
from pb.plans.tables import Plan
from pb.rounds.tables import Round


@dataclass(frozen=True)
class SameAccount:
    """Another plan of the same area with the same account number, in another name or in the same."""

    plan_id: int
    title: str
    round_name: str
    other_name: bool


def same_accounts(session: Session, *, plan_ids: Iterable[int]) -> Mapping[int, tuple[SameAccount, ...]]:
    """Give, per plan id, the other plans of its area with its account number; those in another name first.

    A plan whose account number stands nowhere else is not in it. Other areas are not looked at: whoever
    reads this has no business there.
    """
    rows = (
        sa.select(
            Payee.plan_id, Payee.iban, Payee.holder_name, Plan.title, Round.area_id,
            Round.name.label("round_name"),
        )
        .join(Plan, Plan.id == Payee.plan_id)
        .join(Round, Round.id == Plan.round_id)
    )  # fmt: skip
    mine = session.execute(rows.where(Payee.plan_id.in_(set(plan_ids)))).all()
    if not mine:
        return {}
    alike = session.execute(
        rows.where(Payee.iban.in_({row.iban for row in mine})).order_by(Payee.plan_id)
    ).all()
    found = {
        row.plan_id: sorted(
            (
                SameAccount(
                    plan_id=other.plan_id,
                    title=other.title,
                    round_name=other.round_name,
                    other_name=_name(other.holder_name) != _name(row.holder_name),
                )
                for other in alike
                if (other.iban, other.area_id) == (row.iban, row.area_id) and other.plan_id != row.plan_id
            ),
            key=lambda one: not one.other_name,
        )
        for row in mine
    }
    return {plan_id: tuple(others) for plan_id, others in found.items() if others}


def _name(holder: str) -> str:
    """Write a name as the bank compares it."""
    return " ".join(sepa_text(holder).casefold().split())
