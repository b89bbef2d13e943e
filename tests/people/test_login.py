"""People log in, and strangers do not."""

import re
import threading

import pytest
import sqlalchemy as sa

from pb.people import actions
from pb.people import views as pages
from pb.people.rules import Role
from pb.people.tables import Message
from pb.store.engine import Store
from pb.web.limits import Limit
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


def test_whoever_fails_with_ever_other_addresses_is_stopped_and_a_colleague_elsewhere_is_not(
    visitor: Visitor, place: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "failures", Limit(most=2, seconds=900))
    wrong = {"password": "niet dit wachtwoord"}
    for n in range(2):
        visitor.fill(
            "/inloggen", wrong | {"work_email": f"iemand{n}@wijk.example"}, status=422, form="form#wachtwoord"
        )
    visitor.fill(
        "/inloggen", wrong | {"work_email": "iemand3@wijk.example"}, status=429, form="form#wachtwoord"
    )
    elsewhere = Visitor(visitor.app)
    elsewhere.browser.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    elsewhere.log_in(email_of(Role.AREA_MANAGER))
    assert elsewhere.get("/werk").title == "Rondes"


def test_one_visitor_cannot_mail_everybody_a_link(
    visitor: Visitor, store: Store, place: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "links", Limit(most=2, seconds=600))
    for n in range(2):
        visitor.fill("/inloggen", {"email": f"buur{n}@post.example"}, form="form#link")
    page = visitor.fill("/inloggen", {"email": "buur3@post.example"}, status=429, form="form#link")
    assert "Wacht 10 minuten" in page.one(".wrong").text()
    assert page.values("form#link")["email"] == "buur3@post.example"
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Message)) == 2


def test_a_colleague_waits_in_line_while_strangers_try_passwords(place: Neighbourhood) -> None:
    before = actions._looking
    busy = [actions._looking.acquire() for _both in range(2)]
    threading.Timer(0.3, actions._looking.release).start()
    assert actions.opened_hash(None, "wachtwoord") is None, "it waited for its turn instead of giving up"
    actions._looking.release()
    assert busy
    assert before is actions._looking


def test_a_chosen_language_stays_but_keeps_nothing_else_for_longer(visitor: Visitor) -> None:
    visitor.get("/taal/en")
    kept = {cookie.key: cookie for cookie in visitor.browser._cookies.values()}
    assert kept["pb"].max_age is None
    assert kept["language"].max_age
    visitor.browser.delete_cookie("pb")
    assert visitor.get("/").one("html").attributes["lang"] == "en"
