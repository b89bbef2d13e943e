"""Mail leaves through a real mail server, after the change that made it is stored."""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pb.people.actions import post
from pb.people.mail import MOST_TRIES, send_waiting
from pb.people.tables import Message
from pb.store.engine import Store

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@dataclass
class Mailbox:
    """Keeps what a mail server gets; refuses whoever is on its list."""

    mails: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """Give a mail server on this machine and its address."""
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    with contextlib.suppress(Exception):
        controller.stop()


def write(store: Store, *addresses: str) -> None:
    with store.writing() as session:
        for address in addresses:
            post(
                session,
                to_email=address,
                subject="Je plan is klaar",
                body="Hallo,\n\nJe plan «Café» is klaar.\n",
                now=NOW,
            )


def waiting(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(sa.select(Message.to_email).where(Message.sent_at.is_(None))))


def test_a_mail_arrives_once_with_its_accents(store: Store, mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    write(store, "een@post.example")
    assert send_waiting(store, smtp_url=url, mail_from="beslis@gemeente.example", now=NOW) == 1
    assert send_waiting(store, smtp_url=url, mail_from="beslis@gemeente.example", now=NOW) == 0
    (mail,) = box.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "een@post.example",
        "beslis@gemeente.example",
        "Je plan is klaar",
    )
    assert "«Café»" in mail.get_content()
    assert waiting(store) == []


def test_without_a_mail_server_the_mails_wait(store: Store) -> None:
    write(store, "een@post.example")
    assert send_waiting(store, smtp_url="", mail_from="beslis@gemeente.example", now=NOW) == 0
    assert waiting(store) == ["een@post.example"]


def test_a_mail_server_that_is_down_loses_nothing(store: Store) -> None:
    write(store, "een@post.example")
    assert (
        send_waiting(store, smtp_url="smtp://127.0.0.1:1", mail_from="beslis@gemeente.example", now=NOW) == 0
    )
    assert waiting(store) == ["een@post.example"]


def test_one_mailbox_that_does_not_exist_keeps_nobody_else_waiting(
    store: Store, mailbox: tuple[Mailbox, str]
) -> None:
    box, url = mailbox
    box.refused.add("weg@post.example")
    write(store, "weg@post.example", "twee@post.example")
    assert send_waiting(store, smtp_url=url, mail_from="beslis@gemeente.example", now=NOW) == 1
    assert [mail["To"] for mail in box.mails] == ["twee@post.example"]
    for _again in range(MOST_TRIES + 2):
        send_waiting(store, smtp_url=url, mail_from="beslis@gemeente.example", now=NOW)
    assert waiting(store) == ["weg@post.example"]
    with store.reading() as session:
        assert (
            session.scalar(sa.select(Message.tries).where(Message.to_email == "weg@post.example"))
            == MOST_TRIES
        )


def test_a_subject_cannot_smuggle_in_a_header(store: Store, mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    with store.writing() as session:
        post(
            session, to_email="een@post.example", subject="Plan\r\nBcc: twee@post.example", body="x", now=NOW
        )
    write(store, "drie@post.example")
    send_waiting(store, smtp_url=url, mail_from="beslis@gemeente.example", now=NOW)
    assert [mail["To"] for mail in box.mails] == ["een@post.example", "drie@post.example"]
    assert box.mails[0]["Bcc"] is None
