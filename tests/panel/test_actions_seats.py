"""Seats are given, taken away and known by their card; names stay apart."""

import json

import pytest

from pb.core.errors import NotFound
from pb.panel import actions, queries
from pb.panel.rules.cards import card_code, card_token, code_lookup, token_sha256
from pb.panel.rules.keeping import CardReplaced, PanelFull
from pb.panel.rules.origins import MixKind, Origin
from pb.panel.rules.repeats import PersonHasSeat
from pb.panel.tables import Seat
from pb.people.rules import Role
from pb.rounds.actions import make_round
from pb.store import journal
from pb.store.engine import Store
from support.neighbourhood import NOW, Neighbourhood, call
from support.panel import KEY, invite, somebody


def _remove(store: Store, place: Neighbourhood, seat_id: int, *, forget: bool = True) -> None:
    with store.writing() as session:
        actions.remove_seat(
            session,
            round_id=place.round_id,
            seat_id=seat_id,
            forget_person=forget,
            who=place.who(Role.AREA_MANAGER),
            now=NOW,
        )


def _new_card(
    store: Store, place: Neighbourhood, seat_id: int, role: Role, replaces: int | None = None
) -> int:
    with store.writing() as session:
        return actions.new_card(
            session,
            round_id=place.round_id,
            seat_id=seat_id,
            card_key=KEY,
            who=place.who(role),
            now=NOW,
            replaces=replaces,
        )


def _found(store: Store, seat_id: int, serial: int) -> tuple[bool, bool]:
    """Say whether the card with this serial opens the seat, by scanning and by typing."""
    with store.reading() as session:
        scanned = queries.seat_by_token(session, token_sha256=token_sha256(card_token(KEY, seat_id, serial)))
        typed = queries.seat_by_code(session, code_hmac=code_lookup(KEY, card_code(KEY, seat_id, serial)))
    return scanned is not None and scanned.id == seat_id, typed is not None and typed.id == seat_id


def test_a_seat_has_a_number_and_an_origin_and_names_stand_apart(store: Store, place: Neighbourhood) -> None:
    ids = invite(store, place, 3)
    with store.reading() as session:
        seats = queries.seats(session, round_id=place.round_id)
        persons = queries.persons(session, round_id=place.round_id)
    assert [seat.number for seat in seats] == [1, 2, 3]
    assert [seat.id for seat in seats] == ids
    assert {seat.origin for seat in seats} == {Origin.INVITED}
    assert persons[ids[1]].name == "Voorbeeld 2"
    assert "Voorbeeld 2" not in repr(persons[ids[1]])


def test_the_number_of_a_seat_that_is_gone_is_never_given_again(store: Store, place: Neighbourhood) -> None:
    ids = invite(store, place, 3)
    _remove(store, place, ids[2])
    invite(store, place, 1)
    with store.reading() as session:
        assert [seat.number for seat in queries.seats(session, round_id=place.round_id)] == [1, 2, 4]
        assert queries.gone_numbers(session, round_id=place.round_id) == [3]
        assert queries.seat_by_number(session, round_id=place.round_id, number=3) is None
        with pytest.raises(NotFound):
            queries.seat(session, round_id=place.round_id, seat_id=ids[2])


def test_the_card_of_a_seat_that_is_gone_opens_nothing(store: Store, place: Neighbourhood) -> None:
    ids = invite(store, place, 1)
    assert _found(store, ids[0], 1) == (True, True)
    _remove(store, place, ids[0])
    assert _found(store, ids[0], 1) == (False, False)


@pytest.mark.parametrize("forget", [True, False])
def test_a_name_is_forgotten_at_once_or_kept_for_the_objection_period(
    store: Store, place: Neighbourhood, forget: bool
) -> None:
    ids = invite(store, place, 2)
    _remove(store, place, ids[0], forget=forget)
    _remove(store, place, ids[0], forget=forget)
    with store.writing() as session:
        forgotten = actions.forget_persons(
            session, round_id=place.round_id, who=place.who(Role.AREA_MANAGER), now=NOW
        )
    assert forgotten == (1 if forget else 2)
    with store.reading() as session:
        assert queries.persons(session, round_id=place.round_id) == {}
        assert len(queries.seats(session, round_id=place.round_id)) == 1


def test_a_new_card_makes_the_old_one_worthless(store: Store, place: Neighbourhood) -> None:
    [seat_id] = invite(store, place, 1)
    assert _new_card(store, place, seat_id, Role.FACILITATOR) == 2
    assert _found(store, seat_id, 1) == (False, False)
    assert _found(store, seat_id, 2) == (True, True)


def test_pressing_twice_makes_one_card_but_two_people_do_not_replace_each_others(
    store: Store, place: Neighbourhood
) -> None:
    [seat_id] = invite(store, place, 1)
    assert _new_card(store, place, seat_id, Role.FACILITATOR, replaces=1) == 2
    assert _new_card(store, place, seat_id, Role.FACILITATOR, replaces=1) == 2
    with pytest.raises(CardReplaced):
        _new_card(store, place, seat_id, Role.AREA_MANAGER, replaces=1)
    assert _found(store, seat_id, 2) == (True, True)


