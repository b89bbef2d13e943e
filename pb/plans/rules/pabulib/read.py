"""The round, its projects and its votes, out of the rows of a Pabulib file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from pb.core.errors import BadInput, Broken
from pb.core.text import clean_line
from pb.plans.rules.pabulib.broken import (
    PabulibCountDiffers,
    PabulibDayUnreadable,
    PabulibDuplicate,
    PabulibMissingKey,
    PabulibNegative,
    PabulibNotANumber,
    PabulibPointsDiffer,
    PabulibUnknownProject,
    PabulibUnreadableLine,
)
from pb.plans.rules.pabulib.lines import Line, lines

_NEEDED_KEYS: Final = (
    "description", "country", "unit", "instance", "num_projects", "num_votes", "budget", "vote_type",
)  # fmt: skip
_NAME_CHARACTERS_MOST: Final = 5000
_CENTS: Final = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,2})0*)?")
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_POINTS: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class PabulibProject:
    """Hold one project; what the file does not tell is empty or None."""

    project_id: str
    cost_cents: int
    name: str
    category: str
    target: str
    votes: int | None
    score: Fraction | None
    selected: int | None


@dataclass(frozen=True, slots=True)
class PabulibVote:
    """Hold one vote; ``points`` belong to ``project_ids`` one by one, and are empty for approvals."""

    voter_id: str
    project_ids: tuple[str, ...]
    points: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class PabulibFile:
    """Hold what a file tells about a round.

    ``begins_on`` and ``ends_on`` of a file that names only a year are the ends of that year.
    """

    description: str
    instance: str
    country: str
    unit: str
    language: str
    currency: str
    budget_cents: int
    begins_on: date | None
    ends_on: date | None
    vote_type: str
    rule: str
    projects: tuple[PabulibProject, ...]
    vote_count: int
    warnings: tuple[Broken, ...]


def read_pabulib(data: bytes) -> PabulibFile:
    """Read the round and its projects; votes are counted, not kept.

    Raises: a BadInput with the line where reading stopped. Wrong counts and days are warnings, because
    published files have them.
    """
    meta: dict[str, tuple[str, int]] = {}
    projects: dict[str, PabulibProject] = {}
    vote_count = 0
    for line in lines(data):
        if line.section == "META":
            key = line.cells["key"].lower()
            if key in meta:
                raise PabulibDuplicate(line=line.number, value=key[:80])
            meta[key] = (line.cells["value"], line.number)
        elif line.section == "PROJECTS":
            project = _project(line)
            if project.project_id in projects:
                raise PabulibDuplicate(line=line.number, value=project.project_id[:80])
            projects[project.project_id] = project
        else:
            vote_count += 1
    for needed in _NEEDED_KEYS:
        if not meta.get(needed, ("", 0))[0]:
            raise PabulibMissingKey(key=needed)
    begins_on, unreadable_begin = _day(meta, "date_begin")
    ends_on, unreadable_end = _day(meta, "date_end")
    counts = _count_warning(meta, "num_projects", len(projects)) + _count_warning(
        meta, "num_votes", vote_count
    )
    text = {key: _tidy(value, number) for key, (value, number) in meta.items()}
    return PabulibFile(
        description=text["description"],
        instance=text["instance"],
        country=text["country"],
        unit=text["unit"],
        language=text.get("language", ""),
        currency=text.get("currency", ""),
        budget_cents=_read_cents(meta["budget"][0], meta["budget"][1], "budget"),
        begins_on=begins_on,
        ends_on=ends_on,
        vote_type=text["vote_type"].lower(),
        rule=text.get("rule", ""),
        projects=tuple(projects.values()),
        vote_count=vote_count,
        warnings=counts + unreadable_begin + unreadable_end,
    )


def read_pabulib_votes(data: bytes) -> Iterator[PabulibVote]:
    """Read the votes one by one, in the order of the file.

    Raises: a BadInput with the line, also for a project that the file does not know and for a voter that
    votes twice.
    """
    known: set[str] = set()
    voters: set[str] = set()
    for line in lines(data):
        if line.section == "PROJECTS":
            known.add(line.cells["project_id"])
        elif line.section == "VOTES":
            vote = _vote(line, known)
            if vote.voter_id in voters:
                raise PabulibDuplicate(line=line.number, value="voter_id")
            voters.add(vote.voter_id)
            yield vote


def _project(line: Line) -> PabulibProject:
    project_id = line.cells["project_id"]
    if not project_id:
        raise PabulibUnreadableLine(line=line.number)
    score = line.cells.get("score", "")
    return PabulibProject(
        project_id=_tidy(project_id, line.number),
        cost_cents=_read_cents(line.cells["cost"], line.number, "cost"),
        name=_tidy(line.cells.get("name", ""), line.number),
        category=_tidy(line.cells.get("category", ""), line.number),
        target=_tidy(line.cells.get("target", ""), line.number),
        votes=_read_whole(line.cells.get("votes", ""), line.number, "votes"),
        score=_read_points(score, line.number, "score") if score else None,
        selected=_read_whole(line.cells.get("selected", ""), line.number, "selected"),
    )


def _vote(line: Line, known: set[str]) -> PabulibVote:
    project_ids = _listed(line.cells["vote"])
    if not line.cells["voter_id"]:
        raise PabulibUnreadableLine(line=line.number)
    for place, project_id in enumerate(project_ids):
        if project_id not in known:
            raise PabulibUnknownProject(line=line.number)
        if project_id in project_ids[:place]:
            raise PabulibDuplicate(line=line.number, value=project_id[:80])
    points = tuple(
        _read_points(cell, line.number, "points") for cell in _listed(line.cells.get("points", ""))
    )
    if points and len(points) != len(project_ids):
        raise PabulibPointsDiffer(line=line.number)
    return PabulibVote(line.cells["voter_id"], project_ids, points)


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",")) if cell else ()


def _tidy(value: str, number: int) -> str:
    try:
        return clean_line(value, most=_NAME_CHARACTERS_MOST)
    except BadInput:
        raise PabulibUnreadableLine(line=number) from None


def _read_cents(cell: str, number: int, column: str) -> int:
    found = _CENTS.fullmatch(cell)
    if found is None:
        raise PabulibNotANumber(line=number, column=column)
    if found[1]:
        raise PabulibNegative(line=number, column=column)
    return int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))


def _read_whole(cell: str, number: int, column: str) -> int | None:
    if not cell:
        return None
    if _WHOLE.fullmatch(cell) is None:
        raise PabulibNotANumber(line=number, column=column)
    if cell.startswith("-"):
        raise PabulibNegative(line=number, column=column)
    return int(cell)


def _read_points(cell: str, number: int, column: str) -> Fraction:
    if _POINTS.fullmatch(cell) is None:
        raise PabulibNotANumber(line=number, column=column)
    return Fraction(cell)


def _count_warning(meta: Mapping[str, tuple[str, int]], key: str, found: int) -> tuple[Broken, ...]:
    promised = _read_whole(meta[key][0], meta[key][1], key)
    return () if promised == found else (PabulibCountDiffers(key=key, promised=promised, found=found),)


def _day(meta: Mapping[str, tuple[str, int]], key: str) -> tuple[date | None, tuple[Broken, ...]]:
    written, number = meta.get(key, ("", 0))
    if not written:
        return None, ()
    try:
        if re.fullmatch(r"[0-9]{4}", written):
            year = int(written)
            return (date(year, 1, 1) if key == "date_begin" else date(year, 12, 31)), ()
        if found := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", written):
            return date(int(found[3]), int(found[2]), int(found[1])), ()
    except ValueError:
        pass
    return None, (PabulibDayUnreadable(key=key, line=number),)
