"""A resident who makes a plan."""

import re
from typing import Any

import pytest
from flask import Flask

from pb.people.rules import Role
from support.neighbourhood import Neighbourhood, email_of
from support.visitor import Page, Visitor

ANSWERS: dict[int, dict[str, Any]] = {
    1: {"title": "Moestuin op het plein", "want": "Samen groente telen.\nVoor de hele buurt."},
    2: {"can_do": "Wij maken de bakken zelf."},
    3: {
        "need": "Hout, aarde en planten.",
        "ask_cents": "2.500",
        "least_cents": "1.000",
        "applicant_kind": "group",
    },
    4: {"film": "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=10s"},
}


class Resident(Visitor):
    """Somebody with a phone who makes a plan."""

    plan = ""

    def begin(self, round_id: int) -> Page:
        """Press 'Maak een plan'."""
        page = self.post(f"/ronde/{round_id}/plan-maken")
        self.plan = page.answer.request.path.removesuffix("/stap/1")
        return page

    def answer(self, step: int, status: int = 200, **changes: Any) -> Page:
        """Answer one question as in the example, with changes."""
        return self.fill(
            f"{self.plan}/stap/{step}", ANSWERS[step] | changes, status=status, form="form#vraag"
        )

    def walk(self, round_id: int) -> Page:
        """Answer every question."""
        self.begin(round_id)
        for step in ANSWERS:
            page = self.answer(step)
        return page

    def confirm(self, email: str) -> Page:
        """Ask for a link at the last page, and open it from the mail."""
        self.fill(f"{self.plan}/stap/5", {"email": email}, form="form#adres")
        return self.open_link(email)

    def open_link(self, email: str) -> Page:
        """Open the newest link that was mailed to this address."""
        mail = newest_mail(self.app, email)
        link = re.search(r"http://127\.0\.0\.1:8000(/inloggen/link\?t=\S+)", mail)
        assert link, mail
        return self.fill(link[1], {})

    def hand_in(self) -> Page:
        """Press 'Dien je plan in'."""
        return self.fill(f"{self.plan}/stap/5", {}, form="form#indienen")

    @property
    def plan_id(self) -> int:
        return int(self.plan.rpartition("/")[2])


def newest_mail(app: Flask, email: str) -> str:
    """Give the text of the newest mail to an address."""
    admin = Visitor(app).log_in(email_of(Role.ADMIN))
    for sheet in admin.get("/beheer/outbox").all("article.sheet"):
        text = sheet.text()
        if email in text:
            return text
    raise AssertionError(f"no mail to {email}")


@pytest.fixture
def resident(app: Flask, place: Neighbourhood) -> Resident:
    """Give a resident who has not begun yet."""
    return Resident(app)


@pytest.fixture
def initiator(app: Flask, place: Neighbourhood) -> Resident:
    """Give a resident whose plan is handed in."""
    made = Resident(app)
    made.walk(place.round_id)
    made.confirm("bewoner@post.example")
    made.hand_in()
    return made


@pytest.fixture
def manager(app: Flask, place: Neighbourhood) -> Visitor:
    """Give the area manager, logged in."""
    return Visitor(app).log_in(email_of(Role.AREA_MANAGER))
