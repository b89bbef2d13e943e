"""The ways to divide on a made-up pot, computed by the real rules: to look at before a round chooses one.

Nobody here exists: six plans, twelve residents. What they gave was made up so that the ways come out
differently, and so that each plan gets a yes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pb.decide.rules import Ballots, DecideConfig, Decisions, Outcome, PlanAsk, Tally, decide, outcome_of
from pb.divide.rules import PRESETS, Facts, Panel, Rule, divide
from pb.divide.rules.own import whole_euros
from pb.divide.shown import nearest

HEIGHT = 120
WIDTH = 40
PITCH = 54
TOP = 8


class Pot(StrEnum):
    """How much is in the made-up pot, beside what the plans ask."""

    TIGHT = "tight"
    HALF = "half"
    AMPLE = "ample"


POT_CENTS = {Pot.TIGHT: 18_000_00, Pot.HALF: 25_000_00, Pot.AMPLE: 35_000_00}


@dataclass(frozen=True)
class MadeUp:
    """A made-up plan. Units: cents.

    Shape: ``scores`` is a figure per resident and ``wishes`` a number per resident, always in the same order;
    a wish is in twentieths of the pot, and all wishes of a resident together are at most twenty.
    """

    name: str
    ask_cents: int
    least_cents: int
    scores: str
    wishes: tuple[int, ...]


PLANS = (
    MadeUp("kitchen", 18_000_00, 9_000_00, "555445454421", (6, 7, 5, 6, 7, 8, 5, 6, 4, 20, 0, 3)),
    MadeUp("garden", 8_000_00, 4_000_00, "454435442453", (5, 6, 5, 6, 4, 7, 6, 6, 5, 0, 9, 6)),
    MadeUp("benches", 2_000_00, 0, "443444244344", (2, 1, 2, 1, 2, 0, 2, 1, 2, 0, 0, 2)),
    MadeUp("cycling", 4_000_00, 2_000_00, "245344525435", (2, 3, 5, 2, 4, 3, 4, 2, 5, 0, 3, 5)),
    MadeUp("party", 6_000_00, 4_000_00, "424541345244", (3, 0, 3, 3, 3, 0, 2, 3, 4, 0, 2, 4)),
    MadeUp("homework", 12_000_00, 6_000_00, "342414452453", (2, 3, 0, 2, 0, 2, 1, 2, 0, 0, 6, 0)),
)
RESIDENTS = tuple(f"resident {n:02}" for n in range(1, 13))

YES_AND_NO = ((1, 1, 2, 5, 3), (2, 1, 3, 4, 2))
"""How many residents stood on 1 to 5 for two plans, on either side of half."""


@dataclass(frozen=True)
class Glass:
    """What one plan gets in one way, as a glass. Units: cents; points in the drawing from its top left."""

    name: str
    ask_cents: int
    least_cents: int
    amount_cents: int
    x: int
    top: int
    water_top: int
    least_y: int | None

    @property
    def full(self) -> bool:
        """Say whether the plan gets all it asked."""
        return self.amount_cents == self.ask_cents


@dataclass(frozen=True)
class Way:
    """What comes out in one way to divide. Units: cents; glasses stand best plan first.

    ``level_cents`` is the height that all plans are filled to; only filling equally has one.
    """

    preset: str
    pot_cents: int
    glasses: tuple[Glass, ...]
    leftover_cents: int
    level_cents: int | None
    level_y: int | None

    @property
    def funded(self) -> int:
        """Count the plans that get money."""
        return sum(glass.amount_cents > 0 for glass in self.glasses)

    @property
    def full(self) -> int:
        """Count the plans that get all they asked."""
        return sum(glass.full for glass in self.glasses)

    @property
    def above_level(self) -> bool:
        """Say whether a plan gets more than the common level, because it cannot do with less."""
        level = self.level_cents
        return level is not None and any(glass.amount_cents > level for glass in self.glasses)


@dataclass(frozen=True)
class Example:
    """One made-up pot, divided in every way that a round can choose."""

    pot: Pot
    pot_cents: int
    asked_cents: int
    ways: tuple[Way, ...]

    def way(self, preset: str) -> Way:
        """Find what comes out in one way."""
        return next(way for way in self.ways if way.preset == preset)


@cache
def examples() -> tuple[Example, ...]:
    """Divide each made-up pot in every way, the smallest pot first."""
    asked = sum(plan.ask_cents for plan in PLANS)
    return tuple(Example(pot, cents, asked, five_ways(cents)) for pot, cents in POT_CENTS.items())


def five_ways(pot_cents: int) -> tuple[Way, ...]:
    """Divide a pot over the made-up plans in every way that a round can choose, the default first."""
    decisions = _decided()
    asks = _asks()
    facts = Facts(
        proposals={
            resident: {plan.name: _given(plan, place, pot_cents) for plan in PLANS}
            for place, resident in enumerate(RESIDENTS)
        },
        panel=Panel(present=len(RESIDENTS), scores={plan.name: _scores(plan) for plan in PLANS}),
    )
    ways = []
    for preset, config in PRESETS.items():
        division = divide(
            decisions.ranking, asks, config, budget_cents=pot_cents, cap_cents=None, facts=facts
        )  # fmt: skip
        level = division.level if config.rule is Rule.EQUAL else None
        cents = None if level is None else nearest(level)
        ways.append(
            Way(
                preset=preset,
                pot_cents=pot_cents,
                glasses=_glasses(division.amounts),
                leftover_cents=division.leftover_cents,
                level_cents=cents,
                level_y=None if cents is None else _y(cents),
            )
        )
    return tuple(ways)


def yes_and_no() -> tuple[Outcome, ...]:
    """Decide about two made-up plans by the default rule: one that gets a yes, and one just not."""
    return tuple(
        outcome_of(PlanAsk("made up", 1, 1), Tally(sum(hist), 0, hist), DecideConfig()) for hist in YES_AND_NO
    )


def _decided() -> Decisions:
    return decide(
        _asks(), RESIDENTS, {plan.name: Ballots(scores=_scores(plan)) for plan in PLANS}, DecideConfig()
    )


def _asks() -> Sequence[PlanAsk]:
    return [
        PlanAsk(plan.name, order, plan.ask_cents, plan.least_cents) for order, plan in enumerate(PLANS, 1)
    ]


def _given(plan: MadeUp, place: int, pot_cents: int) -> int:
    """Say what a resident gives: whole euros, and no more than was asked, as on a real evening."""
    return min(whole_euros(pot_cents * plan.wishes[place] // 20), plan.ask_cents)


def _scores(plan: MadeUp) -> dict[str, int]:
    return dict(zip(RESIDENTS, map(int, plan.scores), strict=True))


def _glasses(amounts: Mapping[str, int]) -> tuple[Glass, ...]:
    by_name = {plan.name: plan for plan in PLANS}
    return tuple(
        Glass(
            name=name,
            ask_cents=by_name[name].ask_cents,
            least_cents=by_name[name].least_cents,
            amount_cents=amount,
            x=(PITCH - WIDTH) // 2 + place * PITCH,
            top=_y(by_name[name].ask_cents),
            water_top=_y(amount),
            least_y=_y(by_name[name].least_cents) if by_name[name].least_cents else None,
        )
        for place, (name, amount) in enumerate(amounts.items())
    )


def _y(cents: int) -> int:
    highest = max(plan.ask_cents for plan in PLANS)
    return TOP + HEIGHT - cents * HEIGHT // highest
