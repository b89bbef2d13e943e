"""The console: who is missing, who was not heard, a countdown, an alarm, and two people who press at once."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pb.evening.actions.planning import involve
from pb.evening.rules.closing import COUNTDOWN_SECONDS
from pb.evening.tables import AgendaItem, DeviceRequest, Evening, FloorCount, Presence, Score, SpeakingTurn
from pb.people.rules import Role
from pb.store.journal import JournalLine
from support.neighbourhood import NOW
from support.room import Hall, Phone, nothing_changes
from support.visitor import Page, Visitor


def console_of(hall: Hall) -> str:
    return f"{hall.path}/console"


def involve_seat(hall: Hall, number: int) -> None:
    """Mark that a seat has an interest in the first plan."""
    with hall.store.writing() as session:
        involve(
            session, evening_id=hall.evening_id, position=1, seat_id=hall.seat_ids[number - 1], involved=True,
            who=hall.place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip


def look(hall: Hall, host: Visitor) -> Page:
    return host.get(console_of(hall))


def set_evening(hall: Hall, **changes: object) -> None:
    """Choose for an evening what its settings page would choose."""
    with hall.store.writing() as session:
        session.execute(sa.update(Evening).where(Evening.id == hall.evening_id).values(**changes))


def whats(hall: Hall) -> list[str]:
    with hall.store.reading() as session:
        return list(session.scalars(sa.select(JournalLine.what).order_by(JournalLine.id)))


def tally(hall: Hall) -> dict[int, int]:
    with hall.store.reading() as session:
        return {row.figure: row.turns for row in session.scalars(sa.select(SpeakingTurn))}


# -- closing -------------------------------------------------------------------------------------------------


def test_closing_while_people_are_missing_first_asks_and_names_their_seats(open_room: Hall) -> None:
    for number in (1, 2, 4):
        Phone(open_room, number).tap(4)
    host = open_room.staff()
    with nothing_changes(open_room.store):
        page = host.fill(console_of(open_room), {}, form="form.next")
    assert "Nog 2 mensen zonder cijfer (stoel 3, 5)." in page.text
    assert "Er zijn 5 cijfers nodig; nu zijn het er 3." in page.text
    assert page.one("form.next button").text() == "Toch sluiten"
    host.post(f"{open_room.path}/volgende", page.values("form.next"))
    assert open_room.moment() == "closed 1"


def test_whoever_waits_after_the_question_goes_back_to_the_console_as_it_was(open_room: Hall) -> None:
    host = open_room.staff()
    page = host.fill(console_of(open_room), {}, form="form.next")
    with nothing_changes(open_room.store):
        page = host.get(page.one(".press .beside a").attributes["href"] or "")
    assert "Volgende:" in page.one("form.next button").text()
    assert open_room.moment() == "open 1"


def test_the_question_is_gone_once_the_last_one_scored(open_room: Hall) -> None:
    host = open_room.staff()
    host.fill(console_of(open_room), {}, form="form.next")
    for number in range(1, 6):
        Phone(open_room, number).tap(3)
    page = host.get(f"{console_of(open_room)}?vraag=close_scoring-1")
    assert "Toch sluiten" not in page.text
    host.post(f"{open_room.path}/volgende", page.values("form.next"))
    assert open_room.moment() == "closed 1"


def test_a_plan_with_no_score_at_all_closes_after_the_question(open_room: Hall) -> None:
    host = open_room.staff()
    page = host.fill(console_of(open_room), {}, form="form.next")
    assert "Er is nog geen enkel cijfer" in page.text
    page = host.post(f"{open_room.path}/volgende", page.values("form.next"))
    assert open_room.moment() == "closed 1"
    assert "0 van 5 mensen staan op een cijfer." in page.text


def test_closing_twice_is_closing_once(open_room: Hall) -> None:
    host = open_room.staff()
    held = look(open_room, host).values("form.next") | {"seen": "1"}
    host.post(f"{open_room.path}/volgende", held)
    with nothing_changes(open_room.store):
        host.post(f"{open_room.path}/volgende", held)
        host.post(f"{open_room.path}/volgende", held)
    assert open_room.moment() == "closed 1"


def test_after_closing_the_number_of_people_who_counted_stays(open_room: Hall) -> None:
    for number in range(1, 6):
        Phone(open_room, number).tap(4)
    open_room.press()
    open_room.come_in(6)
    page = look(open_room, open_room.staff())
    assert "5 van 5 mensen staan op een cijfer." in page.text
    assert "5 van 5" in page.all(".agenda .of-plan")[0].text()


def test_somebody_who_is_involved_is_not_missing(hall: Hall) -> None:
    host = hall.staff()
    involve_seat(hall, 2)
    hall.bring_to("open 1", scores=())
    assert "Stoel 1, 3, 4, 5, 6" in look(hall, host).one("#wie-ontbreekt").text()


def test_people_on_the_floor_are_missing_by_count_and_never_by_seat(open_room: Hall) -> None:
    with open_room.store.writing() as session:
        for number in (1, 2):
            place = (open_room.evening_id, open_room.seat_ids[number - 1])
            session.get_one(Presence, place).way = "floor"
    for number in (3, 4, 5):
        Phone(open_room, number).tap(4)
    host = open_room.staff()
    page = look(open_room, host)
    assert "Op de vloer zijn 2 mensen nog niet geteld." in page.one("#wie-ontbreekt").text()
    assert "Stoel" not in page.one("#wie-ontbreekt").text()
    page = host.fill(console_of(open_room), {}, form="form.next")
    assert "Op de vloer zijn 2 mensen nog niet geteld." in page.one(".ask-first").text()


# -- who is here, who moved ----------------------------------------------------------------------------------


def test_the_console_counts_who_is_in_who_is_on_the_way_and_who_went_home(open_room: Hall) -> None:
    open_room.leave(5)
    text = " ".join(look(open_room, open_room.staff()).one(".here").text().split())
    assert text == "4 van 6 binnen, 1 onderweg, 1 naar huis"


def test_after_closing_it_says_how_many_people_moved(open_room: Hall) -> None:
    phones = [Phone(open_room, number) for number in range(1, 6)]
    for phone, first, last in zip(phones, (1, 2, 3, 4, 5), (4, 2, 5, 4, 1), strict=True):
        phone.tap(first)
        phone.tap(last)
    host = open_room.staff()
    assert "schoven op" not in look(open_room, host).text
    open_room.press()
    assert "3 mensen schoven op." in look(open_room, host).text


def test_somebody_who_took_their_figure_away_did_not_move_up(open_room: Hall) -> None:
    phones = [Phone(open_room, number) for number in range(1, 6)]
    for phone in phones:
        phone.tap(4)
    phones[0].tap(None)
    open_room.press()
    assert "Niemand schoof op." in look(open_room, open_room.staff()).text


def test_the_timer_says_how_long_the_plan_is_on_and_how_long_it_was_given(open_room: Hall) -> None:
    with open_room.store.writing() as session:
        item = session.scalars(sa.select(AgendaItem).where(AgendaItem.position == 1)).one()
        item.minutes = 12
        shown = item.shown_at
    timer = look(open_room, open_room.staff()).one("[data-since]")
    assert shown is not None
    assert timer.attributes["data-since"] == str(int(shown.timestamp() * 1000))
    assert timer.attributes["data-minutes"] == "12"
    assert int(timer.attributes["data-server"] or 0) > 0
    assert re.fullmatch(r"\d{2,}:\d{2}", timer.text())


# -- the talk ------------------------------------------------------------------------------------------------


def test_figures_that_nobody_spoke_from_are_offered_until_they_had_a_turn(open_room: Hall) -> None:
    for number, figure in enumerate((1, 1, 3, 5, 5), start=1):
        Phone(open_room, number).tap(figure)
    host = open_room.staff()
    page = look(open_room, host)
    assert [node.text() for node in page.all(".unheard button")] == ["1", "5"]
    press_turn(open_room, host, page.all(".unheard button")[0].attributes["value"] or "")
    page = look(open_room, host)
    assert [node.text() for node in page.all(".unheard button")] == ["5"]
    assert tally(open_room) == {1: 1}
    press_turn(open_room, host, "beurt-5-0")
    assert "Laag en hoog zijn gehoord." in look(open_room, host).text
    press_turn(open_room, host, look(open_room, host).one("#terug-5").attributes["value"] or "")
    assert [node.text() for node in look(open_room, host).all(".unheard button")] == ["5"]


def press_turn(hall: Hall, host: Visitor, what: str, status: int = 200) -> None:
    page = look(hall, host)
    item = page.one("form.talk input[name=item]").attributes["value"]
    host.post(f"{hall.path}/beurt", {"doe": what, "item": item}, status=status)


def test_a_turn_that_was_pressed_twice_is_one_turn(open_room: Hall) -> None:
    Phone(open_room, 1).tap(1)
    host, other = open_room.staff(), open_room.staff(Role.AREA_MANAGER)
    for who in (host, host, other):
        press_turn(open_room, who, "beurt-1-0")
    assert tally(open_room) == {1: 1}
    for who in (host, other):
        press_turn(open_room, who, "beurt-1-1")
    assert tally(open_room) == {1: 2}
    press_turn(open_room, host, "terug-1-2")
    press_turn(open_room, host, "terug-1-2")
    assert tally(open_room) == {1: 1}


def test_the_journal_and_the_chain_do_not_say_from_which_figure_somebody_spoke(open_room: Hall) -> None:
    seq = open_room.now_at().seq
    press_turn(open_room, open_room.staff(), "beurt-1-0")
    assert open_room.now_at().seq == seq
    with open_room.store.reading() as session:
        line = session.scalars(sa.select(JournalLine).order_by(JournalLine.id.desc()).limit(1)).one()
    assert (line.what, line.facts) == ("turn counted", '{"position":1}')


@pytest.mark.parametrize(
    "what", ["", "beurt-0-0", "beurt-6-0", "beurt-1", "beurt-1--1", "beurt-٣-0", "terug-1-99999", "x" * 5000]
)
def test_a_turn_that_no_button_of_ours_gives_is_refused(open_room: Hall, what: str) -> None:
    host = open_room.staff()
    with nothing_changes(open_room.store):
        press_turn(open_room, host, what, status=422)


@pytest.mark.parametrize("item", ["", "x", "999999", "-1", "9" * 40])
def test_a_turn_for_a_plan_that_nobody_talks_about_is_refused(open_room: Hall, item: str) -> None:
    host = open_room.staff()
    look(open_room, host)
    with nothing_changes(open_room.store):
        answer = host.raw(
            "POST",
            f"{open_room.path}/beurt",
            data={"csrf_token": host.token, "doe": "beurt-1-0", "item": item},
        )
    assert answer.status_code in (404, 422)


# -- the countdown -------------------------------------------------------------------------------------------


def test_the_countdown_is_seen_by_all_and_closing_stays_the_ordinary_step(open_room: Hall) -> None:
    host = open_room.staff()
    before = open_room.now_at()
    page = host.fill(console_of(open_room), {"doe": "start"}, form=".press .beside form")
    at = open_room.now_at()
    assert at.countdown_until is not None
    assert at.countdown_until - at.moved_at == timedelta(seconds=COUNTDOWN_SECONDS)
    assert at.version == before.version + 1
    assert "De zaal ziet: nog even." in page.text
    assert page.one("[data-until]").attributes["data-press"] == "0"
    assert "Nog even" in Visitor(open_room.app).get(open_room.screen_path()).text
    # Another console presses only when the first one is gone; and nobody is asked twice.
    other = look(open_room, open_room.staff(Role.AREA_MANAGER))
    assert other.one("[data-until]").attributes["data-press"] == "3"
    host.post(f"{open_room.path}/volgende", page.values("form.next"))
    assert open_room.moment() == "closed 1"
    assert open_room.now_at().countdown_until is None


def test_the_countdown_can_be_stopped_and_scoring_goes_on(open_room: Hall) -> None:
    host = open_room.staff()
    page = host.fill(console_of(open_room), {"doe": "start"}, form=".press .beside form")
    page = host.post(f"{open_room.path}/aftellen", page.values(".press .beside form") | {"doe": "stop"})
    assert open_room.now_at().countdown_until is None
    assert "Volgende:" in page.one("form.next button").text()
    assert Phone(open_room, 1).tap(4).status_code == 200
    with nothing_changes(open_room.store):
        host.post(f"{open_room.path}/aftellen", {"doe": "stop"})
    assert whats(open_room)[-3:-1] != ["countdown stopped", "countdown stopped"]


def test_starting_the_countdown_twice_does_not_start_it_again(open_room: Hall) -> None:
    host = open_room.staff()
    held = look(open_room, host).values(".press .beside form") | {"doe": "start"}
    host.post(f"{open_room.path}/aftellen", held)
    with nothing_changes(open_room.store):
        host.post(f"{open_room.path}/aftellen", held)


def test_there_is_no_countdown_where_nothing_closes(hall: Hall) -> None:
    host = hall.staff()
    hall.bring_to("film 1")
    with nothing_changes(hall.store):
        host.post(f"{hall.path}/aftellen", {"doe": "start", "version": "3"}, status=409)


# -- two people, and the alarm -------------------------------------------------------------------------------


def test_who_comes_second_reads_who_did_what_and_when(open_room: Hall) -> None:
    first, second = open_room.staff(), open_room.staff(Role.AREA_MANAGER)
    held = look(open_room, second).values("form.next") | {"seen": "1"}
    page = first.fill(console_of(open_room), {"seen": "1"}, form="form.next")
    page = second.post(f"{open_room.path}/volgende", held, status=409)
    told = " ".join(page.one("[role=alert]:not([hidden])").text().split())
    assert re.fullmatch(
        r"Proef facilitator was je net voor \(.+ \d{2}:\d{2}\): de cijfers van plan 1 gingen dicht\. "
        r"Dit is waar de avond nu is\.",
        told,
    )


@pytest.mark.parametrize("moment", ["doors", "film 1", "open 1", "closed 1", "decide"])
def test_every_step_has_its_words_for_who_comes_second(hall: Hall, moment: str) -> None:
    hall.bring_to(moment)
    page = hall.staff(Role.AREA_MANAGER).post(
        f"{hall.path}/volgende", {"step": "x", "version": "0", "seen": "1"}, status=409
    )
    assert re.search(r"was je net voor \([^)]+\): \w", page.one(".notice[role=alert]:not([hidden])").text())


def raise_alarm(hall: Hall) -> int:
    told = hall.now_at().seq + 111
    set_evening(hall, alarm_seq=told)
    return told


def test_a_database_that_is_older_than_a_phone_stops_the_console(open_room: Hall) -> None:
    host = open_room.staff()
    held = look(open_room, host).values("form.next") | {"seen": "1"}
    told = raise_alarm(open_room)
    page = look(open_room, host)
    notice = " ".join(page.one(".alarm").text().split())
    assert f"gebeurtenis {told}" in notice
    assert f"kent er {open_room.now_at().seq}" in notice
    assert "bel de beheerder" in notice
    assert not page.all("form.next")
    with nothing_changes(open_room.store):
        host.post(f"{open_room.path}/volgende", held, status=409)
        host.post(f"{open_room.path}/aftellen", {"doe": "start", "version": held["version"]}, status=409)
    host.post(f"{open_room.path}/alarm-opgelost")
    assert open_room.now_at().alarm_seq is None
    assert whats(open_room)[-1] == "alarm cleared"
    assert look(open_room, host).all("form.next")
    with nothing_changes(open_room.store):
        host.post(f"{open_room.path}/alarm-opgelost")


def test_only_who_runs_the_evening_clears_the_alarm(open_room: Hall) -> None:
    raise_alarm(open_room)
    open_room.staff(Role.COACH).post(f"{open_room.path}/alarm-opgelost", status=403)
    assert open_room.now_at().alarm_seq is not None


def test_a_second_phone_that_asks_for_a_seat_is_seen_on_the_console(open_room: Hall) -> None:
    with open_room.store.writing() as session:
        session.add(
            DeviceRequest(
                evening_id=open_room.evening_id, seat_id=open_room.seat_ids[2], number=47, asked_at=NOW,
                token_sha256="a" * 64,
            )
        )  # fmt: skip
    assert "Nummer 47 · stoel 3" in look(open_room, open_room.staff()).text


# -- what a script needs -------------------------------------------------------------------------------------


def test_every_key_of_the_console_stands_on_exactly_one_button(open_room: Hall) -> None:
    page = look(open_room, open_room.staff())
    assert sorted(node.attributes["data-key"] or "" for node in page.all("[data-key]")) == list("12345n")
    assert "Geen verbinding" in (page.one("main").attributes["data-lost"] or "")


def test_a_score_row_and_a_floor_count_are_not_made_by_looking(open_room: Hall) -> None:
    host = open_room.staff()
    with nothing_changes(open_room.store):
        look(open_room, host)
    with open_room.store.reading() as session:
        assert not session.scalars(sa.select(Score)).all()
        assert not session.scalars(sa.select(FloorCount)).all()
    assert open_room.now_at().moved_at == NOW
