"""Two people read the number; it gives one panel by the rule that was announced; the panel gets its seats."""

import hashlib
import json
from datetime import timedelta
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from pb.draw_verify import check, number_from
from pb.inviting import queries as inviting
from pb.inviting.tables import Answer
from pb.panel import queries as panel
from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.sortition.queries import draws as queries
from pb.sortition.rules.moments import (
    DiceWrong,
    DrandRoundOther,
    DrandValueWrong,
    DrawNotPublished,
    NumberNotSettled,
    NumberSettled,
    NumberTooEarly,
    Source,
    read_value,
)
from pb.sortition.rules.turns import bars, compact, reserve_order
from pb.sortition.tables import BeaconReading, Reserve, Seating, SeatStep
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.neighbourhood import Neighbourhood
from support.seat_draws import (
    PANELS,
    VALUE,
    decide,
    decided_draw,
    freeze_draw,
    long_ago,
    publish,
    read_number,
)

DICE = "4-1-6-6-2-5-3-1"


@pytest.fixture
def asked(store: Store, place: Neighbourhood) -> Neighbourhood:
    """Give a round with 24 people who said yes, and two of the network with fixed seats."""
    ask(store, place)
    invite_yes(store, place, 24)
    invite_yes(store, place, 2, origin=Origin.INVITED)
    return place


def held(store: Store, place: Neighbourhood, draw_id: int) -> queries.DrawFacts:
    with store.reading() as session:
        return queries.draw(session, round_id=place.round_id, draw_id=draw_id)


def files(store: Store, draw_id: int) -> tuple[dict[str, object], dict[str, object], dict[str, object]]:
    with store.reading() as session:
        found = [
            read(session, draw_id=draw_id)
            for read in (queries.pack_bytes, queries.certificate_bytes, queries.auditor_bytes)
        ]
    pack, certificate, auditor = (json.loads(one or b"") for one in found)
    return pack, certificate, auditor


def test_two_people_must_read_the_same_and_one_cannot_be_both(store: Store, asked: Neighbourhood) -> None:
    draw_id = freeze_draw(store, asked)
    with pytest.raises(DrawNotPublished):
        read_number(store, asked, draw_id, Role.AREA_MANAGER)
    publish(store, asked, draw_id)
    with pytest.raises(NumberTooEarly):
        read_number(store, asked, draw_id, Role.AREA_MANAGER, at=long_ago() + timedelta(hours=1))
    assert not read_number(store, asked, draw_id, Role.AREA_MANAGER)
    assert not read_number(store, asked, draw_id, Role.AREA_MANAGER)
    with pytest.raises(NumberNotSettled):
        decide(store, asked, draw_id)
    other = "0" * 64
    assert not read_number(store, asked, draw_id, Role.FACILITATOR, other)
    assert held(store, asked, draw_id).number is None
    # Typed again, with spaces and capitals.
    assert read_number(store, asked, draw_id, Role.FACILITATOR, f" {VALUE[:20].upper()} {VALUE[20:]}\n")
    found = held(store, asked, draw_id)
    assert (found.value, found.number) == (VALUE, number_from(VALUE, f"panel-{asked.round_id}-1", PANELS)[0])
    assert read_number(store, asked, draw_id, Role.FACILITATOR)
    with pytest.raises(NumberSettled):
        read_number(store, asked, draw_id, Role.FACILITATOR, other)
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count(BeaconReading.id))) == 2


@given(st.sampled_from(["", "g" * 64, "0" * 63, "0" * 65, "é" * 64]))
def test_what_is_no_value_of_drand_is_refused(typed: str) -> None:
    with pytest.raises(DrandValueWrong):
        read_value(Source.DRAND, typed)


def test_a_whole_answer_of_drand_is_understood_and_another_round_noticed() -> None:
    answer = f'{{"round":123,"randomness":"{VALUE.upper()}","signature":"{"ab" * 48}"}}'
    assert read_value(Source.DRAND, answer, round_number=123) == VALUE
    with pytest.raises(DrandRoundOther):
        read_value(Source.DRAND, answer, round_number=124)
    with pytest.raises(DrandValueWrong):
        read_value(Source.DRAND, answer.replace(VALUE.upper(), VALUE + "0"), round_number=123)


@given(st.lists(st.sampled_from("123456"), min_size=8, max_size=8), st.sampled_from(["", " ", "-", ", "]))
def test_dice_are_read_however_they_are_written(throws: list[str], between: str) -> None:
    assert read_value(Source.DICE, between.join(throws)) == "-".join(throws)


