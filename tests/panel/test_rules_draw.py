"""A draw of addresses: anyone draws the same again, and every dwelling has one ticket."""

import hashlib
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.errors import BadInput
from pb.panel.rules.address import Address
from pb.panel.rules.draw import check_seed, draw_addresses, order_by_lot, pool_sha256


def dwelling(number: int, *, street: str = "Hof") -> Address:
    return Address(street, number, "", "", "1234 AB", "Dorp", "", "")


STREET = [dwelling(number) for number in range(1, 41)]
STREETS = st.sets(st.integers(1, 60), min_size=2, max_size=25).map(
    lambda numbers: [dwelling(n) for n in sorted(numbers)]
)
SEEDS = st.text(st.sampled_from("0123456789abcdef"), min_size=1, max_size=12)


def test_a_draw_is_worked_out_with_nothing_but_sha256() -> None:
    tickets = {
        hashlib.sha256(f"zaal 3, 14 maart:1234AB:{number}::".encode()).hexdigest(): number
        for number in range(1, 41)
    }
    by_hand = [tickets[ticket] for ticket in sorted(tickets)]
    result = draw_addresses(STREET, 5, "zaal 3, 14 maart", reserves=3)
    assert [address.number for address in result.chosen] == by_hand[:5]
    assert [address.number for address in result.reserves] == by_hand[5:8]
    listed = ",".join(sorted(f'"1234AB:{number}::"' for number in range(1, 41)))
    assert result.pool_sha256 == hashlib.sha256(f"[{listed}]".encode()).hexdigest()
    assert (result.seed, result.wanted, result.pool_size, result.seated) == ("zaal 3, 14 maart", 5, 40, 0)


@given(STREETS, SEEDS, st.data())
def test_the_order_of_the_list_and_double_rows_do_not_count(
    street: list[Address], seed: str, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, len(street)))
    shuffled = data.draw(st.permutations(street + street[:3]))
    assert draw_addresses(street, count, seed) == draw_addresses(shuffled, count, seed)


@given(STREETS, SEEDS, st.integers(61, 99), st.data())
def test_an_address_that_comes_takes_at_most_its_own_place(
    street: list[Address], seed: str, number: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, len(street)))
    newcomer = dwelling(number)
    before = draw_addresses(street, count, seed).chosen
    after = draw_addresses([*street, newcomer], count, seed).chosen
    if newcomer in after:
        assert [address for address in after if address != newcomer] == list(before[:-1])
    else:
        assert after == before


@given(STREETS, SEEDS)
def test_reserves_come_after_the_chosen_and_run_out_with_the_list(street: list[Address], seed: str) -> None:
    everyone = draw_addresses(street, len(street), seed)
    assert everyone.reserves == ()
    few = draw_addresses(street, 1, seed, reserves=1000)
    assert few.chosen + few.reserves == everyone.chosen
    assert sorted(everyone.chosen) == sorted(street)


@given(STREETS, SEEDS, st.data())
def test_an_address_with_a_seat_is_not_drawn_and_changes_nothing_for_the_others(
    street: list[Address], seed: str, data: st.DataObject
) -> None:
    seated = data.draw(st.lists(st.sampled_from(street), unique=True, max_size=len(street) - 1))
    free = [address for address in street if address not in seated]
    keys = {address.key for address in seated} | {"9999ZZ:1::"}
    result = draw_addresses(street, len(free), seed, seated=keys)
    without = draw_addresses(free, len(free), seed)
    assert result.chosen == without.chosen
    assert (result.pool_size, result.pool_sha256) == (without.pool_size, without.pool_sha256)
    assert result.seated == len(seated)


def test_an_address_spelt_in_two_ways_has_one_ticket_and_one_outcome() -> None:
    one, other = dwelling(1, street="Hofstraat"), dwelling(1, street="Hofstr.")
    for both in ([one, other], [other, one]):
        result = draw_addresses(both, 1, "zaad", reserves=5)
        assert result.pool_size == 1
        assert result.chosen + result.reserves == (other,)


def test_a_stored_draw_is_done_again_from_its_keys() -> None:
    result = draw_addresses(STREET, 7, "zaad")
    keys = [address.key for address in reversed(STREET)]
    assert order_by_lot(keys + keys, "zaad")[:7] == [address.key for address in result.chosen]
    assert pool_sha256(keys + keys) == result.pool_sha256


def test_another_process_draws_the_same() -> None:
    code = (
        "from pb.panel.rules.draw import order_by_lot\n"
        "print(order_by_lot({f'1234AB:{n}::' for n in range(1, 41)}, 'zaad'))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert printed == {str(order_by_lot((address.key for address in STREET), "zaad"))}


def test_over_many_seeds_every_address_is_drawn_about_equally_often() -> None:
    drawn = Counter(
        address.number for seed in range(2_000) for address in draw_addresses(STREET, 10, str(seed)).chosen
    )
    # 2,000 draws with chance 1/4 give 500 with a standard deviation of 19.4; five of them is wide.
    assert set(drawn) == set(range(1, 41))
    assert all(abs(times - 500) < 97 for times in drawn.values())


@pytest.mark.parametrize(
    ("count", "reserves", "seed", "code"),
    [
        (0, 0, "zaad", "panel.draw-count-wrong"),
        (-1, 0, "zaad", "panel.draw-count-wrong"),
        (1, -1, "zaad", "panel.draw-count-wrong"),
        (41, 0, "zaad", "panel.draw-pool-too-small"),
        (1, 0, "", "panel.draw-seed-wrong"),
        (1, 0, " ", "panel.draw-seed-wrong"),
        (1, 0, " zaad", "panel.draw-seed-wrong"),
        (1, 0, "zaad\n", "panel.draw-seed-wrong"),
        (1, 0, "za  ad", "panel.draw-seed-wrong"),
        (1, 0, "zäad", "panel.draw-seed-wrong"),
        (1, 0, "za\0ad", "panel.draw-seed-wrong"),
        (1, 0, "z" * 201, "panel.draw-seed-wrong"),
    ],
)
def test_a_draw_that_cannot_be_held_is_refused(count: int, reserves: int, seed: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        draw_addresses(STREET, count, seed, reserves=reserves)
    assert refused.value.code == code


def test_a_pool_that_is_too_small_tells_how_many_are_missing() -> None:
    with pytest.raises(BadInput) as refused:
        draw_addresses(STREET, 41, "zaad", seated={"1234AB:1::", "1234AB:2::"})
    assert refused.value.facts == {"wanted": 41, "pool_size": 38, "seated": 2, "short": 3}
    assert len(draw_addresses(STREET, 40, "zaad").chosen) == 40


def test_a_seed_may_be_a_sentence_of_two_hundred_characters() -> None:
    check_seed("z" * 200)
    check_seed("Staatsloterij 10 januari: 4 8 15 16 23 42")
