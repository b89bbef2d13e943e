"""Read in which rounds a draw or its panel waits for somebody; with a few queries for all rounds."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.inviting.tables import Answer, Appeal
from pb.panel.tables import SeatPerson
from pb.rounds.rules import RoundState
from pb.rounds.tables import Round
from pb.sortition.queries.draws import FIRST
from pb.sortition.queries.steps import seats_by_round
from pb.sortition.queries.telling import News, Telling, tellings
from pb.sortition.rules.steps import TRIES_MOST
from pb.sortition.tables import BeaconReading, SeatDraw


@dataclass(frozen=True, slots=True)
class OfRound:
    """Name a round and its area."""

    round_id: int
    name: str
    area_id: int


@dataclass(frozen=True, slots=True)
class OpenDraw:
    """A draw that gave no seats yet. ``readings`` are the numbers that people typed, as (who, value)."""

    of: OfRound
    draw_id: int
    beacon_at: datetime
    published_at: datetime | None
    number: int | None
    readings: tuple[tuple[int, str], ...]
    telling: Telling


@dataclass(frozen=True, slots=True)
class Untold:
    """A draw that gave its seats, with whom its mail did not reach."""

    of: OfRound
    draw_id: int
    telling: Telling


@dataclass(frozen=True, slots=True)
class SeatsWait:
    """A panel that was drawn.

    Units: people who still have to be phoned; people whom nobody can phone, or who never answered; seats that
    somebody left.
    """

    of: OfRound
    to_phone: int
    to_write: int
    empty: int
    can_be_drawn: bool


def open_draws(session: Session) -> list[OpenDraw]:
    """List the draws that stand and gave no seats yet, in rounds that are not closed."""
    rows = session.execute(
        sa.select(
            SeatDraw.id, SeatDraw.beacon_at, SeatDraw.published_at, SeatDraw.number,
            Round.id.label("round_id"), Round.name, Round.area_id, BeaconReading.read_by, BeaconReading.value,
        )
        .join(Round, Round.id == SeatDraw.round_id)
        .outerjoin(BeaconReading, BeaconReading.draw_id == SeatDraw.id)
        .where(
            SeatDraw.kind == FIRST, SeatDraw.spare_at.is_(None), SeatDraw.decided_at.is_(None),
            Round.state != RoundState.CLOSED.value,
        )
        .order_by(SeatDraw.id, BeaconReading.id)
    ).all()  # fmt: skip
    told = tellings(session, draw_ids={row.id for row in rows if row.published_at is not None})
    typed: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        typed.setdefault(row.id, []).extend([(row.read_by, row.value)] if row.read_by is not None else [])
    return [
        OpenDraw(
            of=OfRound(row.round_id, row.name, row.area_id), draw_id=row.id, beacon_at=row.beacon_at,
            published_at=row.published_at, number=row.number, readings=tuple(typed[row.id]),
            telling=told.get(row.id, Telling()),
        )
        for row in {row.id: row for row in rows}.values()
    ]  # fmt: skip


def outcomes_untold(session: Session) -> list[Untold]:
    """List the draws of which somebody who was not drawn got no mail, in rounds that are not closed."""
    rows = session.execute(
        sa.select(SeatDraw.id, Round.id.label("round_id"), Round.name, Round.area_id)
        .join(Round, Round.id == SeatDraw.round_id)
        .where(
            SeatDraw.kind == FIRST, SeatDraw.spare_at.is_(None), SeatDraw.decided_at.is_not(None),
            Round.state != RoundState.CLOSED.value,
        )
        .order_by(SeatDraw.id)
    ).all()  # fmt: skip
    found = tellings(session, draw_ids=[row.id for row in rows], news=News.OUTCOME)
    return [
        Untold(OfRound(row.round_id, row.name, row.area_id), row.id, found[row.id])
        for row in rows
        if row.id in found
    ]


def lists_to_freeze(session: Session, *, today: date) -> list[OfRound]:
    """List the rounds in which people said yes, nobody can answer any more, and no list was frozen."""
    said_yes = sa.exists().where(
        Answer.round_id == Round.id, Answer.said == "yes", Answer.withdrawn_at.is_(None),
        Answer.erased_at.is_(None),
    )  # fmt: skip
    rows = session.execute(
        sa.select(Round.id, Round.name, Round.area_id)
        .join(Appeal, Appeal.round_id == Round.id)
        .where(
            Round.state == RoundState.OPEN.value, Appeal.frozen_at.is_(None), Appeal.deleted_at.is_(None),
            Appeal.answers_close_on < today, said_yes,
            ~sa.exists().where(SeatDraw.round_id == Round.id, SeatDraw.spare_at.is_(None)),
        )
        .order_by(Round.id.desc())
    )  # fmt: skip
    return [OfRound(row.id, row.name, row.area_id) for row in rows]


def seats_waiting(session: Session) -> list[SeatsWait]:
    """List the panels that were drawn and of which somebody is to be phoned or a seat is empty."""
    rounds = session.execute(
        sa.select(Round.id, Round.name, Round.area_id, Appeal.deleted_at)
        .outerjoin(Appeal, Appeal.round_id == Round.id)
        .where(
            Round.state != RoundState.CLOSED.value,
            sa.exists().where(SeatDraw.round_id == Round.id, SeatDraw.decided_at.is_not(None)),
        )
        .order_by(Round.id.desc())
    ).all()
    seats = seats_by_round(session, round_ids=[row.id for row in rounds])
    waiting = {seat.id: seat for some in seats.values() for seat in some if seat.waits_for_call}
    with_phone = set(
        session.scalars(
            sa.select(SeatPerson.seat_id).where(SeatPerson.seat_id.in_(waiting), SeatPerson.phone != "")
        )
    )
    to_phone = {one for one in with_phone if waiting[one].standing.tries < TRIES_MOST}
    found = []
    for row in rounds:
        mine = seats.get(row.id, [])
        phoned = sum(seat.id in to_phone for seat in mine)
        found.append(
            SeatsWait(
                of=OfRound(row.id, row.name, row.area_id), to_phone=phoned,
                to_write=sum(seat.waits_for_call for seat in mine) - phoned,
                empty=sum(seat.is_empty for seat in mine), can_be_drawn=row.deleted_at is None,
            )
        )  # fmt: skip
    return [one for one in found if one.to_phone or one.to_write or one.empty]
