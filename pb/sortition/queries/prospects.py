"""What targets do with the people who said yes so far: chances, who has none, and what the network costs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from pb.core.errors import BadInput
from pb.inviting import queries as inviting
from pb.inviting.rules.appeal import Appeal
from pb.panel.rules.origins import Origin
from pb.sortition.lottery.drawing import seat_invited
from pb.sortition.lottery.foreseeing import Prospect, foresee
from pb.sortition.lottery.price import Apart, Offer, price_of_network, take_apart
from pb.sortition.queries.pool import Candidates, candidates
from pb.sortition.rules.binding import Binding
from pb.sortition.rules.checking import letters_needed
from pb.sortition.rules.invited import Mode
from pb.sortition.rules.pool import RATHER_NOT, Pool
from pb.sortition.rules.refusals import LotteryNoChance, LotteryPoolEmpty


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one answer beside its target: how many said yes, and what is missing.

    Units: ``least`` and ``most`` seats of the panel; ``share`` a part of who said yes; ``letters`` are more
    letters to send, None when that cannot be said.
    """

    value: str
    least: int
    most: int
    has_target: bool
    yes: int
    share: Fraction
    short: int
    letters: int | None


@dataclass(frozen=True, slots=True)
class Lost:
    """Count people who can never be drawn, by one answer; empty text for combinations of answers."""

    feature: str
    value: str
    people: int


@dataclass(frozen=True, slots=True)
class Chance:
    """Hold the lowest, average and highest chance of whoever can be drawn, and what sets the lowest."""

    lowest: Fraction
    average: Fraction
    highest: Fraction
    binding: Binding | None
    people: int
    seats: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """Hold what the targets do now; without ``chance`` the ``refusal`` says why not."""

    seats: int
    letters_sent: int
    yes_letters: int
    yes_network: int
    mode: Mode | None
    lines: Mapping[str, tuple[Line, ...]]
    chance: Chance | None
    refusal: BadInput | None
    lost: tuple[Lost, ...]
    address_mates: int
    doubts: tuple[BadInput, ...]
    offers: tuple[Offer, ...]

    @property
    def yes(self) -> int:
        return self.yes_letters + self.yes_network


def outlook(session: Session, *, round_id: int) -> Outlook:
    """Weigh the targets of a round. Raises: NotFound, as long as nothing was asked; SolverFailed."""
    sent = inviting.counts(session, round_id=round_id, origin=Origin.LOT).invited
    return weigh(candidates(session, round_id=round_id), letters_sent=sent)


def weigh(found: Candidates, *, letters_sent: int) -> Outlook:
    """Compute what targets do with these people."""
    apart = take_apart(found.whole, found.invited)
    prospect: Prospect | None = None
    refusal: BadInput | None = None
    doubts: tuple[BadInput, ...] = ()
    mates = 0
    try:
        seated = seat_invited(found.whole, found.invited, found.mode)
        doubts, mates = seated.doubts, len(seated.address_mates)
        prospect = foresee(seated.pool, letters=letters_sent or None)
    except BadInput as refused:
        refusal = refused
    by_id = prospect.by_id if prospect else {}
    mine = {person.id for person in apart.letters}
    low = min((chance for one, chance in by_id.items() if chance and one in mine), default=None)
    lost = sum(one in mine and not chance for one, chance in by_id.items())
    is_empty = isinstance(refusal, LotteryPoolEmpty)
    told = (*doubts, *(prospect.doubts if prospect else ()))
    return Outlook(
        seats=apart.seats,
        letters_sent=letters_sent,
        yes_letters=len(apart.letters),
        yes_network=len(apart.network),
        mode=found.mode,
        lines=lines_of(apart, found.appeal, letters_sent),
        chance=_chance(prospect) if prospect else None,
        refusal=refusal,
        lost=lost_by_value(prospect.pool, by_id) if prospect else (),
        address_mates=mates,
        doubts=tuple(doubt for doubt in told if not isinstance(doubt, LotteryNoChance)),
        offers=()
        if is_empty
        else price_of_network(
            apart, mode=found.mode, network_seats=found.appeal.network_seats, known=low, lost=lost
        ),
    )


def _chance(prospect: Prospect) -> Chance:
    can = sum(bool(chance) for chance in prospect.by_id.values())
    seats = prospect.pool.seats
    return Chance(
        lowest=prospect.chances.lowest,
        average=Fraction(seats, can) if can else Fraction(0),
        highest=prospect.chances.highest,
        binding=prospect.binding,
        people=can,
        seats=seats,
    )


def lines_of(apart: Apart, appeal: Appeal, letters_sent: int) -> dict[str, tuple[Line, ...]]:
    """Lay each answer beside its target, as people are asked."""
    everyone = (*apart.letters, *apart.network)
    # Answers stand as people are asked, and after them who would rather not say.
    order = {
        (feature.name, value.name): place
        for feature in appeal.features
        for place, value in enumerate(feature.values)
    }
    lines: dict[str, tuple[Line, ...]] = {}
    for place, feature in enumerate(apart.features):
        counts = Counter(person.values[place] for person in everyone)
        targets = sorted(
            (target for target in apart.targets if target.feature == feature),
            key=lambda target: order.get(target.key, len(order)),
        )
        lines[feature] = tuple(
            Line(
                value=target.value,
                least=target.least,
                most=target.most,
                has_target=(target.least, target.most) != (0, apart.seats) and target.value != RATHER_NOT,
                yes=(yes := counts[target.value]),
                share=Fraction(yes, len(everyone)) if everyone else Fraction(0),
                short=max(0, target.least - yes),
                letters=letters_needed(letters_sent or None, yes, target.least)
                if yes < target.least
                else None,
            )
            for target in targets
        )
    return lines


def lost_by_value(pool: Pool, by_id: Mapping[str, Fraction]) -> tuple[Lost, ...]:
    """Group who can never be drawn by an answer that nobody with a chance gave; never by combinations.

    Ties: the answer with most people first, then by name.
    """
    without = {one for one, chance in by_id.items() if not chance}
    lost: list[Lost] = []
    holders = {key: ids for key, ids in _holders(pool).items() if ids <= without}
    while whole := [(-len(ids & without), key) for key, ids in holders.items() if ids & without]:
        count, (feature, value) = min(whole)
        lost.append(Lost(feature, value, -count))
        without -= holders[feature, value]
    if without:
        lost.append(Lost("", "", len(without)))
    return tuple(lost)


def _holders(pool: Pool) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for person in pool.people:
        for feature, value in zip(pool.features, person.values, strict=True):
            found.setdefault((feature, value), set()).add(person.id)
    return found
