"""Hand the mail in the outbox to the mail server, after the change that made it is stored."""

import logging
import smtplib
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa

from pb.people.tables import Message
from pb.store.engine import Store

MOST_TRIES = 10
log = logging.getLogger("pb.mail")


def send_waiting(store: Store, *, smtp_url: str, mail_from: str, now: datetime) -> int:
    """Send what waits in the outbox; a mail that fails stays for the next time.

    ``smtp_url`` is smtp://user:password@host:587 (with STARTTLS when offered) or smtps://host:465; empty
    means that there is no mail server and the mails stay in the outbox. Returns how many were sent.
    """
    if not smtp_url:
        return 0
    with store.writing() as session:
        waiting = list(
            session.scalars(
                sa.select(Message)
                .where(Message.sent_at.is_(None), Message.tries < MOST_TRIES)
                .order_by(Message.id)
                .limit(50)
                .with_for_update(skip_locked=True)
            )
        )
        if not waiting:
            return 0
        sent = 0
        try:
            with _server(smtp_url) as server:
                for message in waiting:
                    message.tries += 1
                    server.send_message(_envelope(message, mail_from))
                    message.sent_at = now
                    sent += 1
        except (OSError, smtplib.SMTPException) as error:
            for message in waiting:
                message.tries += message.sent_at is None
            log.warning("mail server: %s; %d mails wait", type(error).__name__, len(waiting) - sent)
        return sent


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
    envelope["Subject"] = message.subject
    envelope.set_content(message.body)
    return envelope
