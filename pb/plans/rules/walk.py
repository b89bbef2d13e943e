"""The walk of making a plan: which questions stand on which page, and what was changed meanwhile."""

from collections.abc import Mapping
from typing import Final

from pb.core.canonical import sha256_of
from pb.core.errors import Broken
from pb.plans.rules.film import Film, film_page_url

QUESTIONS: Final[Mapping[int, tuple[str, ...]]] = {
    1: ("title", "want"),
    2: ("can_do",),
    3: ("need", "ask_cents", "least_cents", "applicant_kind"),
    4: ("film",),
}
CHECK_STEP: Final = 5
DRAFTS_PER_BROWSER_MOST: Final = 20


class ChangedMeanwhile(Broken):
    code = "plans.changed-meanwhile"


class AlreadyHandedIn(Broken):
    """Refuse an answer to a plan that is no draft any more."""

    code = "plans.already-handed-in"


class EmailNotConfirmed(Broken):
    """Refuse to hand in a plan of nobody: the municipality could not answer."""

    code = "plans.email-not-confirmed"


class TooManyDrafts(Broken):
    code = "plans.too-many-drafts"


def step_of(part: str) -> int:
    """Find the page that asks for a part, as ``missing_parts`` names it."""
    name = "applicant_kind" if part == "applicant_type" else part
    return next(step for step, names in QUESTIONS.items() if name in names)


def seen_as(answers: Mapping[str, object]) -> str:
    """Give a mark of the answers that somebody saw, to notice later whether they are still the same.

    Only the answers of one page count, so that two people may fill in two pages at once.
    Shape: 16 hexadecimal characters.
    """
    return sha256_of({name: _plain(value) for name, value in answers.items()})[:16]


def check_seen(*, seen: str, stored: Mapping[str, object], typed: Mapping[str, object]) -> None:
    """Refuse to write over answers that the writer never saw; the same answer twice is no conflict.

    Raises: ChangedMeanwhile.
    """
    if seen != seen_as(stored) and seen_as(stored) != seen_as(typed):
        raise ChangedMeanwhile()


def _plain(value: object) -> object:
    return film_page_url(value) if isinstance(value, Film) else value
