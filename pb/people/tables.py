"""Who works or takes part here."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pb.store.base import Table, link


class Area(Table):
    """A part of town (wijk) that rounds are held in and staff work for."""

    __tablename__ = "people_area"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)


class Account(Table):
    """A person who can log in: staff with a password, initiators with a link by e-mail."""

    __tablename__ = "people_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    session_stamp: Mapped[str] = mapped_column(sa.String(32))
    made_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class RoleGrant(Table):
    """A role that an account has, in one area or (area empty) everywhere."""

    __tablename__ = "people_role"
    __table_args__ = (sa.UniqueConstraint("account_id", "role", "area_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(link("people_account.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20))
    area_id: Mapped[int | None] = mapped_column(link("people_area.id"))


class LoginLink(Table):
    """A link sent by e-mail that logs in once; only the hash of its token is kept."""

    __tablename__ = "people_login_link"

    token_sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254))
    next_path: Mapped[str] = mapped_column(sa.String(300))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Message(Table):
    """A mail to send; without a mail server it stays here, for the outbox page."""

    __tablename__ = "people_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    to_email: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    claimed_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


class LoginFailure(Table):
    """A wrong password, counted per account and hour so that guessing is slow; no address is kept."""

    __tablename__ = "people_login_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
