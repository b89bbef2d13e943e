"""A tap on a phone, over the wire: what is stored; what is refused, in which words, changing nothing."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from pb.evening.actions.planning import involve
from pb.evening.queries import chain, spreads
from pb.evening.rules.chain import check_chain
from pb.evening.tables import Event, Score
from pb.people.rules import Role
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.room import OTHER_TITLES, Hall, Phone, new_op, nothing_changes, open_hall

CANNOT_READ = "We konden dit cijfer niet lezen"
NO_SEAT = "Scan je kaart opnieuw"


def refused(answer: TestResponse, status: int, words: str) -> None:
    """See that an answer is a refusal that a phone can show to a person."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/json"
    told = answer.get_json()
    assert set(told) == {"code", "text"}
    assert words in told["text"], told


def stored(store: Store) -> dict[int, int | None]:
    with store.reading() as session:
        return {row.seat_id: row.score for row in session.scalars(sa.select(Score))}


def kinds(hall: Hall) -> list[str]:
    with hall.store.reading() as session:
        return [line.kind for line in chain(session, evening_id=hall.evening_id)]


def send_raw(
    phone: Phone, raw: bytes, content_type: str = "application/json", **headers: str
) -> TestResponse:
    return phone.raw(
        "POST",
        phone.score_path,
        data=raw,
        content_type=content_type,
        headers={k.replace("_", "-"): v for k, v in headers.items()},
    )


def spelled(phone: Phone, name: str, text: str) -> bytes:
    """Write a good message with one value spelled exactly like this."""
    return json.dumps(phone.message(4, **{name: "@"})).replace('"@"', text).encode()


# -- what is stored ---------------------------------------------------------------------------------


def test_a_tap_is_stored_and_the_answer_says_so_with_a_receipt(phone: Phone, open_room: Hall) -> None:
    answer = phone.tap(4)
    assert answer.status_code == 200
    told = answer.get_json()
    at = open_room.now_at()
    assert told == {
        "status": "stored",
        "item": at.items[0].id,
        "score": 4,
        "n": 1,
        "seq": at.seq,
        "receipt": told["receipt"],
        "seen": told["seen"],
    }
    assert told["seen"].startswith(f"{at.seq}.")
    assert len(told["receipt"]) == 5
    assert stored(open_room.store) == {open_room.seat_ids[0]: 4}


def test_the_first_and_the_last_position_are_both_kept(phone: Phone, open_room: Hall) -> None:
    for figure in (2, 5, 3):
        assert phone.tap(figure).status_code == 200
    with open_room.store.reading() as session:
        row = session.scalars(sa.select(Score)).one()
        assert (row.first_score, row.score) == (2, 3)
    assert kinds(open_room).count("scored") == 3


def test_a_score_taken_back_counts_nowhere_and_may_be_given_again(phone: Phone, open_room: Hall) -> None:
    phone.tap(2)
    assert phone.tap(None).get_json()["score"] is None
    with open_room.store.reading() as session:
        assert (
            sum(spread.people for spread in spreads(session, evening_id=open_room.evening_id).values()) == 0
        )
    phone.tap(4)
    assert stored(open_room.store) == {open_room.seat_ids[0]: 4}


def test_a_first_score_after_only_a_withdrawal_is_the_first_position(phone: Phone, open_room: Hall) -> None:
    phone.tap(None)
    phone.tap(3)
    with open_room.store.reading() as session:
        assert session.scalars(sa.select(Score)).one().first_score == 3


def test_the_same_tap_twice_gets_the_same_bytes_and_is_one_event(phone: Phone, open_room: Hall) -> None:
    message = phone.message(4)
    first = phone.send_json(phone.score_path, message)
    phone.tap(5)
    with nothing_changes(open_room.store):
        again = phone.send_json(phone.score_path, message)
    assert again.status_code == 200
    assert again.data == first.data
    assert stored(open_room.store) == {open_room.seat_ids[0]: 5}


