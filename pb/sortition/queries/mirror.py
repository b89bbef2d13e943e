"""Count the panel beside its neighbourhood and beside everybody who said yes; no person in it."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.dates import amsterdam_date
from pb.inviting import queries as inviting
from pb.inviting.rules.appeal import Appeal, Said
from pb.sortition.queries.draws import DrawFacts, figures
from pb.sortition.queries.frozen import frozen_values
from pb.sortition.queries.steps import SeatNow, first_decided, seats_now
from pb.sortition.rules.merging import Group
from pb.sortition.rules.mirror import (
    EveningMirror,
    FeatureMirror,
    Mirror,
    protected,
    read_mirror,
    seen_on_evening,
)
from pb.sortition.rules.pool import RATHER_NOT
from pb.sortition.tables import KeptMirror


@dataclass(frozen=True, slots=True)
class EveningCame:
    """Say which seats came to an evening; told by the evening's own room, which comes later in the house."""

    name: str
    held_on: date
    seat_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Since:
    """Count what is so now, where a mirror tells what was frozen.

    Units: people who stood in the list; those who still take part; seats with somebody; seats that wait for
    somebody else; seats that changed hands and are not told yet.
    """

    listed: int
    still: int
    sitting: int
    empty: int
    untold: int


@dataclass(frozen=True, slots=True)
class EveningToCome:
    """Say when and where people are asked to come; told by the evening's own room as well."""

    name: str
    held_on: date
    place: str


EveningsToCome = Callable[[Session, int], Sequence[EveningToCome]]
EveningsCame = Callable[[Session, int], Sequence[EveningCame]]
CHANGES_AT_ONCE = 3
_Counts = Mapping[str, Mapping[str, int]]


def mirror(session: Session, *, round_id: int, evenings: EveningsCame) -> Mirror | None:
    """Show a panel beside its neighbourhood, once it was drawn; what was kept goes before counting again."""
    kept = session.scalar(sa.select(KeptMirror.counts).where(KeptMirror.round_id == round_id))
    if kept is not None:
        return read_mirror(kept)
    appeal = inviting.appeal_or_none(session, round_id=round_id)
    first = first_decided(session, round_id=round_id)
    if appeal is None or first is None or first.decided_at is None:
        return None
    chosen = _chosen(session, appeal, first)
    said_yes = set(chosen)
    seats = seats_now(session, round_id=round_id)
    now = _as_shown(seats, first.decided_at)
    here = _answers(now, said_yes)
    pool, panel = _count(chosen, said_yes), _count(chosen, here)
    features = protected(
        [
            FeatureMirror(
                feature.name, feature.source,
                tuple(
                    Group(
                        (name,), people, pool[feature.name].get(name, 0), panel[feature.name].get(name, 0)
                    )
                    for name, people in _values(appeal, feature.name)
                ),
            )
            for feature in appeal.features
        ]
    )  # fmt: skip
    shown = []
    before: set[int] = set()
    for evening in sorted(evenings(session, round_id), key=lambda one: one.held_on):
        then = [seat for seat in seats if _sat_on(seat, evening)]
        came = [seat for seat in then if seat.id in evening.seat_ids]
        shown.append(
            EveningMirror(
                name=evening.name, held_on=evening.held_on.isoformat(), came=len(came), panel=len(then),
                newcomers=len({seat.id for seat in came} - before) if before else None,
                features=seen_on_evening(
                    features,
                    _count(chosen, _answers(then, said_yes)),
                    _count(chosen, _answers(came, said_yes)),
                ),
            )
        )  # fmt: skip
        before |= {seat.id for seat in came}
    return Mirror(len(said_yes), len(here), len(now) - len(here), features, tuple(shown))


def since_frozen(session: Session, *, round_id: int) -> Since | None:
    """Count what changed since a panel was drawn: no feature, and nobody by name; None before that."""
    first = first_decided(session, round_id=round_id)
    if first is None or first.decided_at is None:
        return None
    kept = figures(session, first)
    listed = kept.turns.keys() | set(kept.invited)
    answers = inviting.answers(session, round_id=round_id)
    ever = seats_now(session, round_id=round_id)
    seats = [seat for seat in ever if seat.gone_at is None]
    until = _told_until(ever, first.decided_at)
    return Since(
        listed=len(listed),
        still=sum(one.counts and one.code in listed for one in answers),
        sitting=sum(not seat.is_empty for seat in seats),
        empty=sum(seat.is_empty for seat in seats),
        untold=sum(seat.made_at > until for seat in seats),
    )


def _told_until(seats: Sequence[SeatNow], first_at: datetime) -> datetime:
    """Say until when seats are told: after so many changes at once that none of them can be told apart.

    Whoever keeps the picture before and after one change sees what the newcomer and the leaver filled in.
    """
    later = sorted(seat.made_at for seat in seats if seat.made_at > first_at)
    told = len(later) - len(later) % CHANGES_AT_ONCE
    return later[told - 1] if told else first_at


def _as_shown(seats: Sequence[SeatNow], first_at: datetime) -> list[SeatNow]:
    """Give the panel as it may be counted."""
    at = _told_until(seats, first_at)
    return [seat for seat in seats if seat.made_at <= at and (seat.gone_at is None or seat.gone_at > at)]


def _values(appeal: Appeal, name: str) -> list[tuple[str, int | None]]:
    feature = next(one for one in appeal.features if one.name == name)
    return [*((value.name, value.people) for value in feature.values), (RATHER_NOT, None)]


def _chosen(session: Session, appeal: Appeal, first: DrawFacts) -> Mapping[int, Mapping[str, str]]:
    """Give, per answer in the first draw, the word for each feature, as it was frozen.

    Counting again after somebody stopped or was erased would tell what this one person filled in. Of whoever
    was left out for a seat at the same address nothing was frozen: they are in no count, also not later when
    they got a seat after all.
    """
    names = {value.id: value.name for feature in appeal.features for value in feature.values}
    now = inviting.feature_values(session, round_id=appeal.round_id)
    frozen = frozen_values(session, draw_id=first.id)
    found: dict[int, Mapping[str, str]] = {}
    for answer in inviting.answers(session, round_id=appeal.round_id):
        if answer.code in frozen:
            mine = frozen[answer.code]
            found[answer.id] = {one.name: mine[one.name] for one in appeal.features if one.name in mine}
        elif answer.said is Said.YES and answer.id in now and not frozen:
            values = now[answer.id]
            found[answer.id] = {
                feature.name: names.get(values[feature.id] or 0, RATHER_NOT)
                for feature in appeal.features
                if feature.id in values
            }
    return found


def _answers(seats: Sequence[SeatNow], said_yes: Collection[int]) -> set[int]:
    return {seat.answer_id for seat in seats if seat.answer_id is not None and seat.answer_id in said_yes}


def _count(chosen: Mapping[int, Mapping[str, str]], answer_ids: Collection[int]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for mine in chosen.values():
        for feature in mine:
            found.setdefault(feature, Counter())
    for answer_id in answer_ids:
        for feature, value in chosen[answer_id].items():
            found[feature][value] += 1
    return found


def _sat_on(seat: SeatNow, evening: EveningCame) -> bool:
    """Say whether a seat was there on the day of an evening; whoever came sat there anyhow."""
    made, gone = amsterdam_date(seat.made_at), seat.gone_at
    present = made <= evening.held_on and (gone is None or amsterdam_date(gone) > evening.held_on)
    return present or seat.id in evening.seat_ids
