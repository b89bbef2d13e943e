"""The rounds of the public beacon: which number comes when."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pb.sortition.rules.beacon import first_round_after, quicknet_round

BEGAN = datetime(2023, 8, 23, 15, 9, 27, tzinfo=UTC)


def test_a_round_comes_when_the_beacon_says_it_comes() -> None:
    # Source: the chain's own facts (began at 1692803367, each 3 seconds), and the worked example in the
    # description of the gem drand: round 27946612 comes at the first second of 20 April 2026 UTC.
    assert quicknet_round(1).at == BEGAN
    assert quicknet_round(27_946_612).at == datetime(2026, 4, 20, tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001
def test_the_round_that_is_announced_is_the_first_one_that_is_still_to_come(moment: datetime) -> None:
    at = moment.replace(tzinfo=UTC)
    beacon = first_round_after(at)
    assert beacon.at > at
    if beacon.round > 1:
        assert quicknet_round(beacon.round - 1).at <= at
        assert beacon.at - at <= timedelta(seconds=3)
