"""The money: computed once by the frozen rule, exact to the cent, confirmed by a second person."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.core.canonical import sha256_of
from pb.core.errors import Broken, NotFound
from pb.decide.actions import record_decision
from pb.decide.rules.panel_decides import NotAllDecided, Way
from pb.divide.actions import confirm, propose
from pb.divide.queries import division
from pb.divide.rules.confirming import AlreadyConfirmed, ConfirmedByProposer, NotDivided, OtherThanShown
from pb.divide.tables import DivisionLine, DivisionRecord
from pb.evening.queries import chain
from pb.evening.rules.chain import check_chain
from pb.people.rules import Role
from pb.store.engine import Store
from pb.store.journal import SYSTEM
from support.evenings import Asked
from support.neighbourhood import NOW, Neighbourhood
from support.room import Hall, nothing_changes, open_hall

ASKED = {
    "Moestuin op het plein": Asked(ask_cents=1_234_567, least_cents=600_000),
    "Repaircafé": Asked(ask_cents=777_700, least_cents=777_700),
    "Zwemles voor moeders": Asked(ask_cents=4_200_000, least_cents=100),
}


@pytest.fixture
def decided(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening about three plans that all got a yes."""
    hall = open_hall(app, store, place, asked=ASKED)
    hall.press()
    hall.come_in(1, 2, 3, 4, 5)
    for _ in ASKED:
        at = hall.press(2)
        from support.room import Phone

        assert at.current is not None
        for number in range(1, 6):
            Phone(hall, number).tap(5 if number > 1 else 2)
        hall.press()
    hall.press()
    hall.follow_scores()
    return hall


def test_every_cent_of_the_budget_is_with_a_plan_or_left_over(decided: Hall) -> None:
    decided.divide()
    with decided.store.reading() as session:
        found = division(session, evening_id=decided.evening_id)
        assert found is not None
        amounts = {line.plan.title: line.amount_cents for line in found.lines}
        stored = session.scalar(sa.select(sa.func.sum(DivisionLine.amount_cents)))
    assert sum(amounts.values()) == found.total_cents == stored
    assert found.total_cents + found.leftover_cents == found.budget_cents == 2_000_000
    for title, asked in ASKED.items():
        assert amounts[title] == 0 or asked.least_cents <= amounts[title] <= min(
            asked.ask_cents, found.cap_cents
        )
        assert type(amounts[title]) is int


def test_the_check_number_is_that_of_what_is_stored(decided: Hall) -> None:
    decided.divide()
    with decided.store.reading() as session:
        row = session.scalars(sa.select(DivisionRecord)).one()
        assert row.sha256 == sha256_of({"inputs": json.loads(row.inputs), "result": json.loads(row.result)})


def test_dividing_twice_is_dividing_once(decided: Hall) -> None:
    decided.divide()
    with nothing_changes(decided.store):
        decided.divide()
        decided.divide(Role.AREA_MANAGER)
    decided.confirm()
    with nothing_changes(decided.store):
        decided.divide()


def test_no_money_is_divided_before_every_plan_is_decided(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place)
    for moment in ("prepared", "doors", "open 1", "closed 2", "decide"):
        hall.bring_to(moment)
        with nothing_changes(store), pytest.raises(NotAllDecided):
            hall.divide()
    with store.writing() as session:
        record_decision(
            session,
            evening_id=hall.evening_id,
            position=1,
            yes=True,
            way=Way.RULE,
            reason="",
            minority_view="",
            who=place.who(Role.FACILITATOR),
            now=NOW,
        )
    with nothing_changes(store), pytest.raises(NotAllDecided):
        hall.divide()


def test_when_the_panel_says_no_to_everything_all_the_money_is_left(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place)
    hall.bring_to("open 1", scores=(1, 1, 1, 1, 1))
    hall.bring_to("open 2", scores=())
    hall.bring_to("divide")
    with store.reading() as session:
        found = division(session, evening_id=hall.evening_id)
    assert found is not None
    assert (found.total_cents, found.leftover_cents, found.funded) == (0, 2_000_000, [])
    hall.confirm()
    assert hall.moment() == "done"


