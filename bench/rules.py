"""How long deciding, dividing and explaining take, and how much memory. CPU time of this process."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from pb.decide.rules import Ballots, DecideConfig, PlanAsk, decide
from pb.divide.rules import DivideConfig, Facts, ScoreStats, divide, divide_by_presets, explain

# Plans, people, how often, and what it may take: milliseconds, and megabytes with the scores themselves.
EVENINGS = ((12, 40, 200, 5, 200), (500, 5_000, 3, 1_500, 200))


def run() -> None:
    """Measure an evening as held in a neighbourhood, and one far larger; each in a process of its own."""
    print("rules: decide, divide by the default rule, and explain every plan")
    for number in range(len(EVENINGS)):
        subprocess.run([sys.executable, "-m", "bench.rules", str(number)], check=True)
    print()


def measure(plans: int, people: int, times: int, most_ms: int, most_mb: int) -> None:
    """Print the best CPU time of a few, and the most memory this process ever had."""
    empty = _megabytes()
    play, compare = _evening(plans, people)
    filled = _megabytes()
    best = min(_cpu(play) for _time in range(times)) * 1000
    peak = _megabytes()
    presets = min(_cpu(compare) for _time in range(times)) * 1000
    print(
        f"  {plans} plans, {people} people: {best:.1f} ms CPU (best of {times}, at most {most_ms});"
        f" {peak} MB in all (at most {most_mb}): {empty} to begin with, {filled} with the scores;"
        f" beside it what other presets give: {presets:.1f} ms"
    )
    if best > most_ms or peak > most_mb:
        sys.exit("  that is too much")


def _evening(plans: int, people: int) -> tuple[Callable[[], object], Callable[[], object]]:
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
    pot, cap = 7_500_000 * max(1, plans // 20), 3_000_000

    def play() -> object:
        decisions = decide(asks, everybody, ballots, deciding)
        stats = {one: ScoreStats.of(decisions.outcomes[one]) for one in decisions.ranking}
        division = divide(
            decisions.ranking, asks, dividing, budget_cents=pot, cap_cents=cap, facts=Facts(stats=stats)
        )
        return explain(decisions, division, dividing, cap_cents=cap, lot_seed="3-5-1-6-2")

    decided = decide(asks, everybody, ballots, deciding)

    def compare() -> object:
        return divide_by_presets(
            decided.ranking, asks, dividing, budget_cents=pot, cap_cents=cap, facts=Facts()
        )

    return play, compare


def _cpu(play: Callable[[], object]) -> float:
    began = time.process_time()
    play()
    return time.process_time() - began


def _megabytes() -> int:
    """Read the most this process ever had; getrusage would count what its parent had as well."""
    found = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    return int(found.split()[1]) // 1024


if __name__ == "__main__":
    measure(*EVENINGS[int(sys.argv[1])])
