"""Give empty seats to others: by a replacement draw, by rotation, or to the next on the reserve list.

The number of a replacement draw was fixed with the first draw, by a rule that everyone can repeat; so nobody
chooses it, and nobody has to wait for another public number.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pb.core.errors import Broken
from pb.core.mail import Letter
from pb.inviting.actions.answering import withdraw
from pb.panel import queries as panel
from pb.panel.actions import remove_seat
from pb.panel.actions.filling import hold_round
from pb.panel.rules.keeping import PanelChanged
from pb.sortition.actions.seating import answers_of, seat_people
from pb.sortition.actions.steps import add_step
from pb.sortition.actions.telling import mail_outcome
from pb.sortition.actions.vacancies import Change, Vacancy, vacancy
from pb.sortition.lottery.drawing import Drawn
from pb.sortition.queries.steps import SeatNow, reserves
from pb.sortition.rules.beacon import Beacon
from pb.sortition.rules.certificate import certificate
from pb.sortition.rules.steps import Step
from pb.sortition.tables import SeatDraw
from pb.store import journal
from pb.store.journal import Actor


class ReserveEmpty(Broken):
    """Say that nobody is left on the reserve list."""

    code = "sortition.reserve-empty"


def seat_drawn(
    session: Session,
    *,
    vacant: Vacancy,
    drawn: Drawn,
    changes: Sequence[Change] = (),
    reason: str = "",
    card_key: bytes,
    who: Actor,
    now: datetime,
    letter: Letter | None = None,
) -> int:
    """Give the empty seats to whoever the number names, write everything down, and give the draw's id.

    ``vacant`` is what was drawn from, before widening; ``changes`` is what was widened, with the reason.
    ``letter`` goes to whoever gets a seat and left an address.
    Raises: PanelChanged, when anything changed since.
    """
    hold_round(session, vacant.round_id)
    if vacancy(session, round_id=vacant.round_id, newcomers=len(vacant.stepping_down)) != vacant:
        raise PanelChanged()
    # Public from this moment; the value was fixed long before, and no other moment can change it.
    beacon = Beacon(vacant.number, now + timedelta(seconds=1), vacant.rule, "none: it is known")
    told = {
        "kind": vacant.kind, "number": vacant.number, "rule": vacant.rule,
        "first_pack_sha256": vacant.first.pack_sha256,
        "stay": list(vacant.stay), "empty_seats": len(vacant.empty),
        "stepped_down": sorted(seat.code or "" for seat in vacant.stepping_down),
        "widened": [dict(change) for change in changes], "reason": reason,
        "decided_by": "area manager" if changes else "",
    }  # fmt: skip
    # What targets reached stays out: beside the first certificate it would tell about one newcomer.
    written = certificate(drawn.frozen.facts, beacon, vacant.value, published_at=now, replacements=(told,))
    facts = json.loads(written)
    row = SeatDraw(
        round_id=vacant.round_id, kind=vacant.kind, first_id=vacant.first.id, seats=vacant.places,
        panels=len(drawn.panels), source=vacant.first.source.value, beacon_round=None, beacon_at=now,
        pack=drawn.frozen.public, pack_sha256=drawn.frozen.sha256, auditor=drawn.frozen.auditor,
        frozen_at=now, frozen_by=who.id, published_at=now, value=vacant.value, number=facts["number"],
        decided_at=now, certificate=written,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for seat in vacant.stepping_down:
        add_step(session, round_id=vacant.round_id, seat=seat, step=Step.ROTATED, who=who, now=now)
    by_code = answers_of(session, round_id=vacant.round_id)
    old = sorted((*vacant.empty, *vacant.stepping_down), key=lambda seat: seat.number)
    newcomers = [by_code[code] for code in facts["panel"]]
    _follow(
        session, round_id=vacant.round_id, old=old, answer_ids=newcomers,
        draw_id=row.id, card_key=card_key, who=who, now=now,
    )  # fmt: skip
    mailed = _mail(session, vacant.round_id, newcomers, letter, now)
    journal.note(
        session, at=now, who=who, what=f"{vacant.kind} drawn", subject=f"round {vacant.round_id}",
        draw_id=row.id, places=vacant.places, pack_sha256=row.pack_sha256, number=row.number,
        widened=[dict(change) for change in changes], told=mailed,
    )  # fmt: skip
    return row.id


def seat_reserve(
    session: Session, *, round_id: int, seat_id: int, seen: int, card_key: bytes, who: Actor, now: datetime,
    letter: Letter | None = None,
) -> int:  # fmt: skip
    """Give an empty seat to the first of the reserve list, and give the new seat's number.

    ``seen`` is the answer that was shown as first, so that pressing twice seats one person.
    Raises: NoFirstDraw, FeaturesGone, NothingEmpty, ReserveEmpty, PanelChanged.
    """
    hold_round(session, round_id)
    vacant = vacancy(session, round_id=round_id)
    seat = next((one for one in vacant.empty if one.id == seat_id), None)
    waiting = next_reserves(session, vacant)
    if not waiting:
        raise ReserveEmpty()
    if seat is None or waiting[0] != seen:
        raise PanelChanged()
    [number] = _follow(
        session, round_id=round_id, old=[seat], answer_ids=[seen], draw_id=vacant.first.id,
        card_key=card_key, who=who, now=now,
    )  # fmt: skip
    journal.note(
        session, at=now, who=who, what="reserve seated", subject=f"round {round_id}",
        draw_id=vacant.first.id, seat=seat.number, number=number,
        told=_mail(session, round_id, [seen], letter, now),
    )  # fmt: skip
    return number


def pass_reserve(session: Session, *, round_id: int, seen: int, who: Actor, now: datetime) -> None:
    """Write down that the first of the reserve list does not want to come; the next is first then.

    Raises: what vacancy raises; PanelChanged when somebody else is first.
    """
    hold_round(session, round_id)
    waiting = next_reserves(session, vacancy(session, round_id=round_id))
    if not waiting or waiting[0] != seen:
        raise PanelChanged()
    withdraw(session, answer_id=seen, round_id=round_id, who=who, now=now)


def next_reserves(session: Session, vacant: Vacancy) -> list[int]:
    """List who may be asked, in the order of the lot; without whoever lives with somebody who sits."""
    known = {**vacant.whole.by_id, **{person.id: person for person in vacant.invited}}
    homes = {known[code].household for code in vacant.stay if code in known} - {None}
    return [
        one.answer_id
        for one in reserves(session, round_id=vacant.round_id)
        if one.code in known and known[one.code].household not in homes
    ]


def _mail(
    session: Session, round_id: int, answer_ids: Sequence[int], letter: Letter | None, now: datetime
) -> int:
    if letter is None:
        return 0
    return mail_outcome(session, round_id=round_id, answer_ids=answer_ids, letter=letter, now=now)


def _follow(
    session: Session,
    *,
    round_id: int,
    old: Sequence[SeatNow],
    answer_ids: Sequence[int],
    draw_id: int,
    card_key: bytes,
    who: Actor,
    now: datetime,
) -> list[int]:
    """Give each old seat a follower with a seat of its own; the old card dies."""
    seat_ids = seat_people(
        session, round_id=round_id, seated=dict.fromkeys(answer_ids, draw_id), card_key=card_key, who=who,
        now=now,
    )  # fmt: skip
    for before, seat_id in zip(old, seat_ids, strict=True):
        if before.left and before.standing.state is not before.state:
            # They took their own answer back; nobody pressed it here.
            add_step(
                session, round_id=round_id, seat=before, step=Step.WITHDRAWN, who=journal.SYSTEM, now=now
            )
        add_step(
            session, round_id=round_id, seat=before, step=Step.REPLACED, who=who, now=now, by_seat_id=seat_id
        )
        # Whoever was at an evening stays known until the day that was promised; who said no does not.
        forget = before.state is Step.WITHDRAWN
        remove_seat(session, round_id=round_id, seat_id=before.id, forget_person=forget, who=who, now=now)
    numbers = {seat.id: seat.number for seat in panel.seats(session, round_id=round_id)}
    return [numbers[seat_id] for seat_id in seat_ids]
