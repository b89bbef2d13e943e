"""Hand the mail in the outbox to the mail server, after the change that made it is stored."""

import logging
import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa

from pb.people.tables import Message
from pb.store.engine import Store

MOST_TRIES = 10
CLAIM_LIVES = timedelta(minutes=5)
log = logging.getLogger("pb.mail")


def send_waiting(store: Store, *, smtp_url: str, mail_from: str, now: datetime) -> int:
    """Send what waits in the outbox; a mail that fails stays for the next time, at most ten times.

    ``smtp_url`` is smtp://user:password@host:587 (with STARTTLS when offered) or smtps://host:465; empty
    means that there is no mail server and the mails stay in the outbox. Returns how many were sent.
    The database is free while the mail server is slow: mails are claimed, sent, and then marked.
    """
    if not smtp_url:
        return 0
    claimed = _claim(store, now)
    if not claimed:
        return 0
    sent: list[int] = []
    try:
        with _server(smtp_url) as server:
            for mail in claimed:
                if _send(server, mail, mail_from):
                    sent.append(mail.id)  # noqa: PERF401  (what was sent must be known after a failure)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail server: %s; %d mails wait", type(error).__name__, len(claimed) - len(sent))
    finally:
        _mark(store, claimed, sent, now)
    return len(sent)


def _claim(store: Store, now: datetime) -> list[Message]:
    with store.writing() as session:
        waiting = list(
            session.scalars(
                sa.select(Message)
                .where(
                    Message.sent_at.is_(None),
                    Message.tries < MOST_TRIES,
                    sa.or_(Message.claimed_at.is_(None), Message.claimed_at < now - CLAIM_LIVES),
                )
                .order_by(Message.id)
                .limit(50)
                .with_for_update(skip_locked=True)
            )
        )
        for mail in waiting:
            mail.tries += 1
            mail.claimed_at = now
        return waiting


def _mark(store: Store, claimed: list[Message], sent: list[int], now: datetime) -> None:
    with store.writing() as session:
        session.execute(
            sa.update(Message).where(Message.id.in_([mail.id for mail in claimed])).values(claimed_at=None)
        )
        session.execute(sa.update(Message).where(Message.id.in_(sent)).values(sent_at=now))


def _send(server: smtplib.SMTP, mail: Message, mail_from: str) -> bool:
    """Send one mail; one that this server will not take keeps nobody else waiting."""
    try:
        server.send_message(_envelope(mail, mail_from))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as error:
        log.warning("mail %d: %s", mail.id, type(error).__name__)
        return False
    return True


def _server(smtp_url: str) -> smtplib.SMTP:
    parts = urlsplit(smtp_url)
    host = parts.hostname or "localhost"
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=10)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=10)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls()
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _envelope(message: Message, mail_from: str) -> EmailMessage:
    envelope = EmailMessage()
    envelope["From"] = mail_from
    envelope["To"] = message.to_email
    envelope["Subject"] = " ".join(message.subject.split())
    envelope.set_content(message.body)
    return envelope
