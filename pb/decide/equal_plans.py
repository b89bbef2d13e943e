"""Whether it matters which of some equal plans comes first: the room that divides the money says so.

It hangs its answer here, because this room knows no money.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from pb.decide.rules import Decisions
from pb.evening.queries import EveningFacts

if TYPE_CHECKING:
    from pb.decide.queries import Counted

Matters = Callable[[Session, EveningFacts, "Counted", Decisions, Sequence[str]], bool]
_answers: list[Matters] = []


def when_equal(answer: Matters) -> Matters:
    """Let a later room say whether the order within a group of equal plans can change what a plan gets."""
    _answers.append(answer)
    return answer


def matters(
    session: Session, evening: EveningFacts, counted: Counted, found: Decisions, group: Sequence[str]
) -> bool:
    """Say whether the order within this group matters; as long as nobody answers, it does."""
    return not _answers or any(answer(session, evening, counted, found, group) for answer in _answers)
