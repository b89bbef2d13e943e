"""Who may be what: roles, e-mail addresses, passwords, and how long a login link lives."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pb.core.errors import BadInput, Broken

LINK_LIVES = timedelta(minutes=30)
FAILURES_COUNT_FOR = timedelta(minutes=15)
MOST_FAILURES = 5
MOST_LINKS = 5
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_HOST = re.compile(r"(?=.{4,190}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


class Role(StrEnum):
    """What staff do; a resident, initiator or panellist needs no role here."""

    COACH = "coach"
    FACILITATOR = "facilitator"
    AREA_MANAGER = "area_manager"
    OFFICER = "officer"
    FINANCE = "finance"
    RESEARCHER = "researcher"
    ADMIN = "admin"
    CALLER = "caller"


@dataclass(frozen=True)
class Person:
    """Somebody with an account and the roles held now: (role, area id or None for everywhere)."""

    account_id: int
    email: str
    name: str
    session_stamp: str
    roles: frozenset[tuple[str, int | None]]

    @property
    def works_here(self) -> bool:
        """Say whether this person is staff."""
        return bool(self.roles)


class EmailWrong(BadInput):
    code = "people.email-wrong"


class PasswordTooShort(BadInput):
    code = "people.password-too-short"


class PasswordTooLong(BadInput):
    code = "people.password-too-long"


class LoginWrong(BadInput):
    code = "people.login-wrong"


class TooManyTries(Broken):
    code = "people.too-many-tries"
    status = 429


class TooManyLinks(Broken):
    """Refuse to mail more links for one visitor. Facts: ``wait_seconds``."""

    code = "people.too-many-links"
    status = 429


class LinkDead(Broken):
    """Refuse a login link that was used, is too old or never existed: all look the same."""

    code = "people.link-dead"
    status = 410


def check_email(typed: str) -> str:
    """Read an e-mail address as we keep it: trimmed, host in lower case and ASCII.

    Raises: EmailWrong, also for a name in front, two @'s, a line end, or letters of another script
    that only look Latin.
    """
    text = typed.strip(" \t")
    local, at, host = text.rpartition("@")
    try:
        host = host.lower().encode("idna").decode("ascii")
    except UnicodeError as error:
        raise EmailWrong() from error
    dots_wrong = local.startswith(".") or local.endswith(".") or ".." in local
    if not at or dots_wrong or not _LOCAL.fullmatch(local) or not _HOST.fullmatch(host) or len(text) > 254:
        raise EmailWrong()
    return f"{local.lower()}@{host}"


def check_new_password(password: str) -> str:
    """Accept a new password: long is enough; composed Unicode, so that every keyboard types the same.

    Raises: PasswordTooShort, PasswordTooLong.
    """
    password = unicodedata.normalize("NFC", password)
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(least=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise PasswordTooLong(most=LONGEST_PASSWORD)
    return password


def link_works(*, expires_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Say whether a login link still logs in."""
    return used_at is None and now < expires_at
