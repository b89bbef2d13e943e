"""An evening is planned: with ready plans, within the pot, under the rules of that moment."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from pb.core.errors import Broken, NotFound
from pb.evening.actions.planning import plan_evening
from pb.evening.queries import evening_facts, involved_seats
from pb.evening.rules.steps import BudgetAbovePot, NoPlans, Stage
from pb.panel.actions import add_invited
from pb.people.actions import add_account
from pb.people.rules import Role
from pb.plans.tables import Plan
from pb.rounds import actions as rounds
from pb.rounds.queries import rule_version
from pb.rounds.rules import Majority, Preset
from pb.store.engine import Store
from support.evenings import Asked, put_plans
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY, somebody
from support.room import nothing_changes
from support.visitor import Page, Visitor


def plan(store: Store, place: Neighbourhood, plan_ids: Sequence[int], **changes: Any) -> int:
    """Plan an evening, with changes."""
    base: dict[str, Any] = {
        "name": "Avond",
        "held_on": NOW.date(),
        "place": "Buurthuis",
        "budget_cents": 1_000_000,
        "lot_seed": "1-2-3-4-5",
    }
    with store.writing() as session:
        return plan_evening(
            session, round_id=place.round_id, plan_ids=plan_ids, who=place.who(Role.AREA_MANAGER), now=NOW,
            **(base | changes),
        )  # fmt: skip


def test_an_evening_keeps_the_order_of_its_plans_and_the_rules_of_its_day(
    store: Store, place: Neighbourhood
) -> None:
    first, second, third = put_plans(
        store, place, {"Een": Asked(), "Twee": Asked(), "Drie": Asked()}
    ).values()
    evening_id = plan(store, place, [third, first, second])
    with store.writing() as session:
        rounds.change_rules(
            session,
            round_id=place.round_id,
            majority=Majority.TWO_THIRDS,
            preset=Preset.TOP_DOWN,
            reason="Zo is het",
            who=place.who(Role.AREA_MANAGER),
            now=NOW,
        )
    with store.reading() as session:
        at = evening_facts(session, evening_id=evening_id)
        assert [item.plan.id for item in at.items] == [third, first, second]
        assert at.stage is Stage.PREPARED
        assert rule_version(session, rule_set_id=at.rule_set_id).version == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"budget_cents": 7_500_001}, BudgetAbovePot), ({"budget_cents": 0}, BudgetAbovePot)],
)
def test_what_an_evening_cannot_promise_is_refused(
    store: Store, place: Neighbourhood, changes: dict[str, Any], refusal: type[Broken]
) -> None:
    ids = list(put_plans(store, place, {"Een": Asked()}).values())
    with nothing_changes(store), pytest.raises(refusal):
        plan(store, place, ids, **changes)


def test_two_evenings_together_divide_no_more_than_the_pot(store: Store, place: Neighbourhood) -> None:
    first, second = put_plans(store, place, {"Een": Asked(), "Twee": Asked()}).values()
    plan(store, place, [first], budget_cents=5_000_000)
    with pytest.raises(BudgetAbovePot) as refusal:
        plan(store, place, [second], budget_cents=2_500_001)
    assert refusal.value.facts == {"left_cents": 2_500_000}
    plan(store, place, [second], budget_cents=2_500_000)


def test_only_ready_plans_of_this_round_come_on_the_agenda_and_each_once(
    store: Store, place: Neighbourhood
) -> None:
    first, second = put_plans(store, place, {"Een": Asked(), "Twee": Asked()}).values()
    with store.writing() as session:
        session.get_one(Plan, second).state = "submitted"
    with nothing_changes(store):
        for ids, refusal in (
            ([], NoPlans),
            ([second], NotFound),
            ([first, first], NotFound),
            ([999], NotFound),
        ):
            with pytest.raises(refusal):
                plan(store, place, ids)


def test_every_seat_of_an_initiator_gives_the_own_plan_no_score(store: Store, place: Neighbourhood) -> None:
    with store.writing() as session:
        maker = add_account(session, email="maker@post.example", name="", now=NOW)
        seat_ids = add_invited(
            session,
            round_id=place.round_id,
            people=[somebody(1), *(somebody(n, email="maker@post.example") for n in (2, 3))],
            card_key=KEY,
            who=place.who(Role.AREA_MANAGER),
            now=NOW,
        )
    own, other = put_plans(store, place, {"Eigen": Asked(initiator_id=maker), "Ander": Asked()}).values()
    evening_id = plan(store, place, [own, other])
    with store.reading() as session:
        at = evening_facts(session, evening_id=evening_id)
        assert involved_seats(session, evening_id=evening_id) == {at.items[0].id: frozenset(seat_ids[1:])}


# -- on the page -----------------------------------------------------------------------------------

ANSWERS = {
    "name": "Beslisavond",
    "held_on": "12-03-2027",
    "place": "Buurthuis",
    "budget_cents": "10.000",
    "lot_seed": "12345",
}


def send(manager: Visitor, place: Neighbourhood, status: int = 200, **changes: Any) -> Page:
    return manager.fill(
        f"/werk/ronde/{place.round_id}/avond/nieuw", ANSWERS | changes, status=status, form="main form"
    )


@pytest.fixture
def manager(visitor: Visitor, store: Store, place: Neighbourhood) -> Visitor:
    put_plans(store, place, {"Een": Asked(), "Twee": Asked()})
    from support.neighbourhood import email_of

    return visitor.log_in(email_of(Role.AREA_MANAGER))


def test_the_area_manager_plans_an_evening_on_the_page(
    manager: Visitor, store: Store, place: Neighbourhood
) -> None:
    with store.reading() as session:
        ids = [str(number) for number in session.scalars(sa.select(Plan.id).order_by(Plan.id))]
    page = send(manager, place, plans=ids)
    assert page.title == "Beslisavond"
    assert "Een" in page.text
    assert (
        "Deze avond verdeelt hoogstens € 10.000. De pot van de hele ronde is € 75.000."
        in page.text.replace("\u00a0", " ").replace(" .", ".")
    )
    assert "Beslisavond" in manager.get(f"/werk/ronde/{place.round_id}/avonden").text


@pytest.mark.parametrize(("typed", "kept"), [("3 5 1 6 2", "3-5-1-6-2"), ("", "we gooien in de zaal")])
def test_the_throw_for_the_lot_may_wait_until_everybody_is_in(
    manager: Visitor, place: Neighbourhood, typed: str, kept: str
) -> None:
    page = send(manager, place, plans=["1"], lot_seed=typed)
    assert f"Code voor het lot als plannen gelijk staan: {kept}" in page.text


def test_a_page_with_mistakes_keeps_everything_that_was_typed(
    manager: Visitor, place: Neighbourhood, store: Store
) -> None:
    with nothing_changes(store):
        page = send(
            manager, place, status=422, budget_cents="75.000,01", name="Avond <met> tekens", plans=["1"]
        )
        assert "75.000" in page.one(".wrong").text()
        held = page.values("main form")
        assert held["name"] == "Avond <met> tekens"
        assert held["budget_cents"] == "75.000,01"
        for changes in ({"name": ""}, {"held_on": "31-02-2027"}, {"budget_cents": "veel"}, {"lot_seed": "6"}):
            send(manager, place, status=422, plans=["1"], **changes)
        for ids in ([], ["999"], ["x"], ["-1"], ["1" * 40]):
            send(manager, place, status=422, plans=ids)


def test_plans_that_changed_meanwhile_do_not_half_plan_an_evening(
    manager: Visitor, place: Neighbourhood, store: Store
) -> None:
    page = manager.get(f"/werk/ronde/{place.round_id}/avond/nieuw")
    with store.writing() as session:
        session.get_one(Plan, 1).state = "withdrawn"
    with nothing_changes(store):
        page = manager.post(page.answer.request.path, ANSWERS | {"plans": ["1", "2"]}, status=422)
    assert "Een plan dat je koos, is intussen ingetrokken." in page.one("fieldset .wrong").text()
