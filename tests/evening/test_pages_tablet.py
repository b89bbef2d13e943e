"""The tablet that goes from hand to hand: one card, one figure, and nothing of it stays behind."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.core.errors import NotFound
from pb.evening.actions.at_the_table import take_at_table
from pb.evening.actions.planning import involve
from pb.evening.queries import chain, spreads
from pb.evening.rules.chain import check_chain
from pb.evening.rules.seats import TabletUsed, TurnOver
from pb.evening.rules.turn import Turn, check_age, new_turn, op_of, read_turn, write_turn
from pb.evening.tables import Evening, Event, Presence, Score
from pb.evening.views import card as card_pages
from pb.panel.rules.cards import card_code
from pb.people.rules import Role
from pb.store.engine import Store
from pb.web import clock
from pb.web.limits import Limit
from support.neighbourhood import NOW
from support.panel import key_of
from support.room import Hall, Phone, nothing_changes
from support.visitor import Page, Visitor

from .test_actions_at_once import at_once, follows, presser

KEY = b"a key of a house, long enough"


def begin(hall: Hall, number: int, tablet: Visitor | None = None, status: int = 200) -> Page:
    """Type the code of a seat's card at the tablet."""
    visitor = tablet or Visitor(hall.app)
    return visitor.fill(
        f"{hall.path}/tablet", {"code": hall.card_code(number)}, status=status, form="form.type"
    )


def stand(hall: Hall, number: int, figure: int, tablet: Visitor | None = None) -> Page:
    """Give a figure at the tablet."""
    visitor = tablet or Visitor(hall.app)
    page = begin(hall, number, visitor)
    return visitor.post(page.answer.request.path, page.values("form.figures") | {"score": str(figure)})


def scores(hall: Hall) -> dict[int, tuple[int | None, int | None, str]]:
    with hall.store.reading() as session:
        return {
            hall.seat_ids.index(row.seat_id) + 1: (row.first_score, row.score, row.way)
            for row in session.scalars(sa.select(Score))
        }


def test_a_card_a_tap_and_the_tablet_goes_on_to_the_next(open_room: Hall) -> None:
    tablet = Visitor(open_room.app)
    page = begin(open_room, 2, tablet)
    assert page.title == "Stoel 2: waar sta jij?"
    page = tablet.post(page.answer.request.path, page.values("form.figures") | {"score": "4"})
    assert "Geef de tablet door" in page.text
    assert page.title.startswith("Ontvangen ✓")
    assert "Die code is je bonnetje" in page.text
    assert len(page.title.split()[-1]) == 5
    assert page.one("main").attributes["data-after"] == "8"
    assert scores(open_room) == {2: (4, 4, "tablet")}
    assert begin(open_room, 3, tablet).title == "Stoel 3: waar sta jij?"
    follows(open_room)


def test_the_receipt_names_no_seat_and_no_figure(open_room: Hall) -> None:
    page = stand(open_room, 3, 5)
    assert "Stoel" not in page.html
    assert "f5" not in page.html


def test_what_was_given_at_the_tablet_counts_like_any_other_figure(open_room: Hall) -> None:
    stand(open_room, 1, 5)
    Phone(open_room, 2).tap(5)
    with open_room.store.reading() as session:
        [spread] = spreads(session, evening_id=open_room.evening_id).values()
    assert spread.counts == (0, 0, 0, 0, 2)


def test_the_event_of_the_tablet_stands_in_the_chain_with_its_name(open_room: Hall) -> None:
    stand(open_room, 1, 2)
    with open_room.store.reading() as session:
        row = session.scalars(sa.select(Event).order_by(Event.seq.desc())).first()
        lines = chain(session, evening_id=open_room.evening_id)
    assert row is not None
    assert row.kind == "tablet_scored"
    assert row.op is not None
    assert len(row.op) == 22
    assert check_chain(lines) == open_room.now_at().head


