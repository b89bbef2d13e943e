"""The card is the only key to a seat: how it is read, when it works, and that looking never takes a seat."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.core.codes import ALPHABET
from pb.evening.tables import Device
from pb.evening.views import card as card_pages
from pb.panel.actions import add_invited, new_card, remove_seat
from pb.panel.queries import card
from pb.panel.rules.cards import card_code, card_token, token_text
from pb.people.rules import Role
from pb.rounds import actions as rounds
from pb.rounds.rules import Majority, Preset
from pb.store.engine import Store
from pb.web.limits import Limit
from support.neighbourhood import NOW, Neighbourhood, call, email_of
from support.panel import key_of, somebody
from support.room import Hall, nothing_changes, open_hall
from support.visitor import Page, Visitor


def show(visitor: Visitor, status: int = 200, **typed: str) -> Page:
    """Type a code, or let the page's script hand over a scanned token."""
    return visitor.fill("/kaart", typed, status=status, form="form#kaart")


def phones(store: Store) -> int:
    with store.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Device)) or 0


@pytest.fixture
def doors(hall: Hall) -> Hall:
    """Give an evening with open doors and seats 1 to 3 inside."""
    hall.press()
    hall.come_in(1, 2, 3)
    return hall


def test_a_card_asks_whether_this_is_your_seat_and_a_button_takes_it(doors: Hall, visitor: Visitor) -> None:
    page = show(visitor, code=doors.card_code(2))
    assert page.title == "Stoel 2, klopt dat?"
    assert phones(doors.store) == 0
    page = visitor.post("/kaart/klopt-dat")
    assert page.answer.request.path == f"{doors.path}/stoel"
    assert phones(doors.store) == 1


def test_a_scanned_card_takes_the_same_seat_as_its_typed_code(doors: Hall, visitor: Visitor) -> None:
    assert show(visitor, token=doors.card_token(3)).title == "Stoel 3, klopt dat?"


def test_looking_never_takes_a_seat(doors: Hall, visitor: Visitor) -> None:
    show(visitor, code=doors.card_code(1))
    with nothing_changes(doors.store):
        for method in ("GET", "HEAD"):
            for path in (
                "/kaart",
                "/kaart/klopt-dat",
                f"/kaart?code={doors.card_code(1)}",
                f"/kaart?token={doors.card_token(1)}",
            ):
                visitor.raw(method, path)


def test_a_code_is_read_as_people_type_it(doors: Hall, visitor: Visitor) -> None:
    code = doors.card_code(1)
    body = code.replace("-", "")
    ways = [
        code.lower(), body, body.lower(), " ".join(body), f"  {code}\u00a0", code.replace("-", "\u2013"),
        f"{body[:3]}-{body[3:7]}-{body[7:]}", code.replace("0", "O").replace("1", "I"),
        code.replace("0", "o").replace("1", "l"), code.replace("1", "L"),
    ]  # fmt: skip
    for way in ways:
        assert show(visitor, code=way).title == "Stoel 1, klopt dat?", way


def test_look_alikes_are_read_in_a_code_that_has_them(doors: Hall, visitor: Visitor) -> None:
    codes = {number: doors.card_code(number) for number in range(1, 7)}
    for sign, others in (("0", "Oo"), ("1", "lIiL")):
        number = next((n for n, code in codes.items() if sign in code), None)
        for other in others if number else "":
            page = show(visitor, code=codes[number or 1].replace(sign, other))
            assert page.title == f"Stoel {number}, klopt dat?"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda code: code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % 32], "typ"),
        (lambda code: ALPHABET[(ALPHABET.index(code[0]) + 1) % 32] + code[1:], "typ"),
        (lambda code: code[:-1], "9"),
        (lambda code: code + "0", "11"),
        (lambda code: "U" + code[1:], "U"),
        (lambda code: "é" + code[1:], "é"),
        (lambda _code: "", ""),
        (lambda _code: "https://supermarkt.example/kaart", ""),
        (lambda _code: "8710398517203", ""),
        (lambda _code: "A" * 3000, ""),
        (lambda _code: "\0" * 5, ""),
    ],
)
def test_a_code_that_cannot_be_right_is_told_at_the_field(
    doors: Hall, visitor: Visitor, spoil: Any, words: str
) -> None:
    typed = spoil(doors.card_code(1))
    with nothing_changes(doors.store):
        page = show(visitor, status=422, code=typed)
        assert words in page.one(".wrong").text()


def test_a_code_that_was_never_given_gets_no_hint(doors: Hall, visitor: Visitor, app: Flask) -> None:
    never = card_code(key_of(app), 999_999, 1)
    page = show(visitor, status=422, code=never)
    assert "geen kaart van dit panel" in page.one(".wrong").text()


@pytest.mark.parametrize("token", ["A" * 22, "kort", "A" * 21 + "B", "é" * 22, "A" * 5000, "' or 1=1 --"])
def test_a_token_that_is_none_of_ours_is_refused(doors: Hall, visitor: Visitor, token: str) -> None:
    with nothing_changes(doors.store):
        page = show(visitor, status=422, token=token)
        assert page.one(".wrong").text().strip()


