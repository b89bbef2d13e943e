"""A draw is held once, can be done again by anyone, and shows no address."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pb.panel import actions, queries
from pb.panel.rules.address_file import read_addresses
from pb.panel.rules.draw import DrawPoolTooSmall, order_by_lot, pool_sha256
from pb.panel.rules.keeping import FileKind, PanelChanged, SeedUsed, UploadGone
from pb.panel.rules.origins import MixKind, Origin
from pb.panel.tables import DrawTicket, Upload
from pb.people.rules import Role
from pb.store import journal
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood
from support.panel import KEY, address_list, draw, invite, keep_addresses

SEED = "4 1 6 6 2 5"


def test_each_drawn_address_becomes_a_seat_in_the_order_drawn(store: Store, place: Neighbourhood) -> None:
    invite(store, place, 3)
    file = keep_addresses(store, place, address_list(50))
    draw_id = draw(store, place, file, 5, SEED)
    expected = order_by_lot((address.key for address in file.addresses), SEED)[:5]
    with store.reading() as session:
        assert queries.drawn_keys(session, draw_id=draw_id) == expected
        drawn = queries.drawn_seats(session, draw_id=draw_id)
        mix = queries.origin_mix(session, round_id=place.round_id)
        held = queries.draw(session, round_id=place.round_id, draw_id=draw_id)
    assert [seat.number for seat in drawn] == [4, 5, 6, 7, 8]
    number = expected[0].split(":")[1]
    assert drawn[0].address == f"Voorbeeldstraat {number}, 1234 AB Voorbeeldstad"
    assert (mix.kind, mix.seats[Origin.LOT], mix.seats[Origin.INVITED]) == (MixKind.MIXED, 5, 3)
    assert (held.pool_size, held.left_out, held.wanted) == (50, 0, 5)
    assert (held.pool_fixed_at, held.published, held.shown_sha256) == (NOW, "", held.pool_sha256)
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DrawTicket)) == 5


def test_pressing_twice_is_one_draw(store: Store, place: Neighbourhood) -> None:
    file = keep_addresses(store, place, address_list(20))
    assert draw(store, place, file, 5, SEED) == draw(store, place, file, 5, SEED)
    with store.reading() as session:
        assert len(queries.seats(session, round_id=place.round_id)) == 5


def test_a_second_draw_leaves_out_who_was_drawn_and_needs_a_new_seed(
    store: Store, place: Neighbourhood
) -> None:
    raw = address_list(20)
    file = keep_addresses(store, place, raw)
    first = draw(store, place, file, 5, SEED)
    with store.reading() as session:
        before = queries.drawn_before(session, round_id=place.round_id)
    keep_addresses(store, place, raw)
    with pytest.raises(SeedUsed):
        draw(store, place, file, 6, SEED, drawn_before=before)
    second = draw(store, place, file, 6, "1 1 1", drawn_before=before)
    with store.reading() as session:
        assert not before & set(queries.drawn_keys(session, draw_id=second))
        held = queries.draw(session, round_id=place.round_id, draw_id=second)
        assert (held.pool_size, held.left_out) == (15, 5)
        for draw_id in (first, second):
            again = actions.draw_again(session, round_id=place.round_id, draw_id=draw_id, file=file)
            assert again.same_pool
            assert again.same_outcome


def test_whoever_said_no_is_not_drawn_again(store: Store, place: Neighbourhood) -> None:
    raw = address_list(6)
    draw(store, place, keep_addresses(store, place, raw), 5, SEED)
    with store.writing() as session:
        for seat in queries.seats(session, round_id=place.round_id):
            actions.remove_seat(
                session,
                round_id=place.round_id,
                seat_id=seat.id,
                forget_person=True,
                who=place.who(Role.AREA_MANAGER),
                now=NOW,
            )
    file = keep_addresses(store, place, raw)
    with store.reading() as session:
        before = queries.drawn_before(session, round_id=place.round_id)
    with pytest.raises(DrawPoolTooSmall) as short:
        draw(store, place, file, 2, "1 1 1", drawn_before=before)
    assert short.value.facts == {"wanted": 2, "pool_size": 1, "seated": 5, "short": 1}


def test_a_list_that_changed_after_its_hash_was_shown_is_not_drawn_from(
    store: Store, place: Neighbourhood
) -> None:
    file = keep_addresses(store, place, address_list(20))
    with store.writing() as session, pytest.raises(PanelChanged):
        actions.draw_seats(
            session,
            round_id=place.round_id,
            file=file,
            wanted=5,
            seed=SEED,
            pool_sha256=pool_sha256(["1234AB:1::"]),
            card_key=KEY,
            who=place.who(Role.AREA_MANAGER),
            now=NOW,
        )


def test_a_list_that_was_never_kept_is_not_drawn_from(store: Store, place: Neighbourhood) -> None:
    with pytest.raises(UploadGone):
        draw(store, place, read_addresses(address_list(20), file_name="x.csv"), 5, SEED)


def test_another_list_is_told_from_the_one_that_was_used(store: Store, place: Neighbourhood) -> None:
    draw_id = draw(store, place, keep_addresses(store, place, address_list(20)), 5, SEED)
    with store.reading() as session:
        for count in (21, 19, 4):
            other = read_addresses(address_list(count), file_name="x.csv")
            again = actions.draw_again(session, round_id=place.round_id, draw_id=draw_id, file=other)
            assert not again.same_pool


def test_a_ticket_that_was_changed_in_the_database_is_noticed(store: Store, place: Neighbourhood) -> None:
    file = keep_addresses(store, place, address_list(20))
    draw_id = draw(store, place, file, 5, SEED)
    with store.writing() as session:
        drawn = set(session.scalars(sa.select(DrawTicket.address_key)))
        loser = next(address.key for address in file.addresses if address.key not in drawn)
        session.execute(sa.update(DrawTicket).where(DrawTicket.place == 1).values(address_key=loser))
    with store.reading() as session:
        again = actions.draw_again(session, round_id=place.round_id, draw_id=draw_id, file=file)
    assert (again.same_pool, again.same_outcome) == (True, False)


def test_once_the_addresses_are_destroyed_the_draw_can_still_be_done_again(
    store: Store, place: Neighbourhood
) -> None:
    file = keep_addresses(store, place, address_list(20))
    draw_id = draw(store, place, file, 5, SEED)
    with store.writing() as session:
        actions.forget_persons(session, round_id=place.round_id, who=place.who(Role.ADMIN), now=NOW)
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(DrawTicket)) == 0
        assert [seat.address for seat in queries.drawn_seats(session, draw_id=draw_id)] == [""] * 5
        assert actions.draw_again(session, round_id=place.round_id, draw_id=draw_id, file=file).same_outcome


def test_no_address_stands_in_the_journal(store: Store, place: Neighbourhood) -> None:
    draw(store, place, keep_addresses(store, place, address_list(20)), 5, SEED)
    with store.reading() as session:
        facts = " ".join(line.facts for line in journal.lines(session))
    assert "1234" not in facts
    assert "Voorbeeldstraat" not in facts
    assert SEED in facts


def test_a_list_waits_for_a_day_and_is_then_thrown_away(store: Store, place: Neighbourhood) -> None:
    file = keep_addresses(store, place, address_list(20))
    tomorrow = NOW + timedelta(days=1)
    with store.reading() as session:
        this = {"round_id": place.round_id, "kind": FileKind.ADDRESSES, "file_sha256": file.source.sha256}
        assert queries.upload(session, **this, now=tomorrow - timedelta(seconds=1)).content
        with pytest.raises(UploadGone):
            queries.upload(session, **this, now=tomorrow)
    with store.writing() as session:
        assert actions.forget_old_uploads(session, now=tomorrow) == 1
        assert actions.forget_old_uploads(session, now=tomorrow) == 0
    with store.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Upload)) == 0