def test_the_same_tap_after_closing_gets_the_same_bytes(phone: Phone, open_room: Hall) -> None:
    message = phone.message(4)
    first = phone.send_json(phone.score_path, message)
    open_room.press()
    with nothing_changes(open_room.store):
        again = phone.send_json(phone.score_path, message)
    assert (again.status_code, again.data) == (200, first.data)


def test_a_tap_that_was_overtaken_is_kept_and_changes_nothing(phone: Phone, open_room: Hall) -> None:
    late = phone.message(1, n=1)
    assert phone.tap(5, n=2).get_json()["status"] == "stored"
    told = phone.send_json(phone.score_path, late).get_json()
    assert (told["status"], told["score"]) == ("overtaken", 5)
    assert stored(open_room.store) == {open_room.seat_ids[0]: 5}
    assert kinds(open_room)[-2:] == ["scored", "overtaken"]


def test_two_taps_with_one_number_are_in_the_order_in_which_they_came(phone: Phone, open_room: Hall) -> None:
    phone.tap(5, n=7)
    assert phone.tap(1, n=7).get_json()["status"] == "overtaken"
    assert stored(open_room.store) == {open_room.seat_ids[0]: 5}


def test_the_chain_of_an_evening_with_taps_follows_to_the_head_that_the_evening_holds(
    phone: Phone, open_room: Hall
) -> None:
    for figure in (1, 5, None, 3):
        phone.tap(figure)
    at = open_room.press()
    with open_room.store.reading() as session:
        lines = chain(session, evening_id=open_room.evening_id)
    assert check_chain(lines) == at.head
    assert len(lines) == at.seq


# -- the list of bad score requests, by its numbers ------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["0", "6", "-1", "99",  # 1
     "true", "false",  # 2
     "4.9", "4.0",  # 3
     '"4"', '"٣"', '"0_3"', '" 3 "', '"+3"', '"３"',  # 4
     "NaN", "Infinity", "1e400"],  # 5
)  # fmt: skip
def test_anything_but_a_whole_figure_is_told_to_choose_one(
    standing_phone: Phone, standing_room: Hall, text: str
) -> None:
    refused(
        send_raw(standing_phone, spelled(standing_phone, "score", text)),
        422,
        "Kies een cijfer van 1 tot en met 5",
    )


@pytest.mark.parametrize("name", ["op", "n", "item", "score", "v"])
def test_a_message_without_a_key_is_refused(
    standing_phone: Phone, standing_room: Hall, name: str
) -> None:  # 6, 19
    refused(standing_phone.tap(4, **{name: ...}), 422, CANNOT_READ)


@pytest.mark.parametrize("name", ["item", "n", "v"])
@pytest.mark.parametrize("text", [str(2**70), str(-(2**63) - 1), str(2**63 - 1), "9" * 5000])  # 7, 8
def test_numbers_from_another_world_are_refused(
    standing_phone: Phone, standing_room: Hall, name: str, text: str
) -> None:
    refused(send_raw(standing_phone, spelled(standing_phone, name, text)), 422, CANNOT_READ)


@pytest.mark.parametrize("text", [r'"\ud800"', r'"AB\u0000"'])
@pytest.mark.parametrize("name", ["op", "score"])
def test_characters_that_do_not_exist_are_named(
    standing_phone: Phone, standing_room: Hall, name: str, text: str
) -> None:  # 9, 10
    refused(send_raw(standing_phone, spelled(standing_phone, name, text)), 422, "ongeldig teken")


def test_a_key_twice_is_refused(standing_phone: Phone, standing_room: Hall) -> None:  # 11
    raw = json.dumps(standing_phone.message(1))[:-1] + ', "score": 5}'
    refused(send_raw(standing_phone, raw.encode()), 422, CANNOT_READ)


def test_a_phone_cannot_name_another_seat(standing_phone: Phone, standing_room: Hall) -> None:  # 12
    refused(standing_phone.tap(4, seat=2, admin=True), 422, CANNOT_READ)


def test_a_message_seven_thousand_deep_is_refused(standing_phone: Phone, standing_room: Hall) -> None:  # 13
    refused(
        send_raw(standing_phone, spelled(standing_phone, "score", "[" * 7000 + "]" * 7000)), 422, CANNOT_READ
    )


