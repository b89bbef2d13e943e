"""Somebody whose login ended while a form was open comes back to that form after logging in."""

from flask import Flask

from pb.people.rules import Role
from support.neighbourhood import email_of
from support.room import Hall
from support.visitor import Visitor


def test_after_logging_in_again_one_is_back_at_the_page_of_the_form(app: Flask, open_room: Hall) -> None:
    console = f"{open_room.path}/console"
    visitor = Visitor(app).log_in(email_of(Role.FACILITATOR))
    visitor.get(console)
    token = visitor.token
    visitor.browser.delete_cookie("remember_token")
    with visitor.browser.session_transaction() as session:
        for name in list(session):
            if name.startswith("_") and name != "_csrf":
                del session[name]
    answer = visitor.browser.post(
        f"{open_room.path}/volgende",
        data={"csrf_token": token},
        headers={"Referer": f"http://localhost{console}"},
    )
    assert answer.status_code == 302
    assert answer.location == f"/inloggen?next={console}"


def test_a_form_on_another_site_sends_nobody_anywhere(app: Flask, open_room: Hall) -> None:
    visitor = Visitor(app)
    visitor.get("/inloggen")
    answer = visitor.browser.post(
        f"{open_room.path}/volgende",
        data={"csrf_token": visitor.token},
        headers={"Referer": "http://evil.example/avond/1/console"},
    )
    assert answer.status_code in (302, 400)
    assert "evil" not in (answer.location or "")
