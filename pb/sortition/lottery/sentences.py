"""The sentences of the pages, said on the command line."""

import re
from collections.abc import Mapping
from functools import cache
from html import unescape
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader

from pb.core.errors import Broken
from pb.core.sheet import FileRefused, Problem
from pb.sortition.rules.binding import Binding, Cause

_TEMPLATES: Final = Path(__file__).resolve().parents[3] / "templates"


def sentences_of(broken: Broken) -> list[str]:
    """Say what was broken, in Dutch: one line for each place of a file, else one line."""
    if isinstance(broken, FileRefused):
        problems: tuple[Problem, ...] = broken.facts["problems"]  # type: ignore[assignment]
        lines = [_placed(problem) for problem in problems]
        more = int(str(broken.facts["total"])) - len(problems)
        return [*lines, f"En nog {more} andere."] if more > 0 else lines
    return [_said(broken.code, broken.facts)]


def sentence_of_binding(binding: Binding, fraction: str, percent: str) -> str:
    """Say why the lowest chance cannot be higher."""
    rest = " of ".join(f"“{value}”" for _feature, value in binding.targets)
    facts = {
        "cause": binding.cause.value, "people": binding.people, "seats": binding.seats,
        "value": rest if binding.cause is Cause.REST else binding.value,
        "feature": binding.feature, "bound": binding.bound,
        "targets": [" ".join(target) for target in binding.targets],
        "fraction": fraction, "percent": percent,
    }  # fmt: skip
    return _rendered("sortition/binding.html", facts)


def _placed(problem: Problem) -> str:
    where = f"Rij {problem.row}" if problem.row else ""
    if problem.row and problem.column:
        where += f", kolom {problem.column}"
    said = _said(problem.code, problem.facts)
    return f"{where}: {said}" if where else said


def _said(code: str, facts: Mapping[str, object]) -> str:
    room, _, what = code.partition(".")
    return _rendered(f"{room}/broken/{what}.html", facts)


def _rendered(template: str, facts: Mapping[str, object]) -> str:
    html = _environment().get_template(template).render(facts=facts)
    text = unescape(re.sub(r"<[^>]*>", " ", html))
    line = " ".join(text.split())
    return "".join(letter if letter.isprintable() else "?" for letter in line)


@cache
def _environment() -> Environment:
    found = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"])
    found.policies["ext.i18n.trimmed"] = True
    # Dutch is the language of the sources, so nothing is translated here.
    found.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return found
