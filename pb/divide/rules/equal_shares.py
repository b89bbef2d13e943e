"""Equal shares: everybody owns the same part of the pot and pays only for what they want.

Source: Peters and Skowron's Method of Equal Shares; completions as on equalshares.net.

Money is held as whole numbers over one common denominator, so that everything stays exact and fast. Beside
every amount stands how it changes when everybody's endowment grows; so a run knows up to which endowment
it would go the same way, and the completion can leap over the steps between.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from pb.divide.rules.config import Completion


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan for sale: its price, and who wants it how much (voter's place, points above 0).

    Ties: between offers at the same price per point the first of the list is bought.
    """

    cost: int
    wanted: Sequence[tuple[int, int]]

    @property
    def points(self) -> int:
        """Sum up how much all together want it."""
        return sum(points for _, points in self.wanted)


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
        bought = list(buy(offers, voters, Fraction(pot, voters)).bought)
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
    purse = _Purse(voters, endowment)
    queue = [(Fraction(0), place) for place, offer in enumerate(offers) if offer.wanted]
    heapq.heapify(queue)
    slopes: dict[int, Fraction] = {}
    bought = []
    while queue:
        _, place = heapq.heappop(queue)
        price = purse.price(offers[place])
        if price is None:
            continue
        slopes[place] = price.slope
        # Purses only shrink, so prices only rise: an old price is a lower bound.
        if queue and (price.value, place) > queue[0]:
            heapq.heappush(queue, (price.value, place))
            continue
        for other_value, other in queue:
            purse.watch(other_value - price.value, slopes.get(other, Fraction(0)) - price.slope)
        purse.pay(offers[place], price)
        bought.append(place)
    return Purchase(bought=tuple(bought), same_until=purse.same_until)


@dataclass(frozen=True, slots=True)
class _Price:
    """What one point costs, and how that changes with the endowment."""

    value: Fraction
    slope: Fraction


class _Purse:
    """What all voters have left: ``_left[v] / _base``, changing by ``_slope[v] / _base`` per cent endowed."""

    def __init__(self, voters: int, endowment: Fraction) -> None:
        self._base = endowment.denominator
        self._left = [endowment.numerator] * voters
        self._slope = [endowment.denominator] * voters
        self.same_until: Fraction | None = None

    def watch(self, gap: Fraction, slope: Fraction) -> None:
        """Note when a gap that is not negative closes, as the endowment grows."""
        if slope < 0 and (self.same_until is None or gap < self.same_until * -slope):
            self.same_until = gap / -slope

    def price(self, offer: Offer) -> _Price | None:
        """Find the lowest price per point at which supporters can pay together; none if they cannot.

        Who cannot pay the price for all their points pays all they have; then the others pay more.
        """
        cost = offer.cost * self._base
        have = sum(self._left[voter] for voter, _ in offer.wanted)
        grows = sum(self._slope[voter] for voter, _ in offer.wanted)
        if have < cost:
            self.watch(Fraction(cost - have, self._base), Fraction(-grows, self._base))
            return None
        self.watch(Fraction(have - cost, self._base), Fraction(grows, self._base))
        able: Sequence[tuple[int, int]] = offer.wanted
        owed, owed_slope, points = cost, 0, offer.points
        while True:
            still, paid, paid_slope, paid_points = [], 0, 0, 0
            for pair in able:
                voter, wants = pair
                if self._left[voter] * points >= owed * wants:
                    still.append(pair)
                else:
                    paid += self._left[voter]
                    paid_slope += self._slope[voter]
                    paid_points += wants
            if not paid_points:
                break
            owed, owed_slope, points = owed - paid, owed_slope - paid_slope, points - paid_points
            able = still
        self._watch_shortage(offer, owed, owed_slope, points)
        return _Price(Fraction(owed, self._base * points), Fraction(owed_slope, self._base * points))

    def _watch_shortage(self, offer: Offer, owed: int, owed_slope: int, points: int) -> None:
        """Note when a supporter who can pay could not any more, or the other way round."""
        best_gap, best_slope = (0, 0) if self.same_until is None else self.same_until.as_integer_ratio()
        for voter, wants in offer.wanted:
            gap = self._left[voter] * points - owed * wants
            slope = self._slope[voter] * points - owed_slope * wants
            if gap < 0:
                gap, slope = -gap, -slope
            if slope < 0 and (not best_slope or gap * best_slope < best_gap * -slope):
                best_gap, best_slope = gap, -slope
        if best_slope:
            self.same_until = Fraction(best_gap, best_slope)

    def pay(self, offer: Offer, price: _Price) -> None:
        """Let every supporter pay the price for their points, or all they have."""
        base = (
            price.value.denominator
            * price.slope.denominator
            // gcd(price.value.denominator, price.slope.denominator)
        )
        both = self._base * base // gcd(self._base, base)
        up = both // self._base
        value = int(price.value * both)
        slope = int(price.slope * both)
        left = [amount * up for amount in self._left]
        slopes = [amount * up for amount in self._slope]
        for voter, wants in offer.wanted:
            if left[voter] >= value * wants:
                left[voter] -= value * wants
                slopes[voter] -= slope * wants
            else:
                left[voter] = slopes[voter] = 0
        shared = gcd(both, *left, *slopes)
        self._base = both // shared
        self._left = [amount // shared for amount in left]
        self._slope = [amount // shared for amount in slopes]
