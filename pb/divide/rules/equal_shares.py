"""Equal shares: everybody owns the same part of the pot and pays only for what they want.

Source: Peters and Skowron's Method of Equal Shares; completions as on equalshares.net.

Money is held as whole numbers over one common denominator, so that everything stays exact and fast. Beside
every amount stands how it changes when everybody's endowment grows; so a run knows up to which endowment
it would go the same way, and the completion can leap over the steps between.
"""

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from pb.divide.rules.config import Completion


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan for sale: its price, and the places of the voters who want it, by how many points (above 0).

    Ties: between offers at the same price per point the first of the list is bought.
    """

    cost: int
    wanted: Mapping[int, Sequence[int]]

    @property
    def points(self) -> int:
        """Sum up how much all together want it."""
        total = 0
        for points, voters in self.wanted.items():
            total += points * len(voters)
        return total


@dataclass(frozen=True, slots=True)
class Purchase:
    """A run: what was bought, in order, and how much more endowment surely changes nothing (none: any)."""

    bought: tuple[int, ...]
    same_until: Fraction | None


def equal_shares(
    offers: Sequence[Offer], voters: int, pot: int, completion: Completion, increment: int
) -> list[int]:
    """Buy offers with everybody's equal part of the pot; give their places in the order of purchase.

    An offer that nobody wants is never bought.
    """
    if not voters:
        return []
    if completion in (Completion.ADD1, Completion.ADD1_UTIL):
        bought = list(_raised(offers, voters, pot, increment))
    else:
        bought = list(_run(offers, voters, Fraction(pot, voters), watching=False).bought)
    if completion in (Completion.UTIL, Completion.ADD1_UTIL):
        bought += _best_per_cost(offers, bought, pot)
    return bought


def _raised(offers: Sequence[Offer], voters: int, pot: int, increment: int) -> tuple[int, ...]:
    """Raise all endowments step by step while the outcome fits in the pot and something more would fit."""
    steps = 0
    found = buy(offers, voters, Fraction(pot, voters))
    while not _exhausted(offers, found.bought, pot) and found.same_until is not None:
        leap = found.same_until / increment
        steps += max(1, -(-leap.numerator // leap.denominator))
        richer = buy(offers, voters, Fraction(pot, voters) + steps * increment)
        if sum(offers[place].cost for place in richer.bought) > pot:
            break
        found = richer
    return found.bought


def _exhausted(offers: Sequence[Offer], bought: Sequence[int], pot: int) -> bool:
    left = pot - sum(offers[place].cost for place in bought)
    have = set(bought)
    return all(
        offer.cost > left or not offer.wanted for place, offer in enumerate(offers) if place not in have
    )


def _best_per_cost(offers: Sequence[Offer], bought: Sequence[int], pot: int) -> list[int]:
    left = pot - sum(offers[place].cost for place in bought)
    have = set(bought)
    more = []
    for place in by_points_per_cost(offers):
        if place not in have and offers[place].cost <= left:
            more.append(place)
            left -= offers[place].cost
    return more


def by_points_per_cost(offers: Sequence[Offer]) -> list[int]:
    """Put wanted offers in order of points per unit of cost, highest first."""
    wanted = [place for place, offer in enumerate(offers) if offer.wanted]
    return sorted(
        wanted,
        key=lambda place: (offers[place].cost > 0, -Fraction(offers[place].points, offers[place].cost or 1)),
    )


def buy(offers: Sequence[Offer], voters: int, endowment: Fraction) -> Purchase:
    """Buy, again and again, the offer that costs its supporters least per point.

    Ties: the first of the list.
    """
    return _run(offers, voters, endowment, watching=True)


class _Price:
    """What one point costs, ``above / below``, changing by ``slope / below`` per cent endowed.

    ``floor`` is its whole part in very small coins: where two of those differ, so do the prices.
    """

    __slots__ = ("above", "below", "floor", "slope")

    def __init__(self, above: int, below: int, slope: int) -> None:
        self.above, self.below, self.slope = above, below, slope
        self.floor = (above << 64) // below

    def is_before(self, place: int, other: "_Price", other_place: int) -> bool:
        """Say whether this price is lower, or equal and of an earlier place."""
        if self.floor != other.floor:
            return self.floor < other.floor
        mine, theirs = self.above * other.below, other.above * self.below
        return mine < theirs or (mine == theirs and place < other_place)


def _run(offers: Sequence[Offer], voters: int, endowment: Fraction, *, watching: bool) -> Purchase:
    """Purses only shrink, so prices only rise: an old price is a lower bound, and often that is enough."""
    purse = _Purse(voters, endowment, watching=watching)
    # What a point would cost if nobody ran out: a lower bound, whatever the endowment.
    prices = {
        place: _Price(offer.cost, offer.points, 0) for place, offer in enumerate(offers) if offer.wanted
    }
    queue = [(price.floor, place) for place, price in prices.items()]
    heapq.heapify(queue)
    bought = []
    while queue:
        best = _cheapest(queue, prices, offers, purse)
        if best is None:
            break
        price = prices.pop(best)
        if watching:
            for other in prices.values():
                purse.watch_order(price, other)
        purse.pay(offers[best], price)
        bought.append(best)
    return Purchase(bought=tuple(bought), same_until=purse.same_until)


def _cheapest(
    queue: list[tuple[int, int]], prices: dict[int, _Price], offers: Sequence[Offer], purse: "_Purse"
) -> int | None:
    """Find the cheapest offer, and know more of ``prices``: what cannot be paid any more goes from it."""
    best: int | None = None
    seen = []
    while queue and (best is None or queue[0][0] <= prices[best].floor):
        _, place = heapq.heappop(queue)
        found = purse.price(offers[place])
        if found is None:
            del prices[place]
            continue
        prices[place] = found
        seen.append(place)
        if best is None or found.is_before(place, prices[best], best):
            best = place
    for place in seen:
        if place != best:
            heapq.heappush(queue, (prices[place].floor, place))
    return best


FEW = 12

# Supporters of an offer who have as much and want it as much: what each has, points, how many, their kind.
_Alike = tuple[int, int, int, int]


class _Purse:
    """What all voters have left.

    Voters who paid for the same things so far have as much: they are of one kind. A voter of kind k has
    ``_left[k] / _base``, changing by ``_slope[k] / _base`` per cent endowed.
    """

    def __init__(self, voters: int, endowment: Fraction, *, watching: bool) -> None:
        self._base = endowment.denominator
        self._kind = [0] * voters
        self._left = [endowment.numerator]
        self._slope = [endowment.denominator]
        self._watching = watching
        # The nearest endowment at which something changes, as gap / speed; nothing does when speed is 0.
        self._gap = self._speed = 0

    @property
    def same_until(self) -> Fraction | None:
        """Say how much more endowment surely changes nothing; none when no amount changes anything."""
        return Fraction(self._gap, self._speed) if self._speed else None

    def _watch(self, gap: int, slope: int) -> None:
        """Note when a gap that is not negative closes, as the endowment grows."""
        if slope < 0 and (not self._speed or gap * self._speed < self._gap * -slope):
            self._gap, self._speed = gap, -slope

    def watch_order(self, price: _Price, other: _Price) -> None:
        """Note when the other price would not be the higher one any more."""
        slope = other.slope * price.below - price.slope * other.below
        if slope < 0:
            self._watch(other.above * price.below - price.above * other.below, slope)

    def price(self, offer: Offer) -> _Price | None:
        """Find the lowest price per point at which supporters can pay together; none if they cannot.

        Who cannot pay the price for all their points pays all they have; then the others pay more.
        """
        base, slopes = self._base, self._slope
        owed, owed_slope, points = offer.cost * base, 0, offer.points
        every = self._put_together(offer)
        have = sum([left * people for left, _, people, _ in every])
        if have < owed:
            if self._watching:
                self._watch(owed - have, -sum([slopes[kind] * people for _, _, people, kind in every]))
            return None
        able = every
        while poor := [alike for alike in able if alike[0] * points < owed * alike[1]]:
            able = [alike for alike in able if alike[0] * points >= owed * alike[1]]
            for left, wants, people, kind in poor:
                owed -= left * people
                owed_slope -= slopes[kind] * people
                points -= wants * people
        if self._watching:
            # When a supporter who can pay could not any more, or the other way round.
            for left, wants, _, kind in every:
                gap, closing = left * points - owed * wants, slopes[kind] * points - owed_slope * wants
                self._watch(*((gap, closing) if gap >= 0 else (-gap, -closing)))
        return _Price(owed, base * points, owed_slope)

    def _put_together(self, offer: Offer) -> list[_Alike]:
        lefts, kinds = self._left, self._kind
        every = []
        if len(lefts) == 1:
            # Nobody has paid for anything yet.
            return [(lefts[0], wants, len(voters), 0) for wants, voters in offer.wanted.items()]
        for wants, voters in offer.wanted.items():
            if len(voters) < FEW:
                # Putting a few together takes longer than it saves.
                every += [(lefts[kind], wants, 1, kind) for kind in map(kinds.__getitem__, voters)]
            else:
                found = Counter(map(kinds.__getitem__, voters))
                every += [(lefts[kind], wants, people, kind) for kind, people in found.items()]
        return every

    def pay(self, offer: Offer, price: _Price) -> None:
        """Let every supporter pay the price for their points, or all they have."""
        shared = gcd(price.above, price.below, price.slope)
        below = price.below // shared
        both = lcm(self._base, below)
        value, slope = (part // shared * (both // below) for part in (price.above, price.slope))
        up = both // self._base
        lefts = [amount * up for amount in self._left]
        slopes = [amount * up for amount in self._slope]
        kinds = self._kind
        for points, voters in offer.wanted.items():
            became: dict[int, int] = {}
            for voter in voters:
                kind = kinds[voter]
                if kind not in became:
                    became[kind] = len(lefts)
                    enough = lefts[kind] >= value * points
                    lefts.append(lefts[kind] - value * points if enough else 0)
                    slopes.append(slopes[kind] - slope * points if enough else 0)
                kinds[voter] = became[kind]
        for kind in set(range(len(lefts))).difference(kinds):
            # Nobody is of this kind any more: let it not hold up the numbers.
            lefts[kind] = slopes[kind] = 0
        # Numbers that fit a machine word are fast as they are.
        shared = gcd(both, *lefts, *slopes) if both >> 60 else 1
        if shared > 1:
            lefts, slopes = ([amount // shared for amount in every] for every in (lefts, slopes))
        self._base, self._left, self._slope = both // shared, lefts, slopes