@pytest.mark.parametrize("size", [20_000, 33 * 1024 * 1024])
def test_a_huge_body_is_told_to_be_too_long_in_json(
    standing_phone: Phone, standing_room: Hall, size: int
) -> None:  # 14
    refused(send_raw(standing_phone, b" " * size), 413, "te")


@pytest.mark.parametrize("raw", [b"", b"null", b"[]", b'"x"', b"1"])  # 15
def test_what_is_no_message_at_all_cannot_be_read(
    standing_phone: Phone, standing_room: Hall, raw: bytes
) -> None:
    refused(send_raw(standing_phone, raw), 400, CANNOT_READ)


def test_bytes_that_are_no_utf8_cannot_be_read(standing_phone: Phone, standing_room: Hall) -> None:  # 16
    message = json.dumps(standing_phone.message(4))
    refused(send_raw(standing_phone, b"\xff" + message.encode()), 400, CANNOT_READ)
    refused(send_raw(standing_phone, message.encode("utf-16")), 400, CANNOT_READ)
    refused(
        send_raw(standing_phone, message.encode("utf-16"), "application/json; charset=utf-16"),
        400,
        CANNOT_READ,
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/ld+json",
    ],
)
def test_what_another_site_could_make_a_browser_send_is_refused(  # 17
    standing_phone: Phone, standing_room: Hall, content_type: str
) -> None:
    raw = json.dumps(standing_phone.message(4)).encode()
    answer = send_raw(standing_phone, raw, content_type)
    assert answer.status_code == 415
    assert CANNOT_READ in answer.get_data(as_text=True)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_message_that_another_site_makes_the_browser_send_is_refused(
    standing_phone: Phone, standing_room: Hall, site: str
) -> None:
    refused(
        send_raw(standing_phone, json.dumps(standing_phone.message(4)).encode(), Sec_Fetch_Site=site),
        403,
        "andere website",
    )


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_a_packed_body_is_refused(standing_phone: Phone, standing_room: Hall, encoding: str) -> None:  # 18
    raw = json.dumps(standing_phone.message(4)).encode()
    refused(send_raw(standing_phone, raw, Content_Encoding=encoding), 415, CANNOT_READ)


@pytest.mark.parametrize("op", ["abc", "A" * 10_000, "A" * 21 + "+", 22, None])  # 19
def test_a_tap_without_a_proper_name_is_refused(standing_phone: Phone, standing_room: Hall, op: Any) -> None:
    refused(standing_phone.tap(4, op=op), 422, CANNOT_READ)


@pytest.mark.parametrize("changes", [{"score": 5}, {"score": None}, {"n": 9}, {"v": 9}, {"item": 2}])  # 21
def test_one_name_for_two_taps_is_refused(phone: Phone, open_room: Hall, changes: dict[str, Any]) -> None:
    message = phone.message(4)
    phone.send_json(phone.score_path, message)
    with nothing_changes(open_room.store):
        refused(phone.send_json(phone.score_path, message | changes), 422, "Dit nummer is al gebruikt")


def test_the_name_of_somebody_elses_tap_is_refused_without_a_word_about_it(  # 22
    phone: Phone, open_room: Hall
) -> None:
    other = Phone(open_room, 2)
    theirs = other.message(1)
    other.send_json(other.score_path, theirs)
    mine = phone.message(4)
    phone.send_json(phone.score_path, mine)
    with nothing_changes(open_room.store):
        same_content = phone.send_json(phone.score_path, theirs)
        other_content = phone.send_json(phone.score_path, theirs | {"score": 5})
        own_mistake = phone.send_json(phone.score_path, mine | {"score": 5})
    refused(same_content, 422, "Dit nummer is al gebruikt")
    assert same_content.data == other_content.data == own_mistake.data


def test_a_plan_of_another_evening_looks_like_none_at_all(  # 23
    phone: Phone, open_room: Hall, app: Flask, store: Store, place: Neighbourhood
) -> None:
    other = open_hall(app, store, place, moment="prepared", budget_cents=1_000_000, titles=OTHER_TITLES)
    theirs = other.now_at().items[0].id
    with nothing_changes(store):
        elsewhere = phone.tap(4, item=theirs)
        nowhere = phone.tap(4, item=999_999)
    refused(elsewhere, 404, "niet voor jou bedoeld")
    assert elsewhere.data == nowhere.data


