"""The page of a seat: what it says to whom, and what keeps it going on a bad network."""

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from config import ROOT
from pb.evening.actions.planning import involve
from pb.evening.rules.seen import read_seen, write_seen
from pb.evening.tables import Evening, Presence
from pb.people.rules import Role
from pb.store.journal import JournalLine
from support.neighbourhood import NOW
from support.room import Hall, Phone, nothing_changes
from support.visitor import Visitor


def seat_page(hall: Hall) -> str:
    return f"{hall.path}/stoel"


def stand(hall: Hall, number: int, way: str) -> None:
    """Let a seat count in another way than on its phone."""
    with hall.store.writing() as session:
        session.get_one(Presence, (hall.evening_id, hall.seat_ids[number - 1])).way = way


# -- five figures --------------------------------------------------------------------------------------------


def test_five_figures_each_have_a_number_a_face_and_a_word(phone: Phone, open_room: Hall) -> None:
    page = phone.get(seat_page(open_room))
    figures = page.all("button.figure")
    assert [figure.attributes["value"] for figure in figures] == ["5", "4", "3", "2", "1"]
    for figure in figures:
        assert figure.css_first("svg.face")
        assert len(figure.css_first("span").text()) > 3
    states = page.one(".state").attributes
    assert "Nog niet verstuurd" in (states["data-waiting"] or "")
    assert "Onderweg" in (states["data-sending"] or "")
    assert "Ontvangen" in (states["data-received"] or "")


def test_the_figure_that_was_given_is_the_one_that_is_pressed(phone: Phone, open_room: Hall) -> None:
    phone.tap(2)
    page = phone.get(seat_page(open_room))
    assert [one.attributes["value"] for one in page.all("button.figure[aria-pressed=true]")] == ["2"]
    assert "Je mag nog schuiven" in page.text


def test_somebody_who_is_involved_reads_why_there_are_no_figures(hall: Hall) -> None:
    with hall.store.writing() as session:
        involve(
            session, evening_id=hall.evening_id, position=1, seat_id=hall.seat_ids[0], involved=True,
            who=hall.place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    hall.bring_to("open 1", scores=())
    page = Phone(hall, 1).get(seat_page(hall))
    assert "Jij bent zelf betrokken" in page.text
    assert not page.all("button.figure")


@pytest.mark.parametrize(
    ("way", "before", "after"),
    [
        ("floor", "Je staat op de vloer", "Jij deed mee op de vloer"),
        ("paper", "Je geeft je cijfers op papier", "Jij gaf je cijfer op papier"),
    ],
)
def test_who_counts_in_another_way_reads_which_instead_of_figures(
    phone: Phone, open_room: Hall, way: str, before: str, after: str
) -> None:
    stand(open_room, 1, way)
    page = phone.get(seat_page(open_room))
    assert before in page.text
    assert not page.all("button.figure")
    with nothing_changes(open_room.store):
        answer = phone.tap(4)
    assert answer.status_code == 409
    assert before in answer.get_json()["text"]
    open_room.press()
    assert after in phone.get(seat_page(open_room)).text


@pytest.mark.parametrize("way", ["floor", "paper"])
def test_who_counts_in_another_way_reads_it_at_the_doors_already(hall: Hall, way: str) -> None:
    hall.bring_to("doors")
    stand(hall, 1, way)
    assert "Je hoeft hier niets te tikken" in Phone(hall, 1).get(seat_page(hall)).text


def test_a_phone_says_when_the_figures_are_about_to_close(phone: Phone, open_room: Hall) -> None:
    assert "De cijfers sluiten zo" not in phone.get(seat_page(open_room)).text
    with open_room.store.writing() as session:
        evening = session.get_one(Evening, open_room.evening_id)
        evening.countdown_until = NOW
        evening.version += 1
    page = phone.get(seat_page(open_room))
    assert "De cijfers sluiten zo" in page.one(".closing[role=status]").text()
    assert page.all("button.figure")


def test_the_plan_can_be_read_aloud_title_first_then_text_then_figures(phone: Phone, open_room: Hall) -> None:
    page = phone.get(seat_page(open_room))
    assert "hidden" in page.one("button[data-speak]").attributes
    assert page.one("[data-read='1']").text() == "Moestuin op het plein"
    assert page.all("[data-read='2']")
    assert len(page.all("button.figure[data-read]")) == 5


# -- a phone that lost its seat ------------------------------------------------------------------------------


def test_a_browser_without_a_seat_is_sent_to_its_card(open_room: Hall, app: Flask) -> None:
    for cookie in ("", "x", "a" * 4000, "\u00e9"):
        visitor = Visitor(app)
        if cookie:
            visitor.browser.set_cookie("seat", cookie)
        page = visitor.get(seat_page(open_room), status=404)
        assert "Scan je kaart opnieuw" in page.text
        assert page.one("main a.button").attributes["href"] == "/kaart"


def test_a_seat_here_is_no_seat_on_another_evening_and_both_look_alike(phone: Phone, open_room: Hall) -> None:
    elsewhere = phone.get("/avond/999/stoel", status=404)
    nowhere = phone.get(f"/avond/{2**40}/stoel", status=404)
    assert elsewhere.text == nowhere.text
    assert "Scan je kaart opnieuw" in elsewhere.text


def test_a_tap_without_a_seat_is_told_with_a_code_that_keeps_it_on_the_phone(
    phone: Phone, open_room: Hall
) -> None:
    message = phone.message(4)
    phone.browser.delete_cookie("seat")
    for secret in ("", "unknown"):
        if secret:
            phone.browser.set_cookie("seat", secret)
        answer = phone.send_json(phone.score_path, message)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "evening.no-seat-here")