def test_a_seat_with_a_phone_takes_no_tablet_until_the_host_stops_that_phone(
    phone: Phone, open_room: Hall
) -> None:
    phone.tap(5)
    with nothing_changes(open_room.store):
        refused = begin(open_room, 1, status=409)
    assert "heeft al een telefoon" in refused.one(".wrong").text()
    version = open_room.now_at().version
    host = open_room.staff()
    host.get(f"{open_room.path}/deur")
    for _press in range(2):
        told = host.post(f"{open_room.path}/deur/telefoon", {"stop": str(open_room.seat_ids[0])})
    assert "De telefoon van stoel 1 is gestopt" in told.text
    assert open_room.now_at().version == version + 1
    assert phone.tap(4).get_json()["code"] == "evening.device-replaced"
    stand(open_room, 1, 2)
    assert scores(open_room)[1] == (5, 2, "tablet")
    follows(open_room)


def test_a_phone_that_sits_down_during_a_turn_at_the_tablet_ends_that_turn(open_room: Hall) -> None:
    tablet = Visitor(open_room.app)
    page = begin(open_room, 1, tablet)
    phone = Phone(open_room, 1)
    phone.tap(5)
    with nothing_changes(open_room.store):
        late = tablet.post(page.answer.request.path, page.values("form.figures") | {"score": "1"}, status=409)
    assert "heeft al een telefoon" in late.one("[role=alert]").text()


def test_a_turn_lives_on_its_own_tablet_until_somebody_goes_back_to_the_start(open_room: Hall) -> None:
    tablet = Visitor(open_room.app)
    page = begin(open_room, 2, tablet)
    turn, held = page.answer.request.path, page.values("form.figures") | {"score": "5"}
    elsewhere = Visitor(open_room.app)
    elsewhere.get("/kaart")
    with nothing_changes(open_room.store):
        assert elsewhere.get(turn).title == "Pak je kaart"
        elsewhere.post(turn, {"score": "5"}, status=409)
        assert tablet.get(turn).title == "Stoel 2: waar sta jij?"
        tablet.get(f"{open_room.path}/tablet")
        assert tablet.get(turn).title == "Pak je kaart"
        tablet.post(turn, held, status=409)


def test_nothing_of_the_last_person_stays_on_the_tablet(open_room: Hall) -> None:
    tablet = Visitor(open_room.app)
    page = begin(open_room, 2, tablet)
    assert tablet.browser.get_cookie("seat") is None
    turn = page.answer.request.path
    assert page.answer.headers["Cache-Control"] == "private, no-store"
    page = tablet.post(turn, page.values("form.figures") | {"score": "1"})
    assert page.answer.headers["Cache-Control"] == "private, no-store"
    # Back, to the page with the five figures: it knows only that something was received.
    assert "Stoel 2" not in tablet.get(turn).html
    assert open_room.card_code(2) not in tablet.get(f"{open_room.path}/tablet").html
    with tablet.browser.session_transaction() as kept:
        assert set(kept) <= {"csrf_token"}