def test_a_seat_is_found_through_its_own_round_only(store: Store, place: Neighbourhood) -> None:
    [seat_id] = invite(store, place, 1)
    with store.writing() as session:
        elsewhere = make_round(
            session,
            area_id=place.other_area_id,
            name="Elders",
            summary="",
            call=call(),
            who=journal.SYSTEM,
            now=NOW,
        )
    with store.reading() as session:
        assert queries.seats(session, round_id=elsewhere) == []
        assert queries.persons(session, round_id=elsewhere) == {}
        assert queries.seat_by_number(session, round_id=elsewhere, number=1) is None
        assert queries.every_seat_of_email(session, round_id=elsewhere, emails=["p1@post.example"]) == {}
        with pytest.raises(NotFound):
            queries.seat(session, round_id=elsewhere, seat_id=seat_id)
        with pytest.raises(NotFound):
            queries.card(session, round_id=elsewhere, seat_id=seat_id)
    with store.writing() as session:
        for act in (actions.remove_seat, actions.new_card):
            more = {"forget_person": True} if act is actions.remove_seat else {"card_key": KEY}
            with pytest.raises(NotFound):
                act(session, round_id=elsewhere, seat_id=seat_id, who=journal.SYSTEM, now=NOW, **more)


def test_no_secret_of_a_card_is_stored(store: Store, place: Neighbourhood) -> None:
    [seat_id] = invite(store, place, 1)
    token, code = card_token(KEY, seat_id, 1), card_code(KEY, seat_id, 1)
    with store.reading() as session:
        seat = session.get_one(Seat, seat_id)
        stored = f"{seat.card_token_sha256} {seat.card_code_hmac}"
    assert token.hex() not in stored
    assert code not in stored
    assert len(stored) == 129


def test_the_journal_tells_what_was_done_and_names_nobody(store: Store, place: Neighbourhood) -> None:
    ids = invite(store, place, 2)
    _new_card(store, place, ids[0], Role.FACILITATOR)
    _remove(store, place, ids[1])
    with store.reading() as session:
        lines = [(line.what, line.facts) for line in journal.lines(session)[:3]]
    assert [what for what, _facts in lines] == ["seat taken away", "card made", "seats given"]
    assert json.loads(lines[1][1])["serial"] == 2
    assert not any("Voorbeeld" in facts or "@" in facts for _what, facts in lines)


def test_somebody_with_a_seat_gets_no_second_one_unless_it_is_somebody_else(
    store: Store, place: Neighbourhood
) -> None:
    invite(store, place, 2)

    def add(name: str, email: str, *, somebody_else: bool = False) -> int:
        with store.writing() as session:
            return actions.add_person(
                session,
                round_id=place.round_id,
                person=somebody(0, name=name, email=email),
                somebody_else=somebody_else,
                card_key=KEY,
                who=place.who(Role.AREA_MANAGER),
                now=NOW,
            )

    with pytest.raises(PersonHasSeat) as same_email:
        add("Anders", "p2@post.example")
    assert same_email.value.facts == {"number": 2, "likeness": "email"}
    with pytest.raises(PersonHasSeat) as same_name:
        add("VOORBEELD 1", "")
    assert same_name.value.facts == {"number": 1, "likeness": "name"}
    assert add("Voorbeeld 1", "", somebody_else=True) == 3


def test_people_who_share_a_mailbox_are_all_found_by_it(store: Store, place: Neighbourhood) -> None:
    with store.writing() as session:
        ids = actions.add_invited(
            session,
            round_id=place.round_id,
            card_key=KEY,
            who=journal.SYSTEM,
            now=NOW,
            people=[
                somebody(1, email="thuis@post.example"),
                somebody(2, email="thuis@post.example"),
                somebody(3),
            ],
        )
    emails = ["thuis@post.example", "p3@post.example", "niemand@post.example", ""]
    with store.reading() as session:
        every = queries.every_seat_of_email(session, round_id=place.round_id, emails=emails)
        one_each = queries.seats_of_email(session, round_id=place.round_id, emails=emails)
    assert every == {"thuis@post.example": (ids[0], ids[1]), "p3@post.example": (ids[2],)}
    assert one_each == {"thuis@post.example": ids[0], "p3@post.example": ids[2]}


def test_the_mix_counts_only_seats_that_are_there(store: Store, place: Neighbourhood) -> None:
    ids = invite(store, place, 2)
    with store.reading() as session:
        assert queries.origin_mix(session, round_id=place.round_id).kind is MixKind.INVITED
    for seat_id in ids:
        _remove(store, place, seat_id)
    with store.reading() as session:
        assert queries.origin_mix(session, round_id=place.round_id).kind is MixKind.EMPTY


def test_a_panel_has_no_more_seats_than_there_are_numbers(store: Store, place: Neighbourhood) -> None:
    with store.writing() as session:
        session.add(
            Seat(
                round_id=place.round_id,
                number=9998,
                origin="invited",
                card_token_sha256="x",
                card_code_hmac="x",
                card_made_at=NOW,
                made_at=NOW,
            )
        )
    invite(store, place, 1)
    with pytest.raises(PanelFull):
        invite(store, place, 1)
