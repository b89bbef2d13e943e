"""How long deciding, dividing and explaining take. CPU time of this process."""

import time
from collections.abc import Callable
from random import Random

from pb.decide.rules import Ballots, DecideConfig, PlanAsk, decide
from pb.divide.rules import DivideConfig, Facts, ScoreStats, divide, explain


def run() -> None:
    """Measure an evening as held in a neighbourhood, and one far larger."""
    print("rules: decide, divide by the default rule, and explain every plan")
    for plans, people, times in ((12, 40, 200), (500, 5_000, 3)):
        seconds = min(_cpu(_evening(plans, people)) for _time in range(times))
        print(f"  {plans} plans, {people} people: {seconds * 1000:.1f} ms CPU (best of {times})")
    print()


def _evening(plans: int, people: int) -> Callable[[], object]:
    chance = Random(f"{plans} {people}")
    everybody = frozenset(f"r{number}" for number in range(people))
    asks = [
        PlanAsk(plan_id=str(number), order=number, request_cents=chance.randrange(100_000, 3_000_000, 100))
        for number in range(1, plans + 1)
    ]
    ballots = {
        ask.plan_id: Ballots(scores={person: chance.choice((1, 2, 3, 4, 4, 5, 5)) for person in everybody})
        for ask in asks
    }
    deciding, dividing = DecideConfig(lot_seed="3-5-1-6-2"), DivideConfig()

    def play() -> object:
        decisions = decide(asks, everybody, ballots, deciding)
        division = divide(
            decisions.ranking, asks, dividing, budget_cents=7_500_000, cap_cents=3_000_000,
            facts=Facts(stats={one: ScoreStats.of(decisions.outcomes[one]) for one in decisions.ranking}),
        )  # fmt: skip
        return explain(decisions, division, dividing, cap_cents=3_000_000, lot_seed="3-5-1-6-2")

    return play


def _cpu(play: Callable[[], object]) -> float:
    began = time.process_time()
    play()
    return time.process_time() - began
