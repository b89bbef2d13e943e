"""A closed plan is opened again by two people; one alone cannot."""

import sqlalchemy as sa

from pb.evening.queries import chain
from pb.evening.rules.chain import check_chain
from pb.evening.tables import Reopening, Score
from pb.people.rules import Role
from support.room import Hall, Phone, nothing_changes
from support.visitor import Page, Visitor

WHY = "Twee mensen konden hun cijfer niet geven."


def ask(hall: Hall, host: Visitor, position: int = 1, reason: str = WHY) -> Page:
    return host.fill(f"{hall.path}/heropen/{position}", {"reason": reason}, form="main form")


def answer(hall: Hall, host: Visitor, what: str, status: int = 200, position: int = 1) -> Page:
    page = host.get(f"{hall.path}/console")
    held = page.values(".asked form") if page.all(".asked form") else {"verzoek": "1"}
    path = f"{hall.path}/heropen/{position}/antwoord"
    return host.post(path, held | {"doe": what}, status=status)


def figures(hall: Hall) -> dict[int, int | None]:
    with hall.store.reading() as session:
        return {row.seat_id: row.score for row in session.scalars(sa.select(Score))}


def test_two_people_open_a_plan_again_its_scores_stay_and_people_may_move(hall: Hall) -> None:
    hall.bring_to("closed 1")
    first, second = hall.staff(), hall.staff(Role.AREA_MANAGER)
    before, version = figures(hall), hall.now_at().items[0].scoring_version
    page = ask(hall, first)
    assert "Wacht tot een tweede persoon ja zegt" in page.text
    assert hall.moment() == "closed 1"
    page = second.get(f"{hall.path}/console")
    assert "Proef facilitator vraagt: plan 1 opnieuw openen" in page.text
    assert WHY in page.text
    answer(hall, second, "ja")
    assert hall.moment() == "open 1"
    item = hall.now_at().items[0]
    assert (item.scoring_version, item.closed_at, item.may_score) == (version + 1, None, None)
    assert figures(hall) == before
    assert Phone(hall, 6).tap(3).status_code == 200
    hall.press()
    assert hall.moment() == "closed 1"
    assert hall.now_at().items[0].may_score == 6
    hall.bring_to("done")


def test_whoever_asked_cannot_agree(hall: Hall) -> None:
    hall.bring_to("closed 1")
    host = hall.staff()
    ask(hall, host)
    held = host.get(f"{hall.path}/console").values(".asked form")
    with nothing_changes(hall.store):
        page = host.post(f"{hall.path}/heropen/1/antwoord", held | {"doe": "ja"}, status=403)
    assert "Iemand anders moet met een eigen account ja zeggen" in page.text
    assert hall.moment() == "closed 1"


def test_a_no_leaves_the_plan_closed_and_the_request_is_over(hall: Hall) -> None:
    hall.bring_to("closed 1")
    first, second = hall.staff(), hall.staff(Role.AREA_MANAGER)
    ask(hall, first)
    held = second.get(f"{hall.path}/console").values(".asked form")
    page = second.post(f"{hall.path}/heropen/1/antwoord", held | {"doe": "nee"})
    assert not page.all(".asked")
    assert hall.moment() == "closed 1"
    with nothing_changes(hall.store):
        second.post(f"{hall.path}/heropen/1/antwoord", held | {"doe": "nee"})
        second.post(f"{hall.path}/heropen/1/antwoord", held | {"doe": "ja"}, status=409)
    # And it may be asked again.
    ask(hall, first)
    answer(hall, second, "ja")
    assert hall.moment() == "open 1"


def test_whoever_asked_may_take_it_back(hall: Hall) -> None:
    hall.bring_to("closed 1")
    host = hall.staff()
    ask(hall, host)
    assert not answer(hall, host, "nee").all(".asked")


def test_a_request_says_why(hall: Hall) -> None:
    hall.bring_to("closed 1")
    host = hall.staff()
    with nothing_changes_but_login(hall, host):
        page = host.post(f"{hall.path}/heropen/1", {"reason": "   "}, status=422)
    assert "Schrijf op waarom" in page.one(".wrong").text()


def nothing_changes_but_login(hall: Hall, host: Visitor):  # type: ignore[no-untyped-def]
    host.get(f"{hall.path}/console")
    return nothing_changes(hall.store)


