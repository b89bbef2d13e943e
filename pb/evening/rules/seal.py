"""The seal: the head of the chain, short enough to stand on a screen and on paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pb.core.codes import code_from_bytes
from pb.core.errors import Broken

CLOSED = "scoring_closed"
PAPER = frozenset({"paper_scored", "paper_invalid"})
OPENED = frozenset({"scoring_opened", "reopened"})
# What makes a seal of a plan, or ends the time in which paper makes one.
SEALING = frozenset({CLOSED, *PAPER, *OPENED})


class PracticeOnly(Broken):
    """Refuse to seal, export, publish or pay what people only practised with."""

    code = "evening.practice-only"
    status = 403


class NothingToSeal(Broken):
    """Refuse a seal over a chain that has no event yet."""

    code = "evening.nothing-to-seal"


@dataclass(frozen=True)
class Link:
    """An event of the chain, with the head of the chain behind it."""

    seq: int
    at: datetime
    kind: str
    facts: Mapping[str, Any]
    head: str


@dataclass(frozen=True)
class PlanSeal:
    """A seal that a plan had at some time.

    ``forms`` counts the forms on paper that were typed since the plan closed; 0 at the closing itself.
    """

    seq: int
    code: str
    at: datetime
    forms: int


@dataclass(frozen=True)
class Replaced:
    """A seal in whose place another came, when and why.

    ``forms`` counts the forms on paper that were typed after closing; 0: the plan was open again.
    """

    old: str
    new: str
    closed_at: datetime
    at: datetime
    forms: int


def seal_code(head: str) -> str:
    """Write the head of a chain as ten characters that people can read out and type.

    Shape: XXXXX-XXXXX, the first 45 bits and a check character.
    Raises: NothingToSeal for an empty chain.
    """
    if not head:
        raise NothingToSeal()
    return code_from_bytes(bytes.fromhex(head))


def plan_seals(links: Iterable[Link]) -> dict[int, list[PlanSeal]]:
    """Give all seals that each plan ever had, the one that holds last; keys are agenda item ids.

    A plan is sealed when it closes, and again at each form on paper that is typed after that: its seal is
    always of what counts.
    """
    found: dict[int, list[PlanSeal]] = {}
    closed: set[int] = set()
    for link in links:
        item_id = link.facts.get("item", 0)
        if link.kind in OPENED:
            closed.discard(item_id)
        elif link.kind == CLOSED:
            closed.add(item_id)
            found.setdefault(item_id, []).append(PlanSeal(link.seq, seal_code(link.head), link.at, 0))
        elif link.kind in PAPER and item_id in closed:
            forms = found[item_id][-1].forms + 1
            found[item_id].append(PlanSeal(link.seq, seal_code(link.head), link.at, forms))
    return found


def replaced_seals(seals: Sequence[PlanSeal]) -> tuple[Replaced, ...]:
    """Tell what became of the earlier seals of one plan: a pile of paper is told as one change."""
    told = []
    for place, last in enumerate(seals):
        if place + 1 < len(seals) and seals[place + 1].forms:
            continue  # in the middle of a pile of paper
        first = seals[place - last.forms]
        if last.forms:
            told.append(Replaced(first.code, last.code, first.at, last.at, last.forms))
        if place + 1 < len(seals):
            again = seals[place + 1]
            told.append(Replaced(last.code, again.code, last.at, again.at, 0))
    return tuple(told)
