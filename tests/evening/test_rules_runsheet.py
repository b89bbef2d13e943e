"""Before the doors open: an order by hand or by lot, sensible minutes, a Wi-Fi that a phone can join."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.lot import lot_key
from pb.evening.rules.agenda import (
    DoorsOpen,
    MinutesOutOfRange,
    Reason,
    WifiNameWrong,
    WifiPasswordWrong,
    check_before_doors,
    check_minutes,
    check_wifi_name,
    check_wifi_password,
    order_by_lot,
    put_at,
    weightier,
)
from pb.evening.rules.steps import Stage

PLANS = st.sets(st.integers(1, 500), min_size=1, max_size=40)


@given(st.text(min_size=1, max_size=40), PLANS)
def test_a_lot_gives_every_plan_one_place_and_the_same_seed_the_same_order(
    seed: str, plans: set[int]
) -> None:
    order = order_by_lot(seed, plans)
    assert sorted(order) == sorted(plans)
    assert order_by_lot(seed, sorted(plans, reverse=True)) == order


@given(st.text(min_size=1, max_size=40), PLANS, st.data())
def test_a_plan_less_leaves_the_others_in_the_order_of_their_lot(
    seed: str, plans: set[int], data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(sorted(plans)))
    before = order_by_lot(seed, plans)
    assert order_by_lot(seed, plans - {gone}) == [plan for plan in before if plan != gone]


def test_anyone_can_draw_the_lot_again_with_one_command_per_plan() -> None:
    drawn = {
        number: hashlib.sha256(f"3-5-1-6-2:agenda-{number}".encode()).hexdigest() for number in (1, 2, 3, 12)
    }
    assert order_by_lot("3-5-1-6-2", drawn) == sorted(drawn, key=lambda number: drawn[number])
    # printf '%s' '3-5-1-6-2:agenda-12' | sha256sum
    assert drawn[12].startswith("1bf82ebfdb")


def test_different_throws_come_to_different_orders() -> None:
    orders = {tuple(order_by_lot(str(throw), range(1, 8))) for throw in range(200)}
    assert len(orders) > 150
    assert {order[0] for order in orders} == set(range(1, 8))


@given(st.lists(st.integers(), unique=True, min_size=1, max_size=12), st.data(), st.integers(-3, 15))
def test_a_plan_that_is_put_somewhere_stands_there_and_the_others_stay_in_their_order(
    order: list[int], data: st.DataObject, to: int
) -> None:
    one = data.draw(st.sampled_from(order))
    after = put_at(order, one, to)
    assert after.index(one) + 1 == min(max(to, 1), len(order))
    assert [each for each in after if each != one] == [each for each in order if each != one]
    assert put_at(after, one, to) == after


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.PREPARED])
def test_once_the_doors_are_open_people_may_count_on_the_agenda(stage: Stage) -> None:
    check_before_doors(Stage.PREPARED)
    with pytest.raises(DoorsOpen):
        check_before_doors(stage)


@pytest.mark.parametrize("minutes", [0, -1, 181, 10_000])
def test_no_minutes_at_all_and_half_a_night_are_typing_errors(minutes: int) -> None:
    for right in (1, 10, 180):
        check_minutes(right)
    with pytest.raises(MinutesOutOfRange):
        check_minutes(minutes)


@pytest.mark.parametrize(
    ("name", "password"),
    [("", ""), ("Buurthuis gasten", ""), ("Buurthuis gasten", "welkom123"), ("Café ☕", "a b;c:\\d,\"e'f")],
)
def test_a_wifi_may_have_any_name_and_any_password_that_a_phone_takes(name: str, password: str) -> None:
    check_wifi_name(name, password)
    check_wifi_password(password)


@pytest.mark.parametrize(
    ("name", "password"), [("", "welkom123"), ("é" * 17, ""), ("a\0b", ""), ("a\nb", "")]
)
def test_a_name_that_no_network_has_is_refused(name: str, password: str) -> None:
    with pytest.raises(WifiNameWrong):
        check_wifi_name(name, password)


@pytest.mark.parametrize(
    "password", ["kort", "1234567", "x" * 64, "wachtwoord één", "wacht\0woord", "a\tbcdefgh"]
)
def test_a_password_that_no_network_has_is_refused(password: str) -> None:
    with pytest.raises(WifiPasswordWrong):
        check_wifi_password(password)


@pytest.mark.parametrize(
    ("known", "said", "stays"),
    [
        ("coach", "interest", "interest"),
        ("interest", "coach", "interest"),
        ("initiator", "coach", "initiator"),
        ("coach", "initiator", "initiator"),
        ("coach", "coach", "coach"),
    ],
)
def test_of_two_reasons_the_one_that_weighs_most_stays(known: str, said: str, stays: str) -> None:
    assert weightier(Reason(known), Reason(said)) is Reason(stays)


def test_the_lot_of_the_agenda_is_not_the_lot_of_plans_that_end_equal() -> None:
    plain = sorted(range(1, 10), key=lambda number: lot_key("6-6-6", str(number)))
    assert order_by_lot("6-6-6", range(1, 10)) != plain
