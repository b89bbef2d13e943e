"""What came in when everybody divided the pot: how many people did, and what they gave a plan together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.divide.rules.config import FROM_PROPOSALS, DivideConfig, Rule
from pb.divide.rules.limits import Because, Status
from pb.divide.shown import nearest
from pb.divide.tables import OwnDivision
from pb.evening.tables import Presence
from pb.panel.tables import Seat


@dataclass(frozen=True)
class Divided:
    """How many people divided the pot, ``of`` those who were there then or had handed in before they left."""

    people: int
    of: int


def how_many_divided(session: Session, *, evening_id: int, at: datetime) -> Divided:
    """Count who had divided the pot when it was closed. The published figures hold no number of people."""
    taken_away_later = sa.or_(Seat.gone_at.is_(None), Seat.gone_at > at)
    divided = set(
        session.scalars(
            sa.select(OwnDivision.seat_id)
            .join(Seat, Seat.id == OwnDivision.seat_id)
            .where(OwnDivision.evening_id == evening_id, taken_away_later)
        )
    )
    there = set(
        session.scalars(
            sa.select(Presence.seat_id)
            .join(Seat, Seat.id == Presence.seat_id)
            .where(
                Presence.evening_id == evening_id,
                Presence.arrived_at <= at,
                sa.or_(Presence.left_at.is_(None), Presence.left_at > at),
                taken_away_later,
            )
        )
    )
    return Divided(len(divided), len(divided | there))


def together_cents(inputs: Mapping[str, Any], number: int) -> int | None:
    """Give what people gave a plan as it is shown: exactly, to the nearest cent."""
    exact = _together(inputs, number)
    return None if exact is None else nearest(exact)


def _together(inputs: Mapping[str, Any], number: int) -> Fraction | None:
    """Work out what people gave a plan, as the rule does, from the amounts that are published.

    None where they are not, or where the rule takes no average. Units: cents.
    """
    given: Sequence[int] = (inputs.get("proposals") or {}).get(str(number), ())
    if not given:
        return None
    config = DivideConfig.from_json(inputs["rules"]["divide"])
    if config.rule is Rule.MEDIAN_PROPOSALS:
        return Fraction(given[(len(given) - 1) // 2] + given[len(given) // 2], 2)
    if config.rule not in (Rule.MEAN_PROPOSALS, Rule.TRIMMED_MEAN_PROPOSALS):
        return None
    cut = int(len(given) * config.trim) if config.rule is Rule.TRIMMED_MEAN_PROPOSALS else 0
    cut = min(cut, (len(given) - 1) // 2)
    kept = given[cut : len(given) - cut]
    return Fraction(sum(kept), len(kept))


def tell_lift(steps: Sequence[SimpleNamespace], inputs: Mapping[str, Any], number: int) -> None:
    """Put into the step of the amount how it came from what people gave, where that says more.

    A minimum may have lifted it above what they gave (``given``; None where that is not published). Where
    it is nothing, nobody gave anything, or the few who did are among the ends that do not count.
    """
    rule = Rule(inputs["rules"]["divide"]["rule"])
    if rule not in FROM_PROPOSALS:
        return
    for step in steps:
        if step.code == "level" and step.facts.get("side") == Status.ZERO.value:
            each: Sequence[int] = (inputs.get("proposals") or {}).get(str(number), ())
            trimmed = rule is Rule.TRIMMED_MEAN_PROPOSALS and _together(inputs, number) == 0
            step.facts |= {"nobody": bool(each) and not any(each), "trimmed_away": any(each) and trimmed}
        if step.code != "level" or step.facts.get("held_by") != Because.OWN_MIN.value:
            continue
        given = _together(inputs, number)
        # At the whole of what people gave, only a minimum brings a plan higher; below it, who knows.
        whole = Fraction(step.facts["lam"]) == 1
        above = whole if given is None else given < step.facts["amount"]
        if above:
            step.facts |= {"lifted": True, "given": None if given is None else nearest(given)}


def tell_exact(steps: Sequence[SimpleNamespace]) -> None:
    """Put into the step of the amount what the rule gave exactly, to the nearest cent as it is shown."""
    rounded = next((step for step in steps if step.code == "rounded"), None)
    for step in steps:
        if step.code != "level":
            continue
        if rounded is not None:
            step.facts["exact_cents"] = nearest(Fraction(rounded.facts["exact"]))
        for name, times in (("level_cents", 1), ("per_hundred_cents", 10_000)):
            if step.facts.get(name) is not None:
                step.facts[name] = nearest(Fraction(step.facts["lam"]) * times)


def tell_level(steps: Sequence[SimpleNamespace], level_cents: int | None) -> None:
    """Put into the step of the amount the equal amount as it became when people had settled an amount."""
    for step in steps:
        before = step.facts.get("level_cents")
        if step.code == "level" and None not in (before, level_cents) and before != level_cents:
            step.facts["level_after"] = level_cents
