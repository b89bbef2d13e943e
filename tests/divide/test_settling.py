"""What the panel makes of the computed amounts: it agrees, changes one with a reason, or takes that back."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pb.core.canonical import canonical, sha256_of
from pb.core.errors import Broken, NotFound
from pb.decide.rules.panel_decides import Way
from pb.divide.queries import DivisionFacts, division
from pb.divide.rules.confirming import AlreadyConfirmed, ConfirmedByProposer, NotDivided, OtherThanShown
from pb.divide.rules.refusing import AboveLimit, BelowMinimum, InvalidAmount, OverBudget, ReasonMissing
from pb.divide.rules.settling import (
    ChangedByThePanel,
    DividedMeanwhile,
    MoreHandsThanPeople,
    NoMajority,
    NotAgreed,
)
from pb.divide.tables import AmendmentRecord, DivisionRecord
from pb.evening.queries import chain
from pb.evening.rules.chain import check_chain
from pb.evening.rules.steps import Stage
from pb.people.rules import Role
from pb.rounds.tables import Round, RuleSetVersion
from pb.store.engine import Store
from pb.store.journal import JournalLine
from support.evenings import Asked, hold_evening
from support.neighbourhood import Neighbourhood
from support.room import Hall, nothing_changes, open_hall

# public-14 of the specification, in the order of its agenda.
WORKED = {
    "p1": Asked(ask_cents=1_200_000, least_cents=600_000),
    "p2": Asked(ask_cents=3_500_000, least_cents=1_500_000),
    "p3": Asked(ask_cents=300_000, least_cents=300_000),
    "p4": Asked(ask_cents=1_800_000),
}
# By their scores: p2, p1, p4, p3.
SCORES = {"p1": [5, 5, 5, 5, 4], "p2": [5] * 5, "p3": [5, 5, 4, 4, 4], "p4": [5, 5, 5, 4, 4]}


@pytest.fixture
def divided(app: Flask, store: Store, place: Neighbourhood) -> Hall:
    """Give an evening of two plans, 10,000 each from a pot of 16,000: 8,000 each."""
    return open_hall(app, store, place, moment="divide", budget_cents=1_600_000)


def shown(hall: Hall) -> DivisionFacts:
    with hall.store.reading() as session:
        found = division(session, evening_id=hall.evening_id)
    assert found is not None
    return found


def amounts(hall: Hall) -> dict[int, int]:
    """Give what each plan gets now, by its place on the agenda."""
    places = {item.plan.id: item.position for item in hall.now_at().items}
    return {places[line.plan.id]: line.amount_cents for line in shown(hall).lines}


def computed(hall: Hall) -> dict[int, int]:
    places = {item.plan.id: item.position for item in hall.now_at().items}
    return {places[line.plan.id]: line.computed_cents for line in shown(hall).lines}


def events(hall: Hall, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
    with hall.store.reading() as session:
        lines = chain(session, evening_id=hall.evening_id)
    assert check_chain(lines) == hall.now_at().head
    return [(line.kind, json.loads(line.facts)) for line in lines if line.kind in kinds]


def journal_of(hall: Hall, what: str) -> list[dict[str, Any]]:
    with hall.store.reading() as session:
        rows = session.scalars(sa.select(JournalLine.facts).where(JournalLine.what == what))
        return [json.loads(row) for row in rows]


# -- worked example ------------------------------------------------------------------------------


def test_the_rest_is_divided_again_when_the_panel_changes_one_amount(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    """public-14: 15,000/11,000/11,000/3,000; "p2 to 20,000" makes it 20,000/8,500/8,500/3,000."""
    with store.writing() as session:
        version = session.scalars(sa.select(RuleSetVersion)).one()
        rules = json.loads(version.rules)
        rules["divide"] |= {"guarantee": "0", "unit": 1, "rest_offer": False}
        version.rules, version.sha256 = canonical(rules).decode(), sha256_of(rules)
    evening_id = hold_evening(
        store, place, SCORES, asked=WORKED, budget_cents=4_000_000, until=Stage.DIVIDE
    )  # fmt: skip
    hall = Hall(app, store, place, evening_id, (), ())
    assert amounts(hall) == computed(hall) == {2: 1_500_000, 1: 1_100_000, 4: 1_100_000, 3: 300_000}
    hall.amend(2, 2_000_000, "kan in twee fasen")
    assert amounts(hall) == {2: 2_000_000, 1: 850_000, 4: 850_000, 3: 300_000}
    assert computed(hall) == {2: 1_500_000, 1: 1_100_000, 4: 1_100_000, 3: 300_000}
    found = shown(hall)
    assert (found.total_cents, found.leftover_cents, found.computed_total_cents) == (4_000_000, 0, 4_000_000)
    assert [(line.plan.title, line.reason) for line in found.lines if line.reason] == [
        ("p2", "kan in twee fasen")
    ]  # fmt: skip
    assert found.sha256 == sha256_of({"inputs": found.inputs, "result": found.result})
    hall.take_back(2)
    assert amounts(hall) == computed(hall)
    assert not shown(hall).changed


# -- agreeing ------------------------------------------------------------------------------------


def test_nothing_is_confirmed_before_the_panel_spoke(divided: Hall) -> None:
    with nothing_changes(divided.store), pytest.raises(NotAgreed):
        divided.confirm_shown(Role.OFFICER)
    divided.agree()
    divided.confirm_shown(Role.OFFICER)
    assert divided.moment() == "done"


def test_what_the_panel_says_is_kept_once_and_can_be_said_anew(divided: Hall) -> None:
    divided.agree(way=Way.MAJORITY, in_favour=4, against=2)
    with nothing_changes(divided.store):
        divided.agree(way=Way.MAJORITY, in_favour=4, against=2)
    divided.agree()
    said = shown(divided).agreement
    assert said is not None
    assert (said.way, said.in_favour, said.against) == (Way.CONSENSUS, None, None)
    sha256 = divided.shown_sha256()
    assert [facts for _kind, facts in events(divided, "agreed")] == [
        {"sha256": sha256, "way": "majority", "in_favour": 4, "against": 2},
        {"sha256": sha256, "way": "consensus", "in_favour": None, "against": None},
    ]
    assert [line["way"] for line in journal_of(divided, "panel agreed")] == ["majority", "consensus"]


@pytest.mark.parametrize(
    ("in_favour", "against", "refusal"),
    [(None, None, NoMajority), (3, None, NoMajority), (3, 3, NoMajority), (2, 3, NoMajority),
     (0, 0, NoMajority), (6, 1, MoreHandsThanPeople), (999_999_999, 0, MoreHandsThanPeople)],
)  # fmt: skip
def test_hands_must_make_a_majority_of_the_people_who_are_there(
    divided: Hall, in_favour: int | None, against: int | None, refusal: type[Broken]
) -> None:
    with nothing_changes(divided.store), pytest.raises(refusal):
        divided.agree(way=Way.MAJORITY, in_favour=in_favour, against=against)


def test_the_rule_stands_only_where_no_amount_was_changed(divided: Hall) -> None:
    divided.amend(1, 900_000)
    with nothing_changes(divided.store), pytest.raises(ChangedByThePanel):
        divided.agree(way=Way.RULE)
    divided.take_back(1)
    divided.agree(way=Way.RULE)
    said = shown(divided).agreement
    assert said is not None
    assert said.way is Way.RULE


def test_an_agreement_is_about_exactly_what_was_shown(divided: Hall) -> None:
    before = divided.shown_sha256()
    divided.agree()
    divided.amend(1, 900_000)
    assert shown(divided).agreement is None
    for act in (
        lambda: divided.agree(shown=before),
        lambda: divided.amend(2, 100_000, shown=before),
        lambda: divided.take_back(1, shown=before),
    ):
        with nothing_changes(divided.store), pytest.raises(DividedMeanwhile):
            act()
    with nothing_changes(divided.store), pytest.raises(NotAgreed):
        divided.confirm_shown(Role.OFFICER)
    with nothing_changes(divided.store), pytest.raises(OtherThanShown):
        divided.confirm_shown(Role.OFFICER, before)
    divided.agree()
    divided.take_back(1)
    assert shown(divided).agreement is None
    # The same amounts as at first, from a longer chain: the panel speaks again.
    assert divided.shown_sha256() != before


# -- changing an amount --------------------------------------------------------------------------


def test_the_same_change_twice_is_one_and_a_later_one_takes_its_place(divided: Hall) -> None:
    divided.amend(1, 900_000, " Zij beginnen eerder. ")
    with nothing_changes(divided.store):
        divided.amend(1, 900_000, "Zij beginnen eerder.")
    divided.amend(2, 400_000, "Minder is genoeg.")
    divided.amend(1, 1_000_000, "Toch alles.")
    assert amounts(divided) == {1: 1_000_000, 2: 400_000}
    assert computed(divided) == {1: 800_000, 2: 800_000}
    assert [(one["plan"], one["amount"]) for one in shown(divided).inputs["amendments"]] == [
        ("2", 400_000), ("1", 1_000_000),
    ]  # fmt: skip
    kinds = [kind for kind, _facts in events(divided, "amended", "divided")]
    assert kinds == ["divided"] + ["amended", "divided"] * 3
    assert [line["amount_cents"] for line in journal_of(divided, "amount changed")] == [
        900_000, 400_000, 1_000_000,
    ]  # fmt: skip
    divided.take_back(2)
    divided.take_back(1)
    with nothing_changes(divided.store):
        divided.take_back(1)
    assert amounts(divided) == computed(divided)
    assert (
        len(events(divided, "amendment_undone")) == len(journal_of(divided, "changed amount taken back")) == 2
    )
    with divided.store.reading() as session:
        assert all(row.undone_by for row in session.scalars(sa.select(AmendmentRecord)))


def test_every_change_that_cannot_be_is_refused_by_name(
    app: Flask, store: Store, place: Neighbourhood
) -> None:
    hall = open_hall(
        app, store, place, moment="divide", budget_cents=1_600_000,
        asked={"A": Asked(ask_cents=1_000_000, least_cents=500_000), "B": Asked(ask_cents=1_200_000)},
    )  # fmt: skip
    hall.amend(2, 1_000_000)
    refusals: list[tuple[int, str, type[Broken]]] = [
        (100_000, " ", ReasonMissing), (-1, "Nee.", InvalidAmount), (1_000_001, "Meer.", AboveLimit),
        (499_999, "Minder.", BelowMinimum), (1, "Minder.", BelowMinimum), (600_001, "Te veel.", OverBudget),
    ]  # fmt: skip
    for cents, reason, refusal in refusals:
        with nothing_changes(store), pytest.raises(refusal):
            hall.amend(1, cents, reason)
    for position in (0, 3, 99):
        with nothing_changes(store), pytest.raises(NotFound):
            hall.amend(position, 100)
        with nothing_changes(store), pytest.raises(NotFound):
            hall.take_back(position)
    hall.amend(1, 0, "Het panel geeft niets.")
    assert amounts(hall) == {1: 0, 2: 1_000_000}


def test_who_changed_an_amount_does_not_confirm_it(divided: Hall) -> None:
    divided.amend(1, 900_000, by=Role.AREA_MANAGER)
    divided.agree()
    for role in (Role.AREA_MANAGER, Role.FACILITATOR):
        with nothing_changes(divided.store), pytest.raises(ConfirmedByProposer):
            divided.confirm_shown(role)
    divided.confirm_shown(Role.OFFICER)


def test_who_took_a_change_back_last_does_not_confirm_what_came_of_it(divided: Hall) -> None:
    divided.amend(1, 900_000)
    divided.take_back(1, by=Role.AREA_MANAGER)
    divided.agree()
    with nothing_changes(divided.store), pytest.raises(ConfirmedByProposer):
        divided.confirm_shown(Role.AREA_MANAGER)
    # Once somebody else changed it last, it is no longer theirs.
    divided.amend(2, 900_000)
    divided.take_back(2)
    divided.agree()
    divided.confirm_shown(Role.AREA_MANAGER)
    assert divided.moment() == "done"


def test_before_there_are_amounts_and_after_they_stand_nothing_is_changed(divided: Hall) -> None:
    divided.confirm()
    for act in (
        lambda: divided.amend(1, 900_000),
        lambda: divided.take_back(1),
        lambda: divided.agree(way=Way.RULE),
    ):
        with nothing_changes(divided.store), pytest.raises(AlreadyConfirmed):
            act()


def test_too_early_is_refused(app: Flask, store: Store, place: Neighbourhood) -> None:
    hall = open_hall(app, store, place, moment="decide")
    for act in (
        lambda: hall.amend(1, 100, shown=""),
        lambda: hall.take_back(1, shown=""),
        lambda: hall.agree(shown=""),
    ):
        with nothing_changes(store), pytest.raises(NotDivided):
            act()


def test_of_people_who_change_at_once_one_wins_and_the_others_are_told(divided: Hall) -> None:
    before, start = divided.shown_sha256(), threading.Barrier(4, timeout=30)

    def press(number: int) -> str:
        start.wait()
        try:
            divided.amend(
                number % 2 + 1, 500_000 + number * 100, by=(Role.FACILITATOR, Role.AREA_MANAGER)[number % 2],
                shown=before,
            )  # fmt: skip
        except DividedMeanwhile:
            return "late"
        return "changed"

    with ThreadPoolExecutor(4) as threads:
        said = [future.result(timeout=60) for future in [threads.submit(press, n) for n in range(4)]]
    assert sorted(said) == ["changed"] + ["late"] * 3
    assert len(events(divided, "amended")) == 1
    with divided.store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AmendmentRecord)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(DivisionRecord)) == 1


def test_a_practice_evening_is_settled_like_a_real_one(divided: Hall) -> None:
    with divided.store.writing() as session:
        session.execute(sa.update(Round).where(Round.id == divided.place.round_id).values(practice=True))
    divided.amend(1, 900_000)
    divided.agree(way=Way.MAJORITY, in_favour=5, against=1)
    assert amounts(divided) == {1: 900_000, 2: 700_000}
    divided.confirm()
    assert divided.moment() == "done"