def test_back_to_an_old_turn_leads_to_the_start(open_room: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet = Visitor(open_room.app)
    turn = begin(open_room, 2, tablet).answer.request.path
    used = stand(open_room, 3, 4, tablet).answer.request.path
    later = clock.now() + timedelta(minutes=4)
    for view in ("turn_at_tablet", "score_at_tablet"):
        monkeypatch.setitem(open_room.app.view_functions[f"evening.{view}"].__globals__, "now", lambda: later)
    for path in (turn, used):
        assert tablet.get(path).title == "Pak je kaart"
    with nothing_changes(open_room.store):
        page = tablet.post(turn, {"score": "5"}, status=409)
    assert "Typ je code nog een keer" in page.one("[role=alert]").text()


def test_pressing_twice_is_one_figure_with_one_receipt(open_room: Hall) -> None:
    tablet = Visitor(open_room.app)
    page = begin(open_room, 2, tablet)
    held = page.values("form.figures") | {"score": "4"}
    first = tablet.post(page.answer.request.path, held)
    with nothing_changes(open_room.store):
        again = tablet.post(page.answer.request.path, held)
    assert again.title == first.title


def test_twenty_presses_at_once_are_one_figure(open_room: Hall) -> None:
    tablet = Visitor(open_room.app)
    page = begin(open_room, 2, tablet)
    held = page.values("form.figures") | {"score": "4"}
    fingers = []
    for _ in range(20):
        finger = Visitor(open_room.app)
        kept = tablet.browser.get_cookie("pb")
        assert kept is not None
        finger.browser.set_cookie("pb", kept.value)
        fingers.append(presser(finger, page.answer.request.path, held))
    assert {answer.status_code for answer in at_once(fingers)} == {303}
    with open_room.store.reading() as session:
        kinds = session.scalars(sa.select(Event.kind)).all()
    assert kinds.count("tablet_scored") == 1
    follows(open_room)


def test_one_turn_is_good_for_one_figure(open_room: Hall) -> None:
    tablet = Visitor(open_room.app)
    page = begin(open_room, 2, tablet)
    held = page.values("form.figures")
    tablet.post(page.answer.request.path, held | {"score": "4"})
    with nothing_changes(open_room.store):
        refused = tablet.post(page.answer.request.path, held | {"score": "5"}, status=409)
    assert "net al een cijfer gegeven" in refused.one("[role=alert]").text()
    stand(open_room, 2, 5, tablet)
    assert scores(open_room)[2] == (4, 5, "tablet")


@pytest.mark.parametrize("figure", ["", "0", "6", "4.0", "+3", "４", "terug", "4 ", "\0"])
def test_only_one_of_the_five_figures_is_taken(open_room: Hall, figure: str) -> None:
    tablet = Visitor(open_room.app)
    path = begin(open_room, 2, tablet).answer.request.path
    with nothing_changes(open_room.store):
        page = tablet.post(path, {"score": figure}, status=422)
    assert "Kies een cijfer" in page.one("[role=alert]").text()


def test_somebody_who_is_not_here_is_sent_to_the_door(open_room: Hall) -> None:
    with nothing_changes(open_room.store):
        assert "Meld je eerst bij de deur" in begin(open_room, 6, status=403).one(".wrong").text()


def test_somebody_who_is_involved_gives_no_figure_at_the_tablet_either(hall: Hall) -> None:
    with hall.store.writing() as session:
        involve(
            session, evening_id=hall.evening_id, position=1, seat_id=hall.seat_ids[0], involved=True,
            who=hall.place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    hall.bring_to("open 1", scores=())
    with nothing_changes(hall.store):
        assert "zelf betrokken" in begin(hall, 1, status=403).one(".wrong").text()


@pytest.mark.parametrize(("way", "words"), [("floor", "Je staat op de vloer"), ("paper", "op papier")])
def test_who_counts_on_the_floor_or_on_paper_does_not_count_twice(
    open_room: Hall, way: str, words: str
) -> None:
    tablet = Visitor(open_room.app)
    page = begin(open_room, 1, tablet)
    with open_room.store.writing() as session:
        session.get_one(Presence, (open_room.evening_id, open_room.seat_ids[0])).way = way
    with nothing_changes(open_room.store):
        assert words in begin(open_room, 1, status=409).one(".wrong").text()
        late = tablet.post(page.answer.request.path, page.values("form.figures") | {"score": "4"}, status=409)
    assert words in late.one("[role=alert]").text()


def test_a_turn_that_the_close_overtook_says_which_figure_counts(open_room: Hall) -> None:
    stand(open_room, 2, 4)
    tablet = Visitor(open_room.app)
    page = begin(open_room, 2, tablet)
    open_room.press()
    with nothing_changes(open_room.store):
        late = tablet.post(page.answer.request.path, {"score": "1"}, status=409)
    assert "Je laatste cijfer was 4" in late.one("[role=alert]").text()


@pytest.mark.parametrize("moment", ["prepared", "doors", "film 1", "closed 1", "decide", "done"])
def test_when_no_figures_are_open_the_tablet_says_what_to_do(hall: Hall, moment: str) -> None:
    hall.bring_to(moment, scores=())
    page = Visitor(hall.app).get(f"{hall.path}/tablet")
    assert not page.all("form.type")
    assert page.one(".lead").text()


def test_in_the_sticker_round_the_tablet_says_who_counts_a_sticker_without_a_phone(hall: Hall) -> None:
    with hall.store.writing() as session:
        session.execute(sa.update(Evening).values(stickers=True))
    hall.bring_to("closed 2", scores=())
    hall.press()
    page = Visitor(hall.app).get(f"{hall.path}/tablet")
    assert page.title == "Nu plakken we stickers"
    assert "Zeg je stickers tegen de gespreksleider" in page.text
    visitor = Visitor(hall.app)
    visitor.get("/inloggen")
    late = visitor.post(f"{hall.path}/tablet", {"code": hall.card_code(1)}, status=409)
    assert late.one("[role=alert]").text()


@pytest.mark.parametrize("moment", ["prepared", "doors", "film 1", "closed 1", "decide", "done"])
def test_a_code_sent_when_no_figures_are_open_is_refused(hall: Hall, moment: str) -> None:
    hall.bring_to(moment, scores=())
    visitor = Visitor(hall.app)
    visitor.get("/inloggen")
    with nothing_changes(hall.store):
        for code in (hall.card_code(1), "wrong"):
            found = visitor.raw(
                "POST", f"{hall.path}/tablet", data={"csrf_token": visitor.token, "code": code}
            )
            assert found.status_code in (403, 409, 422)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "10 tekens"),
        ("7KQ2M", "5"),
        ("8710398517203", "13"),
        ("https://supermarkt.example/kaart#x", "geen kaart van deze avond"),
        ("U" * 10, "U"),
        ("\0", ""),
    ],
)
def test_what_is_no_code_is_told_at_the_field(open_room: Hall, typed: str, words: str) -> None:
    tablet = Visitor(open_room.app)
    with nothing_changes(open_room.store):
        page = tablet.fill(f"{open_room.path}/tablet", {"code": typed}, status=422, form="form.type")
    assert words in page.one(".wrong").text()


