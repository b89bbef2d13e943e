"""Read a participatory-budgeting election in the .pb format of Pabulib."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from pb.decide.rules.strict import GivenTwice, MissingField, OutOfBounds, UnknownId, UnknownWord, shown
from pb.divide.cases.reading import NotACase, read_bytes

VOTE_TYPES = ("approval", "choose-1", "cumulative", "scoring", "ordinal")
_SECTIONS = ("META", "PROJECTS", "VOTES")


@dataclass(slots=True)
class Election:
    """Costs by project, points by project on every ballot, and the budget, in the file's currency."""

    budget: int
    costs: dict[str, int] = field(default_factory=dict)
    ballots: list[dict[str, int]] = field(default_factory=list)


def read_election(path: Path) -> Election:
    """Read a .pb file. An approved project has 1 point; a ranked one more, the higher it stands.

    Raises: NotACase, and the refusals of a wrong field with its line.
    """
    try:
        reader = csv.reader(io.StringIO(read_bytes(path).decode("utf-8-sig"), newline=""), delimiter=";")
        rows = [(reader.line_num, row) for row in reader if row]
    except (UnicodeDecodeError, csv.Error):
        raise NotACase(problem="is not a .pb file", detail=None) from None
    sections = _sections(rows)
    meta = {row[0]: row[1] for _, row in sections["META"][1:] if len(row) > 1}
    election = Election(budget=_money(meta.get("budget"), "META.budget"))
    for number, found in _records(sections["PROJECTS"], "project_id", "cost"):
        if found["project_id"] in election.costs:
            raise GivenTwice(field=f"PROJECTS, line {number}", found=shown(found["project_id"]))
        election.costs[found["project_id"]] = _money(found["cost"], f"PROJECTS.cost, line {number}")
    kind = meta.get("vote_type", "")
    if kind not in VOTE_TYPES:
        raise UnknownWord(field="META.vote_type", found=shown(kind), known=list(VOTE_TYPES))
    longest = _money(meta["max_length"], "META.max_length") if "max_length" in meta else len(election.costs)
    for number, found in _records(sections["VOTES"], "voter_id", "vote"):
        election.ballots.append(_ballot(found, kind, longest, election.costs, f"VOTES, line {number}"))
    return election


Rows = list[tuple[int, list[str]]]


def _sections(rows: Rows) -> dict[str, Rows]:
    sections: dict[str, Rows] = {}
    current: Rows = []
    for number, row in rows:
        title = row[0].strip().upper()
        if len(row) == 1 and title in _SECTIONS:
            current = sections.setdefault(title, [])
        else:
            current.append((number, row))
    if any(not sections.get(title) for title in _SECTIONS):
        raise NotACase(problem="is not a .pb file", detail="META, PROJECTS or VOTES is missing")
    return sections


def _records(rows: Rows, *needed: str) -> list[tuple[int, dict[str, str]]]:
    header = [cell.strip() for cell in rows[0][1]]
    for column in needed:
        if column not in header:
            raise MissingField(field=column)
    found = []
    for number, row in rows[1:]:
        if len(row) < max(header.index(column) for column in needed) + 1:
            raise MissingField(field=f"{needed[-1]}, line {number}")
        found.append((number, dict(zip(header, (cell.strip() for cell in row), strict=False))))
    return found


def _ballot(
    found: dict[str, str], kind: str, longest: int, costs: dict[str, int], place: str
) -> dict[str, int]:
    chosen = [item.strip() for item in found["vote"].split(",") if item.strip()]
    for project in chosen:
        if project not in costs:
            raise UnknownId(field=place, found=shown(project))
    if len(set(chosen)) < len(chosen):
        raise GivenTwice(field=place, found=shown(found["vote"]))
    if kind == "ordinal":
        return {project: max(1, longest - index) for index, project in enumerate(chosen)}
    if kind in ("approval", "choose-1"):
        return dict.fromkeys(chosen, 1)
    points = [_money(item.strip(), f"points, {place}") for item in found.get("points", "").split(",") if item]
    if len(points) != len(chosen):
        raise OutOfBounds(
            field=f"points, {place}", lowest=len(chosen), highest=len(chosen), found=len(points)
        )
    return dict(zip(chosen, points, strict=True))


def _money(value: str | None, place: str) -> int:
    """Read a whole amount; some files write .0 or .00 behind it."""
    if value is None:
        raise MissingField(field=place)
    whole, _, decimals = value.strip().partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 15) or decimals.strip("0"):
        raise OutOfBounds(field=place, lowest=0, highest=10**15, found=shown(value))
    return int(whole)
