"""The facilitator walks along the figures and counts: never too many, never twice, never too late."""

import json

import pytest
import sqlalchemy as sa

from pb.decide.queries import count
from pb.evening.actions.counting import check_before_closing, count_floor
from pb.evening.actions.planning import involve
from pb.evening.actions.ways import stand
from pb.evening.queries import floor_counts, spreads
from pb.evening.rules.floor import Counts, FloorCountedTooHigh, FloorCountOutdated, Way
from pb.evening.tables import Event
from pb.people.rules import Role
from support.neighbourhood import NOW
from support.room import Hall, Phone, nothing_changes
from support.visitor import Page, Visitor


@pytest.fixture
def on_floor(hall: Hall) -> Hall:
    """Give an evening whose first plan is open; seats 1 to 5 stand on the floor, seat 6 has a phone."""
    hall.press()
    hall.come_in(1, 2, 3, 4, 5, 6)
    put(hall, Way.FLOOR, 1, 2, 3, 4, 5)
    hall.press(2)
    return hall


def put(hall: Hall, way: Way, *numbers: int) -> None:
    with hall.store.writing() as session:
        for number in numbers:
            stand(
                session, evening_id=hall.evening_id, seat_id=hall.seat_ids[number - 1], way=way,
                who=hall.place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip


def type_counts(walker: Visitor, hall: Hall, *heads: object, status: int = 200, **more: object) -> Page:
    """Fill in the five numbers on the page and save them."""
    walker.get(f"{hall.path}/vloer")
    item = hall.now_at().current
    assert item is not None
    fields = {f"heads_{figure}": str(people) for figure, people in enumerate(heads, 1)}
    return walker.post(f"{hall.path}/vloer", {"item": str(item.id), **fields, **more}, status=status)


def save(hall: Hall, counts: Counts, item: int = 0) -> None:
    with hall.store.writing() as session:
        count_floor(
            session, evening_id=hall.evening_id, item_id=hall.now_at().items[item].id, counts=counts,
            who=hall.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip


def kept(hall: Hall) -> tuple[Counts, Counts]:
    """Give the first plan's last and first count."""
    with hall.store.reading() as session:
        found = floor_counts(session, evening_id=hall.evening_id)[hall.now_at().items[0].id]
    return found.counts, found.first_counts


def test_what_is_counted_is_kept_first_and_last_and_seen_at_once(on_floor: Hall) -> None:
    walker = on_floor.staff()
    assert "Nog niets geteld" in walker.get(f"{on_floor.path}/vloer").text
    page = type_counts(walker, on_floor, 1, "", 1, 0, 2)
    assert "4 van 5 mensen op de vloer geteld" in page.text
    assert "Bewaard door Proef facilitator" in page.text
    type_counts(on_floor.staff(Role.AREA_MANAGER), on_floor, 0, 0, 1, 1, 3)
    assert kept(on_floor) == ((0, 0, 1, 1, 3), (1, 0, 1, 0, 2))
    assert "Bewaard door Proef area_manager" in walker.get(f"{on_floor.path}/vloer").text
    Phone(on_floor, 6).tap(5)
    with on_floor.store.reading() as session:
        [spread] = spreads(session, evening_id=on_floor.evening_id).values()
    assert spread.counts == (0, 0, 1, 1, 4)
    with on_floor.store.reading() as session:
        events = session.scalars(sa.select(Event.facts).where(Event.kind == "floor_counted")).all()
    assert [json.loads(text)["counts"] for text in events] == [[1, 0, 1, 0, 2], [0, 0, 1, 1, 3]]


def test_a_step_without_script_is_one_person_more_or_less(on_floor: Hall) -> None:
    walker = on_floor.staff()
    type_counts(walker, on_floor, 0, 0, 0, 0, 2, stap="5+")
    assert kept(on_floor)[0] == (0, 0, 0, 0, 3)
    type_counts(walker, on_floor, 0, 0, 0, 0, 3, stap="1-")
    assert kept(on_floor)[0] == (0, 0, 0, 0, 3)
    type_counts(walker, on_floor, 0, 0, 0, 0, 3, stap="5-")
    assert kept(on_floor)[0] == (0, 0, 0, 0, 2)
    page = type_counts(walker, on_floor, 0, 0, 0, 3, 2, stap="1+", status=409)
    assert page.one("#heads_1").attributes["value"] == "1"


def test_saving_the_same_twice_is_saving_once(on_floor: Hall) -> None:
    save(on_floor, (1, 1, 1, 1, 1))
    with nothing_changes(on_floor.store):
        save(on_floor, (1, 1, 1, 1, 1))


def test_more_people_than_stand_on_the_floor_are_refused_with_both_numbers(on_floor: Hall) -> None:
    save(on_floor, (0, 0, 0, 0, 1))
    walker = on_floor.staff()
    walker.get(f"{on_floor.path}/vloer")
    with nothing_changes(on_floor.store):
        page = type_counts(walker, on_floor, 1, 1, 1, 1, 2, status=409)
    assert "Je telde 6 mensen, maar er staan 5 mensen op de vloer" in page.text
    assert page.one("#heads_5").attributes["value"] == "2"


def test_whoever_is_involved_in_the_plan_is_not_counted_with_it(hall: Hall) -> None:
    hall.press()
    hall.come_in(1, 2, 3)
    put(hall, Way.FLOOR, 1, 2, 3)
    with hall.store.writing() as session:
        involve(
            session, evening_id=hall.evening_id, position=1, seat_id=hall.seat_ids[0], involved=True,
            who=hall.place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip
    hall.press(2)
    assert "0 van 2 mensen" in hall.staff().get(f"{hall.path}/vloer").text
    with pytest.raises(FloorCountedTooHigh):
        save(hall, (0, 0, 0, 0, 3))


@pytest.mark.parametrize("typed", ["-1", "1,5", "drie", "٣", "9" * 20, "1e2", "\u202e1", "<b>"])
def test_what_is_no_number_of_people_is_said_at_its_figure(on_floor: Hall, typed: str) -> None:
    walker = on_floor.staff()
    walker.get(f"{on_floor.path}/vloer")
    with nothing_changes(on_floor.store):
        page = type_counts(walker, on_floor, typed, 0, 0, 0, 0, status=422)
    assert "heel getal" in page.one("#heads_1-fout").text()
    assert page.one("#heads_1").attributes["value"] == typed


def test_the_page_s_script_hears_what_became_of_a_count(on_floor: Hall) -> None:
    walker = on_floor.staff()
    walker.get(f"{on_floor.path}/vloer")
    item = on_floor.now_at().items[0].id
    for heads, status, text in (("5", 200, "Bewaard."), ("6", 409, "Je telde 6"), ("x", 422, "heel getal")):
        answer = walker.raw(
            "POST", f"{on_floor.path}/vloer", headers={"Accept": "application/json"},
            data={"csrf_token": walker.token, "item": item, "heads_4": heads},
        )  # fmt: skip
        assert answer.status_code == status
        assert text in answer.get_json()["text"]


def test_counting_goes_only_while_scoring_is_open(on_floor: Hall) -> None:
    walker = on_floor.staff()
    first = on_floor.now_at().items[0].id
    on_floor.press()
    for path in (2, 1):
        assert "Tellen kan zodra" in walker.get(f"{on_floor.path}/vloer").text
        with nothing_changes(on_floor.store):
            page = walker.post(f"{on_floor.path}/vloer", {"item": str(first), "heads_1": "1"}, status=409)
        assert "nu niet open" in page.text
        on_floor.press(path - 1)
    for item in ("", "x", "999999", "9" * 40):
        walker.post(f"{on_floor.path}/vloer", {"item": item}, status=404)


def test_an_empty_floor_says_so_and_offers_to_fill_it(open_room: Hall) -> None:
    walker = open_room.staff()
    page = walker.get(f"{open_room.path}/vloer")
    assert "Er staat nog niemand op de vloer." in page.text
    assert "5 mensen hebben geen telefoon" in page.text
    page = walker.fill(f"{open_room.path}/vloer", {"wie": "zonder"}, form="form.notice")
    assert page.answer.request.path == f"{open_room.path}/vloer"
    assert "0 van 5 mensen op de vloer geteld" in page.text


# -- closing -----------------------------------------------------------------------------------------------


def closes(hall: Hall) -> None:
    with hall.store.writing() as session:
        check_before_closing(session, evening_id=hall.evening_id, item_id=hall.now_at().items[0].id)


def test_who_went_back_to_a_phone_is_no_longer_counted_on_the_floor(on_floor: Hall) -> None:
    save(on_floor, (0, 0, 0, 0, 5))
    closes(on_floor)
    put(on_floor, Way.PHONE, 1)
    with nothing_changes(on_floor.store), pytest.raises(FloorCountedTooHigh):
        on_floor.press()
    save(on_floor, (0, 0, 0, 0, 4))
    on_floor.press()


def test_whoever_was_counted_and_took_a_phone_counts_once_though_another_stood_nowhere(
    on_floor: Hall,
) -> None:
    save(on_floor, (0, 0, 0, 0, 4))
    put(on_floor, Way.PHONE, 1)
    Phone(on_floor, 1).tap(5)
    with pytest.raises(FloorCountOutdated):
        closes(on_floor)
    page = on_floor.staff().get(f"{on_floor.path}/vloer")
    assert "ging er 1 persoon van de vloer" in page.text
    # The same numbers again are news: somebody looked.
    save(on_floor, (0, 0, 0, 0, 4))
    closes(on_floor)


def test_a_person_on_the_floor_who_goes_home_is_no_longer_counted(on_floor: Hall) -> None:
    save(on_floor, (0, 0, 0, 0, 5))
    on_floor.leave(2)
    with pytest.raises(FloorCountedTooHigh):
        closes(on_floor)


def test_who_stands_on_no_figure_abstains(on_floor: Hall) -> None:
    save(on_floor, (0, 1, 0, 0, 2))
    closes(on_floor)
    on_floor.press(2)
    on_floor.press(3)
    with on_floor.store.reading() as session:
        counted = count(session, evening=on_floor.now_at())
    first = counted.decisions.outcomes["1"]
    assert (first.hist, first.scorers, first.eligible) == ((0, 1, 0, 0, 2), 3, 6)


def test_the_screen_shows_the_floor_from_five_people_on(on_floor: Hall) -> None:
    visitor, path = Visitor(on_floor.app), on_floor.screen_path()
    save(on_floor, (0, 0, 0, 1, 4))
    on_floor.press()
    assert visitor.get(path).one(".histogram figcaption").text() == "1: 0, 2: 0, 3: 0, 4: 1, 5: 4"


def test_fewer_than_five_people_on_the_floor_are_not_shown(on_floor: Hall) -> None:
    visitor, path = Visitor(on_floor.app), on_floor.screen_path()
    save(on_floor, (0, 0, 0, 1, 3))
    on_floor.press()
    assert not visitor.get(path).all(".histogram")


def test_an_evening_without_any_phone_goes_all_the_way(hall: Hall) -> None:
    hall.press()
    hall.come_in(1, 2, 3, 4, 5, 6)
    put(hall, Way.FLOOR, 1, 2, 3, 4, 5, 6)
    for place in (0, 1):
        hall.press(2)
        save(hall, (0, 0, 1, 1, 4), place)
        hall.press()
    hall.press()
    hall.bring_to("done")
    assert hall.now_at().stage.value == "done"