def test_a_phone_of_another_evening_does_not_exist_here(
    phone: Phone, app: Flask, store: Store, place: Neighbourhood
) -> None:
    other = open_hall(app, store, place, moment="prepared", budget_cents=1_000_000, titles=OTHER_TITLES)
    with nothing_changes(store):
        refused(phone.send_json(f"{other.path}/cijfer", phone.message(4)), 404, NO_SEAT)


def test_nobody_scores_the_own_plan(hall: Hall) -> None:  # 24
    with hall.store.writing() as session:
        involve(
            session, evening_id=hall.evening_id, position=1, seat_id=hall.seat_ids[0], involved=True,
            who=hall.place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    hall.bring_to("open 1", scores=())
    phone = Phone(hall, 1)
    with nothing_changes(hall.store):
        refused(phone.tap(5), 403, "Je bent zelf betrokken bij dit plan")
    hall.bring_to("open 2", scores=())
    assert phone.tap(5).status_code == 200


def test_after_closing_a_phone_hears_which_score_counts(phone: Phone, open_room: Hall) -> None:  # 25
    phone.tap(4)
    at = open_room.press()
    with nothing_changes(open_room.store):
        refused(phone.tap(1, v=1), 409, "De cijfers zijn gesloten. Je laatste cijfer was 4.")
        refused(phone.tap(1, v=at.items[0].scoring_version), 409, "Je laatste cijfer was 4.")


def test_before_opening_a_phone_hears_that_scores_are_not_open(hall: Hall) -> None:
    hall.bring_to("film 1")
    phone = Phone(hall, 1)
    with nothing_changes(hall.store):
        refused(phone.tap(4, v=0), 409, "De cijfers zijn nu niet open")


def test_a_seat_that_left_is_sent_to_the_door_and_may_come_back(phone: Phone, open_room: Hall) -> None:  # 26
    phone.tap(4)
    open_room.leave(1)
    with nothing_changes(open_room.store):
        refused(phone.tap(5), 403, "Meld je eerst bij de deur")
    open_room.come_in(1)
    assert phone.tap(5, n=9).status_code == 200


def test_a_phone_whose_seat_went_to_another_phone_hears_so(phone: Phone, open_room: Hall) -> None:  # 27
    phone.tap(4)
    second = Phone(open_room, 1)
    with nothing_changes(open_room.store):
        refused(phone.tap(1), 409, "Je stoel is verplaatst naar een ander toestel")
    assert second.tap(5).status_code == 200


def test_a_tap_for_another_opening_is_told_to_load_again(
    standing_phone: Phone, standing_room: Hall
) -> None:  # 28
    refused(standing_phone.tap(4, v=0), 409, "Laad de pagina opnieuw")
    refused(standing_phone.tap(4, v=2), 409, "Laad de pagina opnieuw")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE"])  # 29
def test_only_a_post_takes_a_position(standing_phone: Phone, standing_room: Hall, method: str) -> None:
    answer = standing_phone.raw(method, standing_phone.score_path, json=standing_phone.message(4))
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_a_header_does_not_turn_one_method_into_another(phone: Phone, open_room: Hall, header: str) -> None:
    with nothing_changes(open_room.store):
        answer = phone.raw("GET", phone.score_path, json=phone.message(4), headers={header: "POST"})
    assert answer.status_code == 405
    assert (
        phone.raw("POST", phone.score_path, json=phone.message(4), headers={header: "DELETE"}).status_code
        == 200
    )


def test_a_phone_that_taps_without_end_has_to_wait_and_no_other_phone_has(  # 30
    phone: Phone, open_room: Hall
) -> None:
    other, message = Phone(open_room, 2), phone.message(4)
    theirs = other.message(5)
    answers = []
    for _ in range(201):
        answers.append(phone.send_json(phone.score_path, message))
        if answers[-1].status_code == 429:
            break
    refused(answers[-1], 429, "te snel")
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert other.send_json(other.score_path, theirs).status_code == 200
    assert kinds(open_room).count("scored") == 2


def test_a_stranger_without_a_card_finds_nothing_to_write_to(standing_room: Hall, app: Flask) -> None:
    for cookie in ("", "x", "a" * 4000, "'; drop table evening_score; --", "\u00e9"):
        browser = app.test_client()
        if cookie:
            browser.set_cookie("seat", cookie)
        answer = browser.post(f"{standing_room.path}/cijfer", json={"op": new_op()})
        refused(answer, 404, NO_SEAT)


def test_a_seat_that_was_taken_away_scores_no_more(phone: Phone, open_room: Hall) -> None:
    from pb.panel.actions import remove_seat

    with open_room.store.writing() as session:
        remove_seat(
            session, round_id=open_room.place.round_id, seat_id=open_room.seat_ids[0], forget_person=True,
            who=open_room.place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
    with nothing_changes(open_room.store):
        refused(phone.tap(4), 404, NO_SEAT)


# -- the same write by a plain form, for a phone without script --------------------------------------------


def test_a_phone_without_script_taps_with_a_form_and_reads_its_own_figure(
    phone: Phone, open_room: Hall
) -> None:
    page = phone.get(f"{open_room.path}/stoel")
    after = phone.post(f"{open_room.path}/cijfer-formulier", page.values("form.figures") | {"score": "4"})
    assert "jouw cijfer is 4" in after.text
    assert stored(open_room.store) == {open_room.seat_ids[0]: 4}
    after = phone.post(
        f"{open_room.path}/cijfer-formulier", after.values("form.figures") | {"score": "terug"}
    )
    assert "Tik op een cijfer" in after.text
    assert stored(open_room.store) == {open_room.seat_ids[0]: None}


def test_a_form_sent_twice_is_one_tap(phone: Phone, open_room: Hall) -> None:
    held = phone.get(f"{open_room.path}/stoel").values("form.figures") | {"score": "2"}
    phone.post(f"{open_room.path}/cijfer-formulier", held)
    with nothing_changes(open_room.store):
        phone.post(f"{open_room.path}/cijfer-formulier", held)


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"score": "6"}, 422, "Kies een cijfer"),
        ({"score": ""}, 422, "Kies een cijfer"),
        ({"v": "7"}, 409, "opnieuw"),
        ({"item": "٣"}, 422, CANNOT_READ),
        ({"op": "é" * 20}, 422, CANNOT_READ),
        ({"score": "４"}, 422, "Kies een cijfer"),
    ],
)
def test_a_bad_form_shows_the_phone_again_with_what_is_wrong(
    phone: Phone, open_room: Hall, changes: dict[str, str], status: int, words: str
) -> None:
    held = phone.get(f"{open_room.path}/stoel").values("form.figures") | {"score": "4"}
    with nothing_changes(open_room.store):
        page = phone.post(f"{open_room.path}/cijfer-formulier", held | changes, status=status)
    assert words in page.one("[role=alert]").text()


def test_a_form_after_closing_says_which_score_counts(phone: Phone, open_room: Hall) -> None:
    phone.tap(4)
    held = phone.get(f"{open_room.path}/stoel").values("form.figures") | {"score": "1"}
    open_room.press()
    with nothing_changes(open_room.store):
        page = phone.post(f"{open_room.path}/cijfer-formulier", held, status=409)
    assert "Je laatste cijfer was 4" in page.text


def test_nothing_is_kept_of_a_refusal_so_that_the_same_tap_works_once_the_reason_is_gone(
    phone: Phone, open_room: Hall
) -> None:
    open_room.leave(1)
    message = phone.message(3)
    refused(phone.send_json(phone.score_path, message), 403, "deur")
    open_room.come_in(1)
    assert phone.send_json(phone.score_path, message).status_code == 200
    with open_room.store.reading() as session:
        assert session.scalars(sa.select(Event.kind).where(Event.kind == "scored")).all() == ["scored"]
