"""Give a seat to people, one by one; take a seat away; give a seat a new card."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.core.errors import NotFound
from pb.panel import queries
from pb.panel.actions.filling import Newcomer, fill_seats, give_card, hold_round
from pb.panel.rules.keeping import CardReplaced
from pb.panel.rules.people_file import InvitedPerson
from pb.panel.rules.repeats import check_new
from pb.panel.tables import Seat, SeatPerson
from pb.store import journal
from pb.store.journal import Actor


def add_invited(
    session: Session,
    *,
    round_id: int,
    people: Sequence[InvitedPerson],
    card_key: bytes,
    who: Actor,
    now: datetime,
) -> list[int]:
    """Give each of these people a seat, in this order, also when they look like somebody with one.

    Shape: the ids of the seats.
    Raises: PanelFull, NotFound.
    """
    hold_round(session, round_id)
    seats = fill_seats(
        session,
        round_id=round_id,
        newcomers=[Newcomer(person.origin, person.name, person.email, person.phone) for person in people],
        draw_id=None,
        card_key=card_key,
        who=who,
        now=now,
    )
    journal.note(
        session,
        at=now,
        who=who,
        what="seats given",
        subject=f"round {round_id}",
        seats=len(seats),
        first_number=seats[0].number if seats else None,
    )
    return [seat.id for seat in seats]


def add_person(
    session: Session,
    *,
    round_id: int,
    person: InvitedPerson,
    somebody_else: bool,
    card_key: bytes,
    who: Actor,
    now: datetime,
) -> int:
    """Give one person a seat, and give its number.

    Raises: PersonHasSeat for who looks like somebody with a seat, unless it is ``somebody_else``.
    """
    hold_round(session, round_id)
    if not somebody_else:
        check_new(person, queries.sitting(session, round_id=round_id))
    [seat_id] = add_invited(session, round_id=round_id, people=[person], card_key=card_key, who=who, now=now)
    return queries.seat(session, round_id=round_id, seat_id=seat_id).number


def remove_seat(
    session: Session, *, round_id: int, seat_id: int, forget_person: bool, who: Actor, now: datetime
) -> None:
    """Take a seat away: its card dies, its number stays with it. A second time changes nothing.

    Raises: NotFound.
    """
    hold_round(session, round_id)
    seat = _seat(session, round_id, seat_id)
    if seat.gone_at is not None:
        return
    seat.gone_at = now
    if forget_person:
        session.execute(sa.delete(SeatPerson).where(SeatPerson.seat_id == seat_id))
    journal.note(
        session,
        at=now,
        who=who,
        what="seat taken away",
        subject=f"seat {seat_id}",
        round_id=round_id,
        number=seat.number,
        person_forgotten=forget_person,
    )


def new_card(
    session: Session,
    *,
    round_id: int,
    seat_id: int,
    card_key: bytes,
    who: Actor,
    now: datetime,
    replaces: int | None = None,
) -> int:
    """Make a new card for a seat, and give its serial; the old card dies.

    ``replaces`` is the serial that was seen: pressing twice makes one card.
    Raises: CardReplaced when somebody else made a card since; NotFound.
    """
    hold_round(session, round_id)
    seat = _seat(session, round_id, seat_id)
    if seat.gone_at is not None:
        raise NotFound()
    if replaces is not None and replaces != seat.card_serial:
        mine = who.kind == "account" and seat.card_made_by == who.id
        if mine and seat.card_serial == replaces + 1:
            return seat.card_serial
        raise CardReplaced(number=seat.number)
    give_card(seat, serial=seat.card_serial + 1, card_key=card_key, who=who, now=now)
    journal.note(
        session,
        at=now,
        who=who,
        what="card made",
        subject=f"seat {seat_id}",
        round_id=round_id,
        number=seat.number,
        serial=seat.card_serial,
    )
    return seat.card_serial


def _seat(session: Session, round_id: int, seat_id: int) -> Seat:
    found = session.scalar(sa.select(Seat).where(Seat.round_id == round_id, Seat.id == seat_id))
    if found is None:
        raise NotFound()
    return found
