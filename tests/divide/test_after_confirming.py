"""Once two people stand for a division: people are told, and what is left is in the pot again."""

import pytest
import sqlalchemy as sa

from pb.core.errors import NotFound
from pb.decide.rules.panel_decides import Way
from pb.divide.actions import agree
from pb.evening.actions.planning import plan_evening
from pb.evening.queries import claimed_cents
from pb.evening.rules.steps import Stage
from pb.people.actions import add_account
from pb.people.rules import Role
from pb.people.tables import Message
from pb.plans.actions import check_again
from pb.plans.queries import published_plans, ready_plans, whole_plan
from pb.plans.rules.states import OnAgenda
from pb.store.engine import Store
from support.evenings import Asked, Verdict, divided, hold_evening
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.visitor import Visitor

YES, NO = [5, 5, 5, 4, 4, 4], [1, 1, 1, 2, 2, 5]


def test_initiators_hear_what_was_decided_and_where_to_go_next(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    with store.writing() as session:
        mine = add_account(session, email="ja@post.example", name="", now=NOW)
        theirs = add_account(session, email="nee@post.example", name="", now=NOW)
    evening_id = hold_evening(
        store, place, {"Moestuin": YES, "Podium": NO}, until=Stage.DIVIDE,
        asked={"Moestuin": Asked(initiator_id=mine), "Podium": Asked(initiator_id=theirs)},
    )  # fmt: skip
    with store.writing() as session:
        agree(
            session, evening_id=evening_id, shown_sha256=divided(store, evening_id).sha256, way=Way.CONSENSUS,
            who=place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip
    visitor.log_in(email_of(Role.AREA_MANAGER)).fill(f"/avond/{evening_id}/bevestig", {})
    with store.reading() as session:
        mails = {mail.to_email: mail for mail in session.scalars(sa.select(Message))}
    # Staff get the seal.
    assert {address for address in mails if address.endswith("@post.example")} == {
        "ja@post.example", "nee@post.example",
    }  # fmt: skip
    assert mails["ja@post.example"].subject == "Je plan krijgt geld: Moestuin"
    assert "€\u00a010.000" in mails["ja@post.example"].body
    assert "betaalgegevens" in mails["ja@post.example"].body
    # Nobody knows what they read best.
    assert "English: Your plan gets money: Moestuin" in mails["ja@post.example"].body
    assert "geen geld" in mails["nee@post.example"].body
    assert f"/avond/{evening_id}/uitslag" in mails["nee@post.example"].body


def test_the_second_person_reads_why_the_panel_differed_from_the_scores(
    visitor: Visitor, store: Store, place: Neighbourhood
) -> None:
    evening_id = hold_evening(
        store, place, {"Moestuin": YES, "Podium": NO}, until=Stage.DIVIDE,
        verdicts={"Moestuin": Verdict(yes=False, reason="De grond is vervuild.")},
    )  # fmt: skip
    text = visitor.log_in(email_of(Role.AREA_MANAGER)).get(f"/avond/{evening_id}/bevestig").text
    assert "Het panel zei nee, anders dan de cijfers, omdat: De grond is vervuild." in text
    assert text.count("mensen nodig") == 1, "only the plan whose scores were followed says so"


def test_what_an_evening_leaves_over_can_be_divided_on_the_next(store: Store, place: Neighbourhood) -> None:
    hold_evening(store, place, {"Moestuin": YES}, budget_cents=5_000_000, until=Stage.PREPARED, name="Een")
    with store.reading() as session:
        assert claimed_cents(session, round_id=place.round_id) == 5_000_000
    evening_id = hold_evening(store, place, {"Podium": YES}, budget_cents=2_500_000, name="Twee")
    with store.reading() as session:
        claimed = claimed_cents(session, round_id=place.round_id)
    assert claimed == 5_000_000 + divided(store, evening_id).total_cents == 6_000_000


def test_a_plan_comes_up_on_one_evening_only_and_stays_as_it_was(store: Store, place: Neighbourhood) -> None:
    hold_evening(store, place, {"Moestuin": YES})
    with store.reading() as session:
        assert ready_plans(session, round_id=place.round_id) == []
        (plan,) = published_plans(session, round_id=place.round_id)
        version = whole_plan(session, plan_id=plan.id).version
    manager = place.who(Role.AREA_MANAGER)
    with pytest.raises(OnAgenda), store.writing() as session:
        check_again(
            session, round_id=place.round_id, plan_id=plan.id, version=version, who=manager, now=NOW
        )  # fmt: skip
    with pytest.raises(NotFound), store.writing() as session:
        plan_evening(
            session, round_id=place.round_id, name="Nog eens", held_on=NOW.date(), place="Zaal",
            budget_cents=100, lot_seed="1", plan_ids=[plan.id], who=manager, now=NOW,
        )  # fmt: skip
