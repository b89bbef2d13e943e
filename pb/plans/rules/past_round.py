"""A past round out of a Pabulib file, as a round of ours: its name, its cap, its plans."""

from dataclasses import dataclass
from typing import Final

from pb.core.canonical import sha256_of
from pb.core.errors import BadInput, Broken
from pb.plans.rules.pabulib import PabulibFile, PabulibProject
from pb.plans.rules.plan import TITLE_CHARACTERS_MOST

ROUND_NAME_CHARACTERS_MOST: Final = 120
SOURCE_CHARACTERS_MOST: Final = 80


class PastRoundWithoutPlans(BadInput):
    code = "plans.past-round-without-plans"


class PastPlanCostsNothing(BadInput):
    code = "plans.past-plan-costs-nothing"


class PastRoundTwice(Broken):
    """Refuse a file that this area already has."""

    code = "plans.past-round-twice"


@dataclass(frozen=True, slots=True)
class PastPlan:
    """Hold a project as a plan of ours."""

    title: str
    want: str
    ask_cents: int
    source_ref: str


def check_past_round(file: PabulibFile) -> None:
    """Refuse a file that no round can be made of.

    Raises: PastRoundWithoutPlans, PastPlanCostsNothing.
    """
    if not file.projects:
        raise PastRoundWithoutPlans()
    for project in file.projects:
        if project.cost_cents <= 0:
            raise PastPlanCostsNothing(project=project.project_id)


def mark_of(file: PabulibFile) -> str:
    """Give the mark by which the same round is known again, whoever saved the file.

    Shape: starts every ``source_ref`` of its plans.
    """
    projects = [[project.project_id, project.name, project.cost_cents] for project in file.projects]
    facts = [file.country, file.unit, file.instance, file.description, file.budget_cents, projects]
    return f"pabulib {sha256_of(facts)[:16]} "


def past_plans(file: PabulibFile) -> tuple[PastPlan, ...]:
    """Give the projects as plans, in the order of the file."""
    mark = mark_of(file)
    return tuple(_past_plan(project, mark) for project in file.projects)


def past_name(file: PabulibFile) -> str:
    """Name the round after the file; the year only when the file gives one."""
    year = f" {file.instance}" if file.instance.isdigit() and len(file.instance) == 4 else ""
    return shortened(file.description, most=ROUND_NAME_CHARACTERS_MOST - len(year)) + year


def past_cap_cents(file: PabulibFile) -> int:
    """Give the cap when the file has none: the dearest plan, and never more than the pot."""
    return min(file.budget_cents, max(project.cost_cents for project in file.projects))


def shortened(text: str, *, most: int) -> str:
    """Cut a text that is too long after a whole word, with an ellipsis.

    Units: ``most`` in characters, the ellipsis included.
    """
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    whole_words = kept.rpartition(" ")[0] if text[most - 1] != " " else kept
    return (whole_words if len(whole_words) > most // 2 else kept).rstrip(" ,;:.-–(") + "…"


def _past_plan(project: PabulibProject, mark: str) -> PastPlan:
    # A title that had to be cut stands whole in the first answer.
    name = project.name or project.project_id
    title = shortened(name, most=TITLE_CHARACTERS_MOST)
    about = "\n".join(
        part for part in (name if title != name else "", project.category, project.target) if part
    )
    return PastPlan(title, about, project.cost_cents, (mark + project.project_id)[:SOURCE_CHARACTERS_MOST])
