"""One phone for each seat: a second one asks the host, and a phone that is given back keeps nothing."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pb.core.errors import Broken
from pb.evening.actions.joining import device_sha256
from pb.evening.actions.taking_over import settle_request, stop_phone, take_seat
from pb.evening.queries.requests import RequestFacts, open_requests
from pb.evening.rules.score import NotCheckedIn
from pb.evening.rules.seats import AlreadyAnswered, NoSeatHere
from pb.evening.tables import Device, DeviceRequest, Evening, Event
from pb.people.rules import Role
from pb.store.journal import JournalLine
from support.neighbourhood import NOW
from support.room import Hall, Phone, nothing_changes
from support.visitor import Page, Visitor

from .test_actions_at_once import at_once, follows, presser


@pytest.fixture
def doors(hall: Hall) -> Hall:
    """Give an evening with open doors and seats 1 to 5 inside."""
    hall.press()
    hall.come_in(1, 2, 3, 4, 5)
    return hall


def read_card(hall: Hall, number: int, visitor: Visitor | None = None) -> Visitor:
    """Read a card with a phone, up to the question whether this is your seat."""
    phone = visitor or Visitor(hall.app)
    phone.fill("/kaart", {"code": hall.card_code(number)}, form="form#kaart")
    return phone


def say_yes(phone: Visitor) -> Page:
    return phone.post("/kaart/klopt-dat")


def requests(hall: Hall) -> list[RequestFacts]:
    with hall.store.reading() as session:
        return open_requests(session, evening_id=hall.evening_id)


def answer(hall: Hall, request_id: int, word: str, status: int = 200, host: Visitor | None = None) -> Page:
    staff = host or hall.staff()
    staff.get("/inloggen")
    return staff.post(f"{hall.path}/verzoek/{request_id}", {"answer": word, "next": hall.path}, status=status)


def let_the_card_holder_decide(hall: Hall) -> None:
    with hall.store.writing() as session:
        session.get_one(Evening, hall.evening_id).host_decides = False


def active(hall: Hall, number: int) -> int:
    """Count the phones that stand for a seat."""
    with hall.store.reading() as session:
        return (
            session.scalar(
                sa.select(sa.func.count()).where(
                    Device.seat_id == hall.seat_ids[number - 1], Device.replaced_at.is_(None)
                )
            )
            or 0
        )


def kinds(hall: Hall) -> list[str]:
    with hall.store.reading() as session:
        return list(session.scalars(sa.select(Event.kind).order_by(Event.seq)))


def test_a_second_phone_asks_the_host_and_goes_on_once_the_host_says_yes(doors: Hall) -> None:
    first, second = Phone(doors, 1), read_card(doors, 1)
    assert "Dan vragen we het de gespreksleider" in second.get("/kaart/klopt-dat").text
    page = say_yes(second)
    assert page.answer.request.path == f"{doors.path}/wacht"
    [asked] = requests(doors)
    assert asked.seat_number == 1
    assert page.one(".ask-number").text().split()[-1] == str(asked.number)
    assert first.get(f"{doors.path}/stoel").title == "Je bent binnen"
    second.get(f"{doors.path}/stoel", status=404)
    answer(doors, asked.id, "ja")
    assert second.get(f"{doors.path}/wacht").answer.request.path == f"{doors.path}/stoel"
    page = first.get(f"{doors.path}/stoel", status=409)
    assert "verplaatst naar een ander toestel" in page.text
    assert page.title == "Deze telefoon doet niet meer mee"
    assert requests(doors) == []
    assert kinds(doors)[-2:] == ["phone_asked", "phone_granted"]
    follows(doors)


def test_a_phone_that_follows_by_itself_loads_its_seat_once_it_is_granted(doors: Hall) -> None:
    Phone(doors, 1)
    second = read_card(doors, 1)
    say_yes(second)
    part = second.raw("GET", f"{doors.path}/wacht", headers={"X-Part": "pane"})
    assert b"<main" in part.data
    answer(doors, requests(doors)[0].id, "ja")
    part = second.raw("GET", f"{doors.path}/wacht", headers={"X-Part": "pane"})
    assert (part.status_code, part.data) == (200, b"")


def test_a_phone_that_the_host_refuses_reads_so_and_the_first_phone_goes_on(doors: Hall) -> None:
    first, second = Phone(doors, 1), read_card(doors, 1)
    say_yes(second)
    answer(doors, requests(doors)[0].id, "nee")
    page = second.get(f"{doors.path}/wacht")
    assert "De gespreksleider heeft nee gezegd" in page.text
    assert first.get(f"{doors.path}/stoel").title == "Je bent binnen"
    second.get(f"{doors.path}/stoel", status=404)
    assert kinds(doors)[-1] == "phone_refused"


def test_who_was_refused_may_scan_again_and_gets_a_new_number(doors: Hall) -> None:
    Phone(doors, 1)
    second = read_card(doors, 1)
    say_yes(second)
    [first_time] = requests(doors)
    answer(doors, first_time.id, "nee")
    read_card(doors, 1, second)
    say_yes(second)
    [again] = requests(doors)
    assert again.id != first_time.id


def test_asking_twice_with_one_press_is_one_question(doors: Hall) -> None:
    Phone(doors, 1)
    second = read_card(doors, 1)
    page = say_yes(second)
    with nothing_changes(doors.store):
        again = say_yes(second)
    assert again.answer.request.path == f"{doors.path}/wacht"
    assert again.one(".ask-number").text() == page.one(".ask-number").text()


def test_the_same_answer_twice_is_one_answer_and_another_answer_is_refused(doors: Hall) -> None:
    Phone(doors, 1)
    say_yes(read_card(doors, 1))
    [asked] = requests(doors)
    answer(doors, asked.id, "ja")
    hosts = [doors.staff(), doors.staff(Role.AREA_MANAGER)]
    with nothing_changes(doors.store):
        answer(doors, asked.id, "ja", host=hosts[0])
        page = answer(doors, asked.id, "nee", status=409, host=hosts[1])
    assert "net ja gezegd" in page.text


@pytest.mark.parametrize("word", ["", "misschien", "JA", "ja\0"])
def test_only_yes_or_no_is_an_answer(doors: Hall, word: str) -> None:
    Phone(doors, 1)
    say_yes(read_card(doors, 1))
    [asked] = requests(doors)
    host = doors.staff()
    with nothing_changes(doors.store):
        page = answer(doors, asked.id, word, status=422, host=host)
    assert "Kies ja of nee" in page.text


def test_a_question_of_another_evening_is_not_found_here(doors: Hall) -> None:
    host = doors.staff()
    with nothing_changes(doors.store):
        for request_id in (999, 2**62):
            answer(doors, request_id, "ja", status=404, host=host)


def test_an_answer_goes_back_to_the_page_it_came_from_and_never_to_another_site(doors: Hall) -> None:
    for asked_for, expected in ((f"{doors.path}/console", "/console"), ("https://evil.example", "/deur")):
        Phone(doors, 1)
        say_yes(read_card(doors, 1))
        host = doors.staff()
        host.get("/inloggen")
        sent = {"csrf_token": host.token, "answer": "nee", "next": asked_for}
        found = host.raw("POST", f"{doors.path}/verzoek/{requests(doors)[-1].id}", data=sent)
        assert found.headers["Location"] == f"{doors.path}{expected}"


def test_open_numbers_are_all_different_and_have_two_digits(doors: Hall) -> None:
    for number in range(1, 6):
        Phone(doors, number)
        for _ in range(2):
            say_yes(read_card(doors, number))
    numbers = [one.number for one in requests(doors)]
    assert len(numbers) == len(set(numbers)) == 10
    assert all(10 <= number <= 99 for number in numbers)


def test_with_more_than_ninety_questions_the_numbers_go_on_with_three_digits(doors: Hall) -> None:
    with doors.store.writing() as session:
        for number in range(10, 100):
            session.add(
                DeviceRequest(
                    evening_id=doors.evening_id, seat_id=doors.seat_ids[1], number=number,
                    token_sha256=f"{number:064}", asked_at=NOW,
                )
            )  # fmt: skip
    Phone(doors, 1)
    say_yes(read_card(doors, 1))
    assert next(one.number for one in requests(doors) if one.seat_number == 1) in range(100, 1000)


def test_one_card_never_fills_the_list_of_the_host(doors: Hall) -> None:
    Phone(doors, 1)
    say_yes(read_card(doors, 2))
    Phone(doors, 2)
    askers = [read_card(doors, 1) for _ in range(5)]
    for asker in askers:
        say_yes(asker)
    assert [one.seat_number for one in requests(doors)] == [1, 1]
    assert "nee gezegd" in askers[0].get(f"{doors.path}/wacht").text
    assert "ask-number" in askers[-1].get(f"{doors.path}/wacht").html


def test_where_the_host_does_not_decide_a_card_holder_changes_phones_once_and_then_asks(doors: Hall) -> None:
    let_the_card_holder_decide(doors)
    first = Phone(doors, 1)
    second = read_card(doors, 1)
    assert "dan stopt die andere telefoon" in second.get("/kaart/klopt-dat").text
    assert say_yes(second).answer.request.path == f"{doors.path}/stoel"
    assert "verplaatst naar een ander toestel" in first.get(f"{doors.path}/stoel", status=409).text
    third = read_card(doors, 1)
    assert "Dan vragen we het de gespreksleider" in third.get("/kaart/klopt-dat").text
    assert say_yes(third).answer.request.path == f"{doors.path}/wacht"
    assert active(doors, 1) == 1


def test_a_seat_without_a_phone_is_taken_without_asking(doors: Hall) -> None:
    phone = read_card(doors, 1)
    assert say_yes(phone).answer.request.path == f"{doors.path}/stoel"
    assert requests(doors) == []


@pytest.mark.parametrize("host_decides", [True, False])
def test_of_phones_that_show_one_card_in_the_same_moment_exactly_one_sits(
    doors: Hall, host_decides: bool
) -> None:
    """Fifty times, with a barrier: one phone has the seat, the others wait, and no event is lost."""
    if not host_decides:
        let_the_card_holder_decide(doors)
    seat_id = doors.seat_ids[0]

    def asker(moment: int) -> Any:
        secret = device_sha256(secrets.token_urlsafe(16))

        def ask() -> bool:
            with doors.store.writing() as session:
                return take_seat(
                    session, evening_id=doors.evening_id, seat_id=seat_id, device_sha256=secret,
                    held_sha256="", now=NOW + timedelta(seconds=moment),
                )  # fmt: skip

        return ask

    for moment in range(50):
        sits = at_once([asker(2 * moment) for _ in range(2)])
        if host_decides or moment > 0:
            assert sorted(sits) == [False, True], moment
        assert active(doors, 1) == 1
        with doors.store.writing() as session:
            device = session.scalars(
                sa.select(Device).where(Device.seat_id == seat_id, Device.replaced_at.is_(None))
            ).one()
            stop_phone(
                session, evening_id=doors.evening_id, device_sha256=device.token_sha256,
                now=NOW + timedelta(seconds=2 * moment + 1),
            )  # fmt: skip
    follows(doors)


def test_two_hosts_who_answer_at_once_leave_one_answer(doors: Hall) -> None:
    for word_of_other in ("ja", "nee"):
        Phone(doors, 1)
        say_yes(read_card(doors, 1))
        asked = requests(doors)[-1]
        hosts = [doors.staff(Role.FACILITATOR), doors.staff(Role.AREA_MANAGER)]
        for host in hosts:
            host.get("/inloggen")
        path = f"{doors.path}/verzoek/{asked.id}"
        answers = at_once(
            [
                presser(host, path, {"answer": word})
                for host, word in zip(hosts, ("ja", word_of_other), strict=True)
            ]
        )
        expected = [302, 302] if word_of_other == "ja" else [302, 409]
        assert sorted(one.status_code for one in answers) == expected
        assert active(doors, 1) == 1
    follows(doors)


def test_a_phone_that_stops_is_free_for_another_card(doors: Hall) -> None:
    loan = read_card(doors, 1)
    say_yes(loan)
    assert "Wat je al gaf, blijft tellen" in loan.get(f"{doors.path}/stop").text
    page = loan.post(f"{doors.path}/stop")
    assert "Deze telefoon heeft geen stoel meer" in page.text
    assert loan.browser.get_cookie("seat") is None
    assert active(doors, 1) == 0
    loan.get(f"{doors.path}/stoel", status=404)
    read_card(doors, 2, loan)
    assert say_yes(loan).answer.request.path == f"{doors.path}/stoel"
    assert (active(doors, 1), active(doors, 2)) == (0, 1)
    assert kinds(doors)[-2:] == ["phone_ended", "phone_bound"]
    # Whoever sat there first takes the own seat again without asking.
    assert say_yes(read_card(doors, 1)).answer.request.path == f"{doors.path}/stoel"


def test_a_phone_that_takes_another_card_leaves_the_seat_it_had(doors: Hall) -> None:
    phone = read_card(doors, 1)
    say_yes(phone)
    read_card(doors, 2, phone)
    assert "Deze telefoon is nu van stoel 1" in phone.get("/kaart/klopt-dat").text
    say_yes(phone)
    assert (active(doors, 1), active(doors, 2)) == (0, 1)
    assert phone.get(f"{doors.path}/stoel").one("header strong").text() == "Stoel 2"


def test_stopping_twice_is_stopping_once(doors: Hall) -> None:
    phone = Phone(doors, 1)
    phone.get(f"{doors.path}/stoel")
    secret = phone.browser.get_cookie("seat")
    assert secret is not None
    phone.post(f"{doors.path}/stop")
    phone.browser.set_cookie("seat", secret.value)
    with nothing_changes(doors.store):
        phone.post(f"{doors.path}/stop")


def test_what_a_phone_gave_before_it_stopped_still_counts(phone: Phone, open_room: Hall) -> None:
    phone.tap(4)
    phone.get(f"{open_room.path}/stoel")
    phone.post(f"{open_room.path}/stop")
    other = read_card(open_room, 1)
    say_yes(other)
    assert "jouw cijfer is 4" in other.get(f"{open_room.path}/stoel").text


def test_a_phone_of_an_evening_that_is_over_stops_without_a_new_event(hall: Hall) -> None:
    hall.bring_to("open 1", scores=())
    phone = Phone(hall, 1)
    hall.bring_to("done", scores=())
    phone.get(f"{hall.path}/stoel")
    before = kinds(hall)
    phone.post(f"{hall.path}/stop")
    assert kinds(hall) == before
    assert active(hall, 1) == 0


def test_nobody_asks_for_a_seat_of_somebody_who_is_not_here(doors: Hall) -> None:
    Phone(doors, 1)
    doors.leave(1)
    phone = read_card(doors, 1)
    with nothing_changes(doors.store):
        page = phone.post("/kaart/klopt-dat", status=403)
    assert "Meld je eerst bij de deur" in page.text


def test_a_secret_that_was_replaced_never_sits_down_again(doors: Hall) -> None:
    used = device_sha256("a secret")
    with doors.store.writing() as session:
        assert take_seat(
            session, evening_id=doors.evening_id, seat_id=doors.seat_ids[0], device_sha256=used,
            held_sha256="", now=NOW,
        )  # fmt: skip
        stop_phone(session, evening_id=doors.evening_id, device_sha256=used, now=NOW)
    for number, refusal in ((1, NoSeatHere), (6, NotCheckedIn)):
        with nothing_changes(doors.store), pytest.raises(refusal), doors.store.writing() as session:
            take_seat(
                session, evening_id=doors.evening_id, seat_id=doors.seat_ids[number - 1],
                device_sha256=used, held_sha256="", now=NOW,
            )  # fmt: skip


def test_a_stranger_waits_for_nothing(doors: Hall) -> None:
    page = Visitor(doors.app).get(f"{doors.path}/wacht", status=404)
    assert "Scan je kaart opnieuw" in page.text
    Visitor(doors.app).get(f"/avond/{2**40}/wacht", status=404)


def test_asking_and_answering_leave_a_line_in_the_journal_without_a_person(doors: Hall) -> None:
    Phone(doors, 1)
    say_yes(read_card(doors, 1))
    answer(doors, requests(doors)[0].id, "ja")
    with doors.store.reading() as session:
        lines = {row.what: row for row in session.scalars(sa.select(JournalLine))}
    assert lines["phone asked"].actor_kind == "seat"
    assert lines["phone granted"].actor_kind == "account"


def test_after_the_end_nobody_is_asked_anything(doors: Hall) -> None:
    Phone(doors, 1)
    second = read_card(doors, 1)
    say_yes(second)
    assert doors.staff().get(f"{doors.path}/deur").all("section.requests")
    doors.bring_to("done")
    host = doors.staff()
    for path in ("deur", "console"):
        assert not host.get(f"{doors.path}/{path}").all("section.requests")
    assert second.get(f"{doors.path}/wacht").title == "De avond is afgelopen"


def test_a_settled_question_stays_settled(doors: Hall) -> None:
    Phone(doors, 1)
    say_yes(read_card(doors, 1))
    [asked] = requests(doors)
    host = doors.place.who(Role.FACILITATOR)
    told: list[type[Broken]] = []
    for granted in (False, False, True):
        try:
            with doors.store.writing() as session:
                settle_request(
                    session,
                    evening_id=doors.evening_id,
                    request_id=asked.id,
                    granted=granted,
                    who=host,
                    now=NOW,
                )
        except Broken as error:
            told.append(type(error))
    assert told == [AlreadyAnswered]
