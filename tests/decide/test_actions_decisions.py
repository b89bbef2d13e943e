"""The panel's yes or no is recorded beside what the scores say; where it differs it says how and why."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.core.errors import Broken, NotFound
from pb.decide.actions import record_decision
from pb.decide.queries import item_decisions, recorded
from pb.decide.rules.panel_decides import NotDeciding, ReasonNeeded, Way, WayNeeded
from pb.decide.tables import Decision
from pb.evening.queries import chain, evening_facts
from pb.people.rules import Role
from pb.store.engine import Store
from pb.store.journal import SYSTEM, JournalLine
from support.neighbourhood import NOW, Neighbourhood
from support.room import Hall, nothing_changes, open_hall


@pytest.fixture
def deciding(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening that decides: plan 1 got 5 4 4 2 5 (yes), plan 2 got 1 1 2 5 5 (no)."""
    hall = open_hall(app, store, place)
    hall.bring_to("open 1", scores=(5, 4, 4, 2, 5))
    hall.bring_to("open 2", scores=(1, 1, 2, 5, 5))
    hall.bring_to("decide")
    return hall


def record(hall: Hall, position: int = 1, **changes: Any) -> None:
    base: dict[str, Any] = {
        "yes": position == 1, "way": Way.RULE, "reason": "", "minority_view": "",
        "who": hall.place.who(Role.FACILITATOR),
    }  # fmt: skip
    with hall.store.writing() as session:
        record_decision(session, evening_id=hall.evening_id, position=position, now=NOW, **(base | changes))


def test_what_the_scores_say_is_what_anybody_can_count(deciding: Hall) -> None:
    with deciding.store.reading() as session:
        found = item_decisions(session, evening=evening_facts(session, evening_id=deciding.evening_id))
    assert [one.computed_yes for one in found] == [True, False]
    assert [one.outcome.hist for one in found] == [(0, 1, 0, 2, 2), (2, 1, 0, 0, 2)]
    assert [one.outcome.eligible for one in found] == [6, 6]
    assert [one.recorded for one in found] == [None, None]


def test_a_decision_that_differs_from_the_scores_says_how_and_why(deciding: Hall) -> None:
    refusals: list[tuple[int, dict[str, Any], type[Broken]]] = [
        (1, {"yes": False}, WayNeeded),
        (1, {"yes": False, "reason": "Te duur."}, WayNeeded),
        (1, {"yes": False, "way": Way.CONSENSUS}, ReasonNeeded),
        (2, {"yes": True, "way": Way.MAJORITY, "reason": " \n\t"}, ReasonNeeded),
        (0, {}, NotFound),
        (3, {}, NotFound),
        (1, {"who": SYSTEM}, NotFound),
    ]
    with nothing_changes(deciding.store):
        for position, changes, refusal in refusals:
            with pytest.raises(refusal):
                record(deciding, position, **changes)


def test_with_a_way_and_a_reason_the_panel_goes_above_the_scores(deciding: Hall) -> None:
    record(
        deciding, 2, yes=True, way=Way.CONSENSUS, reason="De buurt heeft dit nodig.", minority_view="Te luid."
    )
    with deciding.store.reading() as session:
        row = session.scalars(sa.select(Decision)).one()
        assert (row.yes, row.computed_yes, row.way) == (True, False, "consensus")
        assert (row.reason, row.minority_view) == ("De buurt heeft dit nodig.", "Te luid.")
        assert json.loads(row.computed)["hist"] == [2, 1, 0, 0, 2]
        last = chain(session, evening_id=deciding.evening_id)[-1]
    facts = json.loads(last.facts)
    assert (last.kind, facts["yes"], facts["computed_yes"], facts["way"]) == (
        "decided",
        True,
        False,
        "consensus",
    )
    assert "reason" not in facts


def test_the_same_decision_twice_is_one(deciding: Hall) -> None:
    record(deciding)
    with nothing_changes(deciding.store):
        record(deciding)
        record(deciding, who=deciding.place.who(Role.AREA_MANAGER))


def test_until_dividing_a_decision_may_change_and_both_stand_in_the_chain(deciding: Hall) -> None:
    record(deciding, 2)
    record(deciding, 2, yes=True, way=Way.MAJORITY, reason="Na praten.")
    with deciding.store.reading() as session:
        assert [one.yes for one in recorded(session, evening_id=deciding.evening_id).values()] == [True]
        kinds = [line.kind for line in chain(session, evening_id=deciding.evening_id)]
        noted = session.scalars(
            sa.select(JournalLine.what).where(JournalLine.what == "decision recorded")
        ).all()
    assert kinds.count("decided") == len(noted) == 2


def test_after_dividing_no_decision_changes_any_more(deciding: Hall) -> None:
    deciding.bring_to("divide")
    with nothing_changes(deciding.store), pytest.raises(NotDeciding):
        record(deciding, 2, yes=True, way=Way.MAJORITY, reason="Te laat.")


def test_before_deciding_there_is_nothing_to_record(app: Flask, store: Store, place: Neighbourhood) -> None:
    hall = open_hall(app, store, place, moment="closed 2")
    with nothing_changes(store), pytest.raises(NotDeciding):
        record(hall)


def test_who_comes_late_or_leaves_early_counts_where_they_were(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """Before plan 1 closes seat 6 leaves with a score and seat 5 without one; then seat 7 comes in."""
    from support.room import Phone

    hall = open_hall(app, store, place, seats_wanted=7)
    hall.press()
    hall.come_in(*range(1, 7))
    hall.press(2)
    for number in (1, 2, 3, 4, 6):
        Phone(hall, number).tap(4)
    hall.leave(6, 5)
    hall.press()
    hall.come_in(7)
    hall.press(2)
    for number in (1, 2, 3, 4, 7):
        Phone(hall, number).tap(4)
    hall.press(2)
    with store.reading() as session:
        found = item_decisions(session, evening=evening_facts(session, evening_id=hall.evening_id))
    assert [(one.outcome.scorers, one.outcome.eligible) for one in found] == [(5, 5), (5, 5)]