def test_a_code_is_read_as_people_type_it(open_room: Hall) -> None:
    code = open_room.card_code(1)
    for way in (code.lower(), code.replace("-", ""), code.replace("0", "o").replace("1", "l")):
        tablet = Visitor(open_room.app)
        page = tablet.fill(f"{open_room.path}/tablet", {"code": way}, form="form.type")
        assert page.title == "Stoel 1: waar sta jij?"


def test_a_card_of_another_evening_is_none_of_tonight(open_room: Hall) -> None:
    from .test_pages_card import other_round

    _round_id, code, _token = other_round(open_room)
    tablet = Visitor(open_room.app)
    with nothing_changes(open_room.store):
        page = tablet.fill(f"{open_room.path}/tablet", {"code": code}, status=422, form="form.type")
    assert "Dit is geen kaart van deze avond" in page.one(".wrong").text()


def test_wrong_codes_at_the_tablet_count_for_the_same_limit_as_on_a_phone(
    open_room: Hall, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_pages, "wrong_codes", Limit(most=2, seconds=600))
    monkeypatch.setattr(card_pages, "wrong_codes_of_address", Limit(most=5, seconds=600))
    monkeypatch.setattr(app, "testing", False)
    wrong, path = card_code(key_of(app), 999_999, 1), f"{open_room.path}/tablet"
    tablet = Visitor(app)
    tablet.fill(path, {"code": wrong}, status=422, form="form.type")
    tablet.fill("/kaart", {"code": wrong}, status=422, form="form#kaart")
    page = tablet.fill(path, {"code": open_room.card_code(1)}, status=429, form="form.type")
    assert "scannen met een telefoon werkt nog wel" in page.one(".wrong").text()
    # The rest of the room, behind the same address, types on; who throws cookies away is stopped in the end.
    assert begin(open_room, 2).title == "Stoel 2: waar sta jij?"
    for _ in range(3):
        Visitor(app).fill(path, {"code": wrong}, status=422, form="form.type")
    begin(open_room, 2, status=429)


@pytest.mark.parametrize("turn", ["x.y", "x", "é.é", "A" * 400, ".", "a.b.c", "..%2f"])
def test_an_address_that_we_did_not_sign_does_not_exist(open_room: Hall, turn: str) -> None:
    visitor = Visitor(open_room.app)
    visitor.get(f"{open_room.path}/tablet/{turn}", status=404)
    visitor.post(f"{open_room.path}/tablet/{turn}", {"score": "5"}, status=404)


