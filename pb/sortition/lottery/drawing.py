"""The draw itself: panels that all fit, frozen in a pack before anybody can know the number."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from math import floor
from typing import Final

from pb.core.errors import BadInput
from pb.sortition.lottery.columns import mix_panels
from pb.sortition.lottery.foreseeing import Prospect, foresee, tickets_wanted
from pb.sortition.lottery.seating import Panel, seat_people
from pb.sortition.lottery.solver import SolverFailed
from pb.sortition.lottery.splitting import Splitter, round_to_tickets
from pb.sortition.rules.following import in_fixed_order
from pb.sortition.rules.invited import Mode, Seated, seat_first
from pb.sortition.rules.pack import Frozen, Terms, seed_of, write_packs
from pb.sortition.rules.pool import Person, Pool
from pb.sortition.rules.refusals import LotteryChancesOff, LotteryNotAlike

PANELS: Final = 1000
PANELS_MORE: Final = 10_000
_TURNS_FEW: Final = 20


@dataclass(frozen=True)
class Drawn:
    """Hold a frozen draw, what was foreseen of it, and what to think about before publishing it."""

    frozen: Frozen
    prospect: Prospect
    panels: tuple[Panel, ...]
    doubts: tuple[BadInput, ...]


def panels_advised(prospect: Prospect) -> int:
    """Advise how many panels there should be, so that small chances are told exactly enough."""
    return PANELS if PANELS * prospect.chances.lowest >= _TURNS_FEW else PANELS_MORE


def seat_invited(whole: Pool, invited: Sequence[Person], mode: Mode | None) -> Seated:
    """Give fixed people their seats; nominated people stand in the pool already.

    Raises: what seat_first raises.
    """
    if mode is Mode.FIXED and invited:
        return seat_first(whole, invited)
    return Seated(whole, (), ())


def freeze(whole: Pool, seated: Seated, terms: Terms, *, letters: int | None = None) -> Drawn:
    """Make numbered panels and write both packs.

    ``whole`` has the targets as they were asked for; ``seated`` what is left of them to draw. The same
    arguments give the same bytes in every process.
    Raises: what foresee raises.
    """
    prospect = foresee(seated.pool, letters=letters)
    seed = seed_of(whole, seated.pool, seated.seated, terms)
    panels = make_panels(prospect, terms.panels, seed)
    if terms.first is not None:
        panels = in_fixed_order(panels, following=terms.first, draw=terms.draw)
    named = replace(terms, software={**_software(), **terms.software})
    frozen = write_packs(
        whole, seated.pool, seated.seated, seated.address_mates, named,
        panels=panels, promised=prospect.by_id, grouping=prospect.chances.grouping,
        bound=prospect.chances.bound, is_exact=prospect.chances.is_exact,
    )  # fmt: skip
    doubts = (*seated.doubts, *prospect.doubts)
    turns = Counter(one for panel in panels for one in panel)
    fewest = min(turns[one] for one, chance in prospect.by_id.items() if chance)
    best = floor(prospect.chances.lowest * len(panels))
    if fewest < best - 1:
        doubts = (*doubts, LotteryChancesOff(panels=len(panels), reached=fewest, best=best))
    if len(set(panels)) < len(panels):
        doubts = (*doubts, LotteryNotAlike(panels=len(panels), distinct=len(set(panels))))
    return Drawn(frozen, prospect, tuple(panels), doubts)


def make_panels(prospect: Prospect, count: int, seed: str) -> list[Panel]:
    """Make panels that all keep every target and household, with everybody's turns as their chance says.

    Raises: SolverFailed, when a panel does not keep them after all.
    """
    frame = prospect.frame
    wanted = tickets_wanted(frame, prospect.by_id, count)
    tickets = round_to_tickets(frame, wanted, count, seed)
    made = None if tickets is None else Splitter(frame, seed).split(tickets, count)
    if made is None:
        shares = [prospect.by_id[group.members[0]] for group in frame.grouping.groups]
        made = mix_panels(frame, shares, count, seed)
    if made is None:
        raise SolverFailed(what="no panels")
    panels = seat_people(frame, made, seed)
    _check_panels(prospect.pool, panels)
    return panels


def _check_panels(pool: Pool, panels: Sequence[Panel]) -> None:
    """Count every panel again from the people themselves, without the table that made them."""
    places = {feature: number for number, feature in enumerate(pool.features)}
    for panel in panels:
        people = [pool.by_id[one] for one in panel]
        homes = [person.household for person in people if person.household is not None]
        fits = len(set(panel)) == pool.seats and len(set(homes)) == len(homes)
        counts: dict[tuple[int, str], int] = {}
        for person in people:
            for number, value in enumerate(person.values):
                counts[number, value] = counts.get((number, value), 0) + 1
        for target in pool.targets:
            fits = (
                fits and target.least <= counts.get((places[target.feature], target.value), 0) <= target.most
            )
        if not fits:
            raise SolverFailed(what="a panel that does not fit")


def _software() -> dict[str, str]:
    return {"name": "beslisavond draw 1", "solver": f"HiGHS {version('highspy')}"}
