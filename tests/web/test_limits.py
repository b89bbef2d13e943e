"""Slow down who fails, by a count in memory that names nobody."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pb.web.limits import Limit, counted_as


def test_a_share_is_used_up_and_no_other_key_notices() -> None:
    limit = Limit(most=3, seconds=60)
    assert [limit.take("a") for _ in range(5)] == [True, True, True, False, False]
    assert limit.take("b")
    assert limit.reached("a")
    assert not limit.reached("b")


def test_what_is_long_ago_weighs_no_more() -> None:
    limit = Limit(most=1, seconds=0.05)
    assert limit.take("a")
    threading.Event().wait(0.08)
    assert not limit.reached("a")
    assert limit.take("a")


def test_a_success_takes_back_its_own_count() -> None:
    limit = Limit(most=2, seconds=60)
    limit.forgive("a")
    for _ in range(10):
        limit.count("a")
        limit.forgive("a")
    assert not limit.reached("a")
    limit.count("a")
    limit.count("a")
    assert limit.reached("a")


def test_no_key_is_kept_as_it_is() -> None:
    limit = Limit(most=2, seconds=60)
    limit.count("192.0.2.1")
    assert "192.0.2.1" not in repr(vars(limit))
    assert Limit(most=2, seconds=60)._salt != limit._salt


def test_many_at_once_never_get_more_than_the_share() -> None:
    limit = Limit(most=50, seconds=60)
    with ThreadPoolExecutor(20) as threads:
        taken = list(threads.map(lambda _n: limit.take("a"), range(500)))
    assert sum(taken) == 50


def test_memory_does_not_grow_with_everyone_who_ever_came() -> None:
    limit = Limit(most=1, seconds=0.0)
    for number in range(10_050):
        limit.count(str(number))
    assert len(limit._events) < 10_050


@pytest.mark.parametrize(
    ("address", "other", "same"),
    [
        # Whoever has a /64 writes each address in it, so a /64 is one visitor.
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("192.0.2.1", "192.0.2.2", False),
        # The same address, written as IPv6.
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("", "unix:", False),
    ],
)
def test_one_household_is_one_visitor_however_many_addresses_it_has(
    address: str, other: str, same: bool
) -> None:
    assert (counted_as(address) == counted_as(other)) is same
