"""The panel beside its neighbourhood, for everyone."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from flask import current_app
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pb.evening.rules.steps import Stage
from pb.evening.tables import Evening, Presence
from pb.panel.queries import origin_mix
from pb.rounds.queries import published_round
from pb.sortition.queries.draws import published_draws
from pb.sortition.queries.mirror import EveningCame, EveningToCome, mirror, since_frozen
from pb.sortition.rules.merging import Group
from pb.sortition.rules.mirror import FeatureMirror
from pb.web.doors import public
from pb.web.pages import page
from pb.web.transaction import reading

EXTENSION = "evenings_came"
TO_COME = "evenings_to_come"


@dataclass(frozen=True, slots=True)
class Bar:
    """One group as it is drawn. Units: percent of the neighbourhood, of who said yes, of the panel."""

    group: Group
    area: int | None
    pool: int
    panel: int

    @property
    def name(self) -> str:
        return ", ".join(self.group.values)


@dataclass(frozen=True, slots=True)
class Bars:
    """One feature as it is drawn."""

    feature: FeatureMirror
    bars: tuple[Bar, ...]


def evenings_came(session: Session, round_id: int) -> list[EveningCame]:
    """Tell which seats came to each evening of a round that was held."""
    held = sa.select(Evening).where(Evening.round_id == round_id, Evening.stage == Stage.DONE.value)
    evenings = list(session.scalars(held.order_by(Evening.held_on, Evening.id)))
    came: dict[int, set[int]] = {evening.id: set() for evening in evenings}
    rows = session.execute(
        sa.select(Presence.evening_id, Presence.seat_id).where(Presence.evening_id.in_(came))
    )
    for evening_id, seat_id in rows:
        came[evening_id].add(seat_id)
    return [EveningCame(one.name, one.held_on, frozenset(came[one.id])) for one in evenings if came[one.id]]


def evenings_to_come(session: Session, round_id: int) -> list[EveningToCome]:
    """Tell which evenings of a round are planned and not over yet, the first first."""
    planned = sa.select(Evening).where(Evening.round_id == round_id, Evening.stage != Stage.DONE.value)
    evenings = session.scalars(planned.order_by(Evening.held_on, Evening.id))
    return [EveningToCome(one.name, one.held_on, one.place) for one in evenings]


def hang_attendance(state: BlueprintSetupState) -> None:
    """Let rooms that come before the evening know who came and who is to come, without knowing it."""
    state.app.extensions[EXTENSION] = evenings_came
    state.app.extensions[TO_COME] = evenings_to_come


@public("who decides is for everyone; no person can be found in it")
def mirror_page(round_id: int) -> ResponseReturnValue:
    """Show the panel beside the neighbourhood and beside everybody who said yes."""
    with reading() as session:
        facts = published_round(session, round_id=round_id)
        found = mirror(session, round_id=round_id, evenings=current_app.extensions[EXTENSION])
        since = since_frozen(session, round_id=round_id)
        mix = origin_mix(session, round_id=round_id)
        draws = [draw for draw in published_draws(session, round_id=round_id) if draw.stands]
    return page(
        "public/mirror.html",
        round=facts,
        mirror=found,
        since=since,
        mix=mix,
        draws=draws,
        features=[bars_of(one) for one in found.features if one.groups] if found else [],
        hidden=[one.name for one in found.features if not one.groups] if found else [],
        days={one.held_on: date.fromisoformat(one.held_on) for one in found.evenings} if found else {},
    )


def bars_of(feature: FeatureMirror) -> Bars:
    """Draw a feature: each share in whole percents of its own total."""
    groups = feature.groups
    people = sum(group.people or 0 for group in groups)
    return Bars(
        feature,
        tuple(
            Bar(
                group,
                None if group.people is None or not people else _percent(group.people, people),
                _percent(group.pool, sum(one.pool for one in groups)),
                _percent(group.panel, sum(one.panel for one in groups)),
            )
            for group in groups
        ),
    )


def _percent(part: int, whole: int) -> int:
    return round(Fraction(100 * part, whole)) if whole else 0
