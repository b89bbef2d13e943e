"""A seat that was taken away counts nowhere any more, and nobody counts more scores than people."""

import threading
from datetime import date

from pb.evening import queries
from pb.evening.actions.joining import check_in, device_sha256, sit_down
from pb.evening.actions.moving import press_next
from pb.evening.actions.planning import plan_evening
from pb.evening.actions.scoring import take_position
from pb.evening.rules.score import ScoreRequest
from pb.evening.rules.steps import BudgetAbovePot
from pb.panel.actions import add_invited, remove_seat
from pb.panel.rules.origins import Origin
from pb.panel.rules.people_file import InvitedPerson
from pb.people.rules import Role
from pb.plans.actions import add_ready_plan
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood, email_of
from support.visitor import Visitor

CARD_KEY = b"a made-up key to make cards with"


def _plan(store: Store, place: Neighbourhood, title: str) -> int:
    with store.writing() as session:
        return add_ready_plan(
            session, round_id=place.round_id, title=title, want="", ask_cents=100_000, least_cents=0,
            source_ref=None, who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip


def _evening(store: Store, place: Neighbourhood, plan_id: int, budget_cents: int = 100_000) -> int:
    with store.writing() as session:
        return plan_evening(
            session, round_id=place.round_id, name="Avond", held_on=date(2026, 11, 26), place="Hier",
            budget_cents=budget_cents, lot_seed="1-2-3", plan_ids=[plan_id],
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip


def _open_for_scores(store: Store, place: Neighbourhood) -> tuple[int, list[int]]:
    evening_id = _evening(store, place, _plan(store, place, "Moestuin"))
    host = place.who(Role.FACILITATOR)
    with store.writing() as session:
        seats = add_invited(
            session, round_id=place.round_id, card_key=CARD_KEY, who=host, now=NOW,
            people=[
                InvitedPerson(row=row, name=f"Proef {row}", email="", phone="", origin=Origin.INVITED)
                for row in range(1, 4)
            ],
        )  # fmt: skip
        for version, step in enumerate(("open_doors-0", "show_plan-1", "open_scoring-1"), start=1):
            press_next(session, evening_id=evening_id, step=step, version=version, who=host, now=NOW)
            if version == 1:
                for seat_id in seats:
                    check_in(session, evening_id=evening_id, seat_id=seat_id, inside=True, who=host, now=NOW)
    return evening_id, seats


def test_a_seat_that_is_taken_away_during_the_evening_is_not_in_the_room(
    store: Store, place: Neighbourhood
) -> None:
    evening_id, seats = _open_for_scores(store, place)
    with store.writing() as session:
        remove_seat(
            session, round_id=place.round_id, seat_id=seats[0], forget_person=False,
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
        press_next(
            session, evening_id=evening_id, step="close_scoring-1", version=4,
            who=place.who(Role.FACILITATOR), now=NOW,
        )  # fmt: skip
    with store.reading() as session:
        assert queries.present_seats(session, evening_id=evening_id) == set(seats[1:])
        [found] = queries.ballots(session, evening_id=evening_id)
    assert found.present == set(seats[1:])


def test_who_goes_home_after_a_score_still_counts_among_those_who_could(
    store: Store, place: Neighbourhood, visitor: Visitor
) -> None:
    evening_id, seats = _open_for_scores(store, place)
    with store.writing() as session:
        phone = sit_down(session, evening_id=evening_id, seat_id=seats[0], now=NOW)
        evening = queries.evening_facts(session, evening_id=evening_id)
        take_position(
            session, evening_id=evening_id, device_sha256=device_sha256(phone), now=NOW,
            request=ScoreRequest(op="A" * 22, n=1, item=evening.items[0].id, score=5, v=1),
        )  # fmt: skip
        for seat_id in seats:
            check_in(
                session, evening_id=evening_id, seat_id=seat_id, inside=False,
                who=place.who(Role.FACILITATOR), now=NOW,
            )  # fmt: skip
    visitor.log_in(email_of(Role.FACILITATOR))
    assert "1 van 1 mensen" in visitor.get(f"/avond/{evening_id}/console").text


def test_two_evenings_that_are_planned_at_once_do_not_count_on_the_same_money(
    store: Store, place: Neighbourhood
) -> None:
    plans = [_plan(store, place, "Eén"), _plan(store, place, "Twee")]
    most = 7_500_000
    refused = []

    def second() -> None:
        try:
            _evening(store, place, plans[1], most)
        except BudgetAbovePot:
            refused.append(True)

    with store.writing() as session:
        plan_evening(
            session, round_id=place.round_id, name="Eerste", held_on=date(2026, 11, 26), place="Hier",
            budget_cents=most, lot_seed="1-2-3", plan_ids=[plans[0]],
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip
        other = threading.Thread(target=second)
        other.start()
        other.join(timeout=0.5)
    other.join(timeout=10)
    assert refused == [True]
    with store.reading() as session:
        assert queries.claimed_cents(session, round_id=place.round_id) == most
