"""Read accounts, areas and mail."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.people.rules import FAILURES_COUNT_FOR, LINK_LIVES, Person, Role
from pb.people.tables import Account, Area, LoginFailure, LoginLink, Message, RoleGrant


@dataclass(frozen=True)
class Place:
    """An area that rounds are held in."""

    id: int
    name: str


@dataclass(frozen=True)
class Mail:
    """A mail as the outbox page shows it."""

    id: int
    to_email: str
    subject: str
    body: str
    made_at: datetime
    sent_at: datetime | None


def person(session: Session, *, account_id: int) -> Person | None:
    """Find somebody who may log in."""
    return _person(session, Account.id == account_id)


def person_by_email(session: Session, *, email: str) -> Person | None:
    """Find somebody by the address that mail goes to."""
    return _person(session, Account.email == email)


def names(session: Session, account_ids: set[int]) -> dict[int, str]:
    """Give the names that staff see of each other."""
    if not account_ids:
        return {}
    rows = session.execute(
        sa.select(Account.id, Account.name, Account.email).where(Account.id.in_(account_ids))
    )
    return {row.id: row.name or row.email for row in rows}


def staff_emails(session: Session, *, roles: Collection[Role], area_id: int) -> list[str]:
    """Give the addresses of whoever has one of these roles in an area, or everywhere; each one once."""
    return list(
        session.scalars(
            sa.select(Account.email)
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .where(
                RoleGrant.role.in_([role.value for role in roles]),
                sa.or_(RoleGrant.area_id == area_id, RoleGrant.area_id.is_(None)),
                Account.disabled_at.is_(None),
            )
            .distinct()
            .order_by(Account.email)
        )
    )


def password_hash(session: Session, *, email: str) -> tuple[int, str] | None:
    """Find the account and hash to check a password against."""
    row = session.execute(
        sa.select(Account.id, Account.password_hash).where(
            Account.email == email, Account.password_hash.is_not(None), Account.disabled_at.is_(None)
        )
    ).one_or_none()
    return (row.id, row.password_hash) if row else None


def recent_failures(session: Session, *, key_sha256: str, now: datetime) -> int:
    """Count the wrong passwords that still weigh."""
    return (
        session.scalar(
            sa.select(sa.func.count(LoginFailure.id)).where(
                LoginFailure.key_sha256 == key_sha256, LoginFailure.at > now - FAILURES_COUNT_FOR
            )
        )
        or 0
    )


def recent_links(session: Session, *, email: str, now: datetime) -> int:
    """Count the login links that were lately sent to an address."""
    return (
        session.scalar(
            sa.select(sa.func.count()).where(LoginLink.email == email, LoginLink.made_at > now - LINK_LIVES)
        )
        or 0
    )


def areas(session: Session, *, ids: frozenset[int] | None = None) -> list[Place]:
    """List areas by name; ``ids`` limits to some of them."""
    query = sa.select(Area.id, Area.name).order_by(Area.name)
    if ids is not None:
        query = query.where(Area.id.in_(ids))
    return [Place(row.id, row.name) for row in session.execute(query)]


def outbox(session: Session, *, most: int = 100) -> list[Mail]:
    """List the newest mails first."""
    rows = session.scalars(sa.select(Message).order_by(Message.id.desc()).limit(most))
    return [Mail(row.id, row.to_email, row.subject, row.body, row.made_at, row.sent_at) for row in rows]


def _person(session: Session, which: sa.ColumnElement[bool]) -> Person | None:
    found = session.execute(
        sa.select(Account, RoleGrant.role, RoleGrant.area_id)
        .outerjoin(RoleGrant, RoleGrant.account_id == Account.id)
        .where(which, Account.disabled_at.is_(None))
    ).all()
    if not found:
        return None
    account = found[0][0]
    roles = frozenset((role, area_id) for _account, role, area_id in found if role)
    return Person(account.id, account.email, account.name, account.session_stamp, roles)
