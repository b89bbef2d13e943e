"""The chain of events: whatever is changed, taken out, swapped or put in is found."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.evening.rules.chain import START, ChainBroken, ChainLine, check_chain, link_hash

BEGAN = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
KINDS = ("scored", "arrived", "scoring_closed")


def chained(facts: list[int], began: datetime = BEGAN) -> list[ChainLine]:
    """Make a chain, one event a second."""
    lines: list[ChainLine] = []
    head = ""
    for seq, fact in enumerate(facts, start=1):
        at, kind, text = began + timedelta(seconds=seq), KINDS[fact % 3], f'{{"seat":{fact}}}'
        head = link_hash(head, seq, at, kind, text)
        lines.append(ChainLine(seq, at, kind, text, head))
    return lines


chains = st.lists(st.integers(0, 40), min_size=2, max_size=25).map(chained)


def broken_at(lines: list[ChainLine]) -> int:
    with pytest.raises(ChainBroken) as refusal:
        check_chain(lines)
    seq = refusal.value.facts["seq"]
    assert isinstance(seq, int)
    return seq


@given(chains)
def test_a_chain_as_it_was_made_gives_its_head(lines: list[ChainLine]) -> None:
    assert check_chain(lines) == lines[-1].hash


def test_an_evening_without_events_has_no_head() -> None:
    assert check_chain([]) == ""


@given(chains, st.data())
def test_every_change_is_found_at_its_own_line(lines: list[ChainLine], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    other = data.draw(
        st.sampled_from(
            [
                replace(line, facts=line.facts.replace("seat", "stoel")),
                replace(line, facts=line.facts + " "),
                replace(line, kind=line.kind + "x"),
                replace(line, at=line.at + timedelta(microseconds=1)),
                replace(line, seq=line.seq + 1),
                replace(line, hash=line.hash[::-1]),
            ]
        )
    )
    if other != line:
        assert broken_at([*lines[:at], other, *lines[at + 1 :]]) == line.seq


@given(chains, st.data())
def test_a_change_that_is_hashed_again_breaks_at_the_next_line(
    lines: list[ChainLine], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(lines) - 2))
    line, before = lines[at], lines[at - 1].hash if at else ""
    facts = '{"seat":99}'
    forged = replace(line, facts=facts, hash=link_hash(before, line.seq, line.at, line.kind, facts))
    assert broken_at([*lines[:at], forged, *lines[at + 1 :]]) == line.seq + 1


@given(chains, st.data())
def test_a_line_taken_out_is_found(lines: list[ChainLine], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 2))
    assert broken_at([*lines[:at], *lines[at + 1 :]]) == at + 1


@given(chains, st.data())
def test_two_lines_that_change_places_are_found(lines: list[ChainLine], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(lines) - 2))
    second = data.draw(st.integers(first + 1, len(lines) - 1))
    swapped = list(lines)
    swapped[first], swapped[second] = swapped[second], swapped[first]
    assert broken_at(swapped) == first + 1


@given(chains, st.data())
def test_a_line_put_in_is_found(lines: list[ChainLine], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    before = lines[at - 1].hash if at else ""
    moment = lines[at].at
    extra = ChainLine(at + 1, moment, "scored", "{}", link_hash(before, at + 1, moment, "scored", "{}"))
    assert broken_at([*lines[:at], extra, *lines[at:]]) == at + 2


@given(chains, st.data())
def test_a_cut_tail_follows_and_is_found_only_by_the_head_that_was_kept_elsewhere(
    lines: list[ChainLine], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(lines) - 1))
    assert check_chain(lines[:cut]) != lines[-1].hash


@given(chains)
def test_the_zone_in_which_a_moment_is_written_makes_no_difference(lines: list[ChainLine]) -> None:
    elsewhere = timezone(timedelta(hours=5, minutes=45))
    assert check_chain([replace(line, at=line.at.astimezone(elsewhere)) for line in lines]) == lines[-1].hash


def test_the_hash_is_one_that_anybody_can_compute_without_this_program() -> None:
    text = json.dumps([START, 1, "2026-11-21T18:00:00.000000+00:00", "planned", "{}"], separators=(",", ":"))
    assert link_hash("", 1, BEGAN, "planned", "{}") == hashlib.sha256(text.encode()).hexdigest()


@given(st.lists(st.integers(1, 9), min_size=2, max_size=9).filter(lambda steps: set(steps) != {1}))
def test_numbers_with_a_hole_or_another_start_are_found_though_every_hash_fits(steps: list[int]) -> None:
    lines: list[ChainLine] = []
    head, seq = "", 0
    for step in steps:
        seq += step
        head = link_hash(head, seq, BEGAN, "scored", "{}")
        lines.append(ChainLine(seq, BEGAN, "scored", "{}", head))
    first_wrong = next(place for place, step in enumerate(steps, start=1) if step != 1)
    assert broken_at(lines) == first_wrong