def test_one_plan_has_one_request_at_a_time(hall: Hall) -> None:
    hall.bring_to("closed 1")
    first, second = hall.staff(), hall.staff(Role.AREA_MANAGER)
    ask(hall, first)
    with nothing_changes_but_login(hall, first):
        first.post(f"{hall.path}/heropen/1", {"reason": WHY})
    with nothing_changes_but_login(hall, second):
        page = second.post(f"{hall.path}/heropen/1", {"reason": "Iets anders."}, status=409)
    assert "al gevraagd" in page.text
    assert "Iets anders." in page.html


def test_an_earlier_plan_opens_again_while_the_next_one_shows_its_film(hall: Hall) -> None:
    hall.bring_to("film 2")
    ask(hall, hall.staff())
    answer(hall, hall.staff(Role.AREA_MANAGER), "ja")
    assert hall.moment() == "open 1"
    hall.press()
    assert hall.press().at_position == 2
    assert hall.moment() == "film 2"


def test_no_plan_opens_again_while_another_is_open(hall: Hall) -> None:
    hall.bring_to("film 2")
    first, second = hall.staff(), hall.staff(Role.AREA_MANAGER)
    ask(hall, first)
    held = second.get(f"{hall.path}/console").values(".asked form")
    hall.press()
    with nothing_changes(hall.store):
        page = second.post(f"{hall.path}/heropen/1/antwoord", held | {"doe": "ja"}, status=409)
        first.get(f"{hall.path}/heropen/1", status=409)
    assert "Een ander plan staat nu open" in page.text
    assert not page.all(".agenda a[href*='/heropen/']")


def test_a_plan_opens_again_from_deciding_and_the_evening_comes_back_there(hall: Hall) -> None:
    hall.bring_to("decide")
    ask(hall, hall.staff())
    answer(hall, hall.staff(Role.AREA_MANAGER), "ja")
    assert hall.moment() == "open 1"
    hall.press(2)
    assert hall.moment() == "decide"
    hall.bring_to("done")
    with hall.store.reading() as session:
        lines = chain(session, evening_id=hall.evening_id)
    assert check_chain(lines) == hall.now_at().head


def test_a_plan_that_was_decided_stays_closed(hall: Hall) -> None:
    hall.bring_to("decide")
    first, second = hall.staff(), hall.staff(Role.AREA_MANAGER)
    ask(hall, first)
    held = second.get(f"{hall.path}/console").values(".asked form")
    hall.follow_scores()
    with nothing_changes(hall.store):
        page = second.post(f"{hall.path}/heropen/1/antwoord", held | {"doe": "ja"}, status=409)
        first.post(f"{hall.path}/heropen/2", {"reason": WHY}, status=409)
    assert "al beslist" in page.text


def test_nothing_opens_again_once_the_outcome_is_confirmed(hall: Hall) -> None:
    hall.bring_to("done")
    host = hall.staff()
    page = host.get(f"{hall.path}/console")
    assert not page.all(".agenda a[href*='/heropen/']")
    with nothing_changes(hall.store):
        page = host.post(f"{hall.path}/heropen/1", {"reason": WHY}, status=409)
    assert "De uitslag staat vast" in page.text


def test_a_request_of_another_evening_or_of_none_is_not_found(hall: Hall) -> None:
    hall.bring_to("closed 1")
    host = hall.staff()
    host.get(f"{hall.path}/console")
    for typed in ("", "0", "999999", "x", "9" * 40, "-1"):
        host.post(f"{hall.path}/heropen/1/antwoord", {"doe": "ja", "verzoek": typed}, status=404)
    for position in ("0", "3", "999999"):
        host.get(f"{hall.path}/heropen/{position}", status=404)


def test_the_events_of_a_reopening_name_nobody_and_the_reason_stays_out_of_the_chain(hall: Hall) -> None:
    hall.bring_to("closed 1")
    ask(hall, hall.staff())
    answer(hall, hall.staff(Role.AREA_MANAGER), "ja")
    with hall.store.reading() as session:
        lines = chain(session, evening_id=hall.evening_id)
        kept = session.scalars(sa.select(Reopening)).one()
    item = hall.now_at().items[0]
    assert [(line.kind, line.facts) for line in lines[-2:]] == [
        ("reopening_asked", f'{{"item":{item.id}}}'),
        ("reopened", f'{{"item":{item.id},"v":{item.scoring_version}}}'),
    ]
    assert (kept.reason, kept.granted) == (WHY, True)
    assert kept.asked_by != kept.settled_by
