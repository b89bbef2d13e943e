"""What seats for the network cost, and who can never be drawn: small cases that a person can count."""

import time
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from pb.sortition.lottery.chances import best_chances
from pb.sortition.lottery.foreseeing import foresee
from pb.sortition.lottery.price import Apart, lowest_chance, price_of_network, take_apart
from pb.sortition.queries.prospects import Lost, lost_by_value
from pb.sortition.rules.invited import DRAWN, INVITED, SOURCE, Mode, targets_with_source
from pb.sortition.rules.pool import Person, Pool, Target, make_pool

HOMES = (Target("woning", "huur", 2, 2), Target("woning", "koop", 2, 2))


def people(name: str, **counts: int) -> tuple[Person, ...]:
    return tuple(
        Person(f"{name}-{value}-{number}", (value,)) for value in counts for number in range(counts[value])
    )


def test_two_fixed_seats_halve_the_chance_of_those_who_rent() -> None:
    """Ten rent and ten own; four seats, two each. Two invited people who rent take all seats for renting."""
    letters = people("brief", huur=10, koop=10)
    apart = Apart(("woning",), HOMES, letters, people("netwerk", huur=2), 4)
    without, fixed, nominated = price_of_network(apart, mode=Mode.NOMINATED, network_seats=1)
    assert (without.lowest, without.without) == (Fraction(1, 5), 0)
    # One of them fixed: one seat is left for the ten who rent.
    assert (fixed.seats, fixed.lowest) == (1, Fraction(1, 10))
    # Both in the draw for one seat: the same seat, but somebody must not be named beforehand.
    assert (nominated.seats, nominated.people, nominated.lowest) == (1, 2, Fraction(1, 10))
    without, fixed, nominated = price_of_network(apart, mode=Mode.FIXED, network_seats=0)
    assert (fixed.seats, fixed.lowest, fixed.without) == (2, Fraction(1, 5), 10)
    # More of one kind than their most: it cannot be.
    crowd = Apart(("woning",), HOMES, letters, people("netwerk", huur=3), 4)
    assert price_of_network(crowd, mode=Mode.FIXED, network_seats=0)[1].lowest is None
    nobody = Apart(("woning",), HOMES, letters, (), 4)
    assert price_of_network(nobody, mode=None, network_seats=0) == ()


def test_a_draw_is_taken_apart_the_same_in_both_ways() -> None:
    """Nominated people stand in the pool, fixed ones beside it."""
    letters, network = people("brief", huur=3, koop=3), people("netwerk", huur=2)
    mixed = [
        Person(one.id, (*one.values, source), one.household)
        for source, side in ((DRAWN, letters), (INVITED, network))
        for one in side
    ]
    targets = targets_with_source(HOMES, seats=4, nominated_seats=1)
    nominated = take_apart(make_pool(("woning", SOURCE), targets, mixed, 4), ())
    fixed = take_apart(make_pool(("woning",), HOMES, letters, 4), network)
    assert nominated.features == fixed.features == ("woning",)
    assert (nominated.targets, nominated.seats) == (fixed.targets, fixed.seats)
    assert {one.id for one in nominated.network} == {one.id for one in fixed.network}
    assert set(nominated.letters) == set(fixed.letters)


def test_who_has_no_chance_is_told_by_one_answer_and_never_by_a_combination() -> None:
    """Three are old and nobody old can be drawn; one more has answers that together fit nowhere."""
    rows = [("oud", "huur")] * 2 + [("oud", "koop")] + [("jong", "koop")] + [("jong", "huur")] * 3
    pool = make_pool(("leeftijd", "woning"), (), [Person(f"p{n}", row) for n, row in enumerate(rows)], 2)
    chances = {f"p{n}": Fraction(0) if n < 4 else Fraction(2, 3) for n in range(len(rows))}
    # All who own are without as well, but three of four are told of already.
    assert lost_by_value(pool, chances) == (Lost("leeftijd", "oud", 3), Lost("woning", "koop", 1))
    chances["p0"] = Fraction(1, 9)
    assert lost_by_value(pool, chances) == (Lost("woning", "koop", 2), Lost("", "", 1))
    assert lost_by_value(pool, dict.fromkeys(chances, Fraction(1))) == ()


def made_up(count: int, seed: int, name: str = "p") -> list[Person]:
    dice = Random(seed)
    values = (("jong", "midden", "oud"), ("v", "m"), ("laag", "hoog"))
    return [
        Person(f"{name}{n}", tuple(dice.choice(one) for one in values), f"huis {dice.randrange(3 * count)}")
        for n in range(count)
    ]


def pool_of(count: int, seed: int, seats: int = 6) -> Pool:
    targets = [
        *(Target("leeftijd", value, 1, 3) for value in ("jong", "midden", "oud")),
        *(Target("geslacht", value, 2, 4) for value in ("v", "m")),
        *(Target("opleiding", value, 1, 5) for value in ("laag", "hoog")),
    ]
    return make_pool(("leeftijd", "geslacht", "opleiding"), targets, made_up(count, seed), seats)


@settings(max_examples=40)
@given(st.integers(6, 40), st.integers(0, 10_000))
def test_the_quick_lowest_chance_is_that_of_the_whole_computation(count: int, seed: int) -> None:
    """It leaves out only what is not needed to tell a price."""
    pool = pool_of(count, seed)
    whole = best_chances(pool)
    lowest, without = lowest_chance(pool)
    if whole is None or not whole.lowest:
        assert lowest is None
    else:
        assert lowest is not None
        assert abs(lowest - whole.lowest) < Fraction(1, 10_000)
        assert without == set(whole.without_chance())


def test_a_thousand_people_are_weighed_within_two_seconds() -> None:
    """Chances and the price of the network together, in seconds of the processor."""
    features = tuple(f"k{n}" for n in range(7))
    dice = Random(7)
    values = ("a", "b", "c", "d")

    def crowd(count: int, name: str) -> list[Person]:
        return [
            Person(
                f"{name}{n}",
                tuple(dice.choices(values, (4, 3, 2, 1))[0] for _ in features),
                f"{name}{n // 2}",
            )
            for n in range(count)
        ]

    targets = [
        Target(feature, value, most - 8, most)
        for feature in features
        for value, most in zip(values, (20, 16, 12, 8), strict=True)
    ]
    apart = Apart(features, tuple(targets), tuple(crowd(1000, "brief")), tuple(crowd(36, "netwerk")), 40)
    began = time.process_time()
    prospect = foresee(make_pool(features, targets, apart.letters, 40))
    offers = price_of_network(apart, mode=Mode.NOMINATED, network_seats=12)
    assert time.process_time() - began < 2
    assert abs((offers[0].lowest or 0) - prospect.chances.lowest) < Fraction(1, 10_000)
    assert all(offer.lowest is not None for offer in offers)