def test_a_plan_that_nobody_scored_may_still_get_a_yes_and_money(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(app, store, place)
    hall.bring_to("open 1")
    hall.bring_to("open 2", scores=())
    hall.bring_to("all decided")
    with store.writing() as session:
        record_decision(
            session, evening_id=hall.evening_id, position=2, yes=True, way=Way.CONSENSUS, reason="Toch.",
            minority_view="", who=place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip
    hall.divide()
    with store.reading() as session:
        found = division(session, evening_id=hall.evening_id)
    assert found is not None
    assert [line.place for line in found.lines] == [1, 2]
    assert found.lines[1].amount_cents > 0


def test_a_division_is_confirmed_by_somebody_else_as_it_was_shown(decided: Hall) -> None:
    decided.divide(Role.FACILITATOR)
    decided.agree()
    refusals: list[tuple[Role, str | None, type[Broken]]] = [
        (Role.FACILITATOR, None, ConfirmedByProposer),
        (Role.OFFICER, "", OtherThanShown),
        (Role.OFFICER, "0" * 64, OtherThanShown),
        (Role.FACILITATOR, "0" * 64, ConfirmedByProposer),
    ]
    with nothing_changes(decided.store):
        for role, shown, refusal in refusals:
            with pytest.raises(refusal):
                decided.confirm_shown(role, shown)


def test_nothing_is_confirmed_before_there_is_something(decided: Hall) -> None:
    with nothing_changes(decided.store), pytest.raises(NotDivided):
        decided.confirm_shown(Role.OFFICER, "0" * 64)


def test_the_system_itself_is_no_second_person(decided: Hall) -> None:
    decided.divide()
    shown = decided.shown_sha256()
    with nothing_changes(decided.store), pytest.raises(NotFound), decided.store.writing() as session:
        confirm(session, evening_id=decided.evening_id, shown_sha256=shown, who=SYSTEM, now=NOW)


def test_a_division_is_confirmed_once(decided: Hall) -> None:
    decided.divide()
    decided.agree()
    decided.confirm_shown(Role.OFFICER)
    for role in (Role.OFFICER, Role.AREA_MANAGER, Role.FACILITATOR):
        with nothing_changes(decided.store), pytest.raises(AlreadyConfirmed):
            decided.confirm_shown(role)


def test_of_people_who_confirm_at_once_exactly_one_does(decided: Hall) -> None:
    decided.divide()
    decided.agree()
    shown, start = decided.shown_sha256(), threading.Barrier(6, timeout=30)

    def press(role: Role) -> str:
        start.wait()
        try:
            decided.confirm_shown(role, shown)
        except AlreadyConfirmed:
            return "late"
        return "confirmed"

    with ThreadPoolExecutor(6) as threads:
        roles = [Role.OFFICER, Role.AREA_MANAGER] * 3
        said = [future.result(timeout=60) for future in [threads.submit(press, role) for role in roles]]
    assert sorted(said) == ["confirmed"] + ["late"] * 5
    with decided.store.reading() as session:
        lines = chain(session, evening_id=decided.evening_id)
    assert [line.kind for line in lines].count("confirmed") == 1
    assert check_chain(lines) == decided.now_at().head


def test_of_people_who_divide_at_once_one_did(decided: Hall) -> None:
    start = threading.Barrier(4, timeout=30)

    def press(role: Role) -> None:
        start.wait()
        with decided.store.writing() as session:
            propose(session, evening_id=decided.evening_id, who=decided.place.who(role), now=NOW)

    with ThreadPoolExecutor(4) as threads:
        for future in [threads.submit(press, role) for role in (Role.FACILITATOR, Role.AREA_MANAGER) * 2]:
            future.result(timeout=60)
    with decided.store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DivisionRecord)) == 1
        kinds = [line.kind for line in chain(session, evening_id=decided.evening_id)]
    assert kinds.count("divided") == 1


def test_the_database_itself_refuses_one_person_for_both_and_sums_that_do_not_add_up(decided: Hall) -> None:
    decided.divide(Role.FACILITATOR)
    for changes in (
        {"confirmed_by": decided.place.staff[Role.FACILITATOR], "confirmed_at": NOW},
        {"total_cents": 1},
        {"leftover_cents": 1},
    ):
        with pytest.raises(sa.exc.IntegrityError), decided.store.writing() as session:
            session.execute(sa.update(DivisionRecord).values(**changes))
    with pytest.raises(sa.exc.IntegrityError), decided.store.writing() as session:
        session.execute(sa.update(DivisionLine).values(amount_cents=-1))


def test_the_same_evening_divides_the_same_in_another_database(app: Flask, decided: Hall) -> None:
    decided.divide()
    with decided.store.reading() as session:
        row = session.scalars(sa.select(DivisionRecord)).one()
        inputs, result = json.loads(row.inputs), json.loads(row.result)
    # Written down once; both databases, and every later version, must come to it.
    assert [plan["hist"] for plan in inputs["plans"]] == [[0, 1, 0, 0, 4]] * 3
    assert sorted(inputs["ranking"]) == ["1", "2", "3"]
    assert result["level_cents"] is not None
