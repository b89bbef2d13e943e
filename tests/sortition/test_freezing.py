"""The list is frozen as it was looked at, published before its number, and set aside only before that."""

import json
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from pb.inviting.actions.answering import hold_appeal
from pb.inviting.tables import Answer
from pb.inviting.tables import Appeal as AppealRow
from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.people.tables import Message
from pb.sortition.actions import freezing
from pb.sortition.queries import draws as queries
from pb.sortition.queries.pool import candidates
from pb.sortition.rules.moments import (
    DrawStands,
    MomentPassed,
    MomentTooFar,
    MomentTooSoon,
    Source,
    announce,
    check_may_set_aside,
)
from pb.store.engine import Store
from pb.store.journal import JournalLine
from support import today
from support.inviting import ask, invite_yes
from support.neighbourhood import Neighbourhood
from support.seat_draws import freeze_draw, long_ago, prepare, publish, read_number

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def asked(store: Store, place: Neighbourhood) -> Neighbourhood:
    """Give a round with 24 people who said yes, and two of the network with fixed seats."""
    ask(store, place)
    invite_yes(store, place, 24)
    invite_yes(store, place, 2, origin=Origin.INVITED)
    return place


def store_it(store: Store, place: Neighbourhood, prepared: freezing.Prepared) -> int:
    with store.writing() as session:
        return freezing.store_draw(
            session, round_id=place.round_id, prepared=prepared, who=place.who(Role.AREA_MANAGER), now=NOW
        )


def put_aside(store: Store, place: Neighbourhood, draw_id: int, now: datetime) -> None:
    with store.writing() as session:
        freezing.set_aside(
            session, round_id=place.round_id, draw_id=draw_id, reason="Een lijst miste.",
            who=place.who(Role.AREA_MANAGER), now=now,
        )  # fmt: skip


def test_the_number_is_announced_at_least_an_hour_ahead() -> None:
    for source in Source:
        with pytest.raises(MomentTooSoon):
            announce(source, NOW + timedelta(minutes=59), now=NOW)
        with pytest.raises(MomentTooFar):
            announce(source, NOW + timedelta(days=400), now=NOW)
        beacon = announce(source, NOW + timedelta(hours=1), now=NOW)
        assert beacon.at >= NOW + timedelta(hours=1)
        assert (beacon.round > 0) == (source is Source.DRAND)


def test_the_list_is_frozen_as_it_was_looked_at_and_published_in_time(
    store: Store, asked: Neighbourhood
) -> None:
    invite_yes(store, asked, 2, said="no", seed="nee")
    with store.reading() as session:
        outlook = freezing.look_ahead(candidates(session, round_id=asked.round_id), now=NOW)
    assert (outlook.people, outlook.fixed, outlook.seats) == (24, 2, 8)
    assert [doubt.code for doubt in outlook.doubts] == ["sortition.answers-still-open"]
    # An answer between looking and freezing stops the freeze.
    prepared = prepare(store, asked)
    with store.writing() as session:
        session.scalars(sa.select(Answer).limit(1)).one().withdrawn_at = NOW
    with pytest.raises(freezing.CandidatesChanged):
        store_it(store, asked, prepared)
    with store.reading() as session:
        assert queries.draws(session, round_id=asked.round_id) == []
        assert session.get_one(AppealRow, asked.round_id).frozen_at is None
    # Freezing ends answering; pressing twice gives one draw.
    prepared = prepare(store, asked)
    draw_id = store_it(store, asked, prepared)
    assert store_it(store, asked, prepared) == draw_id
    with store.reading() as session:
        [draw] = queries.draws(session, round_id=asked.round_id)
        assert session.get_one(AppealRow, asked.round_id).frozen_at == NOW
        assert queries.figures(session, draw).people == 23
    # Never when the number can be known; in time it tells everybody who said yes once, and names nobody.
    with pytest.raises(MomentPassed):
        publish(store, asked, draw_id, at=draw.beacon_at)
    assert publish(store, asked, draw_id) == 25
    assert publish(store, asked, draw_id) == 0
    with store.reading() as session:
        mails = list(session.scalars(sa.select(Message)))
        facts = " ".join(session.scalars(sa.select(JournalLine.facts)))
    assert len(mails) == 25
    assert not any("Voorbeeld" in mail.body for mail in mails)
    assert "@post.example" not in facts


def test_an_answer_and_the_freeze_never_cross(store: Store, asked: Neighbourhood) -> None:
    prepared = prepare(store, asked)
    with ThreadPoolExecutor(1) as other:
        with store.writing() as session:
            hold_appeal(session, asked.round_id)
            freezing_now = other.submit(store_it, store, asked, prepared)
            with pytest.raises(FutureTimeout):
                freezing_now.result(timeout=0.3)
            session.scalars(sa.select(Answer).limit(1)).one().withdrawn_at = NOW
        assert isinstance(freezing_now.exception(timeout=10), freezing.CandidatesChanged)


def test_a_draw_is_set_aside_only_as_long_as_nobody_can_know_its_number(
    store: Store, asked: Neighbourhood
) -> None:
    draw_id = freeze_draw(store, asked)
    publish(store, asked, draw_id)
    put_aside(store, asked, draw_id, long_ago() + timedelta(hours=1))
    with store.reading() as session:
        assert session.get_one(AppealRow, asked.round_id).frozen_at is None
        [old] = queries.published_draws(session, round_id=asked.round_id)
        assert (old.stands, old.spare_reason) == (False, "Een lijst miste.")
    # Dice may never be thrown: also after their moment, until somebody typed them.
    dice = freeze_draw(store, asked, source=Source.DICE)
    publish(store, asked, dice)
    put_aside(store, asked, dice, today.now())
    again = freeze_draw(store, asked, source=Source.DICE)
    publish(store, asked, again)
    with store.reading() as session:
        held = queries.draws(session, round_id=asked.round_id)
        names = [queries.figures(session, one).draw for one in held]
        packs = [json.loads(queries.pack_bytes(session, draw_id=one.id)) for one in held]
    assert names == [f"panel-{asked.round_id}-{n}" for n in (1, 2, 3)]
    # Another salt: nobody can lay two lists side by side and see who has the same features.
    code = min(packs[0]["people"])
    assert len({pack["people"][code]["seal"] for pack in packs}) == 3
    read_number(store, asked, again, Role.FACILITATOR, "4 1 6 6 2 5 3 1")
    with pytest.raises(DrawStands):
        put_aside(store, asked, again, today.now())


def test_a_round_of_drand_always_comes_so_from_its_moment_on_the_draw_stands() -> None:
    at = NOW + timedelta(hours=2)
    for source, published, read, now, stands in (
        (Source.DRAND, NOW, False, at - timedelta(seconds=1), False),
        (Source.DRAND, NOW, False, at, True),
        (Source.DRAND, None, False, at, False),
        (Source.DICE, NOW, False, at, False),
        (Source.DICE, NOW, True, at, True),
    ):
        with pytest.raises(DrawStands) if stands else nullcontext():
            check_may_set_aside(source=source, published_at=published, beacon_at=at, was_read=read, now=now)