def test_a_turn_of_another_evening_does_not_exist_here(open_room: Hall) -> None:
    path = begin(open_room, 2).answer.request.path
    Visitor(open_room.app).get(path.replace(open_room.path, "/avond/999"), status=404)


def test_a_tablet_of_no_evening_does_not_exist(app: Flask, store: Store) -> None:
    for evening_id in (7, 2**40):
        Visitor(app).get(f"/avond/{evening_id}/tablet", status=404)


def test_the_seat_that_was_taken_away_has_no_turn_left(open_room: Hall) -> None:
    from pb.panel.actions import remove_seat

    tablet = Visitor(open_room.app)
    page = begin(open_room, 2, tablet)
    with open_room.store.writing() as session:
        remove_seat(
            session, round_id=open_room.place.round_id, seat_id=open_room.seat_ids[1], forget_person=True,
            who=open_room.place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    with nothing_changes(open_room.store):
        tablet.post(page.answer.request.path, {"score": "5"}, status=404)
        tablet.get(page.answer.request.path, status=404)


# -- the turn itself -----------------------------------------------------------------------------------


def turn_at(**changes: Any) -> Turn:
    made = new_turn(evening_id=1, seat_id=2, item_id=3, v=4, nonce=secrets.token_urlsafe(12), now=NOW)
    return Turn(**(vars(made) | changes))


def test_a_turn_reads_back_as_it_was_written_and_not_with_another_key() -> None:
    turn = turn_at()
    assert read_turn(KEY, write_turn(KEY, turn)) == turn
    with pytest.raises(NotFound):
        read_turn(KEY + b"!", write_turn(KEY, turn))


def test_a_turn_with_one_character_changed_is_refused() -> None:
    text = write_turn(KEY, turn_at())
    for place, sign in enumerate(text):
        spoiled = text[:place] + ("A" if sign != "A" else "B") + text[place + 1 :]
        with pytest.raises(NotFound):
            read_turn(KEY, spoiled)


@pytest.mark.parametrize(("seconds", "over"), [(0, False), (179, False), (180, True), (-60, True)])
def test_a_turn_lasts_three_minutes(seconds: int, over: bool) -> None:
    at = NOW + timedelta(seconds=seconds)
    if over:
        with pytest.raises(TurnOver):
            check_age(turn_at(), at)
    else:
        check_age(turn_at(), at)


def test_every_turn_has_a_name_of_its_own_that_does_not_stand_in_its_address() -> None:
    turns = [turn_at() for _ in range(50)]
    names = {op_of(KEY, turn) for turn in turns}
    assert len(names) == 50
    for turn in turns:
        assert len(op_of(KEY, turn)) == 22
        assert op_of(KEY, turn) not in write_turn(KEY, turn)


def test_the_same_turn_for_another_figure_is_refused_by_the_action_too(open_room: Hall) -> None:
    item = open_room.now_at().items[0]
    facts: dict[str, Any] = {
        "evening_id": open_room.evening_id, "seat_id": open_room.seat_ids[0], "item_id": item.id,
        "v": item.scoring_version, "op": "o" * 22, "now": NOW,
    }  # fmt: skip
    with open_room.store.writing() as session:
        first = take_at_table(session, score=4, **facts)
    with open_room.store.writing() as session:
        assert take_at_table(session, score=4, **facts) == first
    with nothing_changes(open_room.store), pytest.raises(TabletUsed), open_room.store.writing() as session:
        take_at_table(session, score=5, **facts)
    with pytest.raises(NotFound), open_room.store.writing() as session:
        take_at_table(session, score=5, **(facts | {"evening_id": 99}))


def test_the_name_of_a_turn_at_the_tablet_is_no_name_for_a_tap_on_a_phone(
    phone: Phone, open_room: Hall
) -> None:
    stand(open_room, 2, 4)
    with open_room.store.reading() as session:
        used = session.scalars(sa.select(Event.op).where(Event.kind == "tablet_scored")).one()
    with nothing_changes(open_room.store):
        answer = phone.tap(4, op=used)
    assert answer.status_code == 422
    assert "We konden dit cijfer niet lezen" in answer.get_json()["text"]
