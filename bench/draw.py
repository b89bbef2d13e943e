"""How long the draw by lot takes, whether every panel fits, and the best known package beside it. CPU time.

The pools are made here, from a fixed seed: features that go together, more of some people than of others, and
targets near what a neighbourhood would have. The other package (GPL) runs in an environment of its own, in
another process, and is never a part of this program; see bench/yardstick.
"""

import csv
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

from bench.place import ROOT
from pb.draw_verify import check
from pb.sortition.lottery.drawing import freeze
from pb.sortition.lottery.foreseeing import foresee
from pb.sortition.rules.invited import Seated
from pb.sortition.rules.pack import Terms
from pb.sortition.rules.pool import Person, Pool, Target, make_pool

YARDSTICK = Path(os.environ.get("PB_YARDSTICK", ROOT / ".venv-bench" / "bin" / "python"))
# People, seats, CPU seconds allowed for the chances and for a thousand panels.
POOLS = (
    (200, 40, 0.5, 12),
    (1_000, 40, 0.5, 25),
    (5_000, 40, 5, 60),
    (1_000, 150, 0.5, 60),
    (5_000, 150, 5, 150),
)
# The second takes the other package some ten minutes.
COMPARED = ((200, 40), (1_000, 40))
Found = TypeVar("Found")

# Value, its share of the neighbourhood, and how readily people with it apply.
FEATURES = {
    "gender": (("woman", 0.51, 1.05), ("man", 0.49, 0.95)),
    "age": (
        ("16-29", 0.22, 0.55), ("30-44", 0.24, 0.85), ("45-59", 0.23, 1.15), ("60-74", 0.20, 1.6),
        ("75+", 0.11, 0.8),
    ),
    "area": (("north", 0.3, 0.9), ("east", 0.25, 1.0), ("south", 0.25, 1.1), ("west", 0.2, 1.1)),
    "schooling": (("short", 0.25, 0.5), ("middle", 0.4, 0.9), ("long", 0.35, 1.5)),
    "home": (("own", 0.55, 1.1), ("social rent", 0.3, 0.8), ("private rent", 0.15, 0.9)),
    "language": (("Dutch", 0.78, 1.1), ("Dutch and other", 0.14, 0.8), ("other", 0.08, 0.6)),
    "household": (("alone", 0.25, 0.9), ("two", 0.37, 1.1), ("children", 0.38, 0.95)),
}  # fmt: skip


def run() -> None:
    """Print times, violations and the ratio with the yardstick."""
    print("the draw by lot: CPU time of this process, seven features, one person an address")
    panels = violations = 0
    for people, seats, chances_most, panels_most in POOLS:
        made, wrong = _measure(make(people, seats), chances_most, panels_most)
        panels += made
        violations += wrong
    print(f"  {panels} panels: {violations} that do not fit")
    for people, seats in COMPARED:
        _compare(make(people, seats))
    print()


def _measure(pool: Pool, chances_most: float, panels_most: float) -> tuple[int, int]:
    chances, _ = _cpu(lambda: foresee(pool))
    frozen, drawn = _cpu(lambda: freeze(pool, Seated(pool, (), ()), Terms(panels=1000, household=True)))
    verifying, report = _cpu(
        lambda: check(json.loads(drawn.frozen.public), auditor=json.loads(drawn.frozen.auditor))
    )
    found = drawn.prospect.chances
    print(
        f"  {len(pool.people):5} people, {pool.seats:3} seats: chances {chances:.2f} (goal {chances_most}), "
        f"1000 panels {frozen:.2f} s (goal {panels_most}), verifying {verifying:.2f} s; "
        f"lowest {float(found.lowest):.4f} ({found.lowest}), highest {float(found.highest):.4f}"
    )
    return len(drawn.panels), len(report.wrong)


def make(people: int, seats: int) -> Pool:
    """Make a pool out of nothing but a seed."""
    chance = Random(f"{people} {seats}")
    found = []
    for number in range(people):
        values = tuple(
            chance.choices([name for name, _, _ in each], [share * zeal for _, share, zeal in each])[0]
            for each in FEATURES.values()
        )
        found.append(Person(f"P{number:05}", values, f"H{number - (number % 33 == 1):05}"))
    targets = [
        Target(feature, name, max(0, int(share * seats) - 1), int(share * seats) + 2)
        for feature, each in FEATURES.items()
        for name, share, _ in each
    ]
    return make_pool(FEATURES, targets, found, seats)


def _compare(pool: Pool) -> None:
    """Draw one panel with the other package and say how much longer it takes than a thousand here."""
    has_it = (
        YARDSTICK.is_file()
        and not subprocess.run(
            [YARDSTICK, "-c", "import sortition_algorithms"], capture_output=True, check=False
        ).returncode
    )
    if not has_it:
        print("  sortition-algorithms: skipped; bench/yardstick/requirements.txt is not in .venv-bench")
        return
    own, _ = _cpu(lambda: freeze(pool, Seated(pool, (), ()), Terms(panels=1000, household=True)))
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), pool)
        command = [str(YARDSTICK), str(ROOT / "bench" / "yardstick" / "maximin.py"), folder, str(pool.seats)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  sortition-algorithms: did not run ({done.stderr.strip().splitlines()[-1:]})")
        return
    theirs = json.loads(done.stdout.splitlines()[-1])
    print(
        f"  sortition-algorithms, default maximin, {len(pool.people)} people, {pool.seats} seats: "
        f"{theirs['cpu']:.1f} s CPU for one panel; here {own:.2f} s for a thousand: "
        f"{theirs['cpu'] / own:.0f} times as fast (drawn: {theirs['drawn']})"
    )


def _write(folder: Path, pool: Pool) -> None:
    tables: tuple[tuple[str, list[Sequence[object]]], ...] = (
        ("people.csv", [("id", "address", *pool.features)]
            + [(one.id, one.household, *one.values) for one in pool.people]),
        ("features.csv", [("feature", "value", "min", "max")]
            + [(one.feature, one.value, one.least, one.most) for one in pool.targets]),
    )  # fmt: skip
    for name, rows in tables:
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def _cpu(play: Callable[[], Found]) -> tuple[float, Found]:
    began = time.process_time()
    found = play()
    return time.process_time() - began, found
