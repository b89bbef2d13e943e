"""Many at once: one press counts once, closing is sharp, a seat has one phone; on both databases."""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from pb.evening.queries import chain
from pb.evening.rules.chain import check_chain
from pb.evening.tables import Device, Event, Score
from pb.people.rules import Role
from pb.store.journal import JournalLine
from support.room import Hall, Phone
from support.visitor import Visitor


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Let all calls begin at the same moment, and give their answers in order."""
    start = threading.Barrier(len(calls), timeout=30)

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return [future.result(timeout=60) for future in [threads.submit(run, call) for call in calls]]


def same_phone(phone: Phone) -> Visitor:
    """Open the same phone once more, so that it can send two things at the same time."""
    other = Visitor(phone.app)
    cookie = phone.browser.get_cookie("seat")
    assert cookie is not None
    other.browser.set_cookie("seat", cookie.value)
    return other


def sender(visitor: Visitor, path: str, message: dict[str, Any]) -> Callable[[], TestResponse]:
    return lambda: visitor.send_json(path, message)


def presser(visitor: Visitor, path: str, held: dict[str, Any]) -> Callable[[], TestResponse]:
    sent = {"csrf_token": visitor.token, **held}
    return lambda: visitor.raw("POST", path, data=sent)


def counted(hall: Hall, what: type[Any]) -> int:
    with hall.store.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(what)) or 0


def follows(hall: Hall) -> None:
    """See that the chain is whole and ends at the head that the evening holds."""
    with hall.store.reading() as session:
        lines = chain(session, evening_id=hall.evening_id)
    assert check_chain(lines) == hall.now_at().head
    assert len(lines) == hall.now_at().seq


def test_twenty_times_the_same_tap_at_once_is_one_event_and_twenty_equal_answers(
    phone: Phone, open_room: Hall
) -> None:
    before = counted(open_room, Event)
    message = phone.message(4)
    answers = at_once([sender(same_phone(phone), phone.score_path, message) for _ in range(20)])
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert counted(open_room, Event) == before + 1
    follows(open_room)


def test_five_phones_that_tap_at_once_all_get_their_own_score(open_room: Hall) -> None:
    phones = [Phone(open_room, number) for number in range(1, 6)]
    answers = at_once(
        [sender(phone, phone.score_path, phone.message(n)) for n, phone in enumerate(phones, start=1)]
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.get_json()["seq"] for answer in answers}) == 5
    with open_room.store.reading() as session:
        rows = {row.seat_id: row.score for row in session.scalars(sa.select(Score))}
    assert rows == {open_room.seat_ids[n - 1]: n for n in range(1, 6)}
    follows(open_room)


def test_one_phone_whose_taps_arrive_together_ends_at_its_last_tap(phone: Phone, open_room: Hall) -> None:
    messages = [phone.message(1 + n % 5) for n in range(10)]
    answers = at_once([sender(same_phone(phone), phone.score_path, message) for message in messages])
    assert {answer.status_code for answer in answers} == {200}
    with open_room.store.reading() as session:
        assert session.scalars(sa.select(Score.score)).all() == [messages[-1]["score"]]
    follows(open_room)


def test_after_the_close_there_is_no_score_however_many_come_together_with_it(open_room: Hall) -> None:
    phones = [Phone(open_room, number) for number in range(1, 6)]
    taps = [
        sender(same_phone(phone), phone.score_path, phone.message(1 + n % 5))
        for phone in phones
        for n in range(10)
    ]
    host = open_room.staff()
    held = host.get(f"{open_room.path}/console").values("form.next") | {"seen": "1"}
    taps.insert(20, presser(host, f"{open_room.path}/volgende", held))
    answers = at_once(taps)
    closed = answers.pop(20)
    assert closed.status_code == 302
    assert {answer.status_code for answer in answers} <= {200, 409}
    for answer in answers:
        if answer.status_code == 409:
            assert "De cijfers" in answer.get_json()["text"]
    with open_room.store.reading() as session:
        lines = chain(session, evening_id=open_room.evening_id)
        scores = {row.seat_id: row.score for row in session.scalars(sa.select(Score))}
    [close] = [line.seq for line in lines if line.kind == "scoring_closed"]
    taken = [line for line in lines if line.kind in ("scored", "overtaken")]
    assert all(line.seq < close for line in taken)
    assert len(taken) == sum(answer.status_code == 200 for answer in answers)
    last = {
        facts["seat"]: facts["score"]
        for line in taken
        if line.kind == "scored"
        for facts in [json.loads(line.facts)]
    }
    assert scores == last
    follows(open_room)


def test_of_phones_that_take_one_seat_at_once_one_sits_and_the_others_ask_the_host(hall: Hall) -> None:
    hall.press()
    hall.come_in(1)
    phones = [Visitor(hall.app) for _ in range(4)]
    for phone in phones:
        phone.fill("/kaart", {"code": hall.card_code(1)}, form="form#kaart")
    answers = at_once([presser(phone, "/kaart/klopt-dat", {}) for phone in phones])
    assert {answer.status_code for answer in answers} == {302}
    assert counted(hall, Device) == 1
    statuses = sorted(phone.raw("GET", f"{hall.path}/stoel").status_code for phone in phones)
    assert statuses == [200, 404, 404, 404]
    statuses = sorted(phone.raw("GET", f"{hall.path}/wacht").status_code for phone in phones)
    assert statuses == [200, 200, 200, 404]
    follows(hall)


def test_of_two_facilitators_who_press_at_once_one_wins_and_the_other_reads_so(hall: Hall) -> None:
    hosts = [hall.staff(Role.FACILITATOR), hall.staff(Role.AREA_MANAGER)]
    for expected in ("doors", "film 1", "open 1", "closed 1"):
        calls = []
        for host in hosts:
            held = host.get(f"{hall.path}/console").values("form.next") | {"seen": "1"}
            calls.append(presser(host, f"{hall.path}/volgende", held))
        answers = at_once(calls)
        assert sorted(answer.status_code for answer in answers) == [302, 409]
        [late] = [answer for answer in answers if answer.status_code == 409]
        assert "was je net voor" in late.get_data(as_text=True)
        assert hall.moment() == expected
    follows(hall)


def test_one_facilitator_with_a_nervous_finger_presses_once(hall: Hall) -> None:
    host = hall.staff()
    held = host.get(f"{hall.path}/console").values("form.next")
    before = counted(hall, JournalLine)
    cookie = host.browser.get_cookie("pb")
    assert cookie is not None
    fingers = []
    for _ in range(6):
        finger = Visitor(hall.app)
        finger.browser.set_cookie("pb", cookie.value)
        finger.token = host.token
        fingers.append(presser(finger, f"{hall.path}/volgende", held))
    assert {answer.status_code for answer in at_once(fingers)} == {302}
    assert hall.moment() == "doors"
    assert counted(hall, JournalLine) == before + 1
    follows(hall)


def test_a_seat_that_comes_in_by_two_helpers_at_once_came_in_once(hall: Hall) -> None:
    hall.press()
    helpers = [hall.staff(Role.FACILITATOR), hall.staff(Role.AREA_MANAGER)]
    for helper in helpers:
        helper.get(f"{hall.path}/deur")
    before = counted(hall, Event)
    answers = at_once(
        [presser(helper, f"{hall.path}/deur", {"stoel": "3", "doe": "in"}) for helper in helpers]
    )
    assert {answer.status_code for answer in answers} == {302}
    assert counted(hall, Event) == before + 1
    follows(hall)
