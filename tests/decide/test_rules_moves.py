"""People move while they talk; the last position before closing counts."""

import os
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pb.decide.rules import Move, SameSequence, last_positions

EXAMPLES = int(os.environ.get("PB_EXAMPLES", "80"))

TALK = (
    Move(1, "p", "ann", 2),
    Move(2, "p", "bo", 5),
    Move(3, "p", "ann", 4),
    Move(4, "p", "bo", None),
    Move(5, "p", "cas", "abstain"),
    Move(6, "p", "ann", "abstain"),
)


def test_the_last_move_counts_whatever_order_the_moves_came_in() -> None:
    for moves in permutations(TALK):
        found = last_positions(moves)
        assert found.scores == {}
        assert found.abstentions == {"p": ["ann", "cas"]}


def test_what_came_after_the_freeze_does_not_count() -> None:
    assert last_positions(TALK, freeze_seq=3).scores == {"p": {"ann": 4, "bo": 5}}
    assert last_positions(TALK, freeze_seq=4).scores == {"p": {"ann": 4}}
    assert last_positions(TALK, freeze_seq=0).scores == {}


def test_two_moves_with_one_number_are_refused() -> None:
    with pytest.raises(SameSequence) as refused:
        last_positions([*TALK, Move(3, "q", "dee", 1)])
    assert refused.value.facts == {"seq": 3}


@given(
    st.lists(
        st.tuples(
            st.sampled_from("pq"), st.sampled_from("abc"), st.none() | st.integers(1, 5) | st.just("abstain")
        ),
        max_size=20,
    ),
    st.randoms(use_true_random=False),
    st.integers(0, 20),
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_d3_only_the_sequence_numbers_matter(given_moves: list, random, freeze: int) -> None:  # type: ignore[no-untyped-def, type-arg]
    moves = [Move(seq, plan, person, value) for seq, (plan, person, value) in enumerate(given_moves)]
    shuffled = list(moves)
    random.shuffle(shuffled)
    assert last_positions(shuffled, freeze) == last_positions(moves, freeze)
    replayed: dict[tuple[str, str], object] = {}
    for move in moves[: freeze + 1]:
        replayed[move.plan_id, move.person_id] = move.value
    found = last_positions(moves, freeze)
    for (plan, person), value in replayed.items():
        assert found.scores.get(plan, {}).get(person) == (value if isinstance(value, int) else None)
        assert (person in found.abstentions.get(plan, [])) is (value == "abstain")
