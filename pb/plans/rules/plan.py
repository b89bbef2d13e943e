"""The plan itself: three questions, a name, an amount and who asks; what is still missing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pb.core.errors import BadInput
from pb.core.text import clean_line, clean_text, has_letters

TITLE_CHARACTERS_LEAST: Final = 3
TITLE_CHARACTERS_MOST: Final = 90


class ApplicantType(StrEnum):
    RESIDENT = "resident"
    GROUP = "group"
    FOUNDATION = "foundation"
    ASSOCIATION = "association"
    COMPANY = "company"
    PUBLIC_BODY = "public_body"

    @property
    def is_organisation(self) -> bool:
        """Tell whether it is a body that signs and is paid itself; a group of residents is not."""
        return self not in (ApplicantType.RESIDENT, ApplicantType.GROUP)


class Question(StrEnum):
    """Name the three questions: Wat wil je? Wat kun je zelf? Wat heb je nodig?"""

    WANT = "want"
    CAN_DO = "can_do"
    NEED = "need"


# Short on purpose: the film and the talk carry a plan, and the panel reads every word.
ANSWER_CHARACTERS_MOST: Final = {Question.WANT: 1500, Question.CAN_DO: 800, Question.NEED: 1500}


class TitleTooShort(BadInput):
    code = "plans.title-too-short"


class TitleWithoutLetters(BadInput):
    code = "plans.title-without-letters"


class UnknownApplicantType(BadInput):
    code = "plans.unknown-applicant-type"


class PlanNotComplete(BadInput):
    code = "plans.not-complete"


@dataclass(frozen=True, slots=True)
class PlanAnswers:
    """Hold what has been answered so far; empty text and None mean not yet."""

    title: str = ""
    want: str = ""
    can_do: str = ""
    need: str = ""
    ask_cents: int | None = None
    least_cents: int | None = None
    applicant_type: ApplicantType | None = None
    has_film: bool = False


def check_title(raw: str) -> str:
    """Make the name of a plan tidy; empty stays empty, since a plan is saved at every step.

    Raises: TitleTooShort, TitleWithoutLetters and what clean_line raises.
    """
    title = clean_line(raw, most=TITLE_CHARACTERS_MOST)
    if title and not has_letters(title):
        raise TitleWithoutLetters()
    if 0 < len(title) < TITLE_CHARACTERS_LEAST:
        raise TitleTooShort(least=TITLE_CHARACTERS_LEAST)
    return title


def check_answer(question: Question, raw: str) -> str:
    """Make an answer tidy; empty stays empty.

    Raises: what clean_text raises.
    """
    return clean_text(raw, most=ANSWER_CHARACTERS_MOST[question])


def check_applicant_type(raw: str) -> ApplicantType | None:
    """Read who asks; empty is nobody yet.

    Raises: UnknownApplicantType.
    """
    if raw == "":
        return None
    try:
        return ApplicantType(raw)
    except ValueError:
        raise UnknownApplicantType() from None


def missing_parts(answers: PlanAnswers) -> tuple[str, ...]:
    """Name what is still to be filled in before a plan can be submitted, in the order of the form.

    A film stands in for "Wat wil je?" and "Wat kun je zelf?", never for what is needed and how much.
    Nothing is a good answer to the least amount: then every amount helps.
    Shape: field names of PlanAnswers.
    Source: the handbook of Bospolder-Tussendijken: from 2023 a film besides or instead of the written plan.
    """
    filled = {
        "title": has_letters(answers.title),
        "want": answers.has_film or has_letters(answers.want),
        "can_do": answers.has_film or has_letters(answers.can_do),
        "need": has_letters(answers.need),
        "ask_cents": answers.ask_cents is not None,
        "least_cents": answers.least_cents is not None,
        "applicant_type": answers.applicant_type is not None,
    }
    return tuple(part for part, is_filled in filled.items() if not is_filled)


def check_complete(answers: PlanAnswers) -> None:
    """Refuse to submit a plan with missing parts.

    Raises: PlanNotComplete, with the parts as a fact.
    """
    if missing := missing_parts(answers):
        raise PlanNotComplete(missing=missing)
