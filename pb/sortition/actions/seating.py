"""Give people the seats that a draw gave them, and keep who comes after them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pb.inviting import queries as inviting
from pb.inviting.tables import Answer
from pb.panel.actions.filling import Newcomer, fill_seats, hold_round
from pb.sortition.rules.steps import Step
from pb.sortition.tables import Reserve, Seating, SeatStep
from pb.store.journal import Actor


def seat_people(
    session: Session, *, round_id: int, seated: Mapping[int, int | None], card_key: bytes, who: Actor,
    now: datetime,
) -> list[int]:  # fmt: skip
    """Give each of these answers the next seat, and give the seats' ids; who has one already is passed over.

    Shape: ``seated`` tells per answer id which draw seats it, None for a fixed seat; seats follow its order.
    Whoever withdrew after the list was frozen gets a seat that says so, to be filled like any empty one.
    Raises: PanelFull, NotFound.
    """
    hold_round(session, round_id)
    sitting = set(session.scalars(sa.select(Seating.answer_id).where(Seating.answer_id.in_(seated))))
    answers = {answer.id: answer for answer in inviting.answers(session, round_id=round_id)}
    persons = inviting.persons(session, round_id=round_id)
    went_to = inviting.addressees(session, round_id=round_id)
    new = [answers[one] for one in seated if one not in sitting]
    newcomers = []
    for answer in new:
        person, letter = persons.get(answer.id), went_to.get(answer.invitation_id)
        stays = answer.counts and person is not None
        newcomers.append(
            Newcomer(
                origin=answer.origin,
                name=person.name if stays and person else "",
                email=person.email if stays and person else "",
                phone=person.phone if stays and person else "",
                address=letter.address if stays and letter else "",
                address_key=letter.address_key if stays and letter else None,
            )
        )
    seats = fill_seats(
        session, round_id=round_id, newcomers=newcomers, draw_id=None, card_key=card_key, who=who, now=now
    )
    by = who.id if who.kind == "account" else None
    for answer, seat in zip(new, seats, strict=True):
        session.add(Seating(seat_id=seat.id, answer_id=answer.id, draw_id=seated[answer.id]))
        steps = [(Step.DRAWN, by)] if answer.counts else [(Step.DRAWN, by), (Step.WITHDRAWN, None)]
        for step, by_whom in steps:
            session.add(SeatStep(round_id=round_id, seat_id=seat.id, what=step.value, at=now, by=by_whom))
            session.flush()
    return [seat.id for seat in seats]


def keep_reserves(session: Session, *, round_id: int, draw_id: int, codes: Sequence[str]) -> int:
    """Keep who comes after the panel, in this order, and count them."""
    ids = answers_of(session, round_id=round_id)
    session.add_all(
        Reserve(draw_id=draw_id, place=place, answer_id=ids[code])
        for place, code in enumerate(codes, start=1)
    )
    return len(codes)


def answers_of(session: Session, *, round_id: int) -> dict[str, int]:
    """Tell whose answer each code of the draw is, also of people who withdrew."""
    rows = session.execute(sa.select(Answer.code, Answer.id).where(Answer.round_id == round_id))
    return {row.code: row.id for row in rows}