def test_a_plan_of_elsewhere_is_another_refusal_than_a_lost_seat(phone: Phone, open_room: Hall) -> None:
    answer = phone.tap(4, item=999_999)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "core.not-found")


def test_a_plain_form_of_a_phone_that_lost_its_seat_is_sent_to_the_card(
    phone: Phone, open_room: Hall
) -> None:
    held = phone.get(seat_page(open_room)).values("form.figures") | {"score": "4"}
    phone.browser.delete_cookie("seat")
    with nothing_changes(open_room.store):
        page = phone.post(f"{open_room.path}/cijfer-formulier", held, status=404)
    assert "Scan je kaart opnieuw" in page.text


# -- a database that is older than what a phone saw ---------------------------------------------------------


def key_of_seen(hall: Hall) -> bytes:
    key: str = hall.app.config["PB"].secret_key
    return key.encode()


def told(hall: Hall, seq: int) -> str:
    """Write what a phone of this evening keeps once it was told a number."""
    return write_seen(key_of_seen(hall), evening_id=hall.evening_id, seq=seq)


def test_a_phone_that_saw_more_than_we_have_keeps_its_tap_and_the_console_hears_of_it(
    phone: Phone, open_room: Hall
) -> None:
    message = phone.message(4)
    answer = phone.send_json(phone.score_path, message, headers={"X-Seen": told(open_room, 4711)})
    assert (answer.status_code, answer.get_json()["code"]) == (503, "evening.database-behind")
    assert "Je cijfer is veilig op je telefoon" in answer.get_json()["text"]
    assert int(answer.headers["Retry-After"]) >= 1
    assert open_room.now_at().alarm_seq == 4711
    with open_room.store.reading() as session:
        line = session.scalars(sa.select(JournalLine).where(JournalLine.what == "alarm raised")).one()
    facts = json.loads(line.facts)
    assert (facts["seat_number"], facts["phone_knew"]) == (1, 4711)
    assert facts["database_has"] == open_room.now_at().seq


