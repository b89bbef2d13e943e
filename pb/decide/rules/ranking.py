"""Put the decided plans in order, best first, and say what put each one there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pb.core.lot import lot_key
from pb.decide.rules.ballots import Histogram, PlanAsk
from pb.decide.rules.config import Criterion
from pb.decide.rules.grades import (
    majority_gauge_of,
    mean_of,
    median_of,
    supporters_of,
    usual_judgment_of,
)

# What only parts plans that are equal: they come after all that people gave.
PARTERS = (Criterion.ORDER, Criterion.LOT)


@dataclass(frozen=True, slots=True)
class Scored:
    """A decided plan with what the chain may ask about it."""

    plan: PlanAsk
    hist: Histogram
    scorers: int
    min_grade: int


@dataclass(frozen=True, slots=True)
class Place:
    """Say where a plan stands, and which link of the chain parted it from the plan above.

    For the first plan ``by`` is what parted it from the second. ``tied_with`` are the plans that are equal
    to it on everything before the order or the lot.
    """

    place: int
    of: int
    by: Criterion
    tied_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InOrder:
    """The ranking, its ties, and the place of every plan."""

    ranking: tuple[str, ...]
    ties: tuple[tuple[str, ...], ...]
    places: Mapping[str, Place]


Key = Fraction | int | str | tuple[Fraction | int, ...]


def put_in_order(scored: Sequence[Scored], chain: Sequence[Criterion], lot_seed: str) -> InOrder:
    """Put plans in order by the links of a chain.

    Ties: what is left equal after the chain is parted by the lot, and then by id.
    """
    links = list(chain) if any(link in chain for link in PARTERS) else [*chain, Criterion.LOT]
    keys = {
        each.plan.plan_id: tuple(_KEYS[link](each) if link is not Criterion.LOT else _lot(each, lot_seed)
                                 for link in links)
        for each in scored
    }  # fmt: skip
    ranking = tuple(sorted(keys, key=lambda plan_id: (keys[plan_id], lot_key(lot_seed, plan_id), plan_id)))
    equal_until = next(index for index, link in enumerate(links) if link in PARTERS)
    groups = _groups(ranking, {plan_id: key[:equal_until] for plan_id, key in keys.items()})
    return InOrder(
        ranking=ranking,
        ties=tuple(group for group in groups if len(group) > 1),
        places=_places(ranking, keys, links, groups),
    )


def _groups(ranking: Sequence[str], keys: Mapping[str, tuple[Key, ...]]) -> list[tuple[str, ...]]:
    groups: list[list[str]] = []
    for plan_id in ranking:
        if groups and keys[groups[-1][0]] == keys[plan_id]:
            groups[-1].append(plan_id)
        else:
            groups.append([plan_id])
    return [tuple(group) for group in groups]


def _places(
    ranking: Sequence[str],
    keys: Mapping[str, tuple[Key, ...]],
    links: Sequence[Criterion],
    groups: Sequence[tuple[str, ...]],
) -> dict[str, Place]:
    tied = {plan_id: group for group in groups for plan_id in group}
    places = {}
    for index, plan_id in enumerate(ranking):
        other = ranking[index - 1] if index else ranking[min(1, len(ranking) - 1)]
        pairs = zip(links, keys[plan_id], keys[other], strict=True)
        by = next((link for link, mine, theirs in pairs if mine != theirs), links[0])
        places[plan_id] = Place(
            place=index + 1,
            of=len(ranking),
            by=by,
            tied_with=tuple(each for each in tied[plan_id] if each != plan_id),
        )
    return places


def _lot(each: Scored, lot_seed: str) -> str:
    return lot_key(lot_seed, each.plan.plan_id)


def _support(each: Scored) -> Fraction:
    return Fraction(-supporters_of(each.hist, each.min_grade), sum(each.hist))


def _gauge(each: Scored) -> tuple[Fraction | int, ...]:
    median, side = majority_gauge_of(each.hist) or (0, Fraction(0))
    return -median, -side


_KEYS: Mapping[Criterion, Callable[[Scored], Key]] = {
    Criterion.SUPPORT: _support,
    Criterion.MEAN: lambda each: -(mean_of(each.hist) or 0),
    Criterion.MEDIAN: lambda each: -(median_of(each.hist) or 0),
    Criterion.GMJ: lambda each: -(usual_judgment_of(each.hist) or 0),
    Criterion.MJ_GAUGE: _gauge,
    Criterion.FEWEST_LOWEST: lambda each: each.hist[0],
    Criterion.SCORERS: lambda each: -each.scorers,
    Criterion.REQUEST: lambda each: each.plan.request_cents,
    Criterion.MIN: lambda each: each.plan.min_cents,
    Criterion.ORDER: lambda each: each.plan.order,
}
