"""What seats for people of the network cost those who got a letter: the lowest chance, three times over."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pb.core.errors import BadInput
from pb.core.lot import lot_key
from pb.sortition.lottery.solver import INFINITE, Model, Rows
from pb.sortition.rules.groups import Grouping, group_by_kind
from pb.sortition.rules.invited import (
    DRAWN,
    INVITED,
    NOMINEES_A_SEAT,
    SOURCE,
    Mode,
    seat_first,
    targets_with_source,
)
from pb.sortition.rules.pool import Person, Pool, Target, make_pool

_NONE: Final = 1e-9
_PRICED: Final = 1e-8
_EXACT_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Offer:
    """Hold one way to give seats to the network, and what it does to who got a letter.

    ``lowest`` is about the people with a letter that can be drawn; None when the targets do not allow it.
    ``without`` of them can never be drawn. ``seats`` are those of the network.
    """

    way: str
    seats: int
    people: int
    lowest: Fraction | None
    without: int


@dataclass(frozen=True, slots=True)
class Apart:
    """Hold who can be drawn, with the targets as they were asked for, apart from how the network sits."""

    features: tuple[str, ...]
    targets: tuple[Target, ...]
    letters: tuple[Person, ...]
    network: tuple[Person, ...]
    seats: int


def take_apart(whole: Pool, invited: Sequence[Person]) -> Apart:
    """Separate people with a letter from people of the network, whichever way they stand in a draw."""
    if SOURCE not in whole.features:
        return Apart(whole.features, whole.targets, whole.people, tuple(invited), whole.seats)
    place = whole.features.index(SOURCE)

    def bare(person: Person) -> Person:
        return Person(person.id, (*person.values[:place], *person.values[place + 1 :]), person.household)

    return Apart(
        features=(*whole.features[:place], *whole.features[place + 1 :]),
        targets=tuple(target for target in whole.targets if target.feature != SOURCE),
        letters=tuple(bare(person) for person in whole.people if person.values[place] == DRAWN),
        network=tuple(bare(person) for person in whole.people if person.values[place] == INVITED),
        seats=whole.seats,
    )


def price_of_network(
    apart: Apart, *, mode: Mode | None, network_seats: int, known: Fraction | None = None, lost: int = 0
) -> tuple[Offer, ...]:
    """Compare the network without seats, with fixed seats, and nominated; both ways for as many seats.

    With more people than seats some of them, by a lot of their codes, stand for the fixed ones. ``known``
    is the lowest chance of the way that was chosen, with ``lost`` people without one, when it was computed.
    Units: chances as near as a solver gives them, for telling; what is frozen is computed exactly.
    """
    count = len(apart.network)
    if not count or not apart.letters:
        return ()
    is_nominated = mode is Mode.NOMINATED
    seats = min(count, network_seats) if is_nominated else count
    some = sorted(apart.network, key=lambda person: lot_key("price", person.id))[:seats]
    asked = seats if is_nominated else -(-count // NOMINEES_A_SEAT)
    chosen = None if known is None else Offer(str(mode), seats, count, known, lost)
    offers = [_offer("without", 0, 0, _pool(apart, apart.letters))]
    if seats:
        fixed = chosen if mode is Mode.FIXED else None
        offers.append(fixed or _offer("fixed", seats, seats, _fixed(apart, some)))
    nominated = chosen if is_nominated else None
    offers.append(nominated or _offer("nominated", asked, count, _nominated(apart, asked)))
    return tuple(offers)


def lowest_chance(pool: Pool) -> tuple[Fraction | None, frozenset[str]]:
    """Compute only the best lowest chance, and who has none at all; None when targets contradict.

    People whom no whole panel can hold although a mix of parts of panels would, are not looked for.
    """
    grouping = group_by_kind(pool)
    aside: set[int] = set()
    model = _model(grouping)
    own = len(grouping.rows)
    size = len(grouping.groups)
    while len(aside) < size:
        solved = model.solve()
        if solved is None:
            return None, frozenset()
        level = float(solved.columns[size])
        if level > _NONE:
            return Fraction(level).limit_denominator(_EXACT_MOST), _members(grouping, aside)
        more = [
            place
            for place in range(size)
            if place not in aside and abs(solved.row_prices[own + place]) > _PRICED
        ]
        if not more:
            return None, frozenset()
        for place in more:
            model.bound_column(place, 0.0, 0.0)
            model.bound_row(own + place, -INFINITE, INFINITE)
        aside.update(more)
    return None, _members(grouping, aside)


def _model(grouping: Grouping) -> Model:
    size = len(grouping.groups)
    rows = Rows.none()
    for row in grouping.rows:
        rows.add(row.places, row.weights, row.least, row.most)
    for place in range(size):
        rows.add((place, size), (1.0, -1.0), 0.0, INFINITE)
    return Model([0.0] * size + [-1.0], [0.0] * (size + 1), [1.0] * size + [2.0], rows)


def _members(grouping: Grouping, places: set[int]) -> frozenset[str]:
    return frozenset(one for place in places for one in grouping.groups[place].members)


def _pool(apart: Apart, people: Sequence[Person]) -> Pool:
    return make_pool(apart.features, apart.targets, people, apart.seats)


def _fixed(apart: Apart, some: Sequence[Person]) -> Pool | None:
    try:
        return seat_first(_pool(apart, apart.letters), some).pool
    except BadInput:
        return None


def _nominated(apart: Apart, seats: int) -> Pool:
    people = [
        Person(person.id, (*person.values, source), person.household)
        for source, side in ((DRAWN, apart.letters), (INVITED, apart.network))
        for person in side
    ]
    targets = targets_with_source(apart.targets, seats=apart.seats, nominated_seats=seats)
    return make_pool((*apart.features, SOURCE), targets, people, apart.seats)


def _offer(way: str, seats: int, people: int, pool: Pool | None) -> Offer:
    if pool is None or not pool.people:
        return Offer(way, seats, people, None, 0)
    lowest, without = lowest_chance(pool)
    if SOURCE in pool.features:
        place = pool.features.index(SOURCE)
        without = frozenset(one for one in without if pool.by_id[one].values[place] == DRAWN)
    return Offer(way, seats, people, lowest, len(without))
