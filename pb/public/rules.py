"""What of an evening's scores may leave the house, and in which form."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pb.core.errors import Broken

# As few as the counts of a plan that are not shown: fewer rows would be people.
FEWEST_ROWS = 5
LOWEST, HIGHEST = 1, 5


class TooFewRows(Broken):
    """Refuse a file of scores with so few rows in it that each of them is a person."""

    code = "public.too-few-rows"


class NotConfirmedYet(Broken):
    """Refuse to look at other outcomes before two people stand for this one."""

    code = "public.not-confirmed-yet"
    status = 404


class Stand(StrEnum):
    """Where a round stands for a resident; its page says so first, and what can be done now."""

    SOON = "soon"
    TAKING = "taking"
    COMING = "coming"
    TODAY = "today"
    AWAITED = "awaited"
    UNPLANNED = "unplanned"
    DECIDED = "decided"
    OVER = "over"


def stand_of(
    *,
    opens_on: date,
    takes_plans: bool,
    closed: bool,
    evenings_on: Sequence[date],
    decided: bool,
    today: date,
) -> tuple[Stand, date | None]:
    """Say where a round stands, and the day of the evening that this is about.

    ``takes_plans`` only while a plan can still get money; ``evenings_on`` are the evenings without an
    outcome, the first one first.
    """
    if closed:
        return (Stand.DECIDED if decided else Stand.OVER), None
    if today < opens_on:
        return Stand.SOON, None
    coming = next((day for day in evenings_on if day >= today), None)
    if coming == today:
        return Stand.TODAY, coming
    if takes_plans:
        return Stand.TAKING, coming
    if evenings_on and coming is None:
        return Stand.AWAITED, evenings_on[-1]
    if coming:
        return Stand.COMING, coming
    return (Stand.DECIDED if decided else Stand.UNPLANNED), None


def pot_is_divided(*, pot_cents: int, spent_cents: int) -> bool:
    """Say whether all of a pot was divided but for small change: less than one hundredth is left."""
    return spent_cents > 0 and (pot_cents - spent_cents) * 100 < pot_cents


@dataclass(frozen=True)
class Project:
    """A plan as Pabulib knows it. Units: cents."""

    number: int
    name: str
    cost_cents: int


@dataclass(frozen=True)
class Election:
    """An evening as Pabulib knows it: one row per person who gave a score with a name behind it.

    Shape: a row of ``rows`` has a score by plan number. ``uncounted`` is how many scores of people on the
    floor are in no row. Units: cents.
    """

    name: str
    unit: str
    subunit: str
    held_on: date
    budget_cents: int
    projects: Sequence[Project]
    rows: Sequence[Mapping[int, int]]
    uncounted: int


def pabulib_text(election: Election) -> str:
    """Write an evening in the .pb format, as a scoring election from 1 to 5.

    Rows stand in the order of what they hold, which says nothing about who they are of; nobody who gave no
    score has one. What plans need at least, and what they got, has no place in this format.
    Raises: TooFewRows.
    """
    rows = sorted(_best_first(row) for row in election.rows if row)
    if len(rows) < FEWEST_ROWS:
        raise TooFewRows(rows=len(rows), fewest=FEWEST_ROWS)
    written = io.StringIO()
    out = csv.writer(written, delimiter=";", lineterminator="\n")
    out.writerow(["META"])
    out.writerow(["key", "value"])
    out.writerows(_meta(election, len(rows)))
    out.writerow(["PROJECTS"])
    out.writerow(["project_id", "cost", "votes", "score", "name"])
    for project in sorted(election.projects, key=lambda project: project.number):
        given = [score for row in rows for number, score in row if number == project.number]
        cost = _euros(project.cost_cents)
        out.writerow([project.number, cost, len(given), sum(given), project.name])
    out.writerow(["VOTES"])
    out.writerow(["voter_id", "vote", "points"])
    for voter, row in enumerate(rows, start=1):
        out.writerow([voter, ",".join(str(number) for number, _ in row), ",".join(str(s) for _, s in row)])
    return written.getvalue()


def _best_first(row: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """Put the scores of a row in the order that the format's checker likes: highest first."""
    return tuple(sorted(row.items(), key=lambda pair: (-pair[1], pair[0])))


def _meta(election: Election, rows: int) -> list[tuple[str, object]]:
    """Give what the format asks for, in its order; its checker refuses any other key."""
    day = election.held_on.strftime("%d.%m.%Y")
    found: list[tuple[str, object]] = [
        ("description", election.name),
        ("country", "Netherlands"),
        ("unit", election.unit),
        ("subunit", election.subunit),
        ("instance", election.held_on.isoformat()),
        ("num_projects", len(election.projects)),
        ("num_votes", rows),
        ("budget", _euros(election.budget_cents)),
        ("vote_type", "scoring"),
        ("rule", "unknown"),
        ("date_begin", day),
        ("date_end", day),
        ("min_length", 1),
        ("max_length", len(election.projects)),
        ("min_points", LOWEST),
        ("max_points", HIGHEST),
        ("language", "nl"),
        ("currency", "EUR"),
        ("comment", f"#1: {_comment(election.uncounted)}"),
    ]
    return found


def _comment(uncounted: int) -> str:
    floor = (
        f"{uncounted} scores of people who stood on the floor and were counted there are in no row. "
        if uncounted
        else ""
    )
    return (
        "Scores 1-5, not scored is left out; people do not score their own plan. "
        f"{floor}What plans need at least and what they got is in the file uitslag.json of the same evening."
    )


def _euros(cents: int) -> str:
    """Write an amount as Pabulib does: whole euros, or with a point."""
    return str(cents // 100) if cents % 100 == 0 else f"{cents // 100}.{cents % 100:02d}"
