"""The command that computes a published outcome again: ``python -m pb recompute FILE``.

Ends with 0 when everything comes out the same, 1 when something does not, 2 when there is nothing to compute.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from pb.core.errors import Broken
from pb.decide.rules import Outcome, Status
from pb.decide.rules import Rule as DecideRule
from pb.divide.recompute.again import FEWEST_SHOWN, Again, PlanAgain, compute_again
from pb.divide.recompute.published import Published, read_published

MOST_BYTES = 32 * 1024 * 1024


class Unreadable(Exception):
    """Say that there is nothing here to compute again."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute an outcome again, say plan by plan whether it is the same, and give the exit status."""
    parser = argparse.ArgumentParser(
        prog="recompute", description="Compute a published outcome again, and compare."
    )
    parser.add_argument("file", type=Path, help="uitslag.json, as the page of an outcome gives it")
    file: Path = parser.parse_args(arguments).file
    try:
        published = read_published(_read(file))
        again = compute_again(published)
    except (Unreadable, Broken, UnicodeError, RecursionError) as wrong:
        sys.stderr.write(_one_line(f"recompute: {file}: {_what_is_wrong(wrong)}") + "\n")
        return 2
    lines = [_one_line(line) for line in told(published, again)]
    sys.stdout.buffer.write(("\n".join(lines) + "\n").encode("utf-8", "backslashreplace"))
    sys.stdout.flush()
    return 0 if again.equal else 1


def told(published: Published, again: Again) -> Iterator[str]:
    """Say what came out, a line per plan, and then of the whole."""
    for plan in again.plans:
        yield f"Plan {plan.plan_id}: {' '.join(_plan(plan))}"
    for one in published.amendments:
        yield f"Plan {one.plan_id} was changed by the panel to {_euros(one.amount_cents)}: {one.reason}"
    for name in again.differs:
        yield f"DIFFERS: {name}"
    yield f"Rules:   sha256 {published.rules_sha256}"
    yield f"Outcome: sha256 {published.sha256}"
    yield "Both numbers must stand on the page of the outcome, letter for letter."
    if again.equal:
        yield all_equal(len(again.plans), again.division.settled.total_cents, published.budget_cents)
    else:
        yield "NOT EQUAL. This is not what comes out of these figures."


def all_equal(plans: int, spent_cents: int, budget_cents: int) -> str:
    """Say that everything is equal: the last line, which the page of an outcome promises."""
    return f"EQUAL. All {plans} plans come out the same: {_euros(spent_cents)} of {_euros(budget_cents)}."


def _plan(plan: PlanAgain) -> Iterator[str]:
    if plan.outcome is None:
        yield f"Fewer than {FEWEST_SHOWN} scores, so the counts are not published."
        if plan.taken:
            yield "Its place is taken as it was published." if plan.yes else "Its no is taken as published."
    else:
        yield _scores(plan.outcome)
    computed_yes = plan.outcome is not None and plan.outcome.status is Status.YES
    other = plan.outcome is not None and computed_yes != plan.yes
    yield ("The panel decided otherwise: " if other else "Decided: ") + ("yes." if plan.yes else "no.")
    if plan.place is not None and plan.settled_cents is not None and plan.status is not None:
        yield f"Place {plan.place}, {plan.status.value.replace('_', ' ')}:"
        if plan.computed_cents is not None and plan.computed_cents != plan.settled_cents:
            yield f"computed {_euros(plan.computed_cents)}, after changes by the panel"
        yield f"{_euros(plan.settled_cents)}."
    if not plan.differs:
        yield "Equal."
        return
    published = "nothing" if plan.published_cents is None else _euros(plan.published_cents)
    yield f"DIFFERS ({', '.join(plan.differs)}): published is {published}."


def _scores(outcome: Outcome) -> str:
    if outcome.status is Status.NO_QUORUM:
        return f"{outcome.scorers} of {outcome.eligible} scored, {outcome.quorum_needed} needed: no."
    verdict = "yes" if outcome.status is Status.YES else "no"
    if outcome.rule is DecideRule.SUPPORT:
        high = f"{outcome.supporters} of {outcome.counted} gave {outcome.min_grade} or more"
        return f"{high}, {outcome.need} needed: {verdict}."
    return f"{outcome.counted} scores, histogram {list(outcome.counted_hist)}: {verdict}."


def _euros(cents: int) -> str:
    return f"EUR {cents // 100}.{cents % 100:02d}"


def _read(file: Path) -> object:
    """Read a file strictly: no key twice, whole numbers only. Raises: Unreadable."""
    try:
        with file.open("rb") as opened:
            found = opened.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise Unreadable(f"cannot be opened: {wrong.strerror}") from None
    if len(found) > MOST_BYTES:
        raise Unreadable(f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    try:
        return json.loads(
            found.decode("utf-8-sig"),
            object_pairs_hook=_once_each,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError) as wrong:
        raise Unreadable(f"is not an outcome: {wrong}") from None


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    facts = dict(pairs)
    if len(facts) != len(pairs):
        raise ValueError("a key stands in it twice")
    return facts


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number[:20]} is no whole number")


def _what_is_wrong(wrong: Exception) -> str:
    """Say in one line what cannot be read, and where in the file it stands."""
    if not isinstance(wrong, Broken):
        return str(wrong) if isinstance(wrong, Unreadable) else "it holds what no outcome holds"
    facts = dict(wrong.facts)
    if wrong.code == "divide.nothing-to-compute":
        return (
            f"it leaves out what rule {facts['rule']} needs, because too few people gave an amount or a score"
        )
    place = facts.pop("field", None)
    said = ", ".join(f"{name} {value}" for name, value in facts.items() if value is not None)
    what = wrong.code.partition(".")[2].replace("-", " ")
    return ": ".join(part for part in (str(place) if place else "", what, said) if part)


def _one_line(words: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in words)[:500]
