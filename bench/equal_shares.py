"""Exact equal shares beside pabutools, on real elections: as ratios within this run, with the same winners.

Both work from an election that is already read, in whole numbers or exact fractions; each gives its best CPU
time of a few. They take turns, so that a busy machine slows both.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.place import ROOT
from pb.divide.cases.pabulib import read_election
from pb.divide.rules import Completion, SelectConfig, SelectRule, UtilityMode, select

PABUTOOLS = ROOT / ".venv-bench" / "bin" / "python"
DATA = Path(os.environ.get("PB_PABULIB", ROOT.parent / "shared" / "data" / "pabulib"))
ROUNDS = 3

# File, how much a vote is worth, completion, and how many times as fast it must be.
CONTESTS = (
    ("Switzerland_Zurich_D5", UtilityMode.SCORE, Completion.NONE, 10),
    ("France_Toulouse_2019", UtilityMode.SCORE, Completion.NONE, 10),
    ("Netherlands_Assen_2025", UtilityMode.SCORE_X_COST, Completion.NONE, 10),
    ("Netherlands_Assen_2024", UtilityMode.SCORE_X_COST, Completion.ADD1, 3),
    ("Netherlands_Assen_2025", UtilityMode.SCORE_X_COST, Completion.ADD1, 3),
)


def run() -> None:
    """Print for each election both times, their ratio, and whether the same plans won."""
    print("equal shares, exact, beside pabutools 1.2.3: CPU time of the rule alone")
    if not PABUTOOLS.is_file():
        print("  skipped: no .venv-bench; `make bench` makes it\n")
        return
    failed = 0
    for name, utility, completion, times_as_fast in CONTESTS:
        path = DATA / f"{name}.pb"
        if not path.is_file():
            print(f"  skipped: no {name}.pb in {DATA} (PB_PABULIB names another folder)")
            continue
        failed += not _contest(path, utility, completion, times_as_fast)
    print()
    if failed:
        sys.exit(f"{failed} of these elections were too slow, or had other winners")


def _contest(path: Path, utility: UtilityMode, completion: Completion, times_as_fast: int) -> bool:
    election = read_election(path)
    config = SelectConfig(SelectRule.MES, utility_mode=utility, completion=completion)
    repeats = 3 if completion is Completion.ADD1 else 10
    ours, theirs = float("inf"), float("inf")
    chosen: list[str] = []
    other: list[str] = []
    for _round in range(ROUNDS):
        for _time in range(repeats):
            began = time.process_time()
            chosen = select(election.costs, election.ballots, election.budget, config)
            ours = min(ours, time.process_time() - began)
        done = subprocess.run(
            [PABUTOOLS, ROOT / "bench" / "pabutools_side.py", path, utility, completion, str(repeats)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = json.loads(done.stdout)
        theirs, other = min(theirs, found["seconds"]), found["chosen"]
    same = sorted(chosen) == other
    ratio = theirs / ours
    print(
        f"  {path.stem}, {utility.value}, {completion.value}: {ours * 1000:.2f} ms against"
        f" {theirs * 1000:.2f} ms: {ratio:.1f} times as fast (at least {times_as_fast});"
        f" {len(chosen)} winners, {'the same' if same else f'NOT THE SAME: {other}'}"
    )
    return same and ratio >= times_as_fast


if __name__ == "__main__":
    run()
