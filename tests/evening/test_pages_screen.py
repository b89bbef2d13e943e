"""The big screen, from ten metres: how to join, where people stand from five on, and a seal to write down."""

import sqlalchemy as sa

from pb.evening.queries import seals
from pb.evening.tables import Evening, FloorCount
from pb.people.rules import Role
from pb.rounds.tables import Round
from support.neighbourhood import NOW
from support.room import Hall, Phone
from support.visitor import Page, Visitor


def screen(hall: Hall) -> Page:
    return Visitor(hall.app).get(hall.screen_path())


def choose(hall: Hall, **settings: object) -> None:
    with hall.store.writing() as session:
        session.execute(sa.update(Evening).where(Evening.id == hall.evening_id).values(**settings))


def test_at_the_doors_it_shows_how_to_join_and_how_many_are_in(hall: Hall) -> None:
    hall.bring_to("doors")
    hall.leave(6)
    page = screen(hall)
    assert page.one(".address").text().endswith("/kaart")
    assert "5 van 6 binnen" in page.text
    assert len(page.all("svg.qr")) == 1


def test_the_wifi_has_a_code_and_its_words_when_the_evening_has_wifi(hall: Hall) -> None:
    choose(hall, wifi_name="Buurt;huis", wifi_password="kom,binnen")
    hall.bring_to("doors")
    page = screen(hall)
    assert len(page.all("svg.qr")) == 2
    assert "Wifi: Buurt;huis" in page.text
    assert "Wachtwoord: kom,binnen" in page.text


def test_while_scoring_the_spread_is_shown_only_if_the_evening_chose_so_and_from_five_on(
    open_room: Hall,
) -> None:
    phones = [Phone(open_room, number) for number in range(1, 6)]
    for phone in phones:
        phone.tap(4)
    assert not screen(open_room).all(".people")
    choose(open_room, spread_on_screen=True)
    page = screen(open_room)
    assert [int(node.text().split()[0]) for node in page.all(".five .people")] == [0, 0, 0, 5, 0]
    phones[0].tap(None)
    assert not screen(open_room).all(".people")


def test_after_closing_it_shows_the_spread_with_the_line_who_moved_and_the_seal(open_room: Hall) -> None:
    phones = [Phone(open_room, number) for number in range(1, 6)]
    for phone in phones:
        phone.tap(2)
    phones[0].tap(5)
    open_room.press()
    page = screen(open_room)
    assert page.all(".histogram .line34")
    assert "1 persoon schoof op." in page.text
    with open_room.store.reading() as session:
        code = seals(session, evening_id=open_room.evening_id).plans[open_room.now_at().items[0].id]
    assert page.one(".seal b").text() == code


def test_n_of_m_on_the_screen_stays_what_it_was_at_closing(open_room: Hall) -> None:
    for number in range(1, 6):
        Phone(open_room, number).tap(4)
    open_room.press()
    open_room.come_in(6)
    assert "5 van 5 gaven een cijfer." in screen(open_room).text


def test_people_on_the_floor_are_in_the_spread(open_room: Hall) -> None:
    for number in range(1, 4):
        Phone(open_room, number).tap(4)
    with open_room.store.writing() as session:
        session.add(
            FloorCount(
                item_id=open_room.now_at().items[0].id, counts="[2,0,0,0,0]", first_counts="[2,0,0,0,0]",
                counted_at=NOW, counted_by=open_room.place.staff[Role.FACILITATOR], seq=1,
            )
        )  # fmt: skip
    assert "5 van 5" in screen(open_room).text


def test_the_outcome_is_shown_with_the_seal_of_the_whole_evening(hall: Hall) -> None:
    hall.bring_to("done")
    with hall.store.reading() as session:
        end = seals(session, evening_id=hall.evening_id).end
    assert screen(hall).one(".seal b").text() == end


def test_an_evening_that_people_only_practise_with_has_no_seal(hall: Hall) -> None:
    with hall.store.writing() as session:
        session.execute(sa.update(Round).values(practice=True))
    hall.bring_to("closed 1")
    page = screen(hall)
    assert not page.all(".seal")
    assert "PROEFAVOND" in page.html


def test_the_screen_never_says_who_is_missing_or_who_spoke(open_room: Hall) -> None:
    Phone(open_room, 1).tap(1)
    page = screen(open_room)
    for words in ("stoel", "Stoel", "Nog niet gezegd", "Beurten"):
        assert words not in page.text
