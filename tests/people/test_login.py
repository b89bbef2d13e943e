"""People log in, and strangers do not."""

import re

from pb.people.rules import Role
from support.neighbourhood import Neighbourhood, email_of
from support.visitor import Visitor


def test_staff_log_in_with_a_password_and_come_to_their_desk(visitor: Visitor, place: Neighbourhood) -> None:
    visitor.log_in(email_of(Role.AREA_MANAGER))
    page = visitor.get("/werk")
    assert page.title == "Rondes"
    assert "Voorbeeldronde" in page.text


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    visitor: Visitor, place: Neighbourhood
) -> None:
    wrong = visitor.fill(
        "/inloggen",
        {"work_email": email_of(Role.ADMIN), "password": "niet dit wachtwoord"},
        status=422,
        form="form#wachtwoord",
    )
    unknown = visitor.fill(
        "/inloggen",
        {"work_email": "niemand@wijk.example", "password": "niet dit wachtwoord"},
        status=422,
        form="form#wachtwoord",
    )
    assert wrong.one(".wrong").text() == unknown.one(".wrong").text()
    assert "niemand@wijk.example" in unknown.html


def test_a_resident_logs_in_by_a_link_from_the_mail_and_only_once(
    visitor: Visitor, place: Neighbourhood
) -> None:
    visitor.fill("/inloggen", {"email": "bewoner@post.example"}, form="form#link")
    admin = Visitor(visitor.app).log_in(email_of(Role.ADMIN))
    mail = admin.get("/beheer/outbox").text
    link = re.search(r"http://127\.0\.0\.1:8000(/inloggen/link\?t=\S+)", mail)
    assert link
    page = visitor.fill(link[1], {})
    assert page.answer.request.path == "/mijn-plannen"
    again = Visitor(visitor.app)
    asked = again.get(link[1])
    again.post("/inloggen/link", asked.values(), status=410)


def test_a_door_sends_a_stranger_to_the_login_page_and_back(visitor: Visitor, place: Neighbourhood) -> None:
    page = visitor.get("/werk")
    assert page.title == "Inloggen"
    back = visitor.fill(
        "/werk",
        {"work_email": email_of(Role.AREA_MANAGER), "password": "een lang wachtwoord"},
        form="form#wachtwoord",
    )
    assert back.answer.request.path == "/werk"


def test_staff_of_another_area_do_not_learn_that_a_round_exists(
    visitor: Visitor, place: Neighbourhood
) -> None:
    visitor.log_in(email_of(Role.AREA_MANAGER, "andere-wijk"))
    visitor.get(f"/werk/ronde/{place.round_id}", status=404)
