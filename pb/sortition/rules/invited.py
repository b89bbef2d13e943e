"""Invited people in a stratified draw: fixed in their seats, or nominated and drawn too."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from pb.core.errors import BadInput
from pb.sortition.rules.pool import Person, Pool, Target
from pb.sortition.rules.refusals import (
    LotteryInvitedExceed,
    LotteryInvitedExceedSeats,
    LotteryInvitedInPool,
    LotteryValueFull,
)

SOURCE: Final = "bron"
DRAWN: Final = "geloot"
INVITED: Final = "genodigd"
NOMINEES_A_SEAT: Final = 3


class Mode(StrEnum):
    """Name how invited people take part."""

    FIXED = "fixed"
    NOMINATED = "nominated"


@dataclass(frozen=True)
class Seated:
    """Hold what is left to draw once some people have their seats.

    ``address_mates`` left the pool because somebody at their address has a seat.
    """

    pool: Pool
    seated: tuple[Person, ...]
    address_mates: tuple[str, ...]
    doubts: tuple[BadInput, ...] = ()


def seat_first(pool: Pool, seated: Sequence[Person]) -> Seated:
    """Give people their seats, and lower targets and seats by what they fill.

    Raises: LotteryInvitedExceedSeats, LotteryInvitedExceed, LotteryInvitedInPool.
    """
    refuse_in_both(pool.people, seated)
    if len(seated) >= pool.seats:
        raise LotteryInvitedExceedSeats(invited=len(seated), seats=pool.seats)
    taken: Counter[tuple[str, str]] = Counter()
    for person in seated:
        taken.update(zip(pool.features, person.values, strict=True))
    left = tuple(_lower(target, taken[target.key]) for target in pool.targets)
    over = [
        {"value": target.value, "feature": target.feature, "invited": taken[target.key], "most": target.most}
        for target in pool.targets
        if taken[target.key] > target.most
    ]
    if over:
        raise LotteryInvitedExceed(values=tuple(over))
    homes = {person.household for person in seated} - {None}
    mates = tuple(person.id for person in pool.people if person.household in homes)
    gone = set(mates)
    rest = Pool(
        pool.features, left, tuple(person for person in pool.people if person.id not in gone),
        pool.seats - len(seated),
    )  # fmt: skip
    doubts = tuple(
        LotteryValueFull(value=target.value, people=people)
        for target, before in zip(left, pool.targets, strict=True)
        if target.most == 0 and before.most > 0 and (people := rest.count(target.feature, target.value))
    )
    return Seated(rest, tuple(sorted(seated, key=lambda person: person.id)), mates, doubts)


def _lower(target: Target, taken: int) -> Target:
    def less(bound: int | None) -> int | None:
        return None if bound is None else max(0, bound - taken)

    return replace(
        target, least=max(0, target.least - taken), most=max(0, target.most - taken),
        least_flex=less(target.least_flex), most_flex=less(target.most_flex),
    )  # fmt: skip


def targets_with_source(targets: Iterable[Target], *, seats: int, nominated_seats: int) -> tuple[Target, ...]:
    """Add one more target: how many of the panel were nominated, and how many drawn freely."""
    drawn = seats - nominated_seats
    return (
        *targets,
        Target(SOURCE, DRAWN, drawn, drawn),
        Target(SOURCE, INVITED, nominated_seats, nominated_seats),
    )


def refuse_in_both(people: Iterable[Person], invited: Iterable[Person]) -> None:
    """Refuse a list of invited people that names somebody who applied too.

    Raises: LotteryInvitedInPool.
    """
    both = sorted({person.id for person in people} & {person.id for person in invited})
    if both:
        raise LotteryInvitedInPool(ids=tuple(both[:5]))
