"""Read who may type a public number over."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.people.rules import Role
from pb.people.tables import Account, RoleGrant


def who_may(session: Session, *, roles: Collection[Role], area_id: int) -> dict[int, str]:
    """Name the people with one of these roles in an area, or everywhere, as staff see each other."""
    rows = session.execute(
        sa.select(Account.id, Account.name, Account.email)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.role.in_([role.value for role in roles]),
            sa.or_(RoleGrant.area_id == area_id, RoleGrant.area_id.is_(None)),
            Account.disabled_at.is_(None),
        )
        .order_by(Account.name, Account.id)
    )
    return {row.id: row.name or row.email for row in rows}
