"""What one page says about paper, the floor and today agrees with what the others say."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.evening.actions.ways import stand
from pb.evening.queries.today import evenings_on
from pb.evening.rules.floor import Way
from pb.evening.rules.steps import Stage
from pb.evening.tables import Evening
from pb.people.rules import Role
from pb.rounds.tables import Round
from pb.store.engine import Store
from support.neighbourhood import NOW
from support.room import Hall, Phone
from support.today import today
from support.together import together_hall
from support.visitor import Visitor


def on_paper(hall: Hall, number: int) -> None:
    with hall.store.writing() as session:
        stand(
            session, evening_id=hall.evening_id, seat_id=hall.seat_ids[number - 1], way=Way.PAPER,
            who=hall.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip


def test_screen_and_console_count_the_same_people_and_name_the_paper(open_room: Hall) -> None:
    open_room.come_in(6)
    for number in range(1, 5):
        Phone(open_room, number).tap(4)
    on_paper(open_room, 6)
    screen, path = Visitor(open_room.app), open_room.screen_path()
    console = open_room.staff().get(f"{open_room.path}/console")
    assert "4 van 6 mensen staan op een cijfer. En 1 op papier telt nog niet mee." in console.text
    assert "Nog 1 persoon zonder cijfer" in console.text
    assert "4 van 6 gaven een cijfer. 1 formulier telt nog niet mee." in screen.get(path).text
    at = open_room.now_at()
    assert at.next is not None
    asked = open_room.staff().get(f"{open_room.path}/console?vraag={at.next.name}")
    assert "Ook is er 1 formulier op papier dat nog niet telt" in asked.one(".ask-first").text()
    Phone(open_room, 5).tap(2)
    open_room.press()
    assert "5 van 6 gaven een cijfer. 1 formulier telt nog niet mee." in screen.get(path).text


def test_paper_may_be_typed_from_the_opening_until_the_deciding_and_every_page_says_so(
    open_room: Hall,
) -> None:
    on_paper(open_room, 5)
    host = open_room.staff()
    assert "nu, of later, tot het beslissen begint" in host.get(f"{open_room.path}/console").text
    assert host.get(f"{open_room.path}/papier").all("#stoel")
    open_room.press()
    assert host.get(f"{open_room.path}/papier").all("#stoel")


def test_a_phone_without_script_is_told_to_reload(hall: Hall) -> None:
    hall.bring_to("doors")
    page = Phone(hall, 1).get(f"{hall.path}/stoel")
    assert "vanzelf" in page.one(".by-itself").text()
    assert "Ververs deze pagina" in page.one("main noscript").text()
    assert page.all("head noscript link[rel=stylesheet]")


@pytest.mark.parametrize("address", ["", "/deur", "/vloer"])
def test_where_everybody_divides_the_floor_hears_in_time_that_it_needs_a_phone_or_paper(
    app: Flask, store: Store, address: str
) -> None:
    hall = together_hall(app, store, until=Stage.DOORS)
    page = hall.staff().get(hall.path + address)
    assert "een telefoon of een papieren formulier nodig" in page.one(".together").text()
    assert page.all(f"a[href='{hall.path}/verdelen/formulieren']")


def test_where_the_rule_divides_nobody_prints_forms_for_dividing(hall: Hall) -> None:
    hall.bring_to("doors")
    for address in ("", "/deur", "/vloer"):
        page = hall.staff().get(hall.path + address)
        assert not page.all(".together")
        assert not page.all(f"a[href='{hall.path}/verdelen/formulieren']")


def held_on(hall: Hall, days_from_today: int) -> None:
    day = today(days_from_today)
    with hall.store.writing() as session:
        session.execute(sa.update(Evening).where(Evening.id == hall.evening_id).values(held_on=day))


def test_on_the_day_itself_the_first_page_goes_straight_to_the_console(hall: Hall) -> None:
    link = f".notice a[href='{hall.path}/console']"
    for days, shown in ((-1, 0), (0, 1), (1, 0)):
        held_on(hall, days)
        assert len(hall.staff().get("/werk").all(link)) == shown
    held_on(hall, 0)
    assert "Vandaag: Beslisavond" in hall.staff(Role.AREA_MANAGER).get("/werk").text
    assert not hall.staff(Role.COACH).get("/werk").all(link), "who may not lead is not invited to"
    assert not hall.staff(area="andere-wijk").get("/werk").all(link)
    with hall.store.writing() as session:
        session.execute(sa.update(Round).values(practice=True))
    assert not hall.staff().get("/werk").all(link), "an evening for practice is no evening of today"
    with hall.store.writing() as session:
        session.execute(sa.update(Round).values(practice=False))
    hall.bring_to("done")
    assert not hall.staff().get("/werk").all(link)


def test_an_evening_that_goes_on_after_midnight_is_not_of_today_and_not_gone(hall: Hall) -> None:
    next_day = NOW.date() + timedelta(days=1)

    def at_night(day: date) -> list[bool]:
        with hall.store.reading() as session:
            return [one.late for one in evenings_on(session, day=day, after_midnight=True)]

    assert (at_night(NOW.date()), at_night(next_day)) == ([False], [])
    hall.bring_to("doors")
    assert (at_night(next_day), at_night(next_day + timedelta(days=1))) == ([True], [])
    with hall.store.reading() as session:
        assert not evenings_on(session, day=next_day)
    hall.bring_to("done")
    assert not at_night(next_day)


def test_a_step_of_the_round_that_somebody_may_not_enter_is_no_link(hall: Hall) -> None:
    address = f"/werk/ronde/{hall.place.round_id}"
    for role in (Role.FACILITATOR, Role.AREA_MANAGER, Role.OFFICER, Role.FINANCE, Role.COACH):
        visitor = hall.staff(role)
        page = visitor.get(address)
        assert len(page.all(".steps li")) == 5
        for link in page.all(".steps a"):
            visitor.get(link.attributes["href"] or "")
    assert [one.text() for one in hall.staff(Role.OFFICER).get(address).all(".steps span")] == [
        "3 Panel",
        "4 Avond",
    ]


def test_what_people_practise_with_has_no_day(hall: Hall) -> None:
    day = "2026"
    assert day in Visitor(hall.app).get(hall.screen_path()).text
    with hall.store.writing() as session:
        session.execute(sa.update(Round).values(practice=True))
    for page in (Visitor(hall.app).get(hall.screen_path()), hall.staff().get(hall.path)):
        assert day not in page.text
