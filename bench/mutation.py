"""How sharp the tests of the pure rules are: change the rules in small ways, and see that a test turns red.

Run ``python -m bench.mutation``, or name files: ``python -m bench.mutation divide/rules/greedy``.
It makes an environment of its own for mutmut in var/mutation and copies the rules and their fast tests there.
Everything takes an hour or so on one core.
"""

import os
import shutil
import subprocess
import sys
import venv
from collections import Counter
from pathlib import Path

from bench.place import ROOT

MUTMUT = "mutmut==3.8.1"
FOLDER = ROOT / "var" / "mutation"
# What the rules need, and what tests them without a database.
COPIED = (
    "pb/__init__.py", "pb/core", "pb/decide/__init__.py", "pb/decide/rules", "pb/divide/__init__.py",
    "pb/divide/rules", "pb/divide/cases", "templates/decide", "templates/divide",
    "tests/support/__init__.py", "tests/support/divisions.py", "tests/support/plain_deciding.py",
    "tests/support/plain_division.py", "tests/divide/cases", "tests/divide/explanations.json",
)  # fmt: skip
TESTS = ("tests/decide/test_rules_*.py", "tests/divide/test_rules_*.py", "tests/divide/test_cases_*.py")
# The slowest: they find what the others do not foresee, but say little more about changes this small.
LEFT_OUT = ("worked_out_twice", "promises", "second_opinion", "refusals", "public")
EXAMPLES = "4"
CAUGHT = ("killed", "timeout", "segfault", "suspicious")


def main(names: list[str]) -> None:
    """Copy, mutate, run the tests on every mutant, and print the score."""
    python = _environment()
    work = FOLDER / "work"
    shutil.rmtree(work, ignore_errors=True)
    _copy(work, names)
    env = {**os.environ, "PB_EXAMPLES": EXAMPLES, "PATH": f"{python.parent}:{os.environ['PATH']}"}
    subprocess.run(["nice", "-n", "15", python, "-m", "mutmut", "run"], cwd=work, env=env, check=False)
    listed = subprocess.run(
        [python, "-m", "mutmut", "results", "--all", "true"],
        cwd=work, env=env, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    (FOLDER / "results.txt").write_text(listed)
    _tell(listed)


def _environment() -> Path:
    python = FOLDER / "venv" / "bin" / "python"
    if not python.is_file():
        venv.create(FOLDER / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", MUTMUT], check=True)
        # What the project's own environment holds, it needs as well.
        packages = next((ROOT / ".venv" / "lib").glob("python*/site-packages"))
        (next((FOLDER / "venv" / "lib").glob("python*")) / "site-packages" / "own.pth").write_text(
            f"{packages}\n"
        )
    return python


def _copy(work: Path, names: list[str]) -> None:
    tests = [each for test in TESTS for each in ROOT.glob(test)]
    tests = [each for each in tests if not each.stem.endswith(LEFT_OUT)]
    files = [ROOT / name for name in COPIED] + tests
    for source in files:
        target = work / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copy(source, target)
    mutated = [f"pb/{name.removesuffix('.py')}.py" for name in names] or [
        "pb/decide/rules/*.py", "pb/divide/rules/*.py",
    ]  # fmt: skip
    (work / "setup.cfg").write_text(
        "[mutmut]\n"
        "source_paths=pb\n"
        f"only_mutate={_lines(mutated)}\n"
        f"also_copy={_lines(['tests', 'templates', 'pytest.ini'])}\n"
        f"pytest_add_cli_args={_lines(['-p', 'no:cacheprovider', '-p', 'no:randomly'])}\n"
        "pytest_add_cli_args_test_selection=tests\n"
    )
    (work / "tests" / "conftest.py").write_text(QUICK)
    (work / "pytest.ini").write_text(
        "[pytest]\npythonpath = . tests\naddopts = --import-mode=importlib\nmarkers =\n    drill\n"
    )


# Where a test turned red is enough to know; the smallest example is not looked for.
QUICK = """
from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "quick", phases=[Phase.explicit, Phase.generate], database=None, derandomize=True,
    report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
)
settings.load_profile("quick")
"""


def _lines(items: list[str]) -> str:
    return "".join(f"\n    {item}" for item in items)


def _tell(listed: str) -> None:
    by_file: dict[str, Counter[str]] = {}
    for line in listed.splitlines():
        mutant, _, status = line.strip().rpartition(": ")
        if mutant:
            module = mutant.split(".x", 1)[0]
            by_file.setdefault(module, Counter())[status] += 1
    total: Counter[str] = Counter()
    for module, found in sorted(by_file.items()):
        total += found
        print(f"  {module}: {_score(found)}")
    print(f"all: {_score(total)}")


def _score(found: Counter[str]) -> str:
    caught, all_of_them = sum(found[status] for status in CAUGHT), sum(found.values())
    parts = ", ".join(f"{status} {many}" for status, many in sorted(found.items()))
    return f"{100 * caught / max(all_of_them, 1):.1f} % of {all_of_them} ({parts})"


if __name__ == "__main__":
    main(sys.argv[1:])