@pytest.mark.parametrize("typed", ["1234561", "123456123", "12345670", "a2345612", "٣2345612"])
def test_other_throws_than_announced_are_refused(typed: str) -> None:
    with pytest.raises(DiceWrong):
        read_value(Source.DICE, typed)


def test_the_number_seats_its_panel_and_everybody_can_check_it(store: Store, asked: Neighbourhood) -> None:
    value = DICE
    draw_id = decided_draw(store, asked, source=Source.DICE, value=value)
    pack, certificate, auditor = files(store, draw_id)
    found = held(store, asked, draw_id)
    assert found.number is not None
    report = check(pack, published=found.pack_sha256, certificate=certificate, auditor=auditor)
    assert report.wrong == []
    # Pressing again changes nothing.
    decide(store, asked, draw_id)
    with store.reading() as session:
        answers = {one.code: one for one in inviting.answers(session, round_id=asked.round_id)}
        seated = {row.answer_id: row for row in session.scalars(sa.select(Seating))}
        seats = panel.seats(session, round_id=asked.round_id)
        steps = list(session.scalars(sa.select(SeatStep)))
        reserves = list(session.scalars(sa.select(Reserve.answer_id).order_by(Reserve.place)))
    drawn = pack["panels"][found.number]  # type: ignore[index]
    fixed = set(pack["invited"])  # type: ignore[call-overload]
    assert {one for one, row in seated.items() if row.draw_id == draw_id} == {answers[c].id for c in drawn}
    assert {one for one, row in seated.items() if row.draw_id is None} == {answers[c].id for c in fixed}
    assert len(seats) == len(steps) == 8
    assert {step.what for step in steps} == {"drawn"}
    origins = {seat.id: seat.origin for seat in seats}
    assert all(
        origins[row.seat_id] is (Origin.LOT if row.draw_id else Origin.INVITED) for row in seated.values()
    )
    rest = set(answers) - set(drawn) - fixed
    order = sorted(
        rest, key=lambda c: hashlib.sha256(f"{value}|{pack['draw']}|reserve|{c}".encode()).hexdigest()
    )
    assert reserves == [answers[code].id for code in order]


def test_whoever_stopped_after_the_freeze_leaves_a_seat_that_says_so(
    store: Store, asked: Neighbourhood
) -> None:
    draw_id = freeze_draw(store, asked)
    publish(store, asked, draw_id)
    read_number(store, asked, draw_id, Role.AREA_MANAGER)
    read_number(store, asked, draw_id, Role.FACILITATOR)
    number = held(store, asked, draw_id).number
    with store.writing() as session:
        code = queries.figures(session, held(store, asked, draw_id)).panel(number or 0)[0]
        stopped = session.scalars(sa.select(Answer).where(Answer.code == code)).one()
        stopped.withdrawn_at = long_ago()
        answer_id = stopped.id
    decide(store, asked, draw_id)
    with store.reading() as session:
        seat = queries.seat_of_answer(session, answer_id=answer_id)
        assert seat is not None
        steps = list(
            session.scalars(
                sa.select(SeatStep.what).where(SeatStep.seat_id == seat.seat_id).order_by(SeatStep.id)
            )
        )
        person = panel.persons(session, round_id=asked.round_id)[seat.seat_id]
    assert steps == ["drawn", "withdrawn"]
    assert person.name == ""


@given(st.sets(st.integers(0, 60)))
def test_numbers_are_written_short_and_lose_nothing(numbers: set[int]) -> None:
    found: list[int] = []
    for part in compact(sorted(numbers)):
        first, _dash, last = part.partition("–")
        found += range(int(first), int(last or first) + 1)
    assert found == sorted(numbers)


def test_the_order_of_reserves_follows_from_public_values_only() -> None:
    assert reserve_order(["a", "b"], value="v", draw="d") == reserve_order(["b", "a"], value="v", draw="d")
    # sha256 of v|d|reserve|a and of v|d|reserve|b, worked out apart.
    first = min("ab", key=lambda code: hashlib.sha256(f"v|d|reserve|{code}".encode()).hexdigest())
    assert reserve_order(["a", "b"], value="v", draw="d")[0] == first


@given(st.dictionaries(st.fractions(0, 1), st.integers(1, 50), min_size=1, max_size=40), st.integers(1, 20))
def test_every_person_stands_in_one_bar(counts: dict[Fraction, int], most: int) -> None:
    found = bars(tuple(sorted(counts.items())), most)
    assert len(found) <= max(most, 1)
    assert sum(bar.people for bar in found) == sum(counts.values())
    assert all(bar.least <= bar.most for bar in found)
