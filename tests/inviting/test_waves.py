"""How many letters a next wave must have: for every seat, and for whoever seldom says yes."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.inviting.actions import inviting as actions
from pb.inviting.queries import waves
from pb.inviting.rules.appeal import Appeal, Feature, Mode, Value
from pb.inviting.rules.waves import (
    PEOPLE_A_SEAT,
    AreaHeard,
    Heard,
    HeardPerArea,
    Home,
    LettersTooLate,
    check_open,
    heard_per_area,
    next_wave,
    response_percent,
    seats_by_lot,
)
from pb.panel.rules.address_file import read_addresses
from pb.panel.rules.origins import Origin
from pb.people.rules import Role
from pb.store.engine import Store
from support.inviting import ask, invite_yes
from support.letters import draw_letters
from support.neighbourhood import NOW, Neighbourhood
from support.panel import address_list, keep_addresses

WOMEN, MEN, RENT = 1, 2, 3
APPEAL = Appeal(
    round_id=1, seats=10, mode=Mode.FIXED, network_seats=0, one_per_address=True, least_age=16, asks="",
    meets="", takes="", allowance_cents=0, childcare="", phone="", email="",
    answers_close_on=date(2027, 3, 1), delete_on=date(2027, 7, 1), version=1,
    features=(
        Feature(1, "geslacht", "", "", "", (Value(WOMEN, "vrouw", 500, 4, 6), Value(MEN, "man", 500, 4, 6))),
        Feature(2, "woning", "", "", "", (Value(RENT, "huur", 100, 3, 10), Value(4, "koop", 900))),
    ),
)  # fmt: skip
NOTHING = Heard(letters=0, yes=0, network_yes=0, yes_values={}, network_values={})


def test_before_anybody_answered_the_rarest_value_says_how_many_letters() -> None:
    """Two for each of 3 seats, of one in ten addresses, of 4.5 in a hundred letters."""
    advice = next_wave(APPEAL, NOTHING)
    assert (advice.people, advice.is_guess, advice.rarest) == (20, True, "woning: huur")
    assert advice.letters == 1334  # 6 / (1/10 * 45/1000), rounded up
    # What was sent and not answered yet counts.
    assert next_wave(APPEAL, replace(NOTHING, letters=1000)).letters == 334


def test_after_answers_the_response_of_each_value_counts() -> None:
    """400 letters brought 18 people: 2 more are needed, and 2 more women, of whom 6 came."""
    heard = Heard(400, 18, 0, {WOMEN: 6, MEN: 12, RENT: 7}, {})
    advice = next_wave(APPEAL, heard)
    assert (advice.people, advice.rarest, advice.response) == (2, "geslacht: vrouw", Fraction(18, 400))
    assert advice.letters == 134  # 2 / (6/400), rounded up


def test_a_value_that_nobody_has_is_counted_as_if_one_had() -> None:
    heard = Heard(400, 40, 0, {WOMEN: 20, MEN: 20}, {})
    assert next_wave(APPEAL, heard).letters == 6 * 400


def test_enough_is_enough() -> None:
    heard = Heard(400, 20, 0, {WOMEN: 10, MEN: 10, RENT: 6}, {})
    assert (next_wave(APPEAL, heard).letters, next_wave(APPEAL, heard).rarest) == (0, "")


def test_people_of_the_network_take_seats_or_stand_in_the_draw_with_the_others() -> None:
    heard = Heard(400, 14, 3, {WOMEN: 6, MEN: 8, RENT: 4}, {WOMEN: 3, RENT: 1})
    assert seats_by_lot(APPEAL, 3) == 7
    # Seven seats are left, of which 1 for a woman and 4 for men, and 2 for rent: enough of each.
    assert next_wave(APPEAL, heard).letters == 0
    nominated = replace(APPEAL, mode=Mode.NOMINATED, network_seats=2)
    assert seats_by_lot(nominated, 3) == 8
    # Eight seats are by lot: 2 people more; for rent 6 are wanted and there are 5.
    assert (next_wave(nominated, heard).people, next_wave(nominated, heard).letters) == (2, 100)


@given(
    letters=st.integers(1, 5000),
    yes=st.integers(0, 400),
    seats=st.integers(1, 200),
    women=st.integers(0, 300),
)
def test_the_advised_letters_bring_enough_people_if_everyone_answers_as_before(
    letters: int, yes: int, seats: int, women: int
) -> None:
    women = min(women, yes)
    heard = Heard(letters, yes, 0, {WOMEN: women}, {})
    advice = next_wave(replace(APPEAL, seats=seats), heard)
    assert advice.people == max(0, PEOPLE_A_SEAT * seats - yes)
    # As long as it is a guess, letters that were sent may still be answered.
    waiting = letters if advice.is_guess else 0
    assert yes + (advice.letters + waiting) * advice.response >= PEOPLE_A_SEAT * seats
    if women:
        assert women + advice.letters * min(Fraction(women, letters), Fraction(1)) >= PEOPLE_A_SEAT * 4


def test_letters_are_sent_as_long_as_people_can_answer() -> None:
    check_open(APPEAL, date(2027, 3, 1))
    with pytest.raises(LettersTooLate):
        check_open(APPEAL, date(2027, 3, 2))
    with pytest.raises(LettersTooLate):
        check_open(replace(APPEAL, frozen_at=NOW), date(2026, 12, 1))
    assert (response_percent(3, 200), response_percent(0, 0)) == (Fraction(3, 2), 0)


def test_what_came_back_is_counted_per_wave_per_postcode_and_per_value(
    store: Store, place: Neighbourhood
) -> None:
    ask(store, place, seats=8)
    draw_letters(store, place, keep_addresses(store, place, address_list(20)), 5, "1 1")
    with store.writing() as session:
        actions.mark_sent(
            session, round_id=place.round_id, wave=1, was_sent=True, who=place.who(Role.AREA_MANAGER), now=NOW
        )
    # Made without a wave of their own, so they are in the first.
    invite_yes(store, place, 9)
    invite_yes(store, place, 2, said="no", seed="nee")
    invite_yes(store, place, 3, origin=Origin.INVITED)
    with store.reading() as session:
        [wave] = waves.waves(session, round_id=place.round_id)
        heard = waves.heard(session, round_id=place.round_id)
        per_postcode = waves.postcodes(session, round_id=place.round_id)
        homes = waves.homes(session, round_id=place.round_id)
    assert (wave.letters, wave.yes, wave.no, wave.answered) == (16, 9, 2, 11)
    assert (heard.letters, heard.yes, heard.network_yes) == (16, 9, 3)
    # Two features; the first of each ten would rather not say.
    assert sum(heard.yes_values.values()) == 2 * 8
    assert sum(heard.network_values.values()) == 2 * 2
    assert per_postcode[0].digits == "1234"
    assert per_postcode[0].letters == 5
    assert sum(one.yes for one in per_postcode) == 9
    assert (len(homes), sum(home.yes for home in homes)) == (16, 9)
    assert sum(home.answered for home in homes) == 11


def test_a_list_with_neighbourhoods_tells_what_came_back_from_each() -> None:
    """Letters to addresses that are not in the list are told; without neighbourhoods postcodes count."""
    head = "straat;huisnummer;postcode;plaats"
    rows = [("Hof", 1, "1234 AB", "Zuid"), ("Hof", 2, "1234 AB", "Noord"), ("Hof", 3, "1235 AB", "Zuid")]
    named = "".join(f"{s};{n};{p};Stad;{b}\n" for s, n, p, b in rows)
    bare = "".join(f"{s};{n};{p};Stad\n" for s, n, p, _b in rows)
    homes = [
        Home("1234AB:1::", 2, answered=True), Home("1235AB:3::", 0, answered=True),
        Home("1234AB:2::", 0, answered=False), Home("9999AB:9::", 1, answered=True),
    ]  # fmt: skip
    with_names = read_addresses(f"{head};buurt\n{named}".encode(), file_name="a.csv")
    assert heard_per_area(with_names.addresses, homes) == HeardPerArea(
        False, (AreaHeard("Noord", 1, 0, 0), AreaHeard("Zuid", 2, 2, 2)), 1
    )
    without = read_addresses(f"{head}\n{bare}".encode(), file_name="a.csv")
    assert heard_per_area(without.addresses, homes) == HeardPerArea(
        True, (AreaHeard("1234", 2, 1, 2), AreaHeard("1235", 1, 1, 0)), 1
    )
