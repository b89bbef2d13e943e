"""What the panel says, who confirms, and why an amount is refused: without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pb.core.errors import BadInput, Broken
from pb.decide.rules.panel_decides import Way
from pb.divide.rules.amending import Refusal
from pb.divide.rules.confirming import ConfirmedByProposer, OtherThanShown, check_confirmation
from pb.divide.rules.refusing import (
    AboveLimit,
    BelowMinimum,
    InvalidAmount,
    OverBudget,
    PlanNotDecided,
    ReasonMissing,
    refuse,
)
from pb.divide.rules.settling import (
    ChangedByThePanel,
    MoreHandsThanPeople,
    NoMajority,
    check_agreement,
)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_majority_is_more_hands_for_than_against_and_no_more_than_people(
    in_favour: int, against: int, present: int
) -> None:
    wanted: type[Broken] | None = None
    if in_favour <= against:
        wanted = NoMajority
    elif in_favour + against > present:
        wanted = MoreHandsThanPeople
    if wanted is None:
        check_agreement(Way.MAJORITY, in_favour, against, present=present, amended=True)
        return
    with pytest.raises(wanted):
        check_agreement(Way.MAJORITY, in_favour, against, present=present, amended=False)


def test_too_many_hands_are_told_with_how_many_people_there_are() -> None:
    with pytest.raises(MoreHandsThanPeople) as refused:
        check_agreement(Way.MAJORITY, 8, 3, present=10, amended=False)
    assert refused.value.facts == {"present": 10}
    check_agreement(Way.MAJORITY, 7, 3, present=10, amended=False)


@pytest.mark.parametrize(("in_favour", "against"), [(None, 3), (3, None), (None, None)])
def test_a_majority_needs_both_counts(in_favour: int | None, against: int | None) -> None:
    with pytest.raises(NoMajority):
        check_agreement(Way.MAJORITY, in_favour, against, present=10, amended=False)


def test_consensus_asks_for_no_hands_and_the_rule_stands_only_where_nobody_changed_it() -> None:
    check_agreement(Way.CONSENSUS, None, None, present=10, amended=True)
    check_agreement(Way.RULE, None, None, present=10, amended=False)
    with pytest.raises(ChangedByThePanel):
        check_agreement(Way.RULE, None, None, present=10, amended=True)


def test_whoever_computed_or_changed_it_does_not_confirm_it() -> None:
    check_confirmation(made_by={1, 2}, confirmed_by=3, kept_sha256="a", shown_sha256="a")
    for one in (1, 2):
        with pytest.raises(ConfirmedByProposer):
            check_confirmation(made_by={1, 2}, confirmed_by=one, kept_sha256="a", shown_sha256="a")


def test_only_the_division_that_was_shown_is_confirmed() -> None:
    with pytest.raises(OtherThanShown):
        check_confirmation(made_by={1}, confirmed_by=3, kept_sha256="a", shown_sha256="b")


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        (Refusal.REASON_MISSING, ReasonMissing, "divide.reason-missing"),
        (Refusal.NOT_DECIDED, PlanNotDecided, "divide.plan-not-decided"),
        (Refusal.INVALID_AMOUNT, InvalidAmount, "divide.invalid-amount"),
        (Refusal.ABOVE_LIMIT, AboveLimit, "divide.above-limit"),
        (Refusal.BELOW_MIN, BelowMinimum, "divide.below-minimum"),
        (Refusal.OVER_BUDGET, OverBudget, "divide.over-budget"),
    ],
)
def test_each_refused_amount_has_a_sentence_of_its_own(
    code: Refusal, kind: type[BadInput], name: str
) -> None:
    with pytest.raises(kind) as refused:
        refuse(code, limit_cents=3, least_cents=2, free_cents=1)
    assert type(refused.value) is kind
    assert refused.value.code == name
    assert refused.value.facts == {"limit_cents": 3, "least_cents": 2, "free_cents": 1}


def test_how_it_was_refused_says_where_it_can_be_answered() -> None:
    for kind, code, status in (
        (NoMajority, "divide.no-majority", 422),
        (MoreHandsThanPeople, "divide.more-hands-than-people", 422),
        (ConfirmedByProposer, "divide.confirmed-by-proposer", 403),
    ):
        assert (kind.code, kind.status) == (code, status)