def test_a_phone_that_was_replaced_or_went_home_raises_no_alarm(phone: Phone, open_room: Hall) -> None:
    seen = {"X-Seen": told(open_room, 4711)}
    open_room.leave(1)
    assert phone.send_json(phone.score_path, phone.message(4), headers=seen).status_code == 403
    open_room.come_in(1)
    Phone(open_room, 1)
    answer = phone.send_json(phone.score_path, phone.message(4), headers=seen)
    assert answer.get_json()["code"] == "evening.device-replaced"
    assert open_room.now_at().alarm_seq is None


def test_only_what_this_evening_told_its_phones_raises_the_alarm(phone: Phone, open_room: Hall) -> None:
    right = told(open_room, 4711)
    other = write_seen(key_of_seen(open_room), evening_id=open_room.evening_id + 1, seq=4711)
    for wrong in (other, right.replace("4711", "4712"), f"{right}x", f" {right[:-1]}", f"0{right}", "4711."):
        answer = phone.send_json(phone.score_path, phone.message(4), headers={"X-Seen": wrong})
        assert answer.status_code == 200, wrong
    assert open_room.now_at().alarm_seq is None
    assert read_seen(b"k", evening_id=1, text=write_seen(b"k", evening_id=1, seq=12)) == 12


@pytest.mark.parametrize("seen", ["0", "", "x", "-1", "9" * 30, "1.5", "４７", "100000"])
def test_a_phone_that_says_nothing_sensible_about_what_it_saw_is_simply_served(
    phone: Phone, open_room: Hall, seen: str
) -> None:
    answer = phone.raw(
        "POST", phone.score_path, json=phone.message(4), headers={"X-Seen": seen.encode().decode("latin-1")}
    )
    assert answer.status_code == 200


def test_a_phone_that_saw_exactly_what_we_have_is_served(phone: Phone, open_room: Hall) -> None:
    told_now = phone.tap(2).get_json()
    assert told_now["seen"] == told(open_room, told_now["seq"])
    answer = phone.send_json(phone.score_path, phone.message(3), headers={"X-Seen": told_now["seen"]})
    assert answer.status_code == 200


# -- scripts -------------------------------------------------------------------------------------------------


def test_the_service_worker_comes_from_above_every_seat_and_is_asked_for_anew(app: Flask) -> None:
    answer = Visitor(app).raw("GET", "/avond/sw.js")
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/avond/"
    assert "no-cache" in answer.headers["Cache-Control"]
    answer.close()


def test_the_service_worker_keeps_no_other_page_than_that_of_a_seat(open_room: Hall) -> None:
    script = (ROOT / "static/sw.js").read_text()
    [page] = re.findall(r"const PAGE = /(.+)/;", script)
    pattern = re.compile(page.replace(r"\/", "/"))
    assert pattern.search(seat_page(open_room))
    for other in (
        "tablet",
        "tablet/x.y",
        "wacht",
        "console",
        "deur",
        "stop",
        "cijfer",
        "stand",
        "stroom",
        "scherm/x",
    ):
        assert not pattern.search(f"{open_room.path}/{other}")


def test_every_script_that_a_seat_page_names_is_there(phone: Phone, open_room: Hall) -> None:
    page = phone.get(seat_page(open_room))
    named = [node.attributes["src"] or "" for node in page.all("script[src]")]
    named += [node.attributes["href"] or "" for node in page.all("link[href]")]
    for address in named:
        assert Path(ROOT, address.removeprefix("/")).is_file(), address


def test_the_page_names_the_scripts_that_it_came_with(phone: Phone, open_room: Hall) -> None:
    build = phone.get(seat_page(open_room)).one("main").attributes["data-build"]
    assert re.fullmatch(r"[0-9a-f]{10}", build or "")


def test_the_page_of_a_seat_is_never_kept_by_anything_in_between(phone: Phone, open_room: Hall) -> None:
    for path in (seat_page(open_room), f"{open_room.path}/stop"):
        assert phone.get(path).answer.headers["Cache-Control"] == "private, no-store"


def test_the_pages_of_a_phone_are_there_in_english_too(open_room: Hall) -> None:
    page = Phone(open_room, 2, language="en").get(seat_page(open_room))
    assert page.one("html").attributes["lang"] == "en"
