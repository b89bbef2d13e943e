"""The command that runs reference cases: ``python -m pb allocate FILE...``."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from pb.core.errors import Broken
from pb.divide.cases.reading import parse, read_bytes
from pb.divide.cases.running import EVERY_RUN, run_case

Facts = Mapping[str, object]

# What is wrong, for somebody who wrote the file; the sentences for residents stand in templates.
_SAYINGS: Mapping[str, Callable[[Facts], str]] = {
    "decide.wrong-kind": lambda facts: f"expected {facts['expected']}, found {facts['found']}",
    "decide.out-of-bounds": lambda facts: (
        f"must be from {facts['lowest']} to {facts['highest']}, found {facts['found']}"
    ),
    "decide.unknown-word": lambda facts: f"unknown {facts['found']!r}, known are {_listed(facts['known'])}",
    "decide.unknown-field": lambda _: "unknown field",
    "decide.missing-field": lambda _: "is missing",
    "decide.given-twice": lambda facts: f"{facts['found']!r} stands there twice",
    "decide.unknown-id": lambda facts: f"{facts['found']!r} is not one of the plans",
    "decide.same-sequence": lambda facts: f"input.events: sequence number {facts['seq']} stands there twice",
    "divide.rule-lacks-facts": lambda facts: (
        f"rule {facts['rule']} needs input.{facts['needs']}"
        + ("" if facts["plan_id"] is None else f" of plan {facts['plan_id']!r}")
    ),
    "divide.no-earmarks-in-equal-shares": lambda _: "rule mes knows no earmarks",
    "divide.no-data-folder": lambda _: "say in which folder the data is with --data DIR",
    "divide.not-a-case": lambda facts: (
        f"{facts['problem']}" + ("" if facts["detail"] is None else f" ({facts['detail']})")
    ),
}


@click.command("allocate")
@click.option("--data", "data_dir", type=str, default=None, help="Folder that holds the .pb files of cases.")
@click.argument("files", nargs=-1, required=True)
def allocate(data_dir: str | None, files: Sequence[str]) -> None:
    """Run cases of deciding and dividing, and print their results as JSON, one line per file.

    A file that is wrong is told in one line, with exit status 2; then nothing is printed for any file.
    """
    lines = []
    for file in files:
        try:
            found = run_case(parse(read_bytes(Path(file))), None if data_dir is None else Path(data_dir))
        except Broken as broken:
            click.echo(told(file, broken), err=True)
            sys.exit(2)
        lines.append(json.dumps(found, ensure_ascii=False))
    # In UTF-8 whatever the terminal's own letters are, and all at once.
    click.echo("\n".join(lines).encode())


def told(file: str, broken: Broken) -> str:
    """Say in one line which file is wrong, in which run, at which field, and how."""
    facts = broken.facts
    say = _SAYINGS.get(broken.code)
    parts = [_plain(file)]
    if "run" in facts:
        parts.append("every run" if facts["run"] is EVERY_RUN else f"run {_plain(str(facts['run']))!r}")
    if facts.get("field"):
        parts.append(_plain(str(facts["field"])))
    parts.append(_plain(say(facts) if say else str(broken)))
    return ": ".join(parts)


def main(arguments: Sequence[str]) -> int:
    """Run the command and give its exit status."""
    try:
        allocate.main(args=list(arguments), prog_name="allocate", standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 1
    return 0


def _plain(words: str) -> str:
    """Keep a message on one line, whatever a file or a file name holds."""
    line = words.encode("utf-8", "backslashreplace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in line)[:500]


def _listed(known: object) -> str:
    return ", ".join(str(each) for each in known) if isinstance(known, list) else str(known)
