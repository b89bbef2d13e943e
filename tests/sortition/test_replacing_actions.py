"""Empty seats go to others: by a draw that nobody chooses, by rotation, or to the first reserve."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from pb.inviting.tables import Answer, AnswerFeature, FeatureValue
from pb.panel import queries as panel
from pb.panel.rules.keeping import PanelChanged
from pb.people.rules import Role
from pb.sortition.actions.replacing import next_reserves, seat_drawn, seat_reserve
from pb.sortition.actions.steps import take_step
from pb.sortition.actions.vacancies import NothingEmpty, draw_for, look_ahead, vacancy
from pb.sortition.queries.draws import auditor_bytes, certificate_bytes, draw, pack_bytes
from pb.sortition.queries.steps import from_reserve, seats_now
from pb.sortition.rules.refusals import LotteryReplacementFails
from pb.sortition.rules.steps import Step
from pb.sortition.tables import SeatDraw
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY
from support.seated import VALUE, SeatedPanel, seat_panel


def say_no(store: Store, place: Neighbourhood, held: SeatedPanel, *places: int) -> list[int]:
    with store.writing() as session:
        for at in places:
            seat = held.seats[at]
            take_step(
                session, round_id=place.round_id, seat_id=seat.id, step=Step.WITHDRAWN,
                seen=seat.standing.seen, who=place.who(Role.CALLER), now=NOW,
            )  # fmt: skip
    return [held.seats[at].id for at in places]


def men_of(store: Store, place: Neighbourhood) -> set[int]:
    with store.reading() as session:
        rows = session.scalars(
            sa.select(AnswerFeature.answer_id)
            .join(FeatureValue, FeatureValue.id == AnswerFeature.value_id)
            .where(FeatureValue.name == "man")
        )
        return set(rows)


def hold(store: Store, place: Neighbourhood, *, newcomers: int = 0, reason: str = "") -> int:
    with store.reading() as session:
        vacant = vacancy(session, round_id=place.round_id, newcomers=newcomers)
    outlook = look_ahead(vacant, card_key=KEY)
    assert outlook.drawn is not None
    with store.writing() as session:
        return seat_drawn(
            session, vacant=vacant, drawn=outlook.drawn, changes=outlook.changes, reason=reason, card_key=KEY,
            who=place.who(Role.AREA_MANAGER), now=NOW,
        )  # fmt: skip


def test_whoever_said_no_is_followed_by_others_and_anyone_can_check_it(
    store: Store, place: Neighbourhood
) -> None:
    held = seat_panel(store, place)
    gone = say_no(store, place, held, 2, 5, 7)
    draw_id = hold(store, place)
    with store.reading() as session:
        seats = seats_now(session, round_id=place.round_id)
        row = session.get_one(SeatDraw, draw_id)
        value, number = row.value, row.number
        first = draw(session, round_id=place.round_id, draw_id=held.draw_id)
        pack = json.loads(pack_bytes(session, draw_id=draw_id))
        told = json.loads(certificate_bytes(session, draw_id=draw_id) or b"")
        auditor = json.loads(auditor_bytes(session, draw_id=draw_id) or b"")
        present = panel.seats(session, round_id=place.round_id)
        persons = panel.persons(session, round_id=place.round_id)
    assert len(present) == 12
    assert [seat.number for seat in seats if seat.id in gone] == [3, 6, 8]
    by_id = {seat.id: seat for seat in seats}
    for seat_id in gone:
        old = by_id[seat_id]
        assert (old.state, old.gone_at) == (Step.REPLACED, NOW)
        follower = by_id[old.standing.last.by_seat_id]  # type: ignore[union-attr, index]
        assert follower.state is Step.DRAWN
        assert persons[follower.id].name
        assert follower.draw_id == draw_id
    # The value is that of the first draw, by a rule of one line; the panel is that of its number.
    assert value == hashlib.sha256(f"{VALUE}|replacement|1".encode()).hexdigest()
    newcomers = sorted(seat.code for seat in seats if seat.draw_id == draw_id and seat.code)
    assert newcomers == pack["panels"][number]
    stayed = {seat.code for seat in held.seats} - {by_id[one].code for one in gone}
    assert set(pack["invited"]) == stayed
    assert (pack["first"]["number"], pack["first"]["before"]) == (1, [first.pack_sha256])
    assert told["pack_sha256"] == auditor["pack_sha256"] == pack["sha256"]
    assert told["replacements"][0]["empty_seats"] == 3
    # Beside the first certificate it would tell what a newcomer filled in.
    assert not any("reached" in line for line in told["targets"])
    with store.reading() as session, pytest.raises(NothingEmpty):
        vacancy(session, round_id=place.round_id)


def test_a_draw_is_refused_when_somebody_said_something_meanwhile(store: Store, place: Neighbourhood) -> None:
    held = seat_panel(store, place)
    say_no(store, place, held, 0)
    with store.reading() as session:
        vacant = vacancy(session, round_id=place.round_id)
    drawn = draw_for(vacant, card_key=KEY)
    say_no(store, place, held, 1)
    with store.writing() as session, pytest.raises(PanelChanged):
        seat_drawn(
            session, vacant=vacant, drawn=drawn, card_key=KEY, who=place.who(Role.AREA_MANAGER), now=NOW
        )


def test_when_a_target_cannot_be_kept_the_smallest_change_is_a_decision_with_a_reason(
    store: Store, place: Neighbourhood
) -> None:
    held = seat_panel(store, place)
    men = men_of(store, place)
    seated_men = [at for at, seat in enumerate(held.seats) if seat.answer_id in men]
    with store.writing() as session:
        free = men - {seat.answer_id for seat in held.seats}
        session.execute(sa.update(Answer).where(Answer.id.in_(free)).values(withdrawn_at=NOW))
    say_no(store, place, held, *seated_men[3:])
    with store.reading() as session:
        outlook = look_ahead(vacancy(session, round_id=place.round_id), card_key=KEY)
    assert isinstance(outlook.refused, LotteryReplacementFails)
    man = {"feature": "geslacht", "value": "man", "bound": "least", "before": 4, "after": 3}
    assert outlook.changes == (man,)
    assert outlook.places == len(seated_men) - 3
    draw_id = hold(store, place, reason="Er zijn geen mannen meer op de lijst.")
    with store.reading() as session:
        told = json.loads(certificate_bytes(session, draw_id=draw_id) or b"")["replacements"][0]
        seats = seats_now(session, round_id=place.round_id)
    assert (told["widened"], told["reason"]) == ([man], "Er zijn geen mannen meer op de lijst.")
    assert len([seat for seat in seats if seat.sits]) == 12
    # What was widened stays so: the next replacement does not ask again.
    newest = max(seats, key=lambda seat: seat.number)
    with store.writing() as session:
        take_step(
            session, round_id=place.round_id, seat_id=newest.id, step=Step.WITHDRAWN,
            seen=newest.standing.seen, who=place.who(Role.CALLER), now=NOW,
        )  # fmt: skip
    with store.reading() as session:
        assert look_ahead(vacancy(session, round_id=place.round_id), card_key=KEY).refused is None


def test_rotation_lets_who_sat_longest_make_room_and_fills_the_seats(
    store: Store, place: Neighbourhood
) -> None:
    seat_panel(store, place)
    draw_id = hold(store, place, newcomers=4)
    with store.reading() as session:
        seats = seats_now(session, round_id=place.round_id)
        kind = session.get_one(SeatDraw, draw_id).kind
        told = json.loads(certificate_bytes(session, draw_id=draw_id) or b"")
    assert kind == "rotation"
    assert len([seat for seat in seats if seat.sits]) == 12
    left = [seat for seat in seats if seat.gone_at is not None]
    assert [[line.what for line in seat.lines[1:]] for seat in left] == [[Step.ROTATED, Step.REPLACED]] * 4
    assert told["replacements"][0]["stepped_down"] == sorted(seat.code or "" for seat in left)


def test_the_first_reserve_gets_a_seat_with_one_press(store: Store, place: Neighbourhood) -> None:
    held = seat_panel(store, place)
    [gone] = say_no(store, place, held, 4)
    with store.reading() as session:
        waiting = next_reserves(session, vacancy(session, round_id=place.round_id))
    assert len(waiting) == 5
    arguments = {"round_id": place.round_id, "seat_id": gone, "card_key": KEY, "now": NOW}
    who = place.who(Role.AREA_MANAGER)
    with store.writing() as session:
        number = seat_reserve(session, seen=waiting[0], who=who, **arguments)  # type: ignore[arg-type]
    with store.reading() as session:
        seats = seats_now(session, round_id=place.round_id)
        by_reserve = from_reserve(session, round_id=place.round_id)
    newcomer = next(seat for seat in seats if seat.number == number)
    assert (newcomer.answer_id, newcomer.draw_id) == (waiting[0], held.draw_id)
    assert by_reserve == {newcomer.id}
    with store.writing() as session, pytest.raises(NothingEmpty):
        seat_reserve(session, seen=waiting[0], who=who, **arguments)  # type: ignore[arg-type]