def test_an_old_card_is_worth_nothing_once_there_is_a_new_one(doors: Hall, app: Flask) -> None:
    old_code, old_token = doors.card_code(1), doors.card_token(1)
    holder = Visitor(app)
    show(holder, code=old_code)
    with doors.store.writing() as session:
        new_card(
            session, round_id=doors.place.round_id, seat_id=doors.seat_ids[0], card_key=key_of(app),
            who=doors.place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    with nothing_changes(doors.store):
        show(Visitor(app), status=422, code=old_code)
        show(Visitor(app), status=422, token=old_token)
        # Also for who held the old card in hand already.
        holder.post("/kaart/klopt-dat", status=409)
    assert show(Visitor(app), code=doors.card_code(1)).title == "Stoel 1, klopt dat?"


def test_the_card_of_a_seat_that_was_taken_away_is_worth_nothing(doors: Hall, visitor: Visitor) -> None:
    code = doors.card_code(1)
    with doors.store.writing() as session:
        remove_seat(
            session, round_id=doors.place.round_id, seat_id=doors.seat_ids[0], forget_person=False,
            who=doors.place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    show(visitor, status=422, code=code)


def other_round(doors: Hall) -> tuple[int, str, str]:
    """Make another round in the area with one seat; its id, and the code and token of its card."""
    place, key = doors.place, key_of(doors.app)
    with doors.store.writing() as session:
        who = place.who(Role.AREA_MANAGER)
        round_id = rounds.make_round(
            session, area_id=place.area_id, name="Andere ronde", summary="", call=call(), who=who, now=NOW
        )
        rounds.open_round(
            session,
            round_id=round_id,
            version=1,
            majority=Majority.MORE_THAN_HALF,
            preset=Preset.EQUAL,
            who=who,
            now=NOW,
        )
        [seat_id] = add_invited(
            session, round_id=round_id, people=[somebody(1)], card_key=key, who=who, now=NOW
        )
        serial = card(session, round_id=round_id, seat_id=seat_id).serial
    return round_id, card_code(key, seat_id, serial), token_text(card_token(key, seat_id, serial))


def test_a_card_of_another_round_never_sits_down_here(doors: Hall, visitor: Visitor) -> None:
    _round_id, code, _token = other_round(doors)
    with nothing_changes(doors.store):
        page = show(visitor, code=code)
        assert "nog niet begonnen" in page.text
        page = visitor.post("/kaart/klopt-dat")
        assert "nog niet begonnen" in page.text


def test_a_card_of_another_round_is_no_seat_at_this_door(doors: Hall) -> None:
    _round_id, code, _token = other_round(doors)
    helper = doors.staff()
    with nothing_changes(doors.store):
        page = helper.fill(f"{doors.path}/deur", {"stoel": code, "doe": "in"}, status=422, form="form.door")
        assert "geen kaart van deze avond" in page.text


def test_before_the_doors_open_a_card_says_to_come_back(hall: Hall, visitor: Visitor) -> None:
    with nothing_changes(hall.store):
        assert "nog niet begonnen" in show(visitor, code=hall.card_code(1)).text
        assert "nog niet begonnen" in visitor.post("/kaart/klopt-dat").text


def test_who_did_not_come_in_at_the_door_is_sent_there(doors: Hall, visitor: Visitor) -> None:
    show(visitor, code=doors.card_code(5))
    with nothing_changes(doors.store):
        page = visitor.post("/kaart/klopt-dat", status=403)
        assert "Meld je eerst bij de deur" in page.one("[role=alert]").text()
    doors.come_in(5)
    visitor.post("/kaart/klopt-dat")
    assert phones(doors.store) == 1


def test_who_left_again_is_sent_to_the_door(doors: Hall, visitor: Visitor) -> None:
    doors.leave(1)
    show(visitor, code=doors.card_code(1))
    visitor.post("/kaart/klopt-dat", status=403)


def test_pressing_yes_twice_takes_one_phone_and_ends_at_the_seat(doors: Hall, visitor: Visitor) -> None:
    show(visitor, code=doors.card_code(1))
    visitor.post("/kaart/klopt-dat")
    with nothing_changes(doors.store):
        page = visitor.post("/kaart/klopt-dat")
    assert page.answer.request.path == f"{doors.path}/stoel"
    assert phones(doors.store) == 1


def test_pressing_yes_again_before_the_first_answer_came_takes_one_phone(
    doors: Hall, visitor: Visitor
) -> None:
    show(visitor, code=doors.card_code(1))
    impatient = Visitor(doors.app)
    kept = visitor.browser.get_cookie("pb")
    assert kept is not None
    impatient.browser.set_cookie("pb", kept.value)
    visitor.post("/kaart/klopt-dat")
    with nothing_changes(doors.store):
        answer = impatient.raw("POST", "/kaart/klopt-dat", data={"csrf_token": visitor.token})
    assert answer.headers["Location"] == f"{doors.path}/stoel"
    assert impatient.get(f"{doors.path}/stoel").title == "Je bent binnen"


def test_the_own_card_scanned_again_goes_back_to_the_seat(doors: Hall, visitor: Visitor) -> None:
    show(visitor, code=doors.card_code(1))
    visitor.post("/kaart/klopt-dat")
    with nothing_changes(doors.store):
        page = show(visitor, code=doors.card_code(1))
        assert page.answer.request.path == f"{doors.path}/stoel"
        page = visitor.post("/kaart/klopt-dat")
        assert page.answer.request.path == f"{doors.path}/stoel"


def test_somebody_who_presses_yes_without_a_card_is_told_to_scan_it(doors: Hall, visitor: Visitor) -> None:
    with nothing_changes(doors.store):
        page = visitor.post("/kaart/klopt-dat", status=409)
    assert "Scan je kaart nog een keer" in page.text


def test_what_a_scanner_types_is_read_as_a_card(doors: Hall, visitor: Visitor) -> None:
    whole = f"http://127.0.0.1:8000/kaart#{doors.card_token(2)}"
    assert show(visitor, code=whole).title == "Stoel 2, klopt dat?"


@pytest.mark.parametrize(
    "scanned",
    [
        "https://supermarkt.example/actie?id=8710398517203",
        "https://beslis.andere-gemeente.example/kaart#AAAAAAAAAAAAAAAAAAAAAA",
        "http://127.0.0.1:8000/kaart",
        "http://127.0.0.1:8000/inloggen",
    ],
)
def test_a_qr_code_from_elsewhere_is_no_card_of_tonight(doors: Hall, visitor: Visitor, scanned: str) -> None:
    with nothing_changes(doors.store):
        page = show(visitor, status=422, code=scanned)
    assert "Dit is geen kaart van deze avond" in page.one(".wrong").text()


def test_the_card_page_names_the_other_ways_to_count(visitor: Visitor) -> None:
    page = visitor.get("/kaart")
    for way in ("vloer", "papier", "tablet"):
        assert way in page.text


def test_the_secret_of_a_phone_is_kept_only_as_a_hash_and_out_of_reach_of_scripts(
    doors: Hall, visitor: Visitor
) -> None:
    show(visitor, code=doors.card_code(1))
    answer = visitor.raw("POST", "/kaart/klopt-dat", data={"csrf_token": visitor.token})
    [cookie] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("seat=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    secret = cookie.partition(";")[0].removeprefix("seat=")
    assert len(secret) == 22
    with doors.store.reading() as session:
        [kept] = session.scalars(sa.select(Device.token_sha256))
    assert secret not in kept


def test_when_the_evening_is_over_a_card_takes_no_seat_any_more(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place, plans=2, moment="done")
    visitor, helper = Visitor(app), hall.staff()
    with nothing_changes(store):
        assert "afgelopen" in show(visitor, code=hall.card_code(1)).text
        page = visitor.post("/kaart/klopt-dat", status=409)
        assert "afgelopen" in page.text
        assert "afgelopen" in helper.post(f"{hall.path}/deur", {"stoel": "1", "doe": "uit"}, status=409).text


def test_a_browser_that_refuses_cookies_is_told_so_and_loses_nothing(doors: Hall, app: Flask) -> None:
    browser = app.test_client(use_cookies=False)
    token = Visitor(app).get("/kaart").values("form#kaart")["csrf_token"]
    answer = browser.post("/kaart", data={"code": doors.card_code(1), "csrf_token": token})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "Je browser bewaart geen cookies" in text
    assert doors.card_code(1) in text
    assert "Scan je kaart nog een keer" in browser.get("/kaart/klopt-dat").get_data(as_text=True)


def test_only_wrong_codes_are_counted_and_a_scanned_card_never(
    doors: Hall, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_pages, "wrong_codes", Limit(most=3, seconds=600))
    monkeypatch.setattr(app, "testing", False)
    visitor = Visitor(app)
    right, wrong = doors.card_code(1), card_code(key_of(app), 999_999, 1)
    for _ in range(10):
        show(visitor, code=right)
    for _ in range(2):
        show(visitor, status=422, code=wrong)
    for _ in range(5):
        show(visitor, code=right)
    show(visitor, status=422, code="geen code")
    page = show(visitor, status=429, code=wrong)
    assert "te vaak een verkeerde code" in page.one(".wrong").text()
    show(Visitor(app), code=right)
    for _ in range(10):
        show(visitor, token=doors.card_token(1))


def test_a_card_gives_no_other_right_than_its_own_seat(doors: Hall, visitor: Visitor) -> None:
    show(visitor, code=doors.card_code(1))
    visitor.post("/kaart/klopt-dat")
    for path in (f"{doors.path}/console", f"{doors.path}/deur", doors.path, "/werk"):
        assert visitor.get(path).title == "Inloggen"
    assert email_of(Role.FACILITATOR) not in visitor.get(f"{doors.path}/stoel").html
