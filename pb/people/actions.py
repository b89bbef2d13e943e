"""Make accounts, give roles, log in, and put mail in the outbox."""

import hashlib
import secrets
import threading
import unicodedata
from datetime import datetime

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Session

from pb.core.errors import TryAgainSoon
from pb.people import queries
from pb.people.rules import (
    FAILURES_COUNT_FOR,
    LINK_LIVES,
    LONGEST_PASSWORD,
    MOST_FAILURES,
    MOST_LINKS,
    LinkDead,
    Role,
    TooManyTries,
    check_email,
    check_new_password,
    link_works,
)
from pb.people.tables import Account, Area, LoginFailure, LoginLink, Message, RoleGrant
from pb.store import journal

_hasher = PasswordHasher()
# Checked when there is no such account, so that both answers take as long.
_nobodys_hash = _hasher.hash(secrets.token_hex(16))
_looking = threading.BoundedSemaphore(2)
_in_line = threading.BoundedSemaphore(10)
WAITS_SECONDS = 8.0


def add_area(session: Session, *, name: str, now: datetime) -> int:
    """Make an area, or find the one with this name."""
    found = session.scalar(sa.select(Area.id).where(Area.name == name))
    if found is not None:
        return found
    area = Area(name=name)
    session.add(area)
    session.flush()
    journal.note(session, at=now, who=journal.SYSTEM, what="area added", subject=f"area {area.id}")
    return area.id


def add_account(
    session: Session, *, email: str, name: str, now: datetime, password: str | None = None
) -> int:
    """Make an account; staff get a password, initiators log in by mail.

    Raises: EmailWrong, PasswordTooShort, PasswordTooLong.
    """
    account = Account(
        email=check_email(email),
        name=name,
        password_hash=_hasher.hash(check_new_password(password)) if password is not None else None,
        session_stamp=secrets.token_hex(16),
        made_at=now,
    )
    session.add(account)
    session.flush()
    journal.note(session, at=now, who=journal.SYSTEM, what="account added", subject=f"account {account.id}")
    return account.id


def give_role(session: Session, *, account_id: int, role: Role, area_id: int | None, now: datetime) -> None:
    """Give somebody a role in an area, or (None) everywhere; an admin is always one of the whole house."""
    if role is Role.ADMIN:
        area_id = None
    session.add(RoleGrant(account_id=account_id, role=role.value, area_id=area_id))
    journal.note(
        session,
        at=now,
        who=journal.SYSTEM,
        what="role given",
        subject=f"account {account_id}",
        role=role.value,
        area_id=area_id,
    )


def check_tries(session: Session, *, email: str, now: datetime) -> None:
    """Refuse to look at a password after too many wrong ones for one address.

    Raises: TooManyTries after five failures in fifteen minutes.
    """
    if queries.recent_failures(session, key_sha256=_key(email), now=now) >= MOST_FAILURES:
        raise TooManyTries(wait_seconds=int(FAILURES_COUNT_FOR.total_seconds()))


def opened_hash(stored: str | None, password: str) -> str | None:
    """Give the stored hash back when this password opens it; None stands for an address without one.

    Slow on purpose, so never within a transaction: strangers who try passwords would keep everybody's
    scores waiting. A few at a time and some in line, so that they cannot take all threads and memory either.
    Raises: TryAgainSoon.
    """
    if not _in_line.acquire(blocking=False):
        raise TryAgainSoon()
    try:
        if not _looking.acquire(timeout=WAITS_SECONDS):
            raise TryAgainSoon()
        try:
            return stored if _matches(stored or _nobodys_hash, password) else None
        finally:
            _looking.release()
    finally:
        _in_line.release()


def check_password(session: Session, *, email: str, opened: str | None, now: datetime) -> int | None:
    """Give the account that a password opened (``opened_hash``), or None and count the failure.

    A caller that gets None must store the failure before it raises.
    Raises: TooManyTries, as ``check_tries``.
    """
    check_tries(session, email=email, now=now)
    found = queries.password_hash(session, email=email.strip().lower())
    if found is None or found[1] != opened:
        session.add(LoginFailure(key_sha256=_key(email), at=now))
        journal.note(session, at=now, who=journal.VISITOR, what="login refused", subject="login")
        return None
    journal.note(
        session,
        at=now,
        who=journal.account(found[0]),
        what="logged in",
        subject=f"account {found[0]}",
        by="password",
    )
    return found[0]


def send_login_link(
    session: Session, *, email: str, next_path: str, link_base: str, subject: str, body: str, now: datetime
) -> None:
    """Put a mail with a link that logs in once in the outbox.

    ``body`` holds ``{link}`` where the link goes. Shape: the token is 128 random bits in base64url.
    Nobody's mailbox is flooded: after five links in half an hour no more leave, and nothing tells so.
    """
    email = check_email(email)
    if queries.recent_links(session, email=email, now=now) >= MOST_LINKS:
        return
    token = secrets.token_urlsafe(16)
    session.add(
        LoginLink(
            token_sha256=_sha256(token),
            email=email,
            next_path=next_path,
            made_at=now,
            expires_at=now + LINK_LIVES,
        )
    )
    post(session, to_email=email, subject=subject, body=body.replace("{link}", link_base + token), now=now)
    journal.note(session, at=now, who=journal.VISITOR, what="login link sent", subject="login")


def use_login_link(session: Session, *, token: str, now: datetime) -> tuple[int, str]:
    """Log in by a link, once; makes the account at the first time.

    Shape: (account id, path to go on to). Raises: LinkDead.
    """
    row = session.scalar(
        sa.select(LoginLink).where(LoginLink.token_sha256 == _sha256(token)).with_for_update()
    )
    if row is None or not link_works(expires_at=row.expires_at, used_at=row.used_at, now=now):
        raise LinkDead()
    row.used_at = now
    known = queries.person_by_email(session, email=row.email)
    if known is None and session.scalar(sa.select(Account.id).where(Account.email == row.email)):
        raise LinkDead()
    account_id = known.account_id if known else add_account(session, email=row.email, name="", now=now)
    journal.note(
        session,
        at=now,
        who=journal.account(account_id),
        what="logged in",
        subject=f"account {account_id}",
        by="link",
    )
    return account_id, row.next_path


def log_out_everywhere(session: Session, *, account_id: int, now: datetime) -> None:
    """End every session of an account."""
    account = session.get_one(Account, account_id)
    account.session_stamp = secrets.token_hex(16)
    journal.note(
        session, at=now, who=journal.account(account_id), what="logged out", subject=f"account {account_id}"
    )


def post(session: Session, *, to_email: str, subject: str, body: str, now: datetime) -> None:
    """Put a mail in the outbox; it leaves once this transaction is stored."""
    session.add(Message(to_email=to_email, subject=subject, body=body, made_at=now))


def _matches(stored: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _hasher.verify(stored, unicodedata.normalize("NFC", password))
    except VerificationError:
        return False


def _key(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
